"""Whatever happens, and in whatever order: the laws that the supervisor keeps."""

import random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from robot.environment import JOINTS
from robot.supervisor.gate import Limits
from robot.supervisor.messages import AskPolicy, AskVlm, Drop, PlanMotion
from tests.robot.supervisor.hosting import ALLOWED, FAILED, PERIOD, STILL, SUCCESSFUL, Host, chunk

LIMITS = Limits()
TICKS = 200
CHUNKS = [chunk(v) for v in (0.3, 0.1, -0.2, -9.0)] * 3 + [chunk(np.nan), np.zeros((50, 3))]
TEXTS = [FAILED, FAILED, STILL, SUCCESSFUL, "", "Draw " * 99, FAILED.replace("500", "5000")]
ORDERS = ["hold", *["release"] * 6, "take_over", "act", "confirm", "confirm", "reject", "correct"]


class World:
    """A robot whose policy, model, planner, camera and two operators do anything at any time, by a seed."""

    def __init__(self, seed, mode, method, orders):
        self.random, self.orders = random.Random(seed), orders
        tables = {
            "supervisor": {"mode": mode, "every_chunks": 2},
            "correction": {"method": method, "plan": 0.2, "confirm": 0.5, "rewind": 0.2},
            "policy": {"execute": 5, "deadline": 0.1, "retry": 0.1},
            "vlm": {"deadline": 0.15},
        }
        self.waiting = []
        self.host = Host(ALLOWED, self.policy, self.vlm, self.planner, tables)
        for _ in range(TICKS):
            self.happen()
            self.host.tick()

    def maybe(self, ask, choices):
        """An answer at once, or later, or never."""
        lot = self.random.random()
        if lot < 0.75:
            return self.random.choice(choices)
        if lot < 0.95:
            self.waiting.append((ask, self.random.choice(choices)))
        return None

    def policy(self, ask):
        return self.maybe(ask, CHUNKS)

    def vlm(self, ask):
        return self.maybe(ask, TEXTS)

    def planner(self, ask):
        return self.maybe(ask, CHUNKS)

    def happen(self):
        host, lot = self.host, self.random.random()
        if self.waiting and lot < 0.2:
            ask, answer = self.waiting.pop(self.random.randrange(len(self.waiting)))
            if isinstance(ask, AskPolicy):
                host.take(host.core.policy_answered(ask.number, host.time, answer))
            elif isinstance(ask, AskVlm):
                host.say(ask, answer)
            else:
                host.take(host.core.motion_planned(ask.number, host.time, answer))
        elif lot < 0.21:
            host.seen_at = host.time
        elif lot < 0.3:
            host.seen_at = None
        elif lot < 0.40 and self.orders:
            self.order()

    def order(self):
        host = self.host
        proposed = [entry.data["correction"] for entry in host.told("correction_proposed")]
        order, by = self.random.choice(ORDERS), self.random.choice(["Olga", "Rosa"])
        action = np.full(JOINTS, 0.2, np.float32)
        host.order(order, by, action=action, correction=proposed[-1] if proposed else None)


worlds = st.builds(
    World,
    st.integers(0, 10**6),
    st.sampled_from(["shadow", "confirm", "autonomous"]),
    st.sampled_from(["vsf", "pmc"]),
    st.booleans(),
)


@given(worlds)
@settings(max_examples=60, deadline=None)
def test_the_laws_hold_in_any_world(world):
    host = world.host
    sends_only_what_is_safe(host)
    shadow_never_acts(world)
    asks_once_a_period(host)
    plays_nothing_that_came_late(host)


def sends_only_what_is_safe(host):
    actions = np.array([step.action for step in host.steps])
    assert np.isfinite(actions).all()
    assert ((actions >= LIMITS.low) & (actions <= LIMITS.high)).all()
    assert (np.abs(np.diff(actions, axis=0)) <= PERIOD * LIMITS.velocity + 1e-5).all()
    held = [n for n, step in enumerate(host.steps) if step.control == "hold" and n]
    assert all((actions[n] == actions[n - 1]).all() for n in held)


def shadow_never_acts(world):
    controls = {step.control for step in world.host.steps}
    if world.host.core.mode != "autonomous" and not world.orders:
        assert "correction" not in controls
    if world.host.core.mode == "shadow" and not world.orders:
        assert not world.host.told("correction_proposed")
        assert not world.host.told("correction_started")


def asks_once_a_period(host):
    times = [entry.time for entry in host.told("query")]
    assert (np.diff(times) >= 2 * 5 * PERIOD - 1e-6).all()
    for kind in (AskPolicy, AskVlm, PlanMotion):
        numbers = [ask.number for ask in host.asked(kind)]
        assert numbers == sorted(set(numbers))


def plays_nothing_that_came_late(host):
    """Every chunk that counted was answered before its deadline, and none was answered twice."""
    asks = {ask.number: ask for ask in host.asked(AskPolicy)}
    answered = host.told("policy_answered")
    assert all(entry.time <= asks[entry.data["chunk"]].deadline for entry in answered)
    dropped = {ask.number for ask in host.asks if isinstance(ask, Drop)}
    assert not dropped & {entry.data["chunk"] for entry in answered}
    assert not dropped & {entry.data["query"] for entry in host.told("answer")}


def test_these_worlds_are_eventful():
    """A law over worlds in which nothing happens would say nothing."""
    kinds, controls = set(), set()
    for seed in range(30):
        mode = ("shadow", "confirm", "autonomous")[seed % 3]
        host = World(seed, mode, ("vsf", "pmc")[seed % 2], seed % 5 > 0).host
        kinds |= {str(entry.kind) for entry in host.entries}
        controls |= {step.control for step in host.steps}
    assert controls == {"policy", "correction", "operator", "hold"}
    assert kinds >= {
        "query", "answer", "late_answer", "vlm_lost", "policy_lost", "overlay", "refused", "clamped",
        "correction_started", "correction_ended", "operator", "control",
    }  # fmt: skip
