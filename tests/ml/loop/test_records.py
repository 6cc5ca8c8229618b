"""Drawn episodes say what they show, and build without a warning."""

import json
from itertools import pairwise, product

import numpy as np
import pytest

from ml.loop.records import write_records
from ml.loop.scene import ARMS, COLORS, DIRECTIONS, FAILED_SUBTASK, HOMES, KINDS, draw_episode
from ml.symbols import agreement
from ml.vqa.__main__ import main as vqa

PARTS = ("train", "benchmark_lite")


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    root = tmp_path_factory.mktemp("records")
    write_records(root, 80, 3)
    return root


@pytest.fixture(scope="module")
def annotations(tree):
    return json.loads((tree / "annotations.json").read_text())


def test_the_same_seed_draws_the_same_bytes(tree, tmp_path):
    write_records(tmp_path, 80, 3)
    files = sorted(path.relative_to(tree) for path in tree.rglob("*.*") if path.is_file())
    assert files == sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*.*") if path.is_file())
    assert all((tree / file).read_bytes() == (tmp_path / file).read_bytes() for file in files)


def test_half_of_every_task_fails_in_each_of_the_four_ways(annotations):
    tasks = {record["task"] for record in annotations}
    assert len(tasks) == len(COLORS) * len(ARMS)
    for task in tasks:
        kinds = [record["failure_type"] for record in annotations if record["task"] == task]
        assert sorted(kinds) == sorted([""] * 4 + list(KINDS))


def test_neither_the_number_of_pictures_nor_a_task_betrays_the_outcome():
    """Both outcomes have the same lengths for the same chances: only what is drawn tells them apart."""
    lengths = {
        kind: {len(draw_episode("red", "left", kind, seed).moments) for seed in range(60)}
        for kind in ("", *KINDS)
    }
    assert set(map(frozenset, lengths.values())) == {frozenset((4, 5, 6))}


@pytest.mark.parametrize(("kind", "arm"), list(product(KINDS, ARMS)))
def test_symbols_say_what_the_command_says(kind, arm):
    assert kind in FAILED_SUBTASK
    for seed in range(12):
        episode = draw_episode("blue", arm, kind, seed)
        assert kind in FAILED_SUBTASK
        for side in (episode.avoidance, episode.correction):
            assert agreement(side.symbols, side.command).result == "agrees"
        assert episode.avoidance.moment + 1 == episode.correction.moment < len(episode.moments)


def test_a_gripper_that_misses_is_told_to_move_towards_the_cube():
    for seed in range(40):
        episode = draw_episode("green", "right", "gripper 6d-pose", seed)
        (part,) = episode.avoidance.command.arms
        (move,) = part.move
        shown = episode.moments[episode.avoidance.moment]
        gap = np.subtract(shown.cube, shown.gripper)
        image_of = {"left": (-1, 0), "right": (1, 0), "forward": (0, -1), "backward": (0, 1)}
        assert tuple(np.sign(gap)) == image_of[move.direction]
        assert move.direction in DIRECTIONS


def test_the_working_gripper_starts_at_home_and_moves():
    for kind, arm in product(("", *KINDS), ARMS):
        moments = draw_episode("red", arm, kind, 1).moments
        assert moments[0].gripper == HOMES[arm]
        assert any(before.gripper != after.gripper for before, after in pairwise(moments))


def test_every_question_builds_and_lints_clean(tree, capsys):
    annotations, images = str(tree / "annotations.json"), str(tree)
    built = vqa(
        ["build", annotations, "--images", images, "--out", images, "--split", str(tree / "split.toml")]
    )
    assert built == 0
    assert "warning" not in capsys.readouterr().err
    files = sorted(map(str, (tree / "VQA").glob("*.json")))
    assert all(vqa(["lint", file, "--images", images]) == 0 for file in files)
    train, lite = (
        json.loads((tree / f"VQA/ViFailback_VQA_{part}.json").read_text())
        for part in ("train", "benchmark_lite")
    )
    assert {record["episode_id"] for record in train}.isdisjoint(record["episode_id"] for record in lite)
    assert any(not record["seen"] for record in lite)
