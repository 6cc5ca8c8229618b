"""The objects of the three tasks: a cabinet with two drawers, bowls, a stapler, an eraser, cubes, a hand.

Lengths are metres. What is gripped has a high contact priority, so that its friction is the one that counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final

import mujoco
import numpy as np

Vector = Sequence[float]

CUBE: Final = 0.018
STAPLER: Final = (0.048, 0.013, 0.018)
ERASER: Final = (0.036, 0.015, 0.014)
CABINET: Final = (0.09, 0.10, 0.075)
DRAWER_TRAVEL: Final = 0.13
BOWL_RADIUS, BOWL_HEIGHT = 0.058, 0.042
_BOARD: Final = 0.004
_GRIPPED: Final[dict[str, Any]] = {
    "condim": 4,
    "friction": [1.2, 0.02, 0.001],
    "solref": [0.01, 1],
    "priority": 1,
}
_SEEN: Final[dict[str, Any]] = {"contype": 0, "conaffinity": 0, "mass": 0, "group": 1}
_BOX: Any = mujoco.mjtGeom.mjGEOM_BOX
_CYLINDER: Any = mujoco.mjtGeom.mjGEOM_CYLINDER
_CAPSULE: Any = mujoco.mjtGeom.mjGEOM_CAPSULE
_MESH: Any = mujoco.mjtGeom.mjGEOM_MESH


def quaternion(yaw: float) -> list[float]:
    """Turn by `yaw` radians about the vertical, as w, x, y, z."""
    return [float(np.cos(yaw / 2)), 0.0, 0.0, float(np.sin(yaw / 2))]


def _free_body(world: Any, name: str, at: Vector, yaw: float = 0.0) -> Any:
    body = world.add_body(name=name, pos=list(at), quat=quaternion(yaw))
    body.add_freejoint(name=name)
    return body


def add_cube(world: Any, name: str, at: Vector, yaw: float, material: str) -> None:
    """A wooden cube of 36 mm."""
    body = _free_body(world, name, at, yaw)
    body.add_geom(name=name, type=_BOX, size=[CUBE] * 3, material=material, mass=0.04, **_GRIPPED)


def add_eraser(world: Any, name: str, at: Vector, yaw: float) -> None:
    """A board eraser: dark felt below, a yellow back above. One box is touched, two are seen."""
    body = _free_body(world, name, at, yaw)
    x, y, z = ERASER
    body.add_geom(name=name, type=_BOX, size=[x, y, z], material="felt", mass=0.03, **_GRIPPED)
    body.add_geom(
        type=_BOX, size=[x + 0.0004, y + 0.0004, z * 0.4], pos=[0, 0, z * 0.61], material="yellow", **_SEEN
    )


def add_stapler(world: Any, name: str, at: Vector, yaw: float) -> None:
    """A blue stapler: a box is touched; a foot, a rail and an arm that rises to the back are seen."""
    body = _free_body(world, name, at, yaw)
    x, y, z = STAPLER
    body.add_geom(name=name, type=_BOX, size=[x, y, z], material="navy", mass=0.05, **_GRIPPED)
    body.add_geom(
        type=_BOX, size=[x + 0.003, y + 0.002, 0.003], pos=[0, 0, 0.003 - z], material="felt", **_SEEN
    )
    rail = [x + 0.0006, y + 0.0006, 0.004]
    body.add_geom(type=_BOX, size=rail, pos=[0.002, 0, -0.004], material="steel", **_SEEN)
    body.add_geom(type=_BOX, size=[0.012, y * 0.8, 0.002], pos=[-x + 0.016, 0, z], material="steel", **_SEEN)


def add_bowl_mesh(spec: mujoco.MjSpec) -> None:
    """The round bowl that is seen: a profile turned about the vertical."""
    profile = [(0.0, 0.004), (0.036, 0.005), (0.052, 0.02), (BOWL_RADIUS - 0.003, BOWL_HEIGHT)]
    profile += [(BOWL_RADIUS + 0.002, BOWL_HEIGHT), (0.056, 0.018), (0.042, 0.0), (0.0, 0.0)]
    vertices, faces = _turned(profile, around=28)
    spec.add_mesh(name="bowl", uservert=vertices.ravel(), userface=faces.ravel())


def _turned(profile: Sequence[tuple[float, float]], around: int) -> tuple[Any, Any]:
    """Vertices (n, 3) and triangles (m, 3) of a surface of revolution."""
    angles = np.linspace(0, 2 * np.pi, around, endpoint=False)
    vertices = np.array([[r * np.cos(a), r * np.sin(a), z] for r, z in profile for a in angles])
    faces = []
    for ring, next_ring in pairwise(range(len(profile))):
        for i, j in pairwise([*range(around), 0]):
            a, b = ring * around + i, ring * around + j
            c, d = next_ring * around + i, next_ring * around + j
            faces += [[a, d, b], [a, c, d]]
    return vertices, np.array(faces)


def add_bowl(world: Any, name: str, at: Vector, material: str, walls: int = 16) -> None:
    """A bowl: a floor and a ring of boxes are touched, the turned mesh is seen."""
    body = _free_body(world, name, at)
    hidden: dict[str, Any] = {"group": 3}
    body.add_geom(type=_CYLINDER, size=[0.05, 0.003, 0], pos=[0, 0, 0.003], mass=0.15, **hidden)
    for angle in np.linspace(0, 2 * np.pi, walls, endpoint=False):
        at_ring = [0.055 * np.cos(angle), 0.055 * np.sin(angle), BOWL_HEIGHT / 2]
        size = [0.003, np.pi * 0.055 / walls * 1.1, BOWL_HEIGHT / 2]
        body.add_geom(type=_BOX, size=size, pos=at_ring, quat=quaternion(angle), mass=0.01, **hidden)
    body.add_geom(name=name, type=_MESH, meshname="bowl", material=material, **_SEEN)


def add_cabinet(world: Any, at: Vector, yaw: float) -> None:
    """A small cabinet with a top and a bottom drawer; its own +x is the way the drawers open.

    Joints `top_drawer` and `bottom_drawer` (metres open); sites `..._handle` and `..._inside`.
    """
    cabinet = world.add_body(name="cabinet", pos=list(at), quat=quaternion(yaw))
    depth, width, height = CABINET
    boards = [
        ([0, 0, height], [depth, width, _BOARD]),
        ([0, 0, -height], [depth, width, _BOARD]),
        ([0, width, 0], [depth, _BOARD, height]),
        ([0, -width, 0], [depth, _BOARD, height]),
        ([-depth, 0, 0], [_BOARD, width, height]),
        ([0, 0, 0], [depth, width, 0.002]),
    ]
    for number, (pos, size) in enumerate(boards):
        cabinet.add_geom(name=f"cabinet_{number}", type=_BOX, pos=pos, size=size, material="pine")
    for name, z in (("top_drawer", height / 2), ("bottom_drawer", -height / 2)):
        _add_drawer(cabinet, name, z)


def _add_drawer(cabinet: Any, name: str, z: float) -> None:
    depth, width, _ = CABINET
    drawer = cabinet.add_body(name=name, pos=[0.002, 0, z])
    slide: Any = mujoco.mjtJoint.mjJNT_SLIDE
    drawer.add_joint(
        name=name, type=slide, axis=[1, 0, 0], range=[0, DRAWER_TRAVEL], limited=True, damping=[3, 0, 0],
        frictionloss=1.5,
    )  # fmt: skip
    tall = 0.028
    walls = [
        ("front", [depth, 0, 0], [_BOARD, width - 0.008, tall + 0.004]),
        ("back", [-depth + 0.012, 0, 0], [_BOARD, width - 0.012, tall]),
        ("left", [0, width - 0.012, 0], [depth - 0.012, _BOARD, tall]),
        ("right", [0, -width + 0.012, 0], [depth - 0.012, _BOARD, tall]),
        ("floor", [0, 0, -tall], [depth - 0.008, width - 0.012, 0.003]),
    ]
    for part, pos, size in walls:
        drawer.add_geom(name=f"{name}_{part}", type=_BOX, pos=pos, size=size, material="pine", mass=0.04)
    _add_handle(drawer, name, depth)
    drawer.add_site(name=f"{name}_inside", pos=[0.02, 0, -0.01], size=[0.004, 0, 0], rgba=[0, 0, 0, 0])


def _add_handle(drawer: Any, name: str, depth: float) -> None:
    drawer.add_geom(
        name=f"{name}_handle", type=_BOX, pos=[depth + 0.035, 0, 0], size=[0.006, 0.03, 0.006],
        material="handle", mass=0.01, condim=4, friction=[1.5, 0.02, 0.001], priority=1,
    )  # fmt: skip
    for side in (-1, 1):
        at, size = [depth + 0.018, side * 0.026, 0], [0.018, 0.004, 0.004]
        drawer.add_geom(type=_BOX, pos=at, size=size, material="handle", mass=0.005)
    drawer.add_site(name=f"{name}_handle", pos=[depth + 0.035, 0, 0], size=[0.004, 0, 0], rgba=[0, 0, 0, 0])


def add_hand(world: Any) -> None:
    """A person's hand and forearm, a body that is put where it is wanted; +x points along the fingers.

    It passes through things: what it does to an object is done to the object.
    """
    hand = world.add_body(name="hand", mocap=True, pos=[0, -1.0, 0.2])
    palm: dict[str, Any] = {"material": "skin", **_SEEN}
    hand.add_geom(name="hand", type=_BOX, size=[0.045, 0.04, 0.013], **palm)
    for finger, reach in zip((-0.031, -0.0105, 0.0105, 0.031), (0.052, 0.064, 0.068, 0.06), strict=True):
        ends = [0.04, finger, 0, 0.04 + reach, finger * 1.15, -0.018]
        hand.add_geom(type=_CAPSULE, fromto=ends, size=[0.0095, 0, 0], **palm)
    hand.add_geom(type=_CAPSULE, fromto=[-0.02, 0.04, 0, 0.035, 0.072, -0.012], size=[0.011, 0, 0], **palm)
    hand.add_geom(type=_CAPSULE, fromto=[-0.05, 0, 0.004, -0.11, 0, 0.015], size=[0.028, 0, 0], **palm)
    sleeve: dict[str, Any] = {"material": "sleeve", **_SEEN}
    hand.add_geom(type=_CAPSULE, fromto=[-0.12, 0, 0.018, -0.45, 0, 0.10], size=[0.041, 0, 0], **sleeve)
