"""The production form as it is run: the images' scripts on PostgreSQL, S3, Valkey, behind nginx with TLS."""

import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from annotation_site.processes import start, stop
from tests.e2e import api
from tests.e2e.site import ROOT
from tests.servers.nginx import NAME, Front, nginx, nginx_program
from tests.servers.postgres import new_database, postgres_server
from tests.servers.ready import await_answer, free_ports
from tests.servers.seaweed import new_bucket, s3_server
from tests.servers.valkey import valkey_server

pytestmark = [pytest.mark.full, pytest.mark.timeout(300), pytest.mark.xdist_group("deployment")]

PRIVATE = {
    "DATABASE_URL",
    "REDIS_URL",
    "DATA_DIR",
    "DJANGO_SETTINGS_MODULE",
    "S3_BUCKET",
    "DJANGO_ALLOW_ASYNC_UNSAFE",
}


@dataclass(frozen=True)
class Deployed:
    front: Front
    web: str
    environment: dict[str, str]

    def manage(self, *arguments: str) -> str:
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(
            command, env=self.environment, cwd=ROOT, capture_output=True, text=True, check=True
        )
        return done.stdout

    def client(self) -> httpx.Client:
        """ada, who is made by the command of docs/operations.md, in a browser that trusts the certificate."""
        said = self.manage("add_person", "ada", "--project", "Lab", "--role", "admin")
        password = said.split("the password is ")[1].split()[0]
        client = self.front.client()
        client.post("/api/v1/session/", json={"username": "ada", "password": password}).raise_for_status()
        client.headers["X-CSRFToken"] = client.cookies["csrftoken"]
        client.headers["Referer"] = f"https://{NAME}"
        return client


def environment(**settings: str) -> dict[str, str]:
    inherited = {k: v for k, v in os.environ.items() if k not in PRIVATE}
    return {
        **inherited,
        "PYTHON": sys.executable,
        "SECRET_KEY": secrets.token_hex(32),
        "ALLOWED_HOSTS": NAME,
        "CSRF_TRUSTED_ORIGINS": f"https://{NAME}",
        "HTTPS": "yes",
        "TRUSTED_PROXIES": "1",
        "MEDIA_DELIVERY": "x-accel",
        "HOST": "127.0.0.1",
        "WEB_PROCESSES": "2",
        "WORKERS": "1",
        **settings,
    }


def script(name: str) -> str:
    return str(ROOT / "docker" / f"{name}.sh")


