"""Hostile test videos: every frame shows its number as black and white squares that survive lossy coding.

`make(kind, path)` and `make_bad(kind, path)` write one; `GOOD` and `BAD` name the kinds. `read_counter(rgb)`
reads a picture's number, and refuses a picture that is turned, mirrored or unreadable.
"""

import subprocess
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import accumulate, cycle, islice
from pathlib import Path
from typing import Any

import av
import imageio_ffmpeg
import numpy as np

ROWS = COLUMNS = 4
MARK = (1, 0, 1, 1)  # the upper row, so that no turned or mirrored picture reads as an upright one
BITS = 12
DARK, BRIGHT = 90, 165


@dataclass(frozen=True)
class Truth:
    """What a video shows: the number in each frame's picture, and seconds after the first frame."""

    path: Path
    counters: list[int]
    timestamps: list[Fraction]
    size: tuple[int, int]  # width and height, upright


@dataclass(frozen=True)
class Recipe:
    """How a kind is encoded. Times are `steps` of the time base, repeated as often as needed."""

    suffix: str = "mp4"
    codec: str = "libx264"
    pix_fmt: str = "yuv420p"
    options: dict[str, str] = field(default_factory=dict)
    container: dict[str, str] = field(default_factory=dict)
    time_base: Fraction = Fraction(1, 12800)
    steps: tuple[int, ...] = (512,)
    start: int = 0
    size: tuple[int, int] = (160, 128)
    rotation: int = 0  # degrees clockwise that a player has to turn the stored picture
    mirrored: bool = False
    audio_seconds: float = 0
    skip: Fraction | None = None  # seconds that an edit list cuts off the beginning
    frames: int = 60


B_FRAMES = {"preset": "veryfast", "g": "20", "bf": "3", "x264-params": "b-adapt=0:scenecut=0"}
OPEN_GOP = B_FRAMES | {"g": "10", "x264-params": "open-gop=1:b-adapt=0:scenecut=0:min-keyint=10"}
X265 = {"preset": "ultrafast", "x265-params": "log-level=none:keyint=20:bframes=3"}
VPX = {"deadline": "realtime", "cpu-used": "8", "g": "15"}
MILLISECONDS = Fraction(1, 1000)
JITTER = (1800, 450, 7200, 3600, 3601, 900, 18000, 90)
PHONE_GAP = (*JITTER, 207_000)  # one frame that lasts 2.3 s

GOOD: dict[str, Recipe] = {
    "h264": Recipe(options=B_FRAMES),
    "h265": Recipe(codec="libx265", options=X265),
    "h265_open_gop": Recipe(
        codec="libx265", options=X265 | {"x265-params": "log-level=none:keyint=10:open-gop=1:bframes=4"}
    ),
    "av1": Recipe(codec="libsvtav1", options={"preset": "12", "g": "16", "svtav1-params": "lp=1"}),
    "vp9": Recipe("webm", "libvpx-vp9", time_base=MILLISECONDS, steps=(40,), options=VPX),
    "mjpeg_avi": Recipe("avi", "mjpeg", "yuvj420p", time_base=Fraction(1, 25), steps=(1,)),
    "mjpeg_mov": Recipe("mov", "mjpeg", "yuvj422p"),
    "h264_avi": Recipe("avi", options=B_FRAMES | {"bf": "0"}, time_base=Fraction(1, 25), steps=(1,)),
    "vfr": Recipe(options=B_FRAMES, time_base=Fraction(1, 90000), steps=PHONE_GAP),
    "vfr_mkv": Recipe("mkv", options=B_FRAMES, time_base=MILLISECONDS, steps=(33, 34, 33, 120, 7, 1)),
    "start_mp4": Recipe(options=B_FRAMES, start=128_000),
    "start_mkv": Recipe("mkv", options=B_FRAMES, start=10_000, time_base=MILLISECONDS, steps=(40,)),
    "start_ts": Recipe("ts", options=B_FRAMES, start=900_000, time_base=Fraction(1, 90000), steps=(3600,)),
    "edit_list": Recipe(options=B_FRAMES, skip=Fraction(1, 2)),
    "rotated_90": Recipe(options=B_FRAMES, rotation=90),
    "rotated_180": Recipe(options=B_FRAMES, rotation=180),
    "rotated_270": Recipe(options=B_FRAMES, rotation=270),
    "mirrored": Recipe(options=B_FRAMES, mirrored=True),
    "odd_444": Recipe(pix_fmt="yuv444p", options=B_FRAMES, size=(321, 241), frames=30),
    "odd_420": Recipe("webm", "libvpx-vp9", size=(161, 129), time_base=MILLISECONDS, steps=(40,), frames=30,
                      options=VPX),
    "odd_rotated": Recipe("mov", "mjpeg", "yuvj420p", size=(161, 128), rotation=90, frames=30),
    "fps_5": Recipe(options=B_FRAMES, steps=(2560,), frames=30),
    "fps_120": Recipe(options=B_FRAMES, time_base=Fraction(1, 120), steps=(1,), frames=130),
    "ntsc": Recipe(options=B_FRAMES, time_base=Fraction(1, 30000), steps=(1001,), frames=70),
    "ten_bit": Recipe(codec="libx265", pix_fmt="yuv420p10le", options=X265),
    "full_range": Recipe(pix_fmt="yuvj420p", options=B_FRAMES),
    "open_gop": Recipe(options=OPEN_GOP),
    "intra_refresh": Recipe(options=B_FRAMES | {"bf": "0", "x264-params": "intra-refresh=1:keyint=20"}),
    "fragmented": Recipe(options=B_FRAMES, container={"movflags": "frag_keyframe+empty_moov"}),
    "index_in_front": Recipe(options=B_FRAMES, container={"movflags": "faststart"}),
    "longer_audio": Recipe(options=B_FRAMES, audio_seconds=6),
    "one_frame": Recipe(options=B_FRAMES, frames=1),
}  # fmt: skip


