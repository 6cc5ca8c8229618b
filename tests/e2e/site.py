"""The real site for browser and process tests: `up`, with a data folder and a port of its own."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium") or "chromium"
FIRST_START_PATIENCE = 180.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class Site:
    """A running site. `output` is the file that takes what it prints."""

    process: subprocess.Popen
    address: str
    data_dir: Path
    output: Path

    @property
    def logins(self) -> dict[str, str]:
        return json.loads((self.data_dir / "logins.json").read_text())

    def client(self, username: str) -> httpx.Client:
        """A logged-in API client, with the CSRF header that its session asks for."""
        client = httpx.Client(base_url=self.address, timeout=60)
        answer = client.post(
            "/api/v1/session/", json={"username": username, "password": self.logins[username]}
        )
        answer.raise_for_status()
        client.headers["X-CSRFToken"] = client.cookies["csrftoken"]
        client.headers["Referer"] = self.address
        return client

    def manage(self, *arguments: str) -> str:
        """Run one of the site's commands beside it; what it printed."""
        command = [sys.executable, "manage.py", *arguments]
        env = environment_of(self.data_dir)
        return subprocess.run(command, env=env, cwd=ROOT, check=True, capture_output=True, text=True).stdout

    def children(self) -> list[int]:
        """The process ids of all that the site started, grandchildren too."""
        return descendants(self.process.pid)

    def stop(self, number: int = signal.SIGTERM) -> float:
        """Send the signal; the seconds until the process was gone."""
        begun = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(30)
        return time.monotonic() - begun


def descendants(pid: int) -> list[int]:
    found = []
    with suppress(FileNotFoundError, ProcessLookupError):  # it ended while we looked
        for children in Path(f"/proc/{pid}/task").glob("*/children"):
            for child in map(int, children.read_text().split()):
                found += [child, *descendants(child)]
    return found


def environment_of(data_dir: Path) -> dict[str, str]:
    """The environment of a site with this data folder, whatever the tests run in."""
    inherited = {
        name: value for name, value in os.environ.items() if name not in ("REDIS_URL", "DATABASE_URL")
    }
    settings = {"DATA_DIR": str(data_dir), "DJANGO_SETTINGS_MODULE": "annotation_site.settings"}
    return {**inherited, **settings}


def start_site(data_dir: Path, port: int | None = None, **environment: str) -> tuple[Site, float]:
    """Start the site and wait until `/healthz` says that all is well; with the seconds that took."""
    port = port or free_port()
    env = {**environment_of(data_dir), "HOST": "127.0.0.1", "PORT": str(port), **environment}
    env.setdefault("SAMPLE_RECORDINGS", "no")
    data_dir.mkdir(parents=True, exist_ok=True)
    output = data_dir / "output.txt"
    begun = time.monotonic()
    with output.open("ab") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "annotation_site.up"], env=env, cwd=ROOT, stdout=file, stderr=file
        )
    site = Site(process, f"http://127.0.0.1:{port}", data_dir, output)
    _await_health(site)
    return site, time.monotonic() - begun


def _await_health(site: Site) -> None:
    deadline = time.monotonic() + FIRST_START_PATIENCE
    while time.monotonic() < deadline:
        if site.process.poll() is not None:
            raise AssertionError(f"the site ended: {site.output.read_text()}")
        try:
            if httpx.get(f"{site.address}/healthz", timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.02)
    raise AssertionError(f"the site did not come up: {site.output.read_text()}")
