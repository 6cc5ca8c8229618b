"""The sample project: what it holds, and that it is drawn the same each time."""

from pathlib import Path

import numpy as np
import pytest

from apps.episodes.sample import Episode, episodes, make_sample_recordings, recordings
from apps.episodes.sample.episodes import BLUE, GREEN, INTO_BOWL, LEFT_HOME, RED, RIGHT_HOME, YELLOW
from apps.episodes.sample.geometry import Motion, carried, point
from apps.episodes.sample.scene import CUBE, HEAD_CAMERA, Cube, Painter, Scene
from apps.episodes.video import Limits, group_recordings, probe
from tests import videos

FAILURES = {"gripper 6d-pose", "gripper state", "task planning", "human intervention"}
NAMES = {RED: "red", GREEN: "green", BLUE: "blue", YELLOW: "yellow"}


@pytest.fixture(scope="module")
def painter() -> Painter:
    return Painter()


def finally_at(episode: Episode) -> dict[str, np.ndarray]:
    """Where the cubes lie in the end, by color."""
    cubes = episode.scene.cubes
    return {NAMES[cube.color]: carried(cube.start, cube.carries, episode.seconds) for cube in cubes}


def by_failure(kind: str | None) -> list[Episode]:
    return [one for one in episodes() if (one.failure and one.failure.kind) == kind]


def test_every_type_of_failure_once_and_successes() -> None:
    assert {kind: len(by_failure(kind)) for kind in FAILURES} == dict.fromkeys(FAILURES, 1)
    assert len(by_failure(None)) >= 1
    assert len({one.task.name for one in episodes()}) == 3
    assert any(one.wrists for one in episodes())


@pytest.mark.parametrize(
    "episode", episodes(), ids=lambda one: one.failure.kind if one.failure else one.task.name
)
def test_lengths_and_moments(episode: Episode) -> None:
    assert 6 <= episode.seconds <= 10
    assert len(episode.task.subtasks) == 4
    if episode.failure:
        assert 0 < episode.failure.avoid < episode.failure.correct < episode.seconds


def test_successes_end_as_the_task_says() -> None:
    bowl, stack = by_failure(None)

    assert np.linalg.norm((finally_at(bowl)["red"] - bowl.scene.bowls[0].place)[:2]) < CUBE
    assert finally_at(stack)["green"] - finally_at(stack)["blue"] == pytest.approx([0, 0, 2 * CUBE])


def test_failures_end_otherwise() -> None:
    ((missed,), (dropped,), (disturbed,), (wrong,)) = map(
        by_failure, ("gripper 6d-pose", "gripper state", "human intervention", "task planning")
    )

    assert finally_at(missed)["red"] == pytest.approx(missed.scene.cubes[0].start)
    assert finally_at(dropped)["green"][2] == pytest.approx(CUBE)
    assert finally_at(disturbed)["green"][2] == pytest.approx(CUBE)
    assert np.linalg.norm(finally_at(disturbed)["blue"] - disturbed.scene.cubes[0].start) > 0.2
    teal = wrong.scene.bowls[0].place
    assert np.linalg.norm((finally_at(wrong)["red"] - teal)[:2]) < CUBE
    assert finally_at(wrong)["yellow"] == pytest.approx(wrong.scene.cubes[0].start)


@pytest.mark.parametrize(
    "episode", episodes(), ids=lambda one: one.failure.kind if one.failure else one.task.name
)
def test_pictures_are_the_same_each_time(episode: Episode, painter: Painter) -> None:
    once, again = painter.head(episode.scene, 2.4), Painter().head(episode.scene, 2.4)

    assert once.shape == (480, 640, 3)
    assert np.array_equal(once, again)
    assert not np.array_equal(once, painter.head(episode.scene, 2.8))


def test_a_cube_is_seen_where_it_lies(painter: Painter) -> None:
    place = point(0.30, 0.0, CUBE)
    scene = Scene(Motion(LEFT_HOME), Motion(RIGHT_HOME), [Cube(RED, place)])
    bare = Scene(Motion(LEFT_HOME), Motion(RIGHT_HOME), [])

    changed = np.abs(painter.head(scene, 0).astype(int) - painter.head(bare, 0)).sum(axis=2) > 60
    rows, columns = np.nonzero(changed)
    ((x, y),), _ = HEAD_CAMERA.project(place[None])

    assert (columns.mean(), rows.mean()) == pytest.approx((x, y), abs=12)


def test_recordings_are_files_of_the_named_cameras(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene(
        Motion(LEFT_HOME), Motion(RIGHT_HOME).to(0.2, point(0.3, 0, 0.1)), [Cube(RED, point(0.3, 0, CUBE))]
    )
    monkeypatch.setattr(recordings, "episodes", lambda: [Episode(INTO_BOWL, scene, wrists=True)] * 2)

    first, second = make_sample_recordings(tmp_path)

    names = [str(path.relative_to(tmp_path)) for path in (*first.files, *second.files)]
    assert [one.stem for one in group_recordings(names)] == [
        "cube_into_bowl/episode_0",
        "cube_into_bowl/episode_1",
    ]
    assert [len(one.cameras) for one in group_recordings(names)] == [3, 3]
    for a, b in zip(first.files, second.files, strict=True):
        assert a.read_bytes() == b.read_bytes()
        info = probe(a, Limits())
        assert (info.width, info.height, info.average_rate) == (640, 480, 25)
        assert sum(1 for _ in videos.decode(a)) == 20


@pytest.mark.full
def test_the_whole_sample_is_made(tmp_path: Path) -> None:
    made = make_sample_recordings(tmp_path)

    assert [one.task.name for one in made] == [one.task.name for one in episodes()]
    assert sorted(path for one in made for path in one.files) == sorted(tmp_path.rglob("*.mp4"))
