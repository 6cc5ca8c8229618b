#!/usr/bin/env bash
# The image `web`: pages, API and WebSockets behind nginx. Any number of them may run.
source "$(dirname "$0")/environment.sh"
need SECRET_KEY DATABASE_URL REDIS_URL ALLOWED_HOSTS
# nginx alone reaches it, so what it says of the client is believed.
exec "$PYTHON" -W "ignore:StreamingHttpResponse must consume synchronous iterators" -m uvicorn \
  annotation_site.asgi:application --host "${HOST:-0.0.0.0}" --port "${PORT:-8000}" \
  --workers "${WEB_PROCESSES:-2}" --no-access-log --log-level warning --timeout-graceful-shutdown 10 \
  --proxy-headers --forwarded-allow-ips "${PROXY_ADDRESSES:-*}"
