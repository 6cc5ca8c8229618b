"""The model's part: one query a period about the last seconds, whatever came of the one before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ml.prompts import Analysis
from ml.symbols import Size, Space, to_pixels, to_raw
from robot.environment import HEAD, Observation
from robot.events import Kind
from robot.supervisor.asking import Pending
from robot.supervisor.history import FrameHistory
from robot.supervisor.messages import AskVlm, Drop
from robot.supervisor.out import Out
from robot.supervisor.settings import OnLoss


@dataclass(frozen=True, slots=True)
class Watch:
    """How the model is asked: every `ticks` counted ticks, with `patience` seconds for the answer."""

    ticks: int
    patience: float
    task: str
    on_loss: OnLoss
    space: Space


class Watcher:
    """Asks the model and says how it answered; `lost` says why it is not there."""

    def __init__(self, watch: Watch, history: FrameHistory, out: Out, numbers: Iterator[int]) -> None:
        self._watch, self._history, self._out = watch, history, out
        self._pending = Pending(numbers)
        self._ticks = 0
        self.lost = ""

    @property
    def holds(self) -> bool:
        """Whether the robot is to hold because the model is lost."""
        return bool(self.lost) and self._watch.on_loss == "hold"

    def see(self, observation: Observation) -> None:
        """Take a picture in."""
        self._history.add(observation)

    def count(self) -> None:
        """Count a tick in which the policy acted or the robot waits for the model; ask when it is time."""
        self._ticks += 1
        if self._ticks < self._watch.ticks:
            return
        self._ticks = 0
        if self._give_up() is not None:
            self._lose("no answer before the next query was due")
        number = self._pending.open(self._out.time, self._watch.patience)
        frames = self._history.shown()
        times = [round(time, 3) for time, _ in frames]
        self._out.tell(Kind.QUERY, query=number, frames=times, deadline=self._pending.deadline)
        self._out.put(AskVlm(number, frames, self._watch.task, self._pending.deadline))

    def answered(self, number: int, analysis: Analysis, text: str, size: Size) -> bool:
        """Tell whether an answer came in time and says success or failure; what it says is told as it is."""
        if not self._pending.close(number, self._out.time):
            self._out.tell(Kind.LATE_ANSWER, what="vlm", number=number, text=text[:2000])
            return False
        seconds = round(self._out.time - self._pending.since, 4)
        normalized = self._watch.space.name == "normalized"
        symbols = [to_pixels(s, size) if normalized else s for s in analysis.symbols]
        self._out.tell(
            Kind.ANSWER, query=number, seconds=seconds, failed=analysis.failed,
            failure_type=analysis.failure_type, command=analysis.command_text, keyframe=analysis.keyframe,
            symbols=[to_raw(symbol) for symbol in symbols], errors=list(analysis.errors), text=text[:20_000],
        )  # fmt: skip
        if analysis.failed is None:
            self._lose("its answer says neither success nor failure")
            return False
        self.lost = ""
        return True

    def failed(self, number: int, why: str) -> None:
        """Take note that a query failed, if anybody still waited for it."""
        if self._pending.close(number, self._out.time):
            self._lose(why)

    def expire(self, time: float) -> None:
        """Give up on an answer whose deadline is there."""
        if self._pending.due(time):
            self._give_up()
            self._lose(f"no answer within {self._watch.patience:g} s")

    def restart(self) -> None:
        """Begin a new period; what is asked now is about what has passed."""
        self._ticks = 0
        self._give_up()

    def _give_up(self) -> int | None:
        number = self._pending.give_up()
        if number is not None:
            self._out.put(Drop("vlm", number))
        return number

    def _lose(self, why: str) -> None:
        self.lost = why
        self._out.tell(Kind.VLM_LOST, why=why, then=self._watch.on_loss)


def size_of(observation: Observation) -> Size:
    """Return the size of the head picture."""
    height, width = observation.images[HEAD].shape[:2]
    return Size(width, height)
