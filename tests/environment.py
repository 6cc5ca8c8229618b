"""A pytest plugin, loaded before Django's settings: a data folder and a real Valkey for each test process."""

import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import ExitStack
from pathlib import Path

import redis

from annotation_site.broker import broker_command
from annotation_site.processes import start, stop
from tests.ordinary import stay_ordinary
from tests.servers.second_form import second_form

stay_ordinary()
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # a shell's background job; children inherit it
    signal.signal(signal.SIGINT, signal.default_int_handler)

DATA_DIR = Path(tempfile.mkdtemp(prefix="vifailback-tests-"))
os.environ["DATA_DIR"] = str(DATA_DIR)
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"  # importing the site's package has named its own
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's sync API runs an event loop in the test's thread
# A pytest that starts others hands its own on, and they would hear each other's news.
os.environ.pop("REDIS_URL", None)
_servers = ExitStack()
if os.environ.get("TESTS_ON") == "servers":  # `make test-servers`
    os.environ.update(_servers.enter_context(second_form()))
_command, _url = broker_command(DATA_DIR)
os.environ["REDIS_URL"] = _url
_children: list[subprocess.Popen[bytes]] = []


def pytest_sessionstart() -> None:
    if _command:
        _children.append(start(_command, dict(os.environ)))
        client = redis.Redis.from_url(_url, retry=redis.retry.Retry(redis.backoff.ConstantBackoff(0.02), 200))
        client.ping()


def pytest_unconfigure() -> None:
    stop(_children, patience=1.0)
    _servers.close()
    shutil.rmtree(DATA_DIR, ignore_errors=True)
