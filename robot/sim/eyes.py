"""What the cameras see: colors with soft shadows under things, depths, and which thing each pixel is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, cast

import mujoco
import numpy as np

from robot.environment import Depth, Image
from robot.sim.scene import ARMS, CAMERAS
from robot.sim.world import Array, World

SIZE: Final = (640, 480)
_SHADE: Final = np.array([0.10, 0.05, 0.02])
_FADES: Final = 0.30  # metres above the table at which a thing casts no shadow any more
_RINGS: Final = ((1.0, 0.22), (1.25, 0.14), (1.5, 0.08))  # of a shadow: its size and darkness
_SHADOW_SIZES: Final = {"bowl": 0.062, "cube": 0.026, "stapler": 0.036, "eraser": 0.03}


class Eyes:
    """Renders a world's cameras, named as ALOHA names them, at one size; close it after use."""

    def __init__(self, world: World, size: tuple[int, int] = SIZE) -> None:
        self._world = world
        self._renderer = mujoco.Renderer(world.model, height=size[1], width=size[0])

    def color(self, camera: str = "cam_high") -> Image:
        """Return the picture (H, W, 3), RGB."""
        self._look(camera)
        for at, radius, darkness in self._shadows():
            self._cast(at, radius, darkness)
        return cast(Image, self._renderer.render())

    def depth(self, camera: str = "cam_high") -> Depth:
        """Return distances along the optical axis (H, W), in metres."""
        self._renderer.enable_depth_rendering()
        try:
            self._look(camera)
            return np.asarray(self._renderer.render(), np.float32)
        finally:
            self._renderer.disable_depth_rendering()

    def mask(self, body: str, camera: str = "cam_high") -> Any:
        """Return which pixels (H, W) show a body."""
        self._renderer.enable_segmentation_rendering()
        try:
            self._look(camera)
            geoms = self._renderer.render()[..., 0]
        finally:
            self._renderer.disable_segmentation_rendering()
        model = self._world.model
        return np.isin(geoms, np.flatnonzero(model.geom_bodyid == model.body(body).id))

    def _look(self, camera: str) -> None:
        self._renderer.update_scene(self._world.data, CAMERAS[camera])

    def _shadows(self) -> Iterator[tuple[Array, float, float]]:
        """Where, how wide and how dark: under what lies on the table or hangs over it."""
        for name in self._world.layout.objects:
            kind = name.rpartition("_")[2]
            yield from self._shadow(self._world.position(name), _SHADOW_SIZES[kind])
        for arm in ARMS:
            yield from self._shadow(self._world.tip(arm), 0.035)
        yield from self._shadow(self._world.hand(), 0.06)

    def _shadow(self, at: Array, radius: float) -> Iterator[tuple[Array, float, float]]:
        height = max(float(at[2]), 0.0)
        if height > _FADES or self._over_cabinet(at):
            return
        fade = 1 - height / _FADES
        slant = at + np.array([0.45, 0.35, 0.0]) * height  # away from the lamp
        for share, darkness in _RINGS:
            yield slant, radius * share * (1 + height), darkness * fade * fade

    def _over_cabinet(self, at: Array) -> bool:
        cabinet = self._world.layout.cabinet
        return cabinet is not None and abs(at[0] - cabinet[0]) < 0.13 and at[1] > cabinet[1] - 0.26

    def _cast(self, at: Array, radius: float, darkness: float) -> None:
        scene = self._renderer.scene
        if scene.ngeom >= scene.maxgeom:
            return
        mujoco.mjv_initGeom(
            scene.geoms[scene.ngeom], mujoco.mjtGeom.mjGEOM_CYLINDER, np.array([radius, 0.0002, 0.0]),
            np.array([at[0], at[1], 0.0006]), np.eye(3).ravel(), np.array([*_SHADE, darkness], np.float32),
        )  # fmt: skip
        scene.ngeom += 1

    def close(self) -> None:
        """Let go of the renderer."""
        self._renderer.close()


@contextmanager
def looking(world: World, size: tuple[int, int] = SIZE) -> Iterator[Eyes]:
    """Eyes for a while."""
    eyes = Eyes(world, size)
    try:
        yield eyes
    finally:
        eyes.close()
