#!/usr/bin/env bash
# The image `ml`: builds questions, finetunes, asks models; the first word is the part (vqa, finetune, bench, loop).
source "$(dirname "$0")/environment.sh"
unset DJANGO_SETTINGS_MODULE
if ! [[ "${1:-}" =~ ^[a-z]+$ ]]; then
  echo "Say which part of ml to run first: symbols, prompts, vqa, finetune, bench or loop." >&2
  exit 2
fi
part="$1"; shift
exec "$PYTHON" -m "ml.$part" "$@"
