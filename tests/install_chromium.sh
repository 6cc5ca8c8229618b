#!/bin/sh
# Installs Chromium for the browser tests: from Debian's packages, when we are root.
set -e
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "The browser tests need Chromium: install your system's package 'chromium', then run this again." >&2
    exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends chromium >/dev/null
