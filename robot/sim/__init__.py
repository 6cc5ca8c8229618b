"""A simulated ALOHA, its tasks, experts and failures.

MuJoCo chooses its renderer when it is first imported, so what it is to choose is said before any of this is.
"""

import ctypes.util
import os

os.environ.setdefault("MUJOCO_GL", "osmesa" if ctypes.util.find_library("OSMesa") else "egl")
