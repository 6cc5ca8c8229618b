"""Ingest: one decode pass that gives the index, the sampled stills, the proxy and the thumbnail."""

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import TypeVar

from apps.episodes.video.index import Index, sampled
from apps.episodes.video.limits import Limits
from apps.episodes.video.picture import Picture, encode_thumbnail, upright_rgb
from apps.episodes.video.proxy import proxy_writer
from apps.episodes.video.reading import Numbered, numbered
from apps.episodes.video.source import VideoInfo, opened, probe
from apps.episodes.video.stills import Still, checksum

PROXY_NAME = "proxy.mp4"
T = TypeVar("T")


@dataclass(frozen=True)
class Ingested:
    """What came of a recording: the stills have gone to `on_still`; `thumbnail` is JPEG bytes."""

    info: VideoInfo
    index: Index
    samples: list[int]
    proxy: Path
    thumbnail: bytes


@dataclass(frozen=True)
class Shown:
    """A frame as it is shown: number, seconds after the first frame, upright RGB picture."""

    number: int
    timestamp: Fraction
    rgb: Picture


@dataclass
class Ledger:
    """The index as it grows."""

    time_base: Fraction
    start: int = 0
    ticks: list[int] = field(default_factory=list)
    keys: list[int] = field(default_factory=list)
    checks: list[int] = field(default_factory=list)

    def enter(self, item: Numbered, rgb: Picture) -> Shown:
        """Note one frame; the picture with its time after the first frame."""
        if item.number == 0:
            self.start = item.ticks
        self.ticks.append(item.ticks - self.start)
        self.checks.append(checksum(rgb))
        if item.frame.key_frame:
            self.keys.append(item.number)
        return Shown(item.number, self.ticks[-1] * self.time_base, rgb)

    def index(self) -> Index:
        """The finished index."""
        return Index(self.time_base, self.start, tuple(self.ticks), tuple(self.keys), tuple(self.checks))


class Progress:
    """Passes on a growing share of the work done, from 0 to 1, in steps of at least a hundredth."""

    def __init__(self, seconds: Fraction | None, tell: Callable[[float], None]) -> None:
        self.seconds = seconds
        self.tell = tell
        self.told = 0.0

    def along(self, timed: Iterable[tuple[Fraction, T]]) -> Iterator[tuple[Fraction, T]]:
        """Hand on what comes and tell how far its time in seconds is, where the length is stated."""
        for seconds, thing in timed:
            share = min(0.99, float(seconds / self.seconds)) if self.seconds else 0.0
            if share >= self.told + 0.01:
                self.told = share
                self.tell(share)
            yield seconds, thing

    def finish(self) -> None:
        """All is done."""
        self.tell(1.0)


def ingest(
    path: Path,
    workdir: Path,
    *,
    limits: Limits,
    on_progress: Callable[[float], None],
    on_still: Callable[[Still], None],
) -> Ingested:
    """Read a recording once: index, 1 fps stills (given to `on_still` one by one), proxy, thumbnail.

    Memory does not grow with the video's length. VideoRejected where the recording cannot be taken as a
    whole; stills given by then are void, and `workdir` is left as it was.
    """
    info = probe(path, limits)
    progress = Progress(info.seconds, on_progress)
    ledger = Ledger(info.time_base)
    samples: list[int] = []
    thumbnail = b""
    with (
        _kept_if_whole(workdir / PROXY_NAME) as proxy,
        closing(_pass(path, proxy, info, limits, ledger)) as frames,
    ):
        for shown in sampled(progress.along(frames)):
            thumbnail = thumbnail or encode_thumbnail(shown.rgb)
            samples.append(shown.number)
            on_still(Still.of(shown.number, shown.timestamp, shown.rgb))
    progress.finish()
    return Ingested(info, ledger.index(), samples, proxy, thumbnail)


def _pass(
    path: Path, proxy: Path, info: VideoInfo, limits: Limits, ledger: Ledger
) -> Generator[tuple[Fraction, Shown]]:
    """Every frame with its time, after it went to the ledger and the proxy."""
    size = {"width": info.width, "height": info.height}
    with opened(path) as source, proxy_writer(proxy, **size, time_base=info.time_base) as writer:
        for item in numbered(source, limits):
            shown = ledger.enter(item, upright_rgb(item.frame))
            writer.write(shown.rgb, ledger.ticks[-1])
            yield shown.timestamp, shown


@contextmanager
def _kept_if_whole(path: Path) -> Iterator[Path]:
    whole = False
    try:
        yield path
        whole = True
    finally:
        if not whole:
            path.unlink(missing_ok=True)
