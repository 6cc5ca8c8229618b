"""A table with two arms, cubes, bowls and sometimes a hand, drawn at a moment."""

from dataclasses import dataclass, field
from functools import partial
from math import cos, sin

import cv2
import numpy as np

from apps.episodes.sample.geometry import (
    SHOULDER_HEIGHT,
    WRIST_ABOVE_GRIP,
    Array,
    Camera,
    Carry,
    Grip,
    Motion,
    arm_joints,
    carried,
    point,
    turned,
)
from apps.episodes.sample.paint import Canvas, Color, Image, table_seen, table_texture

SIZE = (640, 480)
CUBE = 0.026  # half of an edge, metres
BOWL_RADIUS, BOWL_HEIGHT = 0.085, 0.034
LEFT_BASE, RIGHT_BASE = point(-0.03, 0.30, 0), point(-0.03, -0.30, 0)
GRAPHITE: Color = (70, 74, 84)
STEEL: Color = (150, 156, 166)
ACCENTS: dict[str, Color] = {"left": (42, 130, 190), "right": (222, 130, 40)}
SKIN: Color = (214, 160, 128)
SLEEVE: Color = (66, 92, 128)
OVER_LINKS = point(-0.08, 0, 0.16)  # so much nearer to the camera are joints taken to be
FINGER_TRAVEL = 0.045
HEAD_CAMERA = Camera.looking(point(-0.36, 0, 0.88), point(0.265, 0, 0.02), point(0, 0, 1), 660, SIZE)


@dataclass(frozen=True)
class Cube:
    """A cube that lies at `start` until something carries it."""

    color: Color
    start: Array
    yaw: float = 0.0
    carries: tuple[Carry, ...] = ()


@dataclass(frozen=True)
class Bowl:
    """A bowl that stays where it is."""

    color: Color
    place: Array


@dataclass
class Scene:
    """All that is on the table, and how the grippers and a hand move."""

    left: Motion
    right: Motion
    cubes: list[Cube]
    bowls: list[Bowl] = field(default_factory=list)
    hand: Motion | None = None


class Painter:
    """Draws a scene as its cameras see it; the head camera's empty table is drawn once."""

    def __init__(self) -> None:
        self.texture = table_texture()
        self.head_table = table_seen(HEAD_CAMERA, self.texture)
        for base in (LEFT_BASE, RIGHT_BASE):
            _pedestal(Canvas(HEAD_CAMERA, self.head_table), base)

    def head(self, scene: Scene, seconds: float) -> Image:
        """The head camera's picture, (480, 640, 3) RGB."""
        canvas = Canvas(HEAD_CAMERA, self.head_table.copy())
        _still_life(canvas, scene, seconds)
        for side, base, motion in (("left", LEFT_BASE, scene.left), ("right", RIGHT_BASE, scene.right)):
            _arm(canvas, base, motion.at(seconds), ACCENTS[side])
        return canvas.finish()

    def wrist(self, scene: Scene, seconds: float, side: str) -> Image:
        """A wrist camera's picture, (480, 640, 3) RGB: past its fingers, down to the table."""
        motions = {"left": scene.left, "right": scene.right}
        own = motions.pop(side).at(seconds)
        ((other_side, other),) = motions.items()
        camera = _wrist_camera(own)
        canvas = Canvas(camera, table_seen(camera, self.texture))
        _still_life(canvas, scene, seconds)
        _arm(canvas, RIGHT_BASE if side == "left" else LEFT_BASE, other.at(seconds), ACCENTS[other_side])
        _fingers(canvas, own)
        return canvas.finish()


def label(image: Image, number: int) -> Image:
    """The picture with its frame number small in the lower left corner."""
    low = image.shape[0]
    cv2.rectangle(image, (6, low - 26), (52, low - 7), (38, 42, 50), -1)
    cv2.putText(
        image,
        f"{number:04d}",
        (10, low - 12),
        cv2.FONT_HERSHEY_SIMPLEX,
        0.45,
        (235, 238, 242),
        1,
        cv2.LINE_AA,
    )
    return image


def _wrist_camera(grip: Grip) -> Camera:
    ahead = point(cos(grip.yaw), sin(grip.yaw), 0)
    eye = grip.place + point(0, 0, WRIST_ABOVE_GRIP + 0.05) - ahead * 0.075
    return Camera.looking(eye, grip.place + ahead * 0.02, ahead, 420, SIZE)