@contextmanager
def deployed(folder: Path, env: dict[str, str], s3: str) -> Iterator[Deployed]:
    """Migrate, then a web server of two processes, a worker and nginx, each started as its image does."""
    (port,) = free_ports(1)
    env = {**env, "PORT": str(port)}
    done = subprocess.run([script("migrate")], env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    children: list[subprocess.Popen[bytes]] = [start([script("worker")], env), start([script("web")], env)]
    web = f"http://127.0.0.1:{port}"
    try:
        await_answer(
            lambda: httpx.get(f"{web}/healthz", headers={"Host": NAME}, timeout=20).is_success, children
        )
        media = Path(env["DATA_DIR"]) / "media"
        with nginx(folder / "nginx", web=f"127.0.0.1:{port}", media=media, s3=s3) as front:
            yield Deployed(front, web, env)
    finally:
        stop(children, patience=10.0)


@pytest.fixture(scope="module")
def servers() -> Iterator[dict[str, str]]:
    nginx_program()
    with postgres_server() as postgres, valkey_server() as redis_url, s3_server() as s3:
        databases = {"DATABASE_URL": new_database(postgres), "ANOTHER_DATABASE": new_database(postgres)}
        yield {**databases, "REDIS_URL": redis_url, **s3}


@pytest.fixture(scope="module")
def on_s3(servers: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    folder = tmp_path_factory.mktemp("deployed")
    bucket = new_bucket(servers["S3_ENDPOINT_URL"], "deployed")
    env = environment(DATA_DIR=str(folder / "data"), S3_BUCKET=bucket, **servers)
    with deployed(folder, env, servers["S3_ENDPOINT_URL"]) as site:
        yield site


def test_a_recording_goes_the_whole_way_and_its_bytes_come_from_nginx(
    on_s3: Deployed, film: Callable[[int], Path]
) -> None:
    client = on_s3.client()
    project = client.get("/api/v1/projects/").json()[0]["id"]
    task = api.task_of(client, project, "wipe")
    episode = api.upload_episode(client, project, task, film(12))
    found = api.await_ingest(client, episode)
    assert found["state"] == "ready"
    address = found["cameras"][0]["proxy"]

    got = client.get(address)
    assert (got.status_code, got.headers["content-type"]) == (200, "video/mp4")
    assert got.content[4:8] == b"ftyp"
    assert got.headers["x-content-type-options"] == "nosniff"
    assert "x-accel-redirect" not in got.headers
    part = client.get(address, headers={"Range": "bytes=4-7"})
    assert (part.status_code, part.content) == (206, b"ftyp")

    by_python = httpx.get(
        f"{on_s3.web}{address}",
        headers={"Host": NAME, "X-Forwarded-Proto": "https"},
        cookies=dict(client.cookies),
    )
    assert by_python.content == b""
    assert by_python.headers["x-accel-redirect"].startswith("/protected/s3/deployed/blobs/")

    stranger = on_s3.front.client()
    assert stranger.get(address).status_code == 401
    straight = by_python.headers["x-accel-redirect"]
    assert stranger.get(straight).status_code == 404
    assert client.get("/protected/disk/site.sqlite3").status_code == 404


def test_it_is_reached_over_tls_alone(on_s3: Deployed) -> None:
    plain = httpx.get(f"{on_s3.front.plain}/login/", headers={"Host": NAME})
    assert (plain.status_code, plain.headers["location"]) == (301, f"https://{NAME}/login/")
    page = on_s3.front.client().get("/login/")
    assert page.status_code == 200
    assert page.headers["strict-transport-security"].startswith("max-age=31536000")
    cookie = page.headers["set-cookie"]
    assert "Secure" in cookie
    assert "unsafe" not in page.headers["content-security-policy"]
    assert on_s3.front.client().get("/login/", headers={"Host": "evil.example"}).status_code == 400


def test_what_a_client_says_of_its_address_is_not_believed(on_s3: Deployed) -> None:
    client = on_s3.front.client()

    def guess(number: int) -> httpx.Response:
        said = {"X-Forwarded-For": f"10.0.0.{number}"}
        login = {"username": f"nobody{number}", "password": "x"}
        return client.post("/api/v1/session/", json=login, headers=said)

    answers = [guess(number) for number in range(25)]
    assert answers[0].status_code == 401
    assert answers[-1].status_code == 429


def test_the_containers_health_is_asked_by_their_own_command(on_s3: Deployed) -> None:
    asked = [sys.executable, "docker/healthy.py"]
    for part in ("web", "worker"):
        done = subprocess.run([*asked, part], env=on_s3.environment, cwd=ROOT, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    nobody = {**on_s3.environment, "PORT": str(free_ports(1)[0])}
    assert subprocess.run([*asked, "web"], env=nobody, cwd=ROOT, capture_output=True).returncode == 1


def test_on_disk_nginx_sends_the_files_too(
    servers: dict[str, str], tmp_path: Path, film: Callable[[int], Path]
) -> None:
    own = {"DATABASE_URL": servers["ANOTHER_DATABASE"], "REDIS_URL": servers["REDIS_URL"].replace("/0", "/1")}
    env = environment(DATA_DIR=str(tmp_path / "data"), **own, WEB_PROCESSES="1")
    with deployed(tmp_path, env, servers["S3_ENDPOINT_URL"]) as site:
        client = site.client()
        project = client.get("/api/v1/projects/").json()[0]["id"]
        episode = api.upload_episode(client, project, api.task_of(client, project, "wipe"), film(12))
        camera = api.await_ingest(client, episode)["cameras"][0]
        got = client.get(camera["thumbnail"])
        assert (got.status_code, got.headers["content-type"]) == (200, "image/jpeg")
        assert got.content[:2] == b"\xff\xd8"
        assert got.headers["x-content-type-options"] == "nosniff"
        assert client.get(camera["proxy"], headers={"Range": "bytes=4-7"}).content == b"ftyp"
