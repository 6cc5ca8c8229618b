"""The sample project's tasks and episodes: what the arms do, and what goes wrong."""

from collections.abc import Callable
from dataclasses import dataclass

from apps.episodes.sample.geometry import Array, Carry, Motion, point
from apps.episodes.sample.paint import Color
from apps.episodes.sample.scene import BOWL_HEIGHT, CUBE, Bowl, Cube, Scene

RED: Color = (204, 56, 48)
GREEN: Color = (64, 150, 78)
BLUE: Color = (52, 92, 190)
YELLOW: Color = (236, 190, 60)
WHITE: Color = (232, 230, 224)
TEAL: Color = (96, 158, 160)

LEFT_HOME, RIGHT_HOME = point(0.17, 0.23, 0.17), point(0.17, -0.23, 0.17)
CLOSED, OPEN = 0.32, 1.0
TRAVEL = 0.15  # metres above the table, with a cube
BOWL_FLOOR = BOWL_HEIGHT * 0.25 + CUBE
RIGHT_BOWL, LEFT_BOWL = point(0.36, -0.22, 0), point(0.36, 0.24, 0)


@dataclass(frozen=True)
class Task:
    """A task as a project states it."""

    name: str
    description: str
    subtasks: tuple[str, ...]


@dataclass(frozen=True)
class Failure:
    """What goes wrong in an episode, in the paper's types, and when: seconds before and after it happens."""

    kind: str
    sentence: str
    avoid: float
    correct: float


@dataclass(frozen=True)
class Episode:
    """One recording to draw. A success has no failure; `wrists`: the wrist cameras record too."""

    task: Task
    scene: Scene
    failure: Failure | None = None
    wrists: bool = False

    @property
    def seconds(self) -> float:
        """Until all motions have ended, and a moment more."""
        hand = self.scene.hand.now if self.scene.hand else 0.0
        return max(self.scene.left.now, self.scene.right.now, hand) + 0.6


INTO_BOWL = Task(
    "cube_into_bowl",
    "Put the red cube into the white bowl with the right arm.",
    (
        "Move the right gripper above the red cube",
        "Grasp the red cube",
        "Move the red cube above the white bowl",
        "Release the red cube into the white bowl",
    ),
)
STACKING = Task(
    "stack_cubes",
    "Stack the green cube on the blue cube with the left arm.",
    (
        "Move the left gripper above the green cube",
        "Grasp the green cube",
        "Move the green cube above the blue cube",
        "Place the green cube on the blue cube",
    ),
)
SORTING = Task(
    "sort_cubes",
    "Put the yellow cube into the teal bowl with the left arm, then the blue cube into the white bowl "
    "with the right arm.",
    (
        "Grasp the yellow cube with the left gripper",
        "Put the yellow cube into the teal bowl",
        "Grasp the blue cube with the right gripper",
        "Put the blue cube into the white bowl",
    ),
)


def episodes() -> list[Episode]:
    """All sample episodes, in the order of their tasks and numbers."""
    tellings: list[Callable[[], Episode]] = [
        bowl_success, bowl_missed, stack_success, stack_dropped, stack_disturbed, sort_wrong_cube,
    ]  # fmt: skip
    return [tell() for tell in tellings]


def bowl_success() -> Episode:
    """The red cube goes into the bowl."""
    red = point(0.31, 0.02, CUBE)
    arm = Motion(RIGHT_HOME).wait(0.4)
    taken = _pick(arm, red, yaw=0.25)
    carry = _drop_into(arm, RIGHT_BOWL, taken, RIGHT_HOME)
    cubes = [Cube(RED, red, 0.25, (carry,)), Cube(GREEN, point(0.43, 0.16, CUBE), -0.5)]
    scene = Scene(_idle(LEFT_HOME), arm, cubes, [Bowl(WHITE, RIGHT_BOWL)])
    return Episode(INTO_BOWL, scene)


def bowl_missed() -> Episode:
    """The gripper closes beside the red cube, pushes it a little and goes on empty."""
    red, beside = point(0.30, 0.06, CUBE), point(0.262, 0.014, CUBE)
    arm = Motion(RIGHT_HOME).wait(0.4)
    taken = _pick(arm, beside, yaw=-0.1)
    _drop_into(arm, RIGHT_BOWL, taken, RIGHT_HOME)
    cubes = [Cube(RED, red, 0.4), Cube(GREEN, point(0.45, 0.20, CUBE), -0.3)]
    scene = Scene(_idle(LEFT_HOME), arm, cubes, [Bowl(WHITE, RIGHT_BOWL)])
    failure = Failure(
        "gripper 6d-pose",
        "The right gripper comes down to the right of the red cube and behind it, and closes on nothing.",
        avoid=taken - 0.8,
        correct=taken + 0.5,
    )
    return Episode(INTO_BOWL, scene, failure, wrists=True)


def stack_success() -> Episode:
    """The green cube comes to stand on the blue one."""
    green, blue = point(0.24, 0.16, CUBE), point(0.36, -0.03, CUBE)
    top = blue + point(0, 0, 2 * CUBE)
    arm = Motion(LEFT_HOME).wait(0.3)
    taken = _pick(arm, green)
    carry = _place(arm, top, taken, LEFT_HOME)
    scene = Scene(arm, _idle(RIGHT_HOME), [Cube(BLUE, blue), Cube(GREEN, green, 0.0, (carry,))])
    return Episode(STACKING, scene)