def _still_life(canvas: Canvas, scene: Scene, seconds: float) -> None:
    for bowl in scene.bowls:
        rim = bowl.place + point(0, 0, BOWL_HEIGHT)
        canvas.shadow(rim + _octagon(BOWL_RADIUS))
        canvas.later(bowl.place + point(1, 0, -1), partial(_bowl, canvas, bowl))
    for cube in scene.cubes:
        centre = carried(cube.start, cube.carries, seconds)
        canvas.shadow(centre + turned(_octagon(CUBE * 1.25), cube.yaw))
        canvas.later(centre, partial(_cube, canvas, cube, centre))
    if scene.hand is not None:
        _hand(canvas, scene.hand.at(seconds))


def _octagon(radius: float) -> Array:
    angles = np.arange(8) * np.pi / 4
    return np.stack([np.cos(angles) * radius, np.sin(angles) * radius, np.zeros(8)], axis=1)


def _bowl(canvas: Canvas, bowl: Bowl) -> None:
    canvas.bowl(bowl.place, BOWL_RADIUS, BOWL_HEIGHT, bowl.color)


def _cube(canvas: Canvas, cube: Cube, centre: Array) -> None:
    canvas.box(centre, point(CUBE, CUBE, CUBE), cube.color, cube.yaw)


def _arm(canvas: Canvas, base: Array, grip: Grip, accent: Color) -> None:
    shoulder, elbow, wrist = arm_joints(base, grip)
    for a, b, width in ((shoulder, elbow, 0.030), (elbow, wrist, 0.024)):
        across = point(b[1] - a[1], a[0] - b[0], 0)
        across *= width / np.linalg.norm(across)
        canvas.shadow(np.stack([a + across, a - across, b + across, b - across]), strength=60)
    canvas.later((shoulder + elbow) / 2, partial(_link, canvas, shoulder, elbow, (0.040, 0.033), accent))
    canvas.later((elbow + wrist) / 2, partial(_link, canvas, elbow, wrist, (0.031, 0.022), accent))
    for joint, size in ((shoulder, 0.048), (elbow, 0.038), (wrist, 0.027)):
        canvas.later(joint + OVER_LINKS, partial(canvas.ball, joint, size, STEEL))
    _palm(canvas, grip)
    _fingers(canvas, grip)


def _pedestal(canvas: Canvas, base: Array) -> None:
    canvas.rod(base, base + point(0, 0, 0.03), (0.075, 0.07), GRAPHITE)
    canvas.rod(base, base + point(0, 0, SHOULDER_HEIGHT), (0.05, 0.045), GRAPHITE)


def _link(canvas: Canvas, a: Array, b: Array, radius: tuple[float, float], accent: Color) -> None:
    canvas.rod(a, b, radius, GRAPHITE)
    canvas.rod(a + (b - a) * 0.30, a + (b - a) * 0.62, (radius[0] * 0.98, radius[1] * 1.06), accent)


def _palm(canvas: Canvas, grip: Grip) -> None:
    palm = grip.place + point(0, 0, WRIST_ABOVE_GRIP - 0.035)
    canvas.shadow(palm + turned(_octagon(0.045), grip.yaw), strength=70)
    canvas.later(palm, partial(canvas.box, palm, point(0.020, 0.050, 0.016), GRAPHITE, grip.yaw))


def _fingers(canvas: Canvas, grip: Grip) -> None:
    """Two fingers that close along the gripper's y axis."""
    gap = CUBE + 0.008 + (grip.opening - 0.5) * FINGER_TRAVEL
    for side in (-1, 1):
        tip = grip.place + turned(point(0, side * gap, 0.030)[None], grip.yaw)[0]
        canvas.later(tip, partial(canvas.box, tip, point(0.013, 0.006, 0.045), STEEL, grip.yaw))


def _hand(canvas: Canvas, grip: Grip) -> None:
    """A person's hand that reaches in from the far right; it pinches at the motion's place."""
    knuckles = grip.place + point(0.055, -0.05, 0.045)
    wrist = knuckles + point(0.07, -0.08, 0.015)
    elbow = wrist + point(0.28, -0.34, 0.05)
    canvas.shadow(np.stack([grip.place, knuckles, wrist, elbow]) + point(0, 0, 0.02), strength=60)
    canvas.later(elbow, partial(canvas.rod, wrist, elbow, (0.040, 0.060), SLEEVE))
    canvas.later(wrist, partial(canvas.rod, wrist, knuckles, (0.030, 0.037), SKIN))
    for spread in (-1.0, -0.35, 0.35, 1.0):
        root = knuckles + point(0.026, 0.026, 0) * spread
        tip = grip.place + point(0.018, 0.020, 0.004) * spread * (0.9 + grip.opening) + point(0, 0, 0.012)
        canvas.later(tip, partial(canvas.rod, root, tip, (0.013, 0.009), SKIN))
