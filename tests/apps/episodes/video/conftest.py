"""Each hostile video is made and ingested once a session."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pytest

from apps.episodes.video import Ingested, Limits, Still, ingest
from tests import videos


@dataclass(frozen=True)
class Case:
    """A hostile video, what it shows, and what ingest made of it."""

    truth: videos.Truth
    ingested: Ingested
    stills: list[Still]
    progress: list[float]


@pytest.fixture(scope="session")
def case(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Case]:
    root = tmp_path_factory.mktemp("videos")

    @cache
    def made(kind: str) -> Case:
        workdir = root / kind
        workdir.mkdir(exist_ok=True)
        return ingested(videos.make(kind, root / kind), workdir)

    return made


@pytest.fixture
def h264(case: Callable[[str], Case]) -> Case:
    """A plain recording with B-frames, 60 frames at 25 fps."""
    return case("h264")


def ingested(truth: videos.Truth, workdir: Path) -> Case:
    """Ingest a made video, keeping all that it hands out."""
    stills: list[Still] = []
    progress: list[float] = []
    result = ingest(truth.path, workdir, limits=Limits(), on_progress=progress.append, on_still=stills.append)
    return Case(truth, result, stills, progress)


def picture(jpeg: bytes) -> np.ndarray:
    """The (height, width, 3) uint8 RGB picture in JPEG bytes."""
    return cv2.cvtColor(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
