"""`python docker/healthy.py web|worker`: exits 0 when this container's process is well. For HEALTHCHECK."""

import os
import subprocess
import sys
import urllib.error
import urllib.request


def web() -> bool:
    """This process answers; whether database, broker and workers are well is `/healthz`'s to say."""
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0]
    port = os.environ.get("PORT", "8000")
    request = urllib.request.Request(f"http://127.0.0.1:{port}/healthz", headers={"Host": host})
    try:
        with urllib.request.urlopen(request, timeout=8):  # noqa: S310
            return True
    except urllib.error.HTTPError as answer:
        return answer.code == 503  # another part is unwell, which starting this one again would not mend


def worker() -> bool:
    """The worker of this host answers a ping through the broker."""
    name = f"celery@{os.uname().nodename}"
    ping = ["-m", "celery", "--app", "annotation_site", "inspect", "ping", "--destination", name]
    return subprocess.run([sys.executable, *ping], capture_output=True, timeout=14).returncode == 0


if __name__ == "__main__":
    try:
        well = {"web": web, "worker": worker}[sys.argv[1]]()
    except (OSError, subprocess.TimeoutExpired) as error:
        sys.exit(str(error))
    sys.exit(0 if well else f"The {sys.argv[1]} does not answer.")
