# Builds questions, finetunes, asks models. For a GPU name another BASE that brings a matching torch.
ARG BASE=python:3.11-slim-bookworm
FROM ${BASE}
WORKDIR /site
COPY requirements*.txt ./
RUN pip install --no-cache-dir -r requirements-ml.txt
COPY ml ml
COPY docker docker
RUN useradd --system --home-dir /data --create-home --user-group ml
USER ml
VOLUME /data
ENTRYPOINT ["docker/ml.sh"]
