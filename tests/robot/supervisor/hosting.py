"""A host of the core in made-up time: a robot that goes where it is told, a policy and a model by script."""

import numpy as np

from ml.prompts import read_analysis
from robot.environment import JOINTS
from robot.events import Entry
from robot.supervisor.autonomy import Permission
from robot.supervisor.core import Core
from robot.supervisor.messages import AskPolicy, AskVlm, Operate, PlanMotion
from robot.supervisor.settings import read_settings
from tests.robot.pictures import moment, observation

PERIOD = 0.02
ALLOWED = Permission(True, "shown", 30, 0, 0.095)
REFUSED = Permission(False, "0 of 2 were shown", 2, 0, 0.78)
IMAGES = moment(height=480, width=640)
FAILED = """<Think>The failure type is identified as 'gripper 6d-pose'.</Think>
<Answer>"success detection": "Failed"
"low level commands": "Move the left gripper to the left."
"visual prompts": "Draw Straight Arrow: {'start_point': [500,500], 'end_point': [300,500], 'color': 'green'}"
</Answer>"""
SUCCESSFUL = '<Answer>"success detection": "Successful"</Answer>'
STILL = """<Answer>"success detection": "Failed", "low level commands": "Hold still."
"visual prompts": "Draw Lock: {'position': [220, 288]}"</Answer>"""


def chunk(value=0.01, length=50):
    return np.full((length, JOINTS), value, np.float32)


class Host:
    """Keeps steps and entries; `policy`, `vlm` and `planner` answer an ask, or return None to keep silent."""

    def __init__(self, permission=REFUSED, policy=None, vlm=None, planner=None, tables=()):
        self.core = Core(read_settings(dict(tables)), PERIOD, permission, "do it")
        self.policy = policy or (lambda ask: chunk())
        self.vlm = vlm or (lambda ask: SUCCESSFUL)
        self.planner = planner or (lambda ask: None)
        self.time, self.steps, self.entries, self.asks = 0.0, [], [], []
        self.state = np.zeros(JOINTS, np.float32)
        self.images = IMAGES
        self.seen_at = None
        self.outputs = []

    def run(self, ticks=1):
        for _ in range(ticks):
            self.tick()
        return self

    def seconds(self, seconds):
        return self.run(round(seconds / PERIOD))

    def tick(self):
        seen = self.time if self.seen_at is None else self.seen_at
        sequence = len(self.steps)
        ticked = self.core.tick(self.time, observation(sequence, seen, self.state, self.images))
        self.steps.append(ticked.step)
        if ticked.step.action is not None:
            self.state = ticked.step.action
        self.take(ticked.outputs)
        self.time = round(self.time + PERIOD, 6)

    def take(self, outputs):
        for output in outputs:
            self.outputs.append(output)
            if isinstance(output, Entry):
                self.entries.append(output)
            else:
                self.asks.append(output)
                self.answer(output)

    def answer(self, ask):
        if isinstance(ask, AskPolicy) and (actions := self.policy(ask)) is not None:
            self.take(self.core.policy_answered(ask.number, self.time, actions))
        if isinstance(ask, AskVlm) and (text := self.vlm(ask)) is not None:
            self.say(ask, text)
        if isinstance(ask, PlanMotion) and (motion := self.planner(ask)) is not None:
            self.take(self.core.motion_planned(ask.number, self.time, motion))

    def say(self, ask, text):
        analysis = read_analysis(text, self.core.space)
        self.take(self.core.vlm_answered(ask.number, self.time, analysis, text))

    def order(self, order, by="Olga", **more):
        self.take(self.core.operate(Operate(order, by, **more), self.time))
        return self.told("operator")[-1].data.get("refused") if self.told("operator") else None

    def told(self, kind):
        return [entry for entry in self.entries if entry.kind == kind]

    def asked(self, kind):
        return [ask for ask in self.asks if isinstance(ask, kind)]

    def controls(self):
        """Who was in control, each once in a row."""
        names = [step.control for step in self.steps]
        return [name for n, name in enumerate(names) if n == 0 or names[n - 1] != name]
