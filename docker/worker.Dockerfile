# Decodes recordings, packs releases, drafts. Built from the project's root.
FROM python:3.11-slim-bookworm
WORKDIR /site
COPY requirements.txt ./
RUN pip install --no-cache-dir -r requirements.txt
COPY . .
RUN python -m babel.messages.frontend --quiet compile --directory locale --domain django \
 && useradd --system --home-dir /data --create-home --user-group site && mkdir -p /data/media && chown -R site:site /data
USER site
ENV DATA_DIR=/data PATH=/usr/local/bin:$PATH
VOLUME /data
HEALTHCHECK --interval=30s --timeout=15s --start-period=30s \
  CMD ["python", "docker/healthy.py", "worker"]
ENTRYPOINT ["docker/worker.sh"]
