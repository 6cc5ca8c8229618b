"""A robot that is live: the real core on moving pictures at 50 Hz, policy and model answering from a script.

`python -m tests.robot.rollout.show URL TOKEN PROJECT ROBOT`. Prints each order that it got as a line of JSON.
"""

import json
import queue
import sys
import time
from collections.abc import Mapping
from itertools import count
from typing import Any

import numpy as np

from ml.prompts import read_analysis
from robot.environment import Camera, EnvironmentInfo, Observation
from robot.events import Entry, Kind
from robot.rollout.live import LivePublisher, LiveSettings
from robot.supervisor.autonomy import Permission
from robot.supervisor.core import Core
from robot.supervisor.messages import AskPolicy, AskVlm, Operate, Output
from robot.supervisor.orders import read_order
from robot.supervisor.settings import read_settings

HERTZ, WIDTH, HEIGHT = 50, 640, 480
TASK = "Put the red cube into the bowl."
FAILED = """<Think>The gripper closes beside the cube.</Think>
<Answer>
"success detection": "Failed"
"failure type": "gripper 6d-pose"
"low level commands": "Move the left gripper to the right slightly."
"visual prompts": "Draw Straight Arrow: {'start_point': [300, 400], 'end_point': [520, 560], 'color': ['green', 'red']}"
</Answer>"""


def picture(index: int) -> np.ndarray:
    """A wooden table with a red cube that goes round."""
    grain = (np.add.outer(np.arange(HEIGHT) // 7, np.arange(WIDTH) // 90) % 3 * 6).astype(np.uint8)
    shown = np.stack([150 + grain, 110 + grain, 70 + grain], axis=-1)
    turn = 2 * np.pi * index / 400
    x, y = int(320 + 160 * np.cos(turn)), int(250 + 90 * np.sin(turn))
    shown[y - 28 : y + 28, x - 28 : x + 28] = (190, 30, 30)
    return shown


class Show:
    """One rollout without an end."""

    def __init__(self, settings: LiveSettings) -> None:
        self.orders: queue.SimpleQueue[Operate] = queue.SimpleQueue()
        self.publisher = LivePublisher(settings, self._take)
        permission = Permission(False, "there are no records", 0, 0, 1.0)
        self.core = Core(read_settings({"supervisor": {"mode": "confirm"}}), 1 / HERTZ, permission, TASK)
        self.pictures = [picture(index) for index in range(400)]

    def _take(self, raw: Mapping[str, Any]) -> None:
        order = read_order(raw)
        print(json.dumps(dict(raw)), flush=True)
        self.orders.put(order)

    def run(self) -> None:
        info = EnvironmentInfo("bench-top", {"cam_high": Camera(WIDTH, HEIGHT)}, HERTZ, TASK)
        self.publisher.begin("show", info)
        begun = time.monotonic()
        for index in count():
            due = begun + index / HERTZ
            time.sleep(max(0.0, due - time.monotonic()))
            self._tick(index, time.monotonic())

    def _tick(self, index: int, now: float) -> None:
        while not self.orders.empty():
            self._carry_out(self.core.operate(self.orders.get(), now), now)
        images = {"cam_high": self.pictures[index // 2 % len(self.pictures)]}
        seen = Observation(index, now, np.zeros(14, np.float32), images)
        ticked = self.core.tick(now, seen)
        self.publisher.on_step(ticked.step)
        self._carry_out(ticked.outputs, now)

    def _carry_out(self, outputs: Any, now: float) -> None:
        for output in outputs:
            self._answer(output, now)

    def _answer(self, output: Output, now: float) -> None:
        if isinstance(output, Entry):
            if output.kind not in (Kind.POLICY_ASKED, Kind.POLICY_ANSWERED, Kind.TIMING):
                self.publisher.on_entry(output)
        elif isinstance(output, AskPolicy):
            self._carry_out(self.core.policy_answered(output.number, now, np.zeros((50, 14))), now)
        elif isinstance(output, AskVlm):
            analysis = read_analysis(FAILED)
            self._carry_out(self.core.vlm_answered(output.number, now, analysis, FAILED), now)


if __name__ == "__main__":
    url, token, project, robot = sys.argv[1:5]
    Show(LiveSettings(url, token, int(project), robot)).run()
