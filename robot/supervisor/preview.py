"""What an operator sees of a motion before saying yes: the tips' way on the head picture, and the grips."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from robot.camera import project
from robot.environment import ARMS, GRIPPERS, HEAD, EnvironmentInfo
from robot.kinematics import tip
from robot.supervisor.history import Trajectory
from robot.supervisor.out import Preview

_POINTS: Final = 20


def previewer(info: EnvironmentInfo) -> Preview:
    """Return the function that makes previews for this robot.

    A preview is `{"seconds", "arms": {arm: {"moves": metres, "grip": share, "path": [[x, y], ...]}}}`,
    the path in pixels of the head picture and only where its camera is calibrated.
    """
    camera = info.cameras.get(HEAD)

    def preview(trajectory: Trajectory) -> Mapping[str, Any]:
        picked = trajectory[np.unique(np.linspace(0, len(trajectory) - 1, _POINTS).astype(int))]
        arms = {}
        for arm in ARMS:
            points = np.array([tip(arm, joints)[0] for joints in picked])
            shown: dict[str, Any] = {
                "moves": round(float(np.linalg.norm(points[-1] - points[0])), 4),
                "grip": round(float(trajectory[-1, GRIPPERS[arm]]), 3),
            }
            if camera is not None and camera.calibrated:
                shown["path"] = np.round(project(camera, points), 1).tolist()
            arms[arm] = shown
        return {"seconds": round(len(trajectory) / info.hertz, 2), "arms": arms}

    return preview
