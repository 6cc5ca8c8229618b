"""The control loop among faults: `python -m tests.benchmarks.robot`.

Replayed frames of three 640x480 cameras at 50 Hz; policy and model are servers in processes of their own that
hang, die, babble. The reference of a loop's lateness is that of a bare loop that only sleeps.
"""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from robot.supervisor.autonomy import Override, append_record
from robot.supervisor.loop import be_punctual
from robot.supervisor.runner import Runner
from tests.benchmarks.report import Figure, report
from tests.robot.servers import Peer, free_port
from tests.robot.supervisor.live import Keeper, order, supervised

SECONDS = 12.0
PERIOD = 0.02
DEADLINE = 0.5
Tables = dict[str, dict[str, object]]


@dataclass(frozen=True)
class Case:
    """A fault: settings, and what happens to the policy's process meanwhile."""

    name: str
    tables: Tables = field(default_factory=dict)
    happens: Callable[[Peer], None] | None = None
    holds: bool = False


def restart(policy: Peer) -> None:
    """Kill the policy server in the middle of a rollout, and start it again two seconds later."""
    time.sleep(4)
    policy.stop()
    time.sleep(2)
    policy.start()


def vlm(model: str, **more: object) -> Tables:
    return {"vlm": {"model": model, **more}}


CASES = [
    Case("all well", vlm("success")),
    Case("failures seen and corrected", {**vlm("failed"), "supervisor": {"mode": "autonomous"}}),
    Case("model down", {"vlm": {"base_url": "http://127.0.0.1:9/v1"}}),
    Case("model slow", vlm("slow")),
    Case("model cut", vlm("cut")),
    Case("model babbling", vlm("babble")),
    Case("model long-winded", vlm("long")),
    Case("model hallucinating", vlm("dream")),
    Case("model lost, hold", vlm("slow", on_loss="hold"), holds=True),
    Case("policy hung", {"supervisor": {"task": "hang"}}, holds=True),
    Case("policy late", {"supervisor": {"task": "late 0.7"}}, holds=True),
    Case("policy restarted", vlm("success"), restart, holds=True),
]


def run(case: Case, policy: Peer, model: Peer, folder: Path) -> Keeper:
    """Run one rollout with the fault, and return what was kept of it."""
    tables = {name: dict(table) for name, table in case.tables.items()}
    if tables.get("supervisor", {}).get("mode") == "autonomous":
        allow(folder)
    with supervised(policy.port, model.port, folder, **tables) as (runner, kept):
        thread = threading.Thread(target=case.happens, args=(policy,)) if case.happens else None
        if thread:
            thread.start()
        runner.rollout(most_seconds=SECONDS)
        if thread:
            thread.join()
    return kept


def allow(folder: Path) -> None:
    append_record(folder, Override("go on", "failed", "bench", "a measurement", "now"))


def lateness(kept: Keeper) -> np.ndarray:
    """How late each tick began, in milliseconds, after the first half second."""
    return 1000 * np.array([step.late for step in kept.steps[25:]])


def bare(seconds: float) -> float:
    """The 99th percentile of how late a loop is that does nothing, in milliseconds."""
    late: list[float] = []

    def loop() -> None:
        be_punctual()
        due = time.monotonic()
        while len(late) < seconds / PERIOD:
            time.sleep(max(0.0, due - time.monotonic()))
            late.append(time.monotonic() - due)
            due += PERIOD

    thread = threading.Thread(target=loop)
    thread.start()
    thread.join()
    return 1000 * float(np.percentile(late, 99))


def hold_after(kept: Keeper) -> float:
    """The longest that a hold came after the question whose answer did not come, in seconds."""
    asks = {entry.data["chunk"]: entry.time for entry in kept.told("policy_asked")}
    waits = []
    for lost in kept.told("policy_lost"):
        asked = asks[lost.data["chunk"]]
        held = next((s.time for s in kept.steps if s.control == "hold" and s.time >= asked), np.inf)
        waits.append(held - asked)
    return max(waits, default=np.inf)


def operators(policy: Peer, model: Peer, folder: Path) -> float:
    """The longest of twenty orders to take effect, in milliseconds."""
    waits = []

    def give(runner: Runner, kept: Keeper) -> None:
        for n in range(20):
            name, control = (("hold", "hold"), ("take_over", "operator"), ("release", "policy"))[n % 3]
            given, before = order(runner, name), len(kept.steps)
            kept.wait(lambda kept, n=before, c=control: any(s.control == c for s in kept.steps[n:]))
            acted = next(s.time for s in kept.steps if s.control == control and s.time > given)
            waits.append(1000 * (acted - given))
            time.sleep(0.1)

    with supervised(policy.port, model.port, folder) as (runner, kept):
        thread = threading.Thread(target=runner.rollout, kwargs={"most_seconds": 10.0})
        thread.start()
        kept.wait(lambda kept: len(kept.steps) > 30)
        give(runner, kept)
        order(runner, "finish")
        thread.join()
    return max(waits)


def figures() -> list[Figure]:
    """All figures."""
    found, reference = [], bare(10)
    with ExitStack() as stack:
        policy = stack.enter_context(Peer("facts_policy.py", free_port()))
        model = stack.enter_context(Peer("moody_vlm.py"))
        for case in CASES:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            kept = run(case, policy, model, folder)
            late = lateness(kept)
            name = f"50 Hz loop, {case.name}"
            p99 = round(float(np.percentile(late, 99)), 3)
            found.append(Figure(f"{name}: p99 jitter", p99, "ms", 5.0, round(reference, 3)))
            found.append(Figure(f"{name}: most jitter", round(float(late.max()), 3), "ms"))
            found += counted(case, kept, name)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        slowest = round(operators(policy, model, folder), 1)
    return [*found, Figure("an operator's order takes effect: the longest of 20", slowest, "ms", 200.0)]


def counted(case: Case, kept: Keeper, name: str) -> list[Figure]:
    """What must be exactly so: steps, queries a period, holds in time, nothing late used."""
    queries, found = kept.told("query"), []
    apart = np.diff([entry.time for entry in queries])
    if len(apart):
        least = round(float(apart.min()), 2)
        found.append(Figure(f"{name}: least time between queries", least, "s", 2.99, better="more"))
    if case.tables.get("supervisor", {}).get("task") or case.happens:
        over = round(1000 * (hold_after(kept) - DEADLINE), 1)
        found.append(Figure(f"{name}: hold after the deadline", over, "ms", 20.0))
    if case.holds:
        held = sum(step.control == "hold" for step in kept.steps)
        found.append(Figure(f"{name}: steps held", held, "steps", 1, better="more"))
    dropped = {e.data.get("number") for e in kept.told("late_answer")}
    used = {e.data["chunk"] for e in kept.told("policy_answered")}
    used |= {e.data["query"] for e in kept.told("answer")}
    found.append(Figure(f"{name}: late answers used", len(dropped & used), "answers", 0))
    return found


if __name__ == "__main__":
    report("robot", figures())
