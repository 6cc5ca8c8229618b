"""A real S3 server for tests, which pip brings: signatures, ranges, multipart."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError, EndpointConnectionError

from annotation_site.processes import start, stop
from tests.servers.ready import await_answer, free_ports

ACCESS_KEY, SECRET_KEY = "site", "the secret of the site's bucket"
IDENTITY = {
    "name": "site",
    "credentials": [{"accessKey": ACCESS_KEY, "secretKey": SECRET_KEY}],
    "actions": ["Admin", "Read", "Write", "List", "Tagging"],
}
PARTS = ("master", "volume", "filer", "s3")


@contextmanager
def s3_server() -> Iterator[dict[str, str]]:
    """Run a server on loopback; yields the site's environment for it, but no bucket. Its data go with it."""
    ports = free_ports(2 * len(PARTS))
    with tempfile.TemporaryDirectory(prefix="s3-") as folder:
        config = Path(folder) / "identities.json"
        config.write_text(json.dumps({"identities": [IDENTITY]}))
        address = f"http://127.0.0.1:{ports[6]}"
        children: list[subprocess.Popen[bytes]] = [start(_command(folder, config, ports), dict(os.environ))]
        try:
            await_answer(lambda: _answers(address), children)
            yield {"S3_ENDPOINT_URL": address, "S3_ACCESS_KEY": ACCESS_KEY, "S3_SECRET_KEY": SECRET_KEY}
        finally:
            stop(children, patience=1.0)


def _command(folder: str, config: Path, ports: list[int]) -> list[str]:
    listen = [
        f"-{part}.port{kind}={port}"
        for (part, kind), port in zip([(p, k) for p in PARTS for k in ("", ".grpc")], ports, strict=True)
    ]
    return [
        str(Path(sys.executable).with_name("weed")),
        *("-v=-1", "server", f"-dir={folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1"),
        *("-filer", "-s3", f"-s3.config={config}", "-s3.port.iceberg=0", "-s3.port.lance=0"),
        *("-master.volumeSizeLimitMB=64", "-volume.max=50", "-master.telemetry=false"),
        *listen,
    ]


def client(address: str, secret: str = SECRET_KEY) -> Any:
    return boto3.client(
        "s3",
        endpoint_url=address,
        region_name="us-east-1",
        aws_access_key_id=ACCESS_KEY,
        aws_secret_access_key=secret,
        config=Config(signature_version="s3v4", s3={"addressing_style": "path"}, retries={"max_attempts": 1}),
    )


def _answers(address: str) -> bool:
    """Writes as well: the first write makes the server's volumes, which takes it some seconds."""
    try:
        new_bucket(address, "warm")
        client(address).put_object(Bucket="warm", Key="up", Body=b"x")
    except (ClientError, EndpointConnectionError):
        return False
    return True


def new_bucket(address: str, name: str) -> str:
    try:
        client(address).create_bucket(Bucket=name)
    except client(address).exceptions.BucketAlreadyOwnedByYou:
        pass
    return name
