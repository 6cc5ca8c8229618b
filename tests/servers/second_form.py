"""A pytest plugin: the same tests on PostgreSQL, S3 and a Valkey of its own, as production has them.

`make test-servers` loads it before `tests.environment`, whose SQLite, disk and private socket then stay
unused. PostgreSQL and S3 are started once, by the process that hands tests out; each that runs tests has a
database (from pytest-django), a bucket and a Valkey of its own.
"""

import os
from contextlib import ExitStack

from tests.servers.postgres import new_database, postgres_server
from tests.servers.seaweed import new_bucket, s3_server
from tests.servers.valkey import valkey_server

_servers = ExitStack()

if "PYTEST_XDIST_WORKER" not in os.environ:
    os.environ["DATABASE_URL"] = new_database(_servers.enter_context(postgres_server()))
    os.environ.update(_servers.enter_context(s3_server()))
_who = os.environ.get("PYTEST_XDIST_WORKER", "alone")
os.environ["S3_BUCKET"] = new_bucket(os.environ["S3_ENDPOINT_URL"], f"media-{_who}")
os.environ["TESTS_REDIS_URL"] = _servers.enter_context(valkey_server())


def pytest_report_header() -> str:
    """So that whoever reads the output sees what the tests ran on."""
    database, bucket = os.environ["DATABASE_URL"], os.environ["S3_ENDPOINT_URL"]
    return f"second form: {database}, S3 at {bucket}, {os.environ['TESTS_REDIS_URL']}"


def pytest_unconfigure() -> None:
    _servers.close()
