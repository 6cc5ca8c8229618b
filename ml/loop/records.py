"""Drawn episodes as a release's tree: pictures in the authors' layout, and `annotations.json` at the root."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any, Final

from tqdm import tqdm

from ml.loop.scene import (
    ARMS,
    COLORS,
    FAILED_SUBTASK,
    FPS,
    KINDS,
    REASONS,
    SIDE,
    SUBTASKS,
    DrawnEpisode,
    Guidance,
    draw_episode,
)
from ml.symbols import command_text, to_raw

AVOID, CORRECT = "avoid_keyframe", "correct_keyframe"
# One of the ten tasks is never trained on; a fifth of the others' episodes is the benchmark.
SPLIT: Final = """\
benchmark_share = 0.2
unseen = ["purple_right"]
"""


def write_records(out: Path, episodes: int, seed: int) -> Path:
    """Write so many drawn episodes below `out`, half of them successes, and return the file that splits them.

    The same number and seed give the same bytes.
    """
    tasks = list(product(COLORS, ARMS))
    found = []
    out.mkdir(parents=True, exist_ok=True)
    for number in tqdm(range(episodes), desc="drawing", unit="episode", disable=None):
        color, arm = tasks[number % len(tasks)]
        turn = number // len(tasks)
        kind = KINDS[turn // 2 % len(KINDS)] if turn % 2 else ""
        episode = draw_episode(color, arm, kind, seed * 1_000_003 + number)
        found.append(_record(out, episode, turn))
    found.sort(key=lambda record: (record["task"], record["video"]))
    (out / "annotations.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    split = out / "split.toml"
    split.write_text(SPLIT, encoding="utf-8")
    return split


def _record(out: Path, episode: DrawnEpisode, number: int) -> dict[str, Any]:
    folder = f"annotated_data/{episode.color}_{episode.arm}"
    frames = f"{folder}/frames/episode_{number}_cam_high"
    paths = [f"{frames}/{name}.png" for name in _names(episode)]
    (out / frames).mkdir(parents=True, exist_ok=True)
    for path, picture in zip(paths, episode.pictures(), strict=True):
        picture.save(out / path)
    return {
        "video": f"{folder}/videos/episode_{number}_cam_high.mp4",
        "task": episode.task,
        "failure_detection": "yes" if episode.kind else "no",
        "images": paths,
        "subtasks": [f"{place}. {text}" for place, text in enumerate(SUBTASKS, 1)],
        **_failure(episode, paths),
        "size": [SIDE, SIDE],
    }


def _names(episode: DrawnEpisode) -> Iterator[str]:
    """Names of the pictures: their frames, and which keyframe they are. Every keyframe falls on a sample."""
    keyframes = {side.moment: name for side, name in _sides(episode)}
    for place in range(len(episode.moments)):
        yield f"{place * FPS}_{keyframes[place]}" if place in keyframes else str(place * FPS)


def _sides(episode: DrawnEpisode) -> Iterator[tuple[Guidance, str]]:
    for side, name in ((episode.avoidance, AVOID), (episode.correction, CORRECT)):
        if side:
            yield side, name


def _failure(episode: DrawnEpisode, paths: list[str]) -> dict[str, Any]:
    sides = dict((name, side) for side, name in _sides(episode))
    guidance = {name: [_side(side, name, paths[side.moment])] for name, side in sides.items()}
    return {
        "keyframe": [{name: paths[side.moment] for name, side in sides.items()}] if sides else [],
        "failure_subtask": str(FAILED_SUBTASK[episode.kind]) if episode.kind else "",
        "failure_type": episode.kind,
        "failure_reason": REASONS.get(episode.kind, ""),
        "avoidance": guidance.get(AVOID, []),
        "correction": guidance.get(CORRECT, []),
    }


def _side(side: Guidance, name: str, path: str) -> dict[str, Any]:
    return {
        "low_level": command_text(side.command),
        "high_level": side.text,
        f"{name}_annotations": path.replace(".png", "_annotations.png"),
        f"{name}_annotations_code": [to_raw(symbol) for symbol in side.symbols],
    }