def draw(number: int, size: tuple[int, int]) -> np.ndarray:
    """The (height, width, 3) uint8 RGB picture of a number: its bits as squares on a gradient that moves."""
    width, height = size
    x, y = np.meshgrid(np.arange(width), np.arange(height))
    rgb = np.stack([(x + 5 * number) % 256, (y + 3 * number) % 256, (x + y) % 256], axis=-1).astype(np.uint8)
    bits = (*MARK, *(number >> bit & 1 for bit in reversed(range(BITS))))
    for bit, (rows, columns) in zip(bits, _cells(size, margin=0.1), strict=True):
        rgb[rows, columns] = 255 * bit
    return rgb


def read_counter(rgb: np.ndarray) -> int:
    """The number that an upright (height, width, 3) picture shows; ValueError where it cannot be read."""
    size = rgb.shape[1], rgb.shape[0]
    means = [float(rgb[rows, columns].mean()) for rows, columns in _cells(size, margin=0.25)]
    if any(DARK < mean < BRIGHT for mean in means):
        raise ValueError(f"squares that are neither black nor white: {means}")
    bits = [int(mean >= BRIGHT) for mean in means]
    if tuple(bits[: len(MARK)]) != MARK:
        raise ValueError(f"not an upright counter: {bits}")
    return int("".join(map(str, bits[len(MARK) :])), 2)


def make(kind: str, path: Path, frames: int | None = None) -> Truth:
    """Write a good video of a kind to `path` (its name gets the kind's suffix) and say what it shows."""
    recipe = GOOD[kind] if frames is None else replace(GOOD[kind], frames=frames)
    path = path.with_suffix(f".{recipe.suffix}")
    times = list(islice(accumulate(cycle(recipe.steps), initial=recipe.start), recipe.frames))
    encode = _encode_h265 if recipe.codec == "libx265" else _encode
    encode(path, recipe, times)
    kept = _cut_by_edit_list(path, recipe.skip, times, recipe.time_base) if recipe.skip else 0
    shown = times[kept:]
    stamps = [(time - shown[0]) * recipe.time_base for time in shown]
    size = recipe.size[::-1] if recipe.rotation in (90, 270) else recipe.size
    return Truth(path, list(range(kept, recipe.frames)), stamps, size)


def make_bad(kind: str, path: Path) -> tuple[Path, str]:
    """Write a file that must be refused, and give its path and the code of the refusal."""
    suffix, code, write = BAD[kind]
    path = path.with_suffix(f".{suffix}")
    write(path)
    return path, code


def decode(path: Path) -> Iterator[tuple[Fraction, np.ndarray]]:
    """Every frame of a video, with its seconds after the first: (height, width, 3) uint8 RGB, as stored."""
    with av.open(str(path)) as container:
        start = None
        for frame in container.decode(video=0):
            start = frame.pts if start is None else start
            yield (frame.pts - start) * frame.time_base, frame.to_ndarray(format="rgb24")


