"""Follows the symbols that a masked head picture shows: they are read from its pixels alone.

Arrows are found by their pure colors and by their heads; labels, crosshairs and rotating arrows by likeness
to the drawing of `ml.symbols`, scaled as the picture is. Which arm: the one whose wrist picture is not black,
else the one that the prompt names, else the one nearest to the symbol.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from ml.symbols import Crosshair, RotatingArrow, Size, StateLabel, Symbol, bounds, draw
from ml.symbols.types import Rotation, State
from robot.camera import Array, on_plane, project
from robot.environment import ARMS, HEAD, WRISTS, Image
from robot.kinematics import tip
from robot.policy.calibration import HEAD_CAMERA
from robot.policy.eyes import to_camera
from robot.policy.moves import CAREFUL, Motion, Way
from robot.policy.requests import Request, fit

_MASKED: Final = 0.5
_BRIGHT, _DARK = 165, 22  # an arrow's own channel and the others, after scaling
_LIKE: Final = 0.62
_CHANNELS: Final = {"red": 0, "green": 1, "blue": 2}
_OBJECT: Final = 0.02  # metres above the table at which an arrow that also goes down is taken to end
_TURN: Final = np.pi / 4
_SIZE: Final = Size(640, 480)
Pixels = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Arrow:
    """An arrow as it was seen: its ends in pixels of the camera, and its colors."""

    start: Pixels
    end: Pixels
    colors: frozenset[str]


def is_guided(request: Request) -> bool:
    """Whether the head picture is masked: most of what the camera would see is exactly zero."""
    head = request.images[HEAD]
    return bool((head == 0).all(axis=2).mean() > _MASKED)


def follow(request: Request) -> Motion:
    """Yield joint targets (14,) that do what the symbols show; nothing is seen, nothing moves."""
    head, way = request.images[HEAD], Way(request.state)
    arrow, sign = find_arrow(head), find_sign(head)
    where = arrow.start if arrow is not None else sign[1] if sign is not None else None
    if where is None:
        return
    arm = _arm(request, where)
    if arrow is not None:
        yield from way.go(arm, arrow_target(arrow, tip(arm, request.state)[0]), speed=CAREFUL)
    if sign is not None:
        yield from _obey(way, arm, sign[0], sign[1], tip(arm, request.state)[0])


def _obey(way: Way, arm: str, sign: Symbol, where: Pixels, here: Array) -> Motion:
    match sign:
        case StateLabel(_, text):
            yield from way.grip(arm, 1.0 if text == "ON" else 0.0, 0.6)
        case RotatingArrow(_, direction):
            yield from way.turn(arm, _TURN if direction == "clockwise" else -_TURN)
        case Crosshair():
            yield from way.go(arm, on_plane(HEAD_CAMERA, where, here[2]), speed=CAREFUL)


def arrow_target(arrow: Arrow, here: Array) -> Array:
    """Return the point (3,) to which an arrow would have a tip go, along the axes of its colors only."""
    if arrow.colors == {"blue"}:
        line = here + np.linspace(-0.3, 0.3, 601)[:, None] * np.array([0, 0, 1.0])
        shown = project(HEAD_CAMERA, line) - project(HEAD_CAMERA, here)
        away = np.abs(shown[:, 1] - (arrow.end - arrow.start)[1])
        return np.asarray(line[int(np.nanargmin(away))])
    end = on_plane(HEAD_CAMERA, arrow.end, _OBJECT if "blue" in arrow.colors else here[2])
    start = here if "blue" in arrow.colors else on_plane(HEAD_CAMERA, arrow.start, here[2])
    moved = end - start
    axes = np.array(["green" in arrow.colors, "red" in arrow.colors, "blue" in arrow.colors])
    return here + np.where(axes, moved, 0.0)


def find_arrow(image: Image) -> Arrow | None:
    """Return the arrow of an image (H, W, 3); None where no pure color is long enough to be one."""
    masks = {name: _pure(image, channel) for name, channel in _CHANNELS.items()}
    side = max(image.shape[:2])
    colors = frozenset(name for name, mask in masks.items() if mask.sum() >= max(3, (side / 224) ** 2 * 3))
    if not colors:
        return None
    rows, columns = np.nonzero(np.any([masks[name] for name in colors], axis=0))
    points = np.stack([columns, rows], axis=1).astype(np.float64)
    axis = np.linalg.svd(points - points.mean(axis=0), full_matrices=False)[2][0]
    along = (points - points.mean(axis=0)) @ axis
    if np.ptp(along) < 0.02 * side:
        return None
    if _is_thicker(points, along, axis, low=True):
        axis, along = -axis, -along
    ends = np.array([points[along.argmin()], points[along.argmax()]])
    start, end = to_camera(image, ends)
    return Arrow(start, end, colors)


def _pure(image: Image, channel: int) -> npt.NDArray[np.bool_]:
    """Where one channel is bright and the others are nothing, as no lit thing is."""
    others = np.delete(image, channel, axis=2).max(axis=2)
    return np.asarray((image[..., channel] > _BRIGHT) & (others < _DARK))


def _is_thicker(points: Pixels, along: Pixels, axis: Pixels, low: bool) -> bool:
    """Whether the low end of an arrow is the wider one: its head."""
    across = np.abs((points - points.mean(axis=0)) @ np.array([-axis[1], axis[0]]))
    reach = np.ptp(along) * 0.5
    near = along < along.min() + reach
    return bool(across[near].sum() > across[~near].sum())


@cache
def _templates(side: int) -> Sequence[tuple[Symbol, Image]]:
    """Each sign as it looks in a picture of that side, on grey, cut out.

    Thin strokes come out of scaling differently by where they lie, so each is drawn at nine places.
    """
    found: list[tuple[Symbol, Image]] = []
    for x, y in product(range(320, 323), range(240, 243)):
        for sign in _signs((x, y)):
            canvas = np.full((_SIZE.height, _SIZE.width, 3), 128, np.uint8)
            drawn, box = fit(draw(canvas, [sign]), side), bounds([sign], _SIZE)
            scale, top = side / _SIZE.width, (side - int(_SIZE.height * side / _SIZE.width)) // 2
            rows = slice(int(box.top * scale) + top, int(np.ceil(box.bottom * scale)) + top)
            found.append((sign, drawn[rows, int(box.left * scale) : int(np.ceil(box.right * scale))]))
    return found


def _signs(middle: tuple[int, int]) -> list[Symbol]:
    turns: tuple[Rotation, ...] = ("clockwise", "counter-clockwise")
    labels: tuple[State, ...] = ("ON", "OFF")
    return [
        *(StateLabel(middle, text) for text in labels), Crosshair(middle),
        *(RotatingArrow(middle, turn) for turn in turns),
    ]  # fmt: skip


def find_sign(image: Image) -> tuple[Symbol, Pixels] | None:
    """Return the sign that a masked image shows best and its middle in pixels of the camera, if any."""
    rows, columns = np.nonzero(image.any(axis=2))
    if not rows.size:
        return None
    corner = np.array([columns.min(), rows.min()])
    shown = image[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    best, found = _LIKE, None
    for sign, template in _templates(max(image.shape[:2])):
        score, at = _likeness(shown, template)
        if score > best:
            best, found = score, (sign, corner + at + (np.array(template.shape[1::-1]) - 1) / 2)
    return (found[0], to_camera(image, found[1])) if found else None


def _likeness(image: Image, template: Image) -> tuple[float, Pixels]:
    """How alike the likeliest place is, at most 1, and its corner."""
    if image.shape[0] < template.shape[0] or image.shape[1] < template.shape[1]:
        return 0.0, np.zeros(2)
    likeness = cv2.matchTemplate(image, template, cv2.TM_CCOEFF_NORMED)
    likeness[~np.isfinite(likeness)] = 0
    _, score, _, corner = cv2.minMaxLoc(likeness)
    return float(score), np.array(corner, np.float64)


def _arm(request: Request, where: Pixels) -> str:
    seen = [arm for arm in ARMS if WRISTS[arm] in request.images and request.images[WRISTS[arm]].any()]
    named = [arm for arm in ARMS if arm + " gripper" in request.prompt.lower()]
    for arms in (seen, named):
        if len(arms) == 1:
            return arms[0]
    away = {
        arm: float(np.linalg.norm(project(HEAD_CAMERA, tip(arm, request.state)[0]) - where)) for arm in ARMS
    }
    return min(away, key=away.__getitem__)
