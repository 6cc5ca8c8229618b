#!/usr/bin/env bash
# The image `robot`: what runs beside a robot; the first word is the part, `supervisor` when there is none.
source "$(dirname "$0")/environment.sh"
unset DJANGO_SETTINGS_MODULE
part="supervisor"
if [[ "${1:-}" =~ ^[a-z]+$ ]]; then part="$1"; shift; fi
exec "$PYTHON" -m "robot.$part" "$@"
