"""Lighter meshes of the arms: fewer triangles draw faster, and at 640 x 480 nobody sees the difference."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import mujoco
import numpy as np
from numpy.typing import NDArray

_CELL: Final = 3.0  # millimetres; the assets' meshes are in millimetres
_SCALE: Final = 0.001
_STL_HEADER: Final = 84
_TRIANGLE: Final = np.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("attribute", "<u2")])


def lighten(spec: mujoco.MjSpec, folder: Path) -> None:
    """Replace each mesh file of the spec by its vertices merged in cells of a few millimetres."""
    for mesh in spec.meshes:
        vertices, faces = merge_vertices(read_stl(folder / mesh.file), _CELL)
        mesh.file = ""
        mesh.scale = [1, 1, 1]
        mesh.uservert = (vertices * _SCALE).ravel()
        mesh.userface = faces.ravel()


def read_stl(path: Path) -> NDArray[np.float64]:
    """The triangles (n, 3, 3) of a binary STL file."""
    return np.asarray(np.frombuffer(path.read_bytes()[_STL_HEADER:], _TRIANGLE)["corners"], float)


def merge_vertices(triangles: NDArray[np.float64], cell: float) -> tuple[NDArray[Any], NDArray[Any]]:
    """Vertices (v, 3) and faces (f, 3): the corners within one cell become their mean; flat faces go."""
    corners = triangles.reshape(-1, 3)
    _, owner = np.unique(np.round(corners / cell), axis=0, return_inverse=True)
    owner = owner.ravel()
    counts = np.bincount(owner)
    vertices = np.stack([np.bincount(owner, corners[:, axis]) / counts for axis in range(3)], 1)
    faces = owner.reshape(-1, 3)
    whole = (faces[:, 0] != faces[:, 1]) & (faces[:, 1] != faces[:, 2]) & (faces[:, 0] != faces[:, 2])
    return vertices, np.unique(faces[whole], axis=0)
