"""The wire between a robot environment and its supervisor: a websocket, one msgpack map a message.

The robot's side is the server. On connect it sends

    {"type": "info", "protocol": "vifailback-environment/1", "name", "hertz", "task",
     "cameras": {name: {"width", "height", "intrinsics": (3, 3) | None, "pose": (4, 4) | None}}}

and then answers what it is sent:

    {"type": "reset", "options": {...}, "pace": "stream" | "lockstep"} -> {"type": "reset"}, an observation
    {"type": "act", "action": (14,)}           -> in lockstep an observation, after one control period
    {"type": "depth", "camera"}                -> {"type": "depth", "depth": (H, W) float32 metres | None}
    {"type": "outcome"}                        -> {"type": "outcome", "success": bool | None, "truth": {...}}

An observation is `{"type": "observation", "sequence", "time", "state": (14,), "images": {camera: (H, W, 3)
uint8 RGB}, "image_times": {camera: seconds}}`; a camera without a new picture is left out of `images`. What
cannot be done is answered `{"type": "error", "message"}` and changes nothing.

At the pace *stream* the robot goes on by itself: an observation every control period, the newest action held;
after half a second without one it holds where it is. At *lockstep* its time stands still between actions:
for simulators. One client at a time drives; another is turned away with close code 1013.
"""

from typing import Final

PROTOCOL: Final = "vifailback-environment/1"
WATCHDOG: Final = 0.5
"""Seconds without an action after which the robot's side holds still by itself."""
MOST_BYTES: Final = 64 * 2**20
