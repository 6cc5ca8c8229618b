"""What a data set says of itself: features, tasks, and where each episode's rows and frames lie.

Version 2.1 has a Parquet file and a video for each episode, and lists in JSON lines; version 3.0 has many
episodes in one file, with tables that say from which row and which second each begins.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from robot.formats.recording import FormatRejected, check_extent

VERSIONS = ("v2.1", "v3.0")
MAX_JSON = 64 * 1024**2
MAX_EPISODES = 100_000
FIELD = re.compile(r"\{(\w+)(?::0(\d)d)?\}")
LAYOUT = {
    "v2.1": {
        "data_path": "data/chunk-{episode_chunk:03d}/episode_{episode_index:06d}.parquet",
        "video_path": "videos/chunk-{episode_chunk:03d}/{video_key}/episode_{episode_index:06d}.mp4",
    },
    "v3.0": {
        "data_path": "data/chunk-{chunk_index:03d}/file-{file_index:03d}.parquet",
        "video_path": "videos/{video_key}/chunk-{chunk_index:03d}/file-{file_index:03d}.mp4",
    },
}


@dataclass(frozen=True)
class Piece:
    """Where one camera's frames of an episode lie: a file, and the second in it that they begin at.

    whole: the file holds these frames and no others.
    """

    path: Path
    start: float
    whole: bool


@dataclass(frozen=True)
class Episode:
    index: int
    length: int
    task: str
    data: Path
    videos: Mapping[str, Piece]


@dataclass(frozen=True)
class Dataset:
    """`features` as `info.json` has them; `videos` are the features that are cameras."""

    root: Path
    version: str
    fps: float
    features: Mapping[str, Any]
    episodes: tuple[Episode, ...]

    @property
    def videos(self) -> list[str]:
        return [name for name, feature in self.features.items() if feature["dtype"] == "video"]


def open_dataset(root: Path) -> Dataset:
    """Read a data set's metadata; FormatRejected where it is of another version or form."""
    info = _json(root, below(root, "meta/info.json"))
    try:
        return _dataset(root, info)
    except (KeyError, TypeError, ValueError, AttributeError, pa.ArrowException) as problem:
        if isinstance(problem, FormatRejected):
            raise
        raise FormatRejected(f"{root.name} is no LeRobot data set of the usual form ({problem!r}).") from None


def below(root: Path, relative: str) -> Path:
    """The file of that name when it lies below `root`: names in a data set are its author's choice."""
    place = (root / relative).resolve()
    if not place.is_relative_to(root.resolve()):
        raise FormatRejected(f"{root.name} names a file outside of itself: {relative[:100]!r}.")
    if not place.is_file():
        raise FormatRejected(f"{root.name} has no {relative}.")
    return place


def filled(template: str, **values: Any) -> str:
    """`template` with its fields in place. Not `str.format`, which would reach into the values."""

    def put(found: re.Match[str]) -> str:
        name, width = found.groups()
        if name not in values:
            raise FormatRejected(
                f"The data set's path {template[:100]!r} has a field that is not known: {name}."
            )
        return f"{values[name]:0{width}d}" if width else str(values[name])

    return FIELD.sub(put, template)


def _json(root: Path, path: Path) -> Any:
    if path.stat().st_size > MAX_JSON:
        raise FormatRejected(f"{root.name}: {path.name} is larger than {MAX_JSON // 2**20} MB.")
    try:
        return json.loads(path.read_text())
    except (ValueError, RecursionError):
        raise FormatRejected(f"{root.name}: {path.name} is no JSON.") from None


def _dataset(root: Path, info: Any) -> Dataset:
    version = info["codebase_version"]
    if version not in VERSIONS:
        raise FormatRejected(f"{root.name} is of version {version}; {' and '.join(VERSIONS)} are read.")
    paths = {name: str(info.get(name) or default) for name, default in LAYOUT[version].items()}
    features = {str(name): _feature(feature) for name, feature in info["features"].items()}
    dataset = Dataset(root, version, float(info["fps"]), features, ())
    if not 0 < dataset.fps <= 1000:
        raise FormatRejected(f"{root.name} states a frame rate of {dataset.fps}.")
    read = _episodes_v21 if version == "v2.1" else _episodes_v30
    return Dataset(root, version, dataset.fps, features, tuple(read(dataset, info, paths)))


def _feature(feature: Any) -> dict[str, Any]:
    shape = [int(size) for size in feature["shape"]]
    return {"dtype": str(feature["dtype"]), "shape": shape, "names": feature.get("names")}


def _episodes_v21(dataset: Dataset, info: Any, paths: dict[str, str]) -> Iterator[Episode]:
    chunk_size = max(1, int(info.get("chunks_size") or 1000))
    lines = below(dataset.root, "meta/episodes.jsonl")
    if lines.stat().st_size > MAX_JSON:
        raise FormatRejected(f"{dataset.root.name}: {lines.name} is larger than {MAX_JSON // 2**20} MB.")
    for row in map(json.loads, lines.read_text().splitlines()):
        index, length = int(row["episode_index"]), int(row["length"])
        check_extent(f"{dataset.root.name} episode {index}", length)
        place = {"episode_chunk": index // chunk_size, "episode_index": index}
        videos = {
            key: Piece(
                below(dataset.root, filled(paths["video_path"], video_key=key, **place)), 0.0, whole=True
            )
            for key in dataset.videos
        }
        data = below(dataset.root, filled(paths["data_path"], **place))
        yield Episode(index, length, "; ".join(map(str, row["tasks"])), data, videos)


def _episodes_v30(dataset: Dataset, info: Any, paths: dict[str, str]) -> Iterator[Episode]:
    rows = list(_episode_rows(dataset))
    sharers: dict[tuple[str, int, int], int] = {}
    for row in rows:
        for key in dataset.videos:
            file = (key, int(row[f"videos/{key}/chunk_index"]), int(row[f"videos/{key}/file_index"]))
            sharers[file] = sharers.get(file, 0) + 1
    for row in rows:
        index, length = int(row["episode_index"]), int(row["length"])
        check_extent(f"{dataset.root.name} episode {index}", length)
        videos = {key: _piece(dataset, row, key, paths, sharers) for key in dataset.videos}
        place = {"chunk_index": int(row["data/chunk_index"]), "file_index": int(row["data/file_index"])}
        data = below(dataset.root, filled(paths["data_path"], **place))
        yield Episode(index, length, "; ".join(map(str, row["tasks"])), data, videos)


def _piece(
    dataset: Dataset, row: Any, key: str, paths: dict[str, str], sharers: dict[tuple[str, int, int], int]
) -> Piece:
    chunk, file = int(row[f"videos/{key}/chunk_index"]), int(row[f"videos/{key}/file_index"])
    path = filled(paths["video_path"], video_key=key, chunk_index=chunk, file_index=file)
    start = float(row[f"videos/{key}/from_timestamp"])
    return Piece(below(dataset.root, path), start, whole=sharers[key, chunk, file] == 1)


def _episode_rows(dataset: Dataset) -> Iterator[dict[str, Any]]:
    wanted = ("episode_index", "length", "tasks", "data/", "videos/")
    total = 0
    for path in sorted((dataset.root / "meta" / "episodes").rglob("*.parquet")):
        file = pq.ParquetFile(below(dataset.root, str(path.relative_to(dataset.root))))
        total += file.metadata.num_rows
        if total > MAX_EPISODES:
            raise FormatRejected(f"{dataset.root.name} has more than {MAX_EPISODES} episodes.")
        names = [name for name in file.schema_arrow.names if name.startswith(wanted)]
        yield from file.read(columns=names).to_pylist()
