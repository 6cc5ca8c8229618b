"""A small project, annotated and reviewed: what its releases are made of."""

import copy
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path

import pytest

from apps.annotation.models import Annotation
from tests.people import Cast
from tests.work import (
    FRAMES,
    cannot_tell,
    decide,
    event_operations,
    failed,
    filmed,
    make_task,
    submitted,
    successful,
)


@dataclass
class Reviewed:
    """Two tasks. `failure` has two events, two cameras, a keyframe on sample 5; `waiting` is not approved."""

    cast: Cast
    failure: Annotation
    success: Annotation
    unclear: Annotation
    waiting: Annotation


@pytest.fixture(scope="module")
def made(made_cast: Cast, film: Callable[[int], Path]) -> Reviewed:
    cast = made_cast
    wipe, fold = (
        make_task(cast.project, "wipe_board"),
        make_task(cast.project, "fold_towel", ["Grasp.", "Fold."]),
    )
    two_events = failed(avoid=5, correct=7) + event_operations("e2", avoid=8, correct=10)
    return Reviewed(
        cast,
        failure=decide(
            submitted(filmed(wipe, cam_high=film(FRAMES), cam_left_wrist=film(7)), cast.ann, two_events),
            cast.rita,
        ),
        success=decide(submitted(filmed(wipe, cam_high=film(13)), cast.ben, successful()), cast.rita),
        unclear=decide(submitted(filmed(fold, cam_high=film(6)), cast.ann, cannot_tell()), cast.ada),
        waiting=submitted(filmed(fold, cam_high=film(8)), cast.ann, failed(avoid=2, correct=4)),
    )


@pytest.fixture
def reviewed(made: Reviewed, db: None) -> Reviewed:
    """Made once for a module; what a test changes is taken back after it."""
    pks = {each.name: getattr(made, each.name).pk for each in fields(made) if each.name != "cast"}
    return Reviewed(
        copy.deepcopy(made.cast), **{name: Annotation.objects.get(pk=pk) for name, pk in pks.items()}
    )
