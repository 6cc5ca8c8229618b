"""The place: two ViperX arms of gym-aloha's assets at a wooden table, a wall behind, lamps, cameras.

World axes in metres: x to the right, y away from the head camera, z up; the table's top is z = 0. The robot's
forward is y and its left is -x, as the head camera sees them (up and left on the image).
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any, Final

import mujoco
import numpy as np

from robot.sim import things
from robot.sim.layout import Layout
from robot.sim.looks import add_materials
from robot.sim.meshes import lighten

ARMS: Final = ("left", "right")
JOINTS: Final = ("waist", "shoulder", "elbow", "forearm_roll", "wrist_angle", "wrist_rotate")
FINGERS: Final = ("left_finger", "right_finger")
CAMERAS: Final = {"cam_high": "head", "cam_left_wrist": "left_wrist", "cam_right_wrist": "right_wrist"}
_STIFFNESS: Final = dict(zip(JOINTS, (800.0, 1600.0, 800.0, 200.0, 100.0, 60.0), strict=True))
_HEAD_PITCH: Final = 0.93
_ROOM: Final = (  # what only the wrist cameras see: name, middle, half sizes
    ("left_wall", [-1.6, 0.2, 0.3], [0.02, 1.0, 0.9]),
    ("right_wall", [1.6, 0.2, 0.3], [0.02, 1.0, 0.9]),
    ("near_wall", [0, -0.8, 0.3], [1.6, 0.02, 0.9]),
    ("ceiling", [0, 0.2, 1.2], [1.6, 1.0, 0.02]),
    ("ground", [0, 0.2, -0.6], [1.6, 1.0, 0.02]),
)
_BOX: Any = mujoco.mjtGeom.mjGEOM_BOX


def build(layout: Layout | None) -> mujoco.MjModel:
    """Compile the place with a layout's objects; without one, the bare arms (the model of kinematics)."""
    spec = mujoco.MjSpec.from_file(str(_assets() / "bimanual_viperx_transfer_cube.xml"))
    _strip(spec)
    lighten(spec, _assets())
    _set_physics(spec)
    _tune_arms(spec)
    if layout is not None:
        add_materials(spec)
        _furnish(spec)
        _dress_arms(spec)
        _add_objects(spec, layout)
    return spec.compile()


def _assets() -> Path:
    """Where gym-aloha keeps its meshes, found without importing it."""
    found = importlib.util.find_spec("gym_aloha")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("The simulator needs gym-aloha's robot meshes; `make robot` installs them.")
    return Path(found.origin).parent / "assets"


def _strip(spec: mujoco.MjSpec) -> None:
    """Leave only the arms of what the assets' scene has."""
    for body in (spec.body("box"), spec.body("table")):
        spec.delete(body)
    for each in [*spec.keys, *spec.lights, *spec.cameras]:
        if not each.name.endswith("_wrist"):
            spec.delete(each)


def _set_physics(spec: mujoco.MjSpec) -> None:
    spec.option.integrator = mujoco.mjtIntegrator.mjINT_IMPLICITFAST
    spec.option.cone = mujoco.mjtCone.mjCONE_ELLIPTIC
    spec.option.impratio = 10
    spec.compiler.inertiagrouprange = [0, 5]


def _tune_arms(spec: mujoco.MjSpec) -> None:
    """Stiffer, damped joints that follow their commands, and a site between the finger tips."""
    for arm in ARMS:
        for name, stiffness in _STIFFNESS.items():
            joint = spec.joint(f"vx300s_{arm}/{name}")
            joint.frictionloss, joint.armature, joint.damping = 0.5, 0.1, [stiffness * 0.08, 0, 0]
        for name in FINGERS:
            joint = spec.joint(f"vx300s_{arm}/{name}")
            joint.frictionloss, joint.armature, joint.damping = 0.2, 0.02, [8, 0, 0]
        hand = spec.body(f"vx300s_{arm}/gripper_link")
        hand.add_site(name=f"{arm}_tip", pos=[0.138, 0, 0], size=[0.004, 0, 0], rgba=[0, 0, 0, 0])
    for body in spec.bodies:
        if body.name.startswith("vx300s"):
            body.gravcomp = 1
    for actuator in spec.actuators:
        name = actuator.target.rpartition("/")[2]
        if name in _STIFFNESS:
            stiffness = _STIFFNESS[name]
            actuator.gainprm[0], actuator.biasprm[1] = stiffness, -stiffness


def _furnish(spec: mujoco.MjSpec) -> None:
    """Table, wall, lamps and the head camera. Shadows and multisampling cost nine tenths of the speed."""
    spec.visual.quality.offsamples = 0
    spec.visual.quality.shadowsize = 0
    spec.visual.headlight.ambient = [0.36, 0.36, 0.36]
    spec.visual.headlight.diffuse = [0.18, 0.18, 0.18]
    spec.visual.headlight.specular = [0, 0, 0]
    spec.visual.map.znear = 0.02
    world = spec.worldbody
    world.add_geom(
        name="table", type=_BOX, pos=[0, 0.5, -0.02], size=[0.95, 0.58, 0.02], material="table_wood"
    )
    world.add_geom(name="wall", type=_BOX, pos=[0, 1.16, 0.3], size=[1.6, 0.02, 0.9], material="plaster")
    for name, pos, size in _ROOM:
        world.add_geom(name=name, type=_BOX, pos=pos, size=size, material="paint", contype=0, conaffinity=0)
    world.add_geom(
        name="skirting", type=_BOX, pos=[0, 1.13, 0.02], size=[1.6, 0.012, 0.035], material="skirting"
    )
    lamp: dict[str, Any] = {"type": mujoco.mjtLightType.mjLIGHT_DIRECTIONAL, "castshadow": False}
    world.add_light(name="lamp", pos=[-0.6, 0.1, 1.6], dir=[0.45, 0.35, -1], diffuse=[0.5, 0.49, 0.46],
                    specular=[0.35, 0.35, 0.33], **lamp)  # fmt: skip
    world.add_light(name="window", pos=[1.2, -0.4, 1.2], dir=[-0.6, 0.75, -0.55], diffuse=[0.2, 0.21, 0.24],
                    specular=[0.1, 0.1, 0.1], **lamp)  # fmt: skip
    axes = [1, 0, 0, 0, np.sin(_HEAD_PITCH), np.cos(_HEAD_PITCH)]
    world.add_camera(name="head", pos=[0, 0.02, 0.75], fovy=58, xyaxes=axes)
    for arm in ARMS:
        spec.camera(f"{arm}_wrist").fovy = 55


def _dress_arms(spec: mujoco.MjSpec) -> None:
    for geom in spec.geoms:
        if geom.name.startswith("vx300s"):
            geom.material = "finger" if "finger" in geom.name else "arm"


def _add_objects(spec: mujoco.MjSpec, layout: Layout) -> None:
    world = spec.worldbody
    things.add_bowl_mesh(spec)
    things.add_hand(world)
    if layout.cabinet is not None:
        things.add_cabinet(world, layout.cabinet, -np.pi / 2)
    for name, pose in layout.objects.items():
        at = [pose.x, pose.y, 0.02]
        if name.endswith("_bowl"):
            things.add_bowl(world, name, [pose.x, pose.y, 0.002], name.removesuffix("_bowl"))
        elif name.endswith("_cube"):
            things.add_cube(world, name, at, pose.yaw, name.removesuffix("_cube"))
        elif name == "eraser":
            things.add_eraser(world, name, at, pose.yaw)
        else:
            things.add_stapler(world, name, at, pose.yaw)
