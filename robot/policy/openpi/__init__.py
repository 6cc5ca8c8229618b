"""Finetuning pi0.5 with openpi on base and symbol data (paper section 4): what its data loading reads.

`finetune.py` is for openpi's own environment and imports it; `python -m robot.policy.openpi DATASET` checks
here, without openpi, that a data set has what that configuration will read, and reads it the same way.
"""

from typing import Final

from robot.environment import HEAD, WRISTS

VERSION: Final = "v2.1"
"""The LeRobot format that openpi reads."""
IMAGES: Final = {camera: f"observation.images.{camera}" for camera in (HEAD, *WRISTS.values())}
STATE: Final = "observation.state"
ACTION: Final = "action"
HORIZON: Final = 50
HERTZ: Final = 50
"""Rows a second: a chunk of 50 actions is one second, as at run time."""
