"""Fixing a version holds the database for moments only."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from apps.episodes import services
from apps.releases.services import release_create
from tests.people import make_cast
from tests.work import FRAMES, decide, failed, filmed, make_task, submitted


@pytest.mark.usefixtures("transactional_db")
def test_stills_are_decoded_before_the_write_lock_is_taken(
    film: Any, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast = make_cast()
    episode = filmed(make_task(cast.project), cam_high=film(FRAMES))
    decide(submitted(episode, cast.ann, failed(avoid=6, correct=7)), cast.rita)
    decode, in_transaction = services.still, []

    def watched(source: Path, number: int, index: Any) -> Any:
        in_transaction.append((number, connection.in_atomic_block))
        return decode(source, number, index)

    monkeypatch.setattr(services, "still", watched)
    release_create(project=cast.project, by=cast.ada)

    assert in_transaction == [(6, False), (7, False)]
