"""The same tests on PostgreSQL, S3 and a Valkey over TCP, as production has them: `TESTS_ON=servers`."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

SHARED = ("DATABASE_URL", "S3_ENDPOINT_URL", "S3_ACCESS_KEY", "S3_SECRET_KEY")


@contextmanager
def second_form() -> Iterator[dict[str, str]]:
    """The environment of a test process that uses them.

    PostgreSQL and S3 are started once, by the process that hands the tests out, and found by the others in
    its environment. Each that runs tests has a database (from pytest-django), a bucket and a Valkey.
    """
    from tests.servers import (  # what they need is slow to import, and for here alone
        postgres,
        seaweed,
        valkey,
    )

    who = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    with ExitStack() as servers:
        shared = {name: os.environ[name] for name in SHARED if name in os.environ}
        if who == "alone" or "S3_ENDPOINT_URL" not in shared:
            shared = servers.enter_context(seaweed.s3_server())
            shared["DATABASE_URL"] = postgres.new_database(servers.enter_context(postgres.postgres_server()))
        bucket = seaweed.new_bucket(shared["S3_ENDPOINT_URL"], f"media-{who}")
        yield {**shared, "S3_BUCKET": bucket, "REDIS_URL": servers.enter_context(valkey.valkey_server())}
