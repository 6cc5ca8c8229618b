#!/usr/bin/env bash
# Once before a new version serves: the database brought up to date, the settings checked.
source "$(dirname "$0")/environment.sh"
need SECRET_KEY DATABASE_URL REDIS_URL ALLOWED_HOSTS
"$PYTHON" manage.py check --deploy --fail-level WARNING
exec "$PYTHON" manage.py migrate --noinput
