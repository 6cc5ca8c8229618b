#!/bin/sh
# Installs nginx for the tests of the production form: from Debian's packages, when we are root. It is not started.
set -e
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "No nginx here: the tests that need it are skipped. Install your system's package 'nginx' to run them." >&2
    exit 0
fi
export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1
apt-get update -qq
apt-get install -y -qq --no-install-recommends nginx-light >/dev/null
