"""The real nginx with docker/nginx.conf.template, TLS and all; tests skip where no nginx is installed."""

import os
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from string import Template

import httpx
import pytest

from annotation_site.processes import start, stop
from tests.servers.ready import await_answer, free_ports

TEMPLATE = Path(__file__).resolve().parents[2] / "docker" / "nginx.conf.template"
NAME = "vifailback.test"
# What Debian's nginx.conf and the image's give around the template.
MAIN = """
daemon off;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log;
${user}
events {}
http {
    access_log off;
    types { image/jpeg jpg; video/mp4 mp4; }
    client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/f;
    uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
    include ${folder}/site.conf;
}
"""


@dataclass(frozen=True)
class Front:
    """An nginx that runs: where it is asked over TLS, and the folder with its certificate."""

    address: str
    plain: str
    folder: Path

    def client(self, **options: object) -> httpx.Client:
        """A browser that trusts this certificate."""
        headers = {"Host": NAME}
        trusted = ssl.create_default_context(cafile=str(self.folder / "fullchain.pem"))
        return httpx.Client(base_url=self.address, headers=headers, verify=trusted, timeout=60, **options)


def nginx_program() -> str:
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        pytest.skip("needs nginx (apt-get install nginx-light)")
    return program


def certificate(folder: Path) -> None:
    """A key and a certificate of its own, for loopback."""
    names = f"subjectAltName=DNS:{NAME},IP:127.0.0.1"
    options = ["-nodes", "-days", "1", "-subj", f"/CN={NAME}", "-addext", names]
    files = ["-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem")]
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", *options, *files], check=True, capture_output=True
    )


def configure(folder: Path, *, web: str, media: Path, s3: str, ports: list[int]) -> Path:
    """Fill in the template as the nginx image does: only what stands as ${NAME} and is named."""
    certificate(folder)
    values = {
        "WEB_ADDRESS": web,
        "HTTP_PORT": f"127.0.0.1:{ports[0]}",
        "HTTPS_PORT": f"127.0.0.1:{ports[1]}",
        "SERVER_NAME": NAME,
        "TLS_CERTIFICATE": str(folder / "fullchain.pem"),
        "TLS_KEY": str(folder / "privkey.pem"),
        "MEDIA_ROOT": str(media),
        "S3_ENDPOINT_URL": s3,
        "S3_HOST": s3.rpartition("/")[2],
    }
    text = TEMPLATE.read_text()
    for name, value in values.items():
        assert f"${{{name}}}" in text, f"{name} is in no place of the template"
        text = text.replace(f"${{{name}}}", value)
    assert "${" not in text
    (folder / "site.conf").write_text(text)
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(Template(MAIN).substitute(folder=folder, user=user).replace("$$", "$"))
    return folder / "nginx.conf"


@contextmanager
def nginx(folder: Path, *, web: str, media: Path, s3: str) -> Iterator[Front]:
    program, ports = nginx_program(), free_ports(2)
    folder.mkdir(parents=True, exist_ok=True)
    config = str(configure(folder, web=web, media=media, s3=s3, ports=ports))
    options = [program, "-e", str(folder / "error.log"), "-c", config]
    checked = subprocess.run([*options, "-t"], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr
    children: list[subprocess.Popen[bytes]] = [start(options, dict(os.environ))]
    front = Front(f"https://127.0.0.1:{ports[1]}", f"http://127.0.0.1:{ports[0]}", folder)
    try:
        await_answer(lambda: httpx.get(front.plain).status_code == 301, children)
        yield front
    finally:
        stop(children, patience=3.0)
