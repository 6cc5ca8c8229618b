"""Pictures and observations for tests of the live side."""

import numpy as np

from robot.environment import HEAD, JOINTS, WRISTS, Observation

CAMERAS = (HEAD, *WRISTS.values())


def picture(seed=0, height=48, width=64):
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)


def moment(seed=0, height=48, width=64):
    return {camera: picture(seed + n, height, width) for n, camera in enumerate(CAMERAS)}


def observation(sequence=0, time=0.0, state=None, images=None):
    state = np.zeros(JOINTS, np.float32) if state is None else np.asarray(state, np.float32)
    return Observation(sequence, time, state, moment() if images is None else images)