def stack_dropped() -> Episode:
    """The gripper opens midway; the green cube falls."""
    green, blue = point(0.22, 0.18, CUBE), point(0.38, -0.06, CUBE)
    arm = Motion(LEFT_HOME).wait(0.3)
    taken = _pick(arm, green)
    arm.to(0.8, point(0.29, 0.08, TRAVEL))
    lost = arm.now + 0.08
    arm.grip(0.25, OPEN).to(0.9, blue + point(0, 0, TRAVEL)).to(0.6, blue + point(0, 0, 3 * CUBE))
    arm.wait(0.4).to(0.7, blue + point(0, 0, TRAVEL)).to(1.0, LEFT_HOME)
    carry = Carry(arm, taken, lost, point(0.30, 0.095, CUBE))
    scene = Scene(arm, _idle(RIGHT_HOME), [Cube(BLUE, blue), Cube(GREEN, green, 0.0, (carry,))])
    failure = Failure(
        "gripper state",
        "The left gripper opens on the way, and the green cube falls onto the table.",
        avoid=lost - 0.3,
        correct=lost + 0.6,
    )
    return Episode(STACKING, scene, failure)


def stack_disturbed() -> Episode:
    """A hand takes the blue cube away; the green cube is let go over the bare table."""
    green, blue = point(0.23, 0.17, CUBE), point(0.37, 0.00, CUBE)
    arm = Motion(LEFT_HOME).wait(0.3)
    taken = _pick(arm, green)
    carry = _place(arm, blue + point(0, 0, 2 * CUBE), taken, LEFT_HOME, falls_to=blue)
    outside, moved = point(0.72, -0.58, 0.12), point(0.47, -0.27, CUBE)
    hand = Motion(outside).wait(1.5).to(0.9, blue + point(0, 0, 0.005)).grip(0.2, 0.0)
    seized = hand.now
    hand.to(0.9, moved)
    pulled = Carry(hand, seized, hand.now, moved)
    hand.grip(0.2, 1.0).to(1.0, outside)
    cubes = [Cube(BLUE, blue, 0.0, (pulled,)), Cube(GREEN, green, 0.0, (carry,))]
    failure = Failure(
        "human intervention",
        "A person takes the blue cube away, and the left gripper goes on to where it was.",
        avoid=seized - 0.4,
        correct=carry.end + 0.4,
    )
    return Episode(STACKING, Scene(arm, _idle(RIGHT_HOME), cubes, hand=hand), failure)


def sort_wrong_cube() -> Episode:
    """The left gripper takes the red cube instead of the yellow one."""
    yellow, red, blue = point(0.25, 0.02, CUBE), point(0.22, 0.20, CUBE), point(0.28, -0.12, CUBE)
    left, right = Motion(LEFT_HOME).wait(0.3), Motion(RIGHT_HOME)
    left_taken = _pick(left, red, yaw=-0.2)
    left_carry = _drop_into(left, LEFT_BOWL, left_taken, LEFT_HOME)
    right.wait(left.now - 2.9)
    right_taken = _pick(right, blue)
    right_carry = _drop_into(right, RIGHT_BOWL, right_taken, RIGHT_HOME)
    cubes = [
        Cube(YELLOW, yellow, 0.3),
        Cube(RED, red, -0.2, (left_carry,)),
        Cube(BLUE, blue, 0.0, (right_carry,)),
    ]
    scene = Scene(left, right, cubes, [Bowl(TEAL, LEFT_BOWL), Bowl(WHITE, RIGHT_BOWL)])
    failure = Failure(
        "task planning",
        "The left gripper takes the red cube, although the yellow one is to go into the teal bowl.",
        avoid=left_taken - 1.2,
        correct=left_carry.end + 0.5,
    )
    return Episode(SORTING, scene, failure)


def _idle(home: Array) -> Motion:
    """An arm that is not needed: it shifts a little, as held by a controller."""
    return Motion(home).to(2.0, home + point(0.006, 0, -0.004)).to(2.5, home)


def _pick(arm: Motion, cube: Array, yaw: float = 0.0) -> float:
    """Go above a cube, down, close and lift; the time at which the fingers have closed."""
    arm.to(1.1, cube + point(0, 0, TRAVEL), yaw).to(0.7, cube).grip(0.35, CLOSED)
    taken = arm.now
    arm.to(0.6, cube + point(0, 0, TRAVEL))
    return taken


def _drop_into(arm: Motion, bowl: Array, taken: float, home: Array) -> Carry:
    """Carry what was taken above a bowl and let it fall in; then go home."""
    arm.to(1.1, bowl + point(0, 0, TRAVEL), 0.0).to(0.4, bowl + point(0, 0, 0.085))
    carry = Carry(arm, taken, arm.now + 0.1, bowl + point(0, 0, BOWL_FLOOR))
    arm.grip(0.3, OPEN).to(0.5, bowl + point(0, 0, TRAVEL)).to(0.9, home)
    return carry


def _place(arm: Motion, target: Array, taken: float, home: Array, falls_to: Array | None = None) -> Carry:
    """Carry what was taken down to `target` and let go; it stays there, or falls where nothing holds it."""
    arm.to(1.0, target + point(0, 0, TRAVEL / 2)).to(0.7, target + point(0, 0, 0.002))
    carry = Carry(arm, taken, arm.now + 0.08, target if falls_to is None else falls_to)
    arm.grip(0.3, OPEN).to(0.5, target + point(0, 0, TRAVEL / 2)).to(0.9, home)
    return carry
