# Pages, API and WebSockets. Built from the project's root: docker build -f docker/web.Dockerfile .
FROM node:22-bookworm-slim AS frontend
WORKDIR /build/frontend
COPY frontend/package.json frontend/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY frontend ./
RUN npm run --silent build

FROM python:3.11-slim-bookworm
WORKDIR /site
COPY requirements.txt ./
RUN pip install --no-cache-dir -r requirements.txt
COPY . .
COPY --from=frontend /build/frontend/dist frontend/dist
RUN python -m babel.messages.frontend --quiet compile --directory locale --domain django \
 && useradd --system --home-dir /data --create-home --user-group site && mkdir -p /data/media && chown -R site:site /data
USER site
ENV DATA_DIR=/data PATH=/usr/local/bin:$PATH
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=10s --start-period=30s \
  CMD ["python", "docker/healthy.py", "web"]
ENTRYPOINT ["docker/web.sh"]
