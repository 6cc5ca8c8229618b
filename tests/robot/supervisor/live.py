"""A whole supervisor on replayed frames, its policy and model real servers in processes of their own."""

import threading
import time
from contextlib import contextmanager

import numpy as np

from robot.environment import JOINTS
from robot.replay import ReplayEnvironment
from robot.supervisor.messages import Operate
from robot.supervisor.runner import Runner
from robot.supervisor.settings import read_settings
from tests.robot.pictures import moment


class Keeper:
    """A subscriber that keeps everything."""

    def __init__(self):
        self.steps, self.entries, self.ended = [], [], threading.Event()
        self.news = threading.Condition()

    def begin(self, rollout, info):
        self.ended.clear()
        self.rollout = rollout

    def on_step(self, step):
        with self.news:
            self.steps.append(step)
            self.news.notify_all()

    def on_entry(self, entry):
        with self.news:
            self.entries.append(entry)
            self.news.notify_all()

    def end(self):
        self.ended.set()

    def told(self, kind):
        return [entry for entry in self.entries if entry.kind == kind]

    def wait(self, condition, patience=20.0):
        with self.news:
            assert self.news.wait_for(lambda: condition(self), patience), "it did not come to that"


def replay(frames=50, height=480, width=640):
    moments = [moment(3 * n, height, width) for n in range(8)]
    states = np.cumsum(np.full((frames, JOINTS), 0.001, np.float32), axis=0)
    return ReplayEnvironment([moments[n % 8] for n in range(frames)], list(states), task="go on")


@contextmanager
def supervised(policy_port, vlm_port, tmp_path, subscribers=(), environment=None, **tables):
    """A runner whose console is open, and a keeper of what it does."""
    merged = {
        "policy": {"url": f"ws://127.0.0.1:{policy_port}"},
        "vlm": {"base_url": f"http://127.0.0.1:{vlm_port}/v1", "model": "success"},
        "operator": {"port": 0},
        "supervisor": {"records": str(tmp_path)},
    }
    for name, table in tables.items():
        merged[name] = {**merged.get(name, {}), **table}
    keeper = Keeper()
    runner = Runner(read_settings(merged), environment or replay(), [keeper, *subscribers])
    try:
        yield runner, keeper
    finally:
        runner.close()


@contextmanager
def rolling(runner, keeper, seconds=60.0):
    """A rollout in a thread of its own; it is finished at the end."""
    thread = threading.Thread(target=runner.rollout, kwargs={"most_seconds": seconds})
    thread.start()
    try:
        keeper.wait(lambda kept: len(kept.steps) > 2)
        yield
    finally:
        runner.operate(Operate("finish", "test"))
        thread.join(20)
        assert keeper.ended.wait(20)


def order(runner, order, **more):
    """Give an order; return when."""
    given = time.monotonic()
    runner.operate(Operate(order, "Olga", **more))
    return given
