"""A data set of base and symbol episodes, written by us and read as openpi's loader would."""

import ast
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import robot.policy.openpi as facts
from ml.symbols import StraightArrow
from robot.correction.vsf import guided_images
from robot.environment import HEAD, JOINTS, WRISTS
from robot.formats.lerobot.writing import write
from robot.formats.recording import Camera, Recording, Series, aloha_axes
from robot.policy.openpi.__main__ import main
from robot.policy.openpi.samples import samples

ROWS = 60
ARROW = StraightArrow((100, 90), (60, 90), ("green",))
COMMAND = "Move the left gripper to the left."


def episode(name, task, masked, fps=50.0):
    scene = np.full((480, 640, 3), 120, np.uint8)
    images = {camera: scene for camera in (HEAD, *WRISTS.values())}
    if masked:
        images = guided_images(images, [ARROW], ["right"])
    values = np.arange(ROWS, dtype=np.float32)[:, None] * np.ones(JOINTS, np.float32) * 1e-3
    series = [Series(quantity, aloha_axes(JOINTS), values) for quantity in ("position", "action")]
    cameras = {c: Camera(lambda image=image: iter([image] * ROWS)) for c, image in images.items()}
    return Recording(name, ROWS, cameras, tuple(series), task, fps, "rgb")


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    root = tmp_path_factory.mktemp("sets") / "both"
    write(root, [episode("base", "Put it away.", False), episode("symbol", COMMAND, True)], "v2.1")
    return root


def test_base_and_symbol_rows_come_with_their_prompts_and_next_actions(dataset):
    read = list(samples(dataset, 25))
    assert [(sample.prompt, sample.is_masked) for sample in read] == [
        *[("Put it away.", False)] * 3, *[(COMMAND, True)] * 3,
    ]  # fmt: skip
    last = read[2]
    assert set(last.images) == set(facts.IMAGES)
    assert last.state == pytest.approx(np.full(JOINTS, 0.050))
    assert last.actions[:, 0] == pytest.approx([0.001 * min(50 + n, ROWS - 1) for n in range(50)])
    assert read[5].images[WRISTS["right"]].max() < 24
    assert read[5].images[WRISTS["left"]].min() > 90


def test_the_command_counts_both_kinds(dataset, capsys):
    assert main([str(dataset)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["symbol"] == {"samples": 3, "prompts": {COMMAND: 3}}
    assert told["base"]["samples"] == 3


@pytest.mark.parametrize(
    ("change", "version", "said"),
    [
        ({}, "v3.0", "openpi reads v2.1"),
        ({"fps": 25.0}, "v2.1", "a chunk needs 50"),
        ({"task": " "}, "v2.1", "no task"),
        ({"series": ()}, "v2.1", "observation.state, action"),
    ],
)
def test_what_openpi_could_not_read_is_one_sentence(tmp_path, capsys, change, version, said):
    write(tmp_path / "set", [replace(episode("base", "Put it away.", False), **change)], version)
    assert main([str(tmp_path / "set")]) == 2
    assert said in capsys.readouterr().err


def test_base_data_alone_is_said(tmp_path, capsys):
    write(tmp_path / "set", [episode("base", "Put it away.", False)], "v2.1")
    assert main([str(tmp_path / "set")]) == 1
    assert "no symbol data" in capsys.readouterr().err


def test_the_configuration_stands_on_the_same_names():
    """It cannot be imported without openpi: its syntax and the names it takes from here are looked at."""
    path = Path(facts.__file__).with_name("finetune.py")
    tree = ast.parse(path.read_text(encoding="utf-8"))
    ours = [
        node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module == facts.__name__
    ]
    assert [alias.name for alias in ours[0].names] == ["ACTION", "IMAGES", "STATE"]
    assert all(hasattr(facts, alias.name) for alias in ours[0].names)