def ffmpeg(*arguments: str | Path) -> None:
    """Run the ffmpeg command of imageio-ffmpeg."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-y", "-loglevel", "error", *map(str, arguments)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)


def _cells(size: tuple[int, int], margin: float) -> Iterable[tuple[slice, slice]]:
    width, height = size[0] / COLUMNS, size[1] / ROWS
    for row in range(ROWS):
        for column in range(COLUMNS):
            yield (
                slice(round((row + margin) * height), round((row + 1 - margin) * height)),
                slice(round((column + margin) * width), round((column + 1 - margin) * width)),
            )


def _encode_h265(path: Path, recipe: Recipe, times: list[int]) -> None:
    """By the ffmpeg command: PyAV 18.1 now and then hands the MP4 writer an x265 header that is not one."""
    raw = path.with_name(f"raw_{path.stem}.nut")
    _encode(raw, replace(recipe, codec="rawvideo", options={}), times)
    options = [part for key, value in recipe.options.items() for part in (f"-{key}", value)]
    kept_times = ("-fps_mode", "passthrough", "-enc_time_base", "demux")
    scale = ("-video_track_timescale", str(recipe.time_base.denominator))
    ffmpeg("-i", raw, "-c:v", "libx265", "-pix_fmt", recipe.pix_fmt, *options, *kept_times, *scale, path)
    raw.unlink()


def _encode(path: Path, recipe: Recipe, times: list[int]) -> None:
    with av.open(str(path), "w", options=recipe.container) as container:
        rate = 1 / (recipe.steps[0] * recipe.time_base)
        stream = container.add_stream(recipe.codec, rate=rate, options=recipe.options)
        stream.width, stream.height = recipe.size
        stream.pix_fmt = recipe.pix_fmt
        stream.time_base = stream.codec_context.time_base = recipe.time_base
        if recipe.rotation or recipe.mirrored:
            stream.set_display_rotation(-recipe.rotation, hflip=recipe.mirrored)
        if recipe.audio_seconds:
            _silence(container, recipe.audio_seconds)
        for number, time in enumerate(times):
            frame = av.VideoFrame.from_ndarray(_stored(number, recipe), format="rgb24")
            frame.pts, frame.time_base = time, recipe.time_base
            container.mux(stream.encode(frame))
        container.mux(stream.encode())


def _stored(number: int, recipe: Recipe) -> np.ndarray:
    turns = recipe.rotation // 90
    upright = draw(number, recipe.size[::-1] if turns % 2 else recipe.size)
    stored = np.rot90(upright, turns)  # counter-clockwise: what a player turns back
    return np.ascontiguousarray(stored[:, ::-1] if recipe.mirrored else stored)


def _silence(container: av.container.OutputContainer, seconds: float) -> None:
    stream = container.add_stream("aac", rate=48000, layout="mono")
    for start in range(0, int(seconds * 48000), 1024):
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = 48000, start, Fraction(1, 48000)
        container.mux(stream.encode(frame))
    container.mux(stream.encode())


def _cut_by_edit_list(path: Path, skip: Fraction, times: list[int], time_base: Fraction) -> int:
    """Cut `skip` seconds without coding anew: whole groups stay in the file and an edit list hides frames."""
    whole = path.with_name(f"whole_{path.name}")
    path.rename(whole)
    ffmpeg("-ss", str(float(skip)), "-i", whole, "-c", "copy", path)
    whole.unlink()
    return sum((time - times[0]) * time_base < skip for time in times)


def _cut(kind: str) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        whole = make(kind, path.with_name(f"{path.stem}_whole")).path
        path.write_bytes(whole.read_bytes()[: whole.stat().st_size * 7 // 10 + 1])

    return write


def _damaged(path: Path) -> None:
    whole = make("index_in_front", path.with_name(f"{path.stem}_whole")).path
    data = bytearray(whole.read_bytes())
    data[len(data) // 2 :: 3] = bytes(len(data[len(data) // 2 :: 3]))
    path.write_bytes(data)


def _audio_only(path: Path) -> None:
    with av.open(str(path), "w") as container:
        _silence(container, 1)


def _no_frames(path: Path) -> None:
    with av.open(str(path), "w", options={"movflags": "empty_moov"}) as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 160, 128, "yuv420p"
        container.start_encoding()


def _joined(**second: Any) -> Callable[[Path], None]:
    """Two MPEG-TS recordings of one second in one file; the second one differs from the first."""

    def write(path: Path) -> None:
        data = b""
        for recipe in (GOOD["start_ts"], replace(GOOD["start_ts"], **second)):
            _encode(path, recipe, [recipe.start + 3600 * number for number in range(25)])
            data += path.read_bytes()
        path.write_bytes(data)

    return write


def _playlist(path: Path) -> None:
    path.write_text("#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\nother.ts\n#EXT-X-ENDLIST\n")


BAD: dict[str, tuple[str, str, Callable[[Path], None]]] = {
    "cut_mp4": ("mp4", "truncated", _cut("h264")),
    "cut_faststart": ("mp4", "truncated", _cut("index_in_front")),
    "cut_fragmented": ("mp4", "truncated", _cut("fragmented")),
    "cut_mkv": ("mkv", "truncated", _cut("start_mkv")),
    "cut_avi": ("avi", "truncated", _cut("mjpeg_avi")),
    "cut_ts": ("ts", "truncated", _cut("start_ts")),
    "damaged": ("mp4", "damaged", _damaged),
    "audio_only": ("mp4", "no_video", _audio_only),
    "no_frames": ("mp4", "no_frames", _no_frames),
    "two_sizes": ("ts", "size_changes", _joined(start=990_000, size=(96, 64))),
    "backwards": ("ts", "disordered", _joined(start=870_000)),
    "text": ("mp4", "unreadable", lambda path: path.write_text("This is not a video.\n" * 100) and None),
    "playlist": ("mp4", "unreadable", _playlist),
    "empty": ("mp4", "empty", lambda path: path.write_bytes(b"") and None),
}
