"""Annotation records with the paper's counts, for measuring and trying things out; they have no pictures.

From the paper: tasks with their folders and counts (supplement figure 2), durations (supplement table 1), the
share of failures (4,545 of 5,202), how many failures have a command and a text. Assumed, because the paper
shows it only in a picture: the shares of the failure types. All texts are made up.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ml.symbols import (
    ArmCommand,
    Command,
    Crosshair,
    DualCrosshair,
    Lock,
    Move,
    RotatingArrow,
    StateLabel,
    StraightArrow,
    Symbol,
    command_text,
    to_raw,
)
from ml.symbols.commands import ARMS, AXIS_COLORS, AXIS_DIRECTIONS, AXIS_OF, GRASPS, MAGNITUDES
from ml.symbols.types import ROTATIONS
from ml.vqa.draw import Draw, T
from ml.vqa.frames import AVOID, CORRECT, PAPER_FPS
from ml.vqa.streams import ArrayFile, Json, Progress, encode, quiet

TASKS: Final = Path(__file__).with_name("paper_tasks.csv")
PAPER_EPISODES: Final = 5202
PAPER_FAILED: Final = 4545
WIDTH, HEIGHT = 640, 480
# Seconds from, to, trajectories. The last row is open above; 40 s is an assumption.
DURATIONS: Final = (
    (2, 4, 156), (4, 8, 2013), (8, 12, 1682), (12, 16, 708), (16, 20, 412), (20, 24, 164), (24, 40, 67),
)  # fmt: skip
TYPES: Final = (
    ("gripper 6d-pose", 60),
    ("gripper state", 15),
    ("task planning", 15),
    ("human intervention", 10),
)  # assumed
WITH_COMMAND, WITH_TEXT = 89, 97  # percent of failures: 394 and 432 of the benchmark's 445
_VERBS: Final = frozenset(
    ("close", "cover", "cut", "drag", "draw", "grab", "grasp", "hold", "lift", "open", "pick", "place",
     "pour", "pull", "push", "put", "stack", "swap", "thread", "transfer", "unplug")
)  # fmt: skip
_ON_IMAGE: Final = {
    "left": (-1, 0), "right": (1, 0), "forward": (0, -1), "backward": (0, 1), "upward": (0, -1),
    "downward": (0, 1),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Folder:
    """A row of the paper's list of tasks, scaled: how many episodes, and how many of them the benchmark's."""

    name: str
    episodes: int
    benchmark: int

    @property
    def clauses(self) -> list[str]:
        """What the task consists of, from the words of its folder: one clause a verb."""
        clauses: list[str] = []
        for word in re.sub(r"_ep\d+$", "", self.name).split("_"):
            if word in _VERBS or not clauses:
                clauses.append(word)
            else:
                clauses[-1] += f" {word}"
        return clauses


def synthesize(episodes: int, seed: int, out: Path, progress: Progress = quiet) -> Json:
    """Write `annotations.json` and a `split.toml` in the paper's proportions below `out`.

    Returns the counts.
    """
    rows = folders(episodes)
    failures = Failures(episodes)
    with ArrayFile(out / "annotations.json") as file:
        for folder in sorted(rows, key=lambda row: row.name):
            for number in range(folder.episodes):
                file.write(encode(annotation(folder, number, failures.next(), seed)))
            progress("synthesizing", file.count, episodes)
    (out / "split.toml").write_text(_split(rows), encoding="utf-8")
    return {
        "episodes": file.count,
        "failed": failures.given,
        "folders": sum(row.episodes > 0 for row in rows),
        "benchmark_episodes": sum(row.benchmark for row in rows),
        "sha256": file.digest,
    }


class Failures:
    """Spreads the paper's share of failures evenly over the episodes."""

    def __init__(self, episodes: int) -> None:
        self._wanted, self._episodes = round(PAPER_FAILED * episodes / PAPER_EPISODES), episodes
        self._asked = self.given = 0

    def next(self) -> bool:
        """Tell whether the next episode fails."""
        self._asked += 1
        failed = self._asked * self._wanted // self._episodes > self.given
        self.given += failed
        return failed


def folders(episodes: int) -> list[Folder]:
    """Return the paper's folders scaled to so many episodes; at 5,202 the counts are the paper's own."""
    with TASKS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    counts = _scaled([int(row["episodes"]) for row in rows], episodes)
    held = [
        count * int(row["benchmark"]) // int(row["episodes"]) for row, count in zip(rows, counts, strict=True)
    ]
    return [Folder(row["folder"], count, test) for row, count, test in zip(rows, counts, held, strict=True)]


def _scaled(counts: Sequence[int], total: int) -> list[int]:
    """Whole numbers in the proportions of `counts` that add up to `total`."""
    whole, done, before = sum(counts), 0, 0
    scaled = []
    for count in counts:
        done += count
        upto = round(total * done / whole)
        scaled.append(upto - before)
        before = upto
    return scaled


