#!/usr/bin/env bash
# The image `worker`: decodes recordings, packs releases, drafts. Any number of them may run.
source "$(dirname "$0")/environment.sh"
need SECRET_KEY DATABASE_URL REDIS_URL
exec "$PYTHON" -W "ignore:You're running the worker with superuser privileges" -m celery --quiet \
  --app annotation_site worker --concurrency "${WORKERS:-2}" --loglevel "${LOG_LEVEL:-WARNING}" --without-mingle
