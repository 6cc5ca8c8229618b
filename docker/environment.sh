# What every image's script begins with: the place, and a sentence for what is missing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
PYTHON="${PYTHON:-python}"
export DJANGO_SETTINGS_MODULE=annotation_site.settings PYTHONUNBUFFERED=1

need() {
  for name in "$@"; do
    if [ -z "${!name:-}" ]; then
      echo "$name has to be set; docs/operations.md says to what." >&2
      exit 2
    fi
  done
}
