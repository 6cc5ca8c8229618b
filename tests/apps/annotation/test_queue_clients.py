"""Many clients empty one queue: each episode once, none left over, and nobody is sent away too early."""

from pathlib import Path

import pytest

from tests.claiming import Claims, claims
from tests.servers.postgres import database_url, postgres  # noqa: F401 fixtures


def require_fair(found: Claims, clients: int) -> None:
    assert found.problems == []
    assert len(found.taken) == len(set(found.taken))
    assert set(found.taken) == set(found.episodes)
    assert found.false_ends == 0
    assert sum(episode is None for _, episode, _, _ in found.calls) == clients


def test_clients_share_a_queue_on_postgresql(tmp_path: Path, database_url: str) -> None:  # noqa: F811
    require_fair(claims(8, 40, data=tmp_path, database_url=database_url), 8)


@pytest.mark.full
@pytest.mark.timeout(400)
def test_fifty_clients_claim_five_hundred_episodes_on_sqlite(tmp_path: Path) -> None:
    require_fair(claims(50, 500, data=tmp_path), 50)


@pytest.mark.full
@pytest.mark.timeout(400)
def test_fifty_clients_claim_five_hundred_episodes_on_postgresql(
    tmp_path: Path,
    database_url: str,  # noqa: F811
) -> None:
    require_fair(claims(50, 500, data=tmp_path, database_url=database_url), 50)