def _split(rows: Sequence[Folder]) -> str:
    """The paper's split: so many episodes of each folder, all of those of its five unseen tasks."""
    lines = [
        "# Episodes of each folder in the paper's benchmark, scaled.",
        "balance = false",
        "",
        "[benchmark]",
    ]
    lines += [f"{row.name} = {row.benchmark}" for row in rows if row.benchmark]
    return "\n".join(lines) + "\n"


def annotation(folder: Folder, number: int, failed: bool, seed: int) -> Json:
    """Return one annotation record; it depends on the folder, the number and the seed alone."""
    draw = Draw(seed, "synthesize", folder.name, number)
    root, name = f"annotated_data/{folder.name}", f"episode_{number}_cam_high"
    frames = _frame_count(draw)
    avoid = 1 + draw.below(frames * 2 // 3)
    correct = min(frames - 1, avoid + 10 + draw.below(2 * PAPER_FPS))
    keyframes = {avoid: AVOID, correct: CORRECT} if failed else {}
    stills = {
        frame: f"{root}/frames/{name}/{frame}{f'_{keyframes[frame]}' if frame in keyframes else ''}.jpg"
        for frame in sorted({*range(0, frames, PAPER_FPS), frames - 1, *keyframes})
    }
    clauses = folder.clauses
    arm = "left" if len(folder.name) % 2 else "right"
    steps = [text for clause in clauses for text in (f"Reach out to {clause}.", f"Then {clause}.")]
    return {
        "video": f"{root}/videos/{name}.mp4",
        "task": f"Use the {arm} arm first: {', then '.join(clauses)}.",
        "failure_detection": "yes" if failed else "no",
        "images": list(stills.values()),
        "subtasks": [f"{place}. {text}" for place, text in enumerate(steps, 1)],
        **(_failure(draw, stills[avoid], stills[correct], steps) if failed else _success()),
        "size": [WIDTH, HEIGHT],
    }


def _frame_count(draw: Draw) -> int:
    low, high = _weighed([((low, high), count) for low, high, count in DURATIONS], draw)
    return low * PAPER_FPS + draw.below((high - low) * PAPER_FPS)


def _weighed(choices: Sequence[tuple[T, int]], draw: Draw) -> T:
    at = draw.below(sum(weight for _, weight in choices))
    for choice, weight in choices:
        at -= weight
        if at < 0:
            return choice
    raise AssertionError("the weights add up to more than any draw")


def _success() -> Json:
    return {
        "keyframe": [], "failure_subtask": "", "failure_type": "", "failure_reason": "", "avoidance": [],
        "correction": [],
    }  # fmt: skip


def _failure(draw: Draw, avoid: str, correct: str, steps: Sequence[str]) -> Json:
    place = draw.below(len(steps))
    said = draw.chance(WITH_TEXT)
    kind = _weighed(TYPES, draw)
    return {
        "keyframe": [{AVOID: avoid, CORRECT: correct}],
        "failure_subtask": str(place + 1),
        "failure_type": kind,
        "failure_reason": f"Step {place + 1} went wrong: {kind}." if said else "",
        "avoidance": [_guidance(draw, AVOID, avoid, "Do it right: " + steps[place] if said else "")],
        "correction": [
            _guidance(draw, CORRECT, correct, "Go back, and again: " + steps[place] if said else "")
        ],
    }


def _guidance(draw: Draw, name: str, path: str, text: str) -> Json:
    command = _command(draw) if draw.chance(WITH_COMMAND) else None
    symbols: list[Symbol] = [Lock(_point(draw)), Crosshair(_point(draw))]
    if command:
        symbols = list(_symbols(command, draw))
    return {
        "low_level": command_text(command) if command else " ",
        "high_level": text,
        f"{name}_annotations": path.replace(".jpg", "_annotations.jpg"),
        f"{name}_annotations_code": [to_raw(symbol) for symbol in symbols],
    }


def _command(draw: Draw) -> Command:
    axes = draw.shuffled(list(AXIS_DIRECTIONS.values()))[: 1 + draw.below(2)]
    moves = tuple(Move(draw.choose(pair), draw.choose((None, *MAGNITUDES))) for pair in axes)
    rotate = draw.choose(ROTATIONS) if draw.chance(20) else None
    grasp = draw.choose(GRASPS) if draw.chance(20) else None
    return Command((ArmCommand(draw.choose(ARMS), moves, rotate, grasp),))


def _symbols(command: Command, draw: Draw) -> Iterator[Symbol]:
    """What somebody would draw for a command: an arrow a move, and a sign for each other part."""
    (part,) = command.arms
    for move in part.move:
        x, y = _point(draw)
        right, down = _ON_IMAGE[move.direction]
        length = 20 + draw.below(60)
        yield StraightArrow(
            (x, y), (x + right * length, y + down * length), (AXIS_COLORS[AXIS_OF[move.direction]],)
        )
    if part.rotate:
        yield RotatingArrow(_point(draw), part.rotate)
    if part.grasp:
        yield StateLabel(_point(draw), "ON" if part.grasp == "open" else "OFF")
    if draw.chance(50):
        yield DualCrosshair(_point(draw), _point(draw))


def _point(draw: Draw) -> tuple[int, int]:
    return 100 + draw.below(WIDTH - 200), 100 + draw.below(HEIGHT - 200)
