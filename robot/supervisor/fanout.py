"""Hands steps and entries to subscribers, each in a thread of its own, so that none can hold the loop up."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Sequence
from typing import Final

from robot.environment import EnvironmentInfo
from robot.events import Entry, Kind, Step, Subscriber

_MOST_STEPS: Final = 250
_ENDING: Final = 60.0
_log = logging.getLogger(__name__)

_Item = Step | Entry | tuple[str, EnvironmentInfo] | None


class _Lane:
    """One subscriber, its queue and its thread. One that fails is left out from then on, and it is said."""

    def __init__(self, subscriber: Subscriber) -> None:
        self._subscriber = subscriber
        self._items: queue.SimpleQueue[_Item] = queue.SimpleQueue()
        self._missed = 0
        self.idle = threading.Event()
        self.failed = False
        threading.Thread(target=self._run, name="subscriber", daemon=True).start()

    def put(self, item: _Item) -> None:
        if isinstance(item, Step) and self._items.qsize() > _MOST_STEPS:
            self._missed += 1
            return
        if self._missed and isinstance(item, Step):
            self._items.put(Entry(item.time, Kind.DROPPED, {"steps": self._missed}))
            self._missed = 0
        self._items.put(item)

    def _run(self) -> None:
        while True:
            item = self._items.get()
            if not self.failed:
                self._hand_over(item)
            if item is None:
                self.idle.set()

    def _hand_over(self, item: _Item) -> None:
        try:
            match item:
                case Step():
                    self._subscriber.on_step(item)
                case Entry():
                    self._subscriber.on_entry(item)
                case None:
                    self._subscriber.end()
                case (rollout, info):
                    self._subscriber.begin(rollout, info)
        except Exception:  # a recorder's fault must not stop the robot; it is logged whole
            self.failed = True
            _log.exception("a subscriber failed and gets nothing more")


class Fanout:
    """All subscribers."""

    def __init__(self, subscribers: Sequence[Subscriber]) -> None:
        self._lanes = [_Lane(subscriber) for subscriber in subscribers]

    def begin(self, rollout: str, info: EnvironmentInfo) -> None:
        """A rollout begins."""
        for lane in self._lanes:
            lane.idle.clear()
            lane.put((rollout, info))

    def put(self, item: Step | Entry) -> None:
        """Hand a step or an entry on; never waits."""
        for lane in self._lanes:
            lane.put(item)

    def end(self) -> bool:
        """The rollout is over; returns when all have kept it, telling whether each one did."""
        for lane in self._lanes:
            lane.put(None)
        return all([lane.idle.wait(_ENDING) and not lane.failed for lane in self._lanes])
