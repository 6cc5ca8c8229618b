"""`python -m annotation_site.up`: the whole site in the foreground; what `make up` runs.

Broker, Celery worker and web server are children of this process and end with it.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from annotation_site.broker import broker_command
from annotation_site.processes import start, stop

SERVING_PATIENCE = 120.0  # seconds until the site has to answer
STOP_PATIENCE = 3.0
BROKER_PATIENCE = 1.0


class Stopped(Exception):  # noqa: N818
    """SIGINT or SIGTERM came."""


def main() -> None:
    os.umask(0o077)  # what is kept is for the owner of this process alone
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop)
    host, port = os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", "8000")
    broker: list[subprocess.Popen[bytes]] = []
    servers: list[subprocess.Popen[bytes]] = []
    _require_free(host, int(port))
    try:
        env = _start_broker(broker)
        prepared = _is_prepared(env)
        if not prepared:
            _prepare(env)
        started = datetime.now(UTC).isoformat()
        servers += [start(_worker(), env), start(_web(host, port), env)]
        address = _address(host, port)
        _await_serving(address, broker + servers)
        _greet(address, Path(env["DATA_DIR"]) / "logins.json")
        if prepared:
            _prepare(env, "--started", started)  # only resumes what a stop cut off: nobody waits for that
            subprocess.run(_manage("resume_jobs", "--started", started), env=env)
        _watch(broker + servers)
    except Stopped:
        print("Stopping.", flush=True)
    finally:
        _ignore_signals()
        stop(servers, STOP_PATIENCE)
        stop(broker, BROKER_PATIENCE)


def _address(host: str, port: str) -> str:
    """Where this machine's own browser finds the site."""
    own = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    return f"http://[{own}]:{port}" if ":" in own else f"http://{own}:{port}"


def _require_free(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            why = f"Port {port} of {host} cannot be used ({error.strerror})"
            raise SystemExit(f"{why}; choose another: PORT=8001 make up") from None


def _stop(number: int, frame: FrameType | None) -> None:
    raise Stopped


def _ignore_signals() -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)


def _start_broker(children: list[subprocess.Popen[bytes]]) -> dict[str, str]:
    """Start it if one is needed; the environment for everything else."""
    data_dir = Path(os.environ.get("DATA_DIR", "var")).resolve()
    data_dir.mkdir(parents=True, exist_ok=True)
    command, url = broker_command(data_dir)
    os.environ.update(
        DJANGO_SETTINGS_MODULE="annotation_site.settings", DATA_DIR=str(data_dir), REDIS_URL=url
    )
    if command:
        children.append(start(command, dict(os.environ)))
    return dict(os.environ)


def _manage(*arguments: str) -> list[str]:
    return [sys.executable, "manage.py", *arguments]


def _schema() -> str:
    """The migrations that this code has, by name."""
    root = Path(__file__).resolve().parent.parent
    return "\n".join(sorted(str(path.relative_to(root)) for path in root.glob("apps/*/migrations/0*.py")))


def _is_prepared(env: dict[str, str]) -> bool:
    """Whether an earlier start has made this database with this code."""
    data_dir = Path(env["DATA_DIR"])
    mark, database = data_dir / "prepared", data_dir / "site.sqlite3"
    there = database.exists() or "DATABASE_URL" in env
    return there and mark.exists() and mark.read_text() == _schema()


def _prepare(env: dict[str, str], *options: str) -> None:
    if subprocess.run(_manage("prepare", *options), env=env).returncode:
        raise SystemExit("The database could not be prepared; what it said is above.")
    (Path(env["DATA_DIR"]) / "prepared").write_text(_schema())


def _worker() -> list[str]:
    """Two processes that a damaged recording can bring down without the worker."""
    options = ["--concurrency", os.environ.get("WORKERS", "2"), "--loglevel", "WARNING", "--without-mingle"]
    options += ["--beat"] if os.environ.get("EMAIL_URL") else []  # who gets e-mail gets digests
    # Celery warns at every start when it runs as root, as it does in a container.
    quiet = ["-W", "ignore:You're running the worker with superuser privileges"]
    return [sys.executable, *quiet, "-m", "celery", "--quiet", "--app", "annotation_site", "worker", *options]


def _web(host: str, port: str) -> list[str]:
    options = ["--log-level", "warning", "--no-access-log", "--timeout-graceful-shutdown", "2"]
    # WhiteNoise hands its small files over as whole lists under ASGI, which Django remarks on.
    quiet = ["-W", "ignore:StreamingHttpResponse must consume synchronous iterators"]
    server = [sys.executable, *quiet, "-m", "uvicorn", "annotation_site.asgi:application"]
    return [*server, "--host", host, "--port", port, *options]


def _await_serving(address: str, children: list[subprocess.Popen[bytes]]) -> None:
    """Until `/healthz` says that all is well; raises SystemExit when a child ends or it takes too long."""
    deadline = time.monotonic() + SERVING_PATIENCE
    while time.monotonic() < deadline:
        _require_running(children)
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=5):  # noqa: S310
                return
        except OSError:  # refused, reset, timed out, or 503
            time.sleep(0.05)
    raise SystemExit(f"The site did not come up within {SERVING_PATIENCE:.0f} s; what it said is above.")


def _require_running(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is not None:
            raise SystemExit(f"A part of the site ended with code {child.returncode}: {child.args!r}")


def _greet(address: str, logins_file: Path) -> None:
    print(f"\nViFailback is at {address}/\n", flush=True)
    if logins_file.exists():
        print("Sample logins (made on the first start):")
        for name, password in json.loads(logins_file.read_text()).items():
            print(f"  {name:12}{password}")
    print("\nCtrl-C stops it; everything is kept in", logins_file.parent, flush=True)


def _watch(children: list[subprocess.Popen[bytes]]) -> None:
    """Until a signal comes, or a child ends, which ends the others too."""
    while True:
        _require_running(children)
        time.sleep(0.5)


if __name__ == "__main__":
    main()
