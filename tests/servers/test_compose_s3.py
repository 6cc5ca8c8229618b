"""The S3 server of docker/compose.yaml, started as it says: it makes the bucket, and knows one key."""

import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
import yaml
from botocore.exceptions import BotoCoreError, ClientError

from annotation_site.processes import start, stop
from tests.e2e.site import ROOT
from tests.servers.ready import await_answer, free_ports
from tests.servers.seaweed import PARTS, client

pytestmark = pytest.mark.full

SECRET = "the secret"


def test_it_makes_the_bucket_for_the_sites_key_alone(tmp_path: Path) -> None:
    service = yaml.safe_load((ROOT / "docker" / "compose.yaml").read_text())["services"]["s3"]
    ports = dict(
        zip([f"{part}.port{kind}" for part in PARTS for kind in ("", ".grpc")], free_ports(8), strict=True)
    )
    given = {"-dir=/data": f"-dir={tmp_path}", "-ip=s3": "-ip=127.0.0.1"}
    command = [given.get(word, word) for word in service["command"]]
    assert {service["environment"]["AWS_SECRET_ACCESS_KEY"], *command} >= {"${S3_SECRET_KEY}", "-s3"}
    env = {**os.environ, **service["environment"], "AWS_SECRET_ACCESS_KEY": SECRET}
    weed = str(Path(sys.executable).with_name("weed"))
    listen = [f"-{name}={port}" for name, port in ports.items()]
    address = f"http://127.0.0.1:{ports['s3.port']}"
    children: list[subprocess.Popen[bytes]] = [start([weed, "-v=-1", *command, *listen], env)]

    def kept() -> bool:
        try:
            client(address, SECRET).put_object(Bucket="media", Key="x", Body=b"kept")
        except (BotoCoreError, ClientError):
            return False
        return True

    try:
        await_answer(kept, children)
        with pytest.raises(ClientError, match="SignatureDoesNotMatch"):
            client(address, "guessed").put_object(Bucket="media", Key="x", Body=b"changed")
        assert httpx.get(f"{address}/media/x").status_code == 403
        assert httpx.get(f"{address}/healthz").status_code == 200  # what its health check asks
    finally:
        stop(children, patience=1.0)
