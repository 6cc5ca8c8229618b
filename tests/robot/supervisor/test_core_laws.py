"""Whatever happens, and in whatever order: the laws that the supervisor keeps."""

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from robot.environment import JOINTS
from robot.supervisor.gate import Limits
from robot.supervisor.messages import ORDERS, AskPolicy, AskVlm, Drop, PlanMotion
from tests.robot.supervisor.hosting import ALLOWED, FAILED, PERIOD, REFUSED, STILL, SUCCESSFUL, Host, chunk

LIMITS = Limits()
CHUNKS = st.sampled_from([chunk(0.3), chunk(-9.0), chunk(np.nan), np.zeros((50, 3)), None])
TEXTS = st.sampled_from([FAILED, STILL, SUCCESSFUL, "", "Draw " * 99, FAILED.replace("500", "5000")])
OLGA, ROSA = "Olga", "Rosa"


class Supervised(RuleBasedStateMachine):
    """A robot, a policy, a model and two operators who do anything at any time."""

    @initialize(
        mode=st.sampled_from(["shadow", "confirm", "autonomous"]), method=st.sampled_from(["vsf", "pmc"])
    )
    def begin(self, mode, method):
        tables = {
            "supervisor": {"mode": mode, "every_chunks": 1},
            "correction": {"method": method, "plan": 0.2, "confirm": 0.5, "rewind": 0.2},
            "policy": {"execute": 5, "deadline": 0.1, "retry": 0.1},
            "vlm": {"deadline": 0.2},
        }
        self.shadow = mode == "shadow"
        silent = lambda ask: None  # noqa: E731
        self.host = Host(ALLOWED if mode == "autonomous" else REFUSED, silent, silent, silent, tables)
        self.ordered = False

    @rule(ticks=st.integers(1, 12))
    def time_goes_by(self, ticks):
        self.host.run(ticks)

    @rule(actions=CHUNKS, back=st.integers(1, 4))
    def the_policy_answers_one_of_its_last_questions(self, actions, back):
        if asks := self.host.asked(AskPolicy)[-back:]:
            self.host.take(self.host.core.policy_answered(asks[0].number, self.host.time, actions))

    @rule(text=TEXTS, back=st.integers(1, 3))
    def the_model_answers_one_of_its_last_questions(self, text, back):
        if asks := self.host.asked(AskVlm)[-back:]:
            self.host.say(asks[0], text)

    @rule(actions=CHUNKS, back=st.integers(1, 2))
    def the_planner_answers_one_of_its_last_questions(self, actions, back):
        if asks := self.host.asked(PlanMotion)[-back:]:
            self.host.take(self.host.core.motion_planned(asks[0].number, self.host.time, actions))

    @rule(old=st.booleans())
    def the_camera_freezes_or_comes_back(self, old):
        self.host.seen_at = self.host.time - 0.19 if old else None

    @rule(
        order=st.sampled_from([o for o in ORDERS if o not in ("finish", "mode")]),
        by=st.sampled_from([OLGA, ROSA]),
    )
    def an_operator_orders(self, order, by):
        number = next((e.data["correction"] for e in reversed(self.host.told("correction_proposed"))), None)
        action = np.full(JOINTS, 0.2, np.float32)
        self.ordered |= order in ("confirm", "correct")
        self.host.order(order, by, action=action, correction=number)

    @invariant()
    def what_is_sent_is_finite_and_inside_the_limits(self):
        actions = np.array([s.action for s in self.host.steps if s.action is not None] or [np.zeros(JOINTS)])
        assert np.isfinite(actions).all()
        assert ((actions >= LIMITS.low) & (actions <= LIMITS.high)).all()
        assert (np.abs(np.diff(actions, axis=0)) <= PERIOD * LIMITS.velocity + 1e-5).all()

    @invariant()
    def at_most_one_question_of_a_kind_is_open(self):
        for what, kind in (("policy", AskPolicy), ("vlm", AskVlm), ("motion", PlanMotion)):
            dropped = [a for a in self.host.asks if isinstance(a, Drop) and a.what == what]
            answered = {"policy": "policy_answered", "vlm": "answer"}.get(what)
            done = len(self.host.told(answered)) if answered else len(self.host.asked(kind))
            failed = [e for e in self.host.told("policy_lost") if "chunk must" in e.data["why"]]
            closed = len(dropped) + done + (len(failed) if what == "policy" else 0)
            assert len(self.host.asked(kind)) - closed <= 1

    @invariant()
    def in_shadow_mode_only_people_correct(self):
        corrected = any(step.control == "correction" for step in self.host.steps)
        assert not (self.shadow and corrected and not self.ordered)

    @invariant()
    def queries_are_a_period_apart(self):
        times = [entry.time for entry in self.host.told("query")]
        assert (np.diff(times) >= 5 * PERIOD - 1e-6).all()


TestSupervised = Supervised.TestCase
TestSupervised.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)
