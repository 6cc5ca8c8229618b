"""Recordings as a LeRobot data set of version 2.1 or 3.0, H.264 videos."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from robot.formats.lerobot.metadata import LAYOUT, filled
from robot.formats.lerobot.reading import PICTURES, QUANTITIES
from robot.formats.lerobot.stats import merged, picture_stats, value_stats
from robot.formats.recording import FormatRejected, Picture, Recording, Series
from robot.formats.video import VideoWriter

CHUNK_SIZE = 1000
COUNTERS = {"timestamp": "float32", "frame_index": "int64", "episode_index": "int64", "index": "int64",
            "task_index": "int64"}  # fmt: skip
NAMES = {quantity: name for name, quantity in QUANTITIES.items()}


@dataclass(frozen=True)
class _Set:
    """What all episodes of the data set share; `sizes` is camera to (height, width)."""

    root: Path
    version: str
    fps: float
    tasks: list[str]
    series: dict[str, Series]
    sizes: dict[str, tuple[int, int]]

    @property
    def shared(self) -> bool:
        """Whether many episodes lie in one file."""
        return self.version == "v3.0"

    def place(self, kind: str, episode: int, video: str = "") -> Path:
        values = {"chunk_index": 0, "file_index": 0, "video_key": f"{PICTURES}{video}"}
        values |= {"episode_chunk": episode // CHUNK_SIZE, "episode_index": episode}
        path = self.root / filled(LAYOUT[self.version][kind], **values)
        path.parent.mkdir(parents=True, exist_ok=True)
        return path


def write(
    root: Path, recordings: Sequence[Recording], version: str = "v3.0", robot_type: str = "aloha"
) -> None:
    """Write the recordings, in this order, as a new data set in `root`, which has to be empty or new.

    All need the same cameras, axes and frame rate; FormatRejected says what differs.
    """
    if version not in LAYOUT:
        raise FormatRejected(f"A LeRobot data set is written as {' or '.join(LAYOUT)}, not {version}.")
    if root.exists() and any(root.iterdir()):
        raise FormatRejected(f"{root.name} is not empty: a data set is written into a folder of its own.")
    whole = _describe(root, recordings, version)
    videos = _Videos(whole)
    stats = [_write_videos(whole, videos, number, each) for number, each in enumerate(recordings)]
    videos.close()
    tables = list(_tables(whole, recordings))
    for table, found in zip(tables, stats, strict=True):
        found.update({name: value_stats(_matrix(table, name)) for name in table.column_names})
    _write_tables(whole, tables)
    _write_meta(whole, recordings, stats, robot_type)


def _describe(root: Path, recordings: Sequence[Recording], version: str) -> _Set:
    if not recordings:
        raise FormatRejected("A data set needs at least one recording.")
    first = recordings[0]
    for each in recordings:
        axes = [[(s.quantity, s.axes) for s in one.series] for one in (each, first)]
        if list(each.cameras) != list(first.cameras) or axes[0] != axes[1] or each.fps != first.fps:
            raise FormatRejected(f"{each.name} has other cameras, axes or frames a second than {first.name}.")
    if not first.fps:
        raise FormatRejected(f"{first.name} does not state its frame rate.")
    sizes = {name: next(first.pictures(name)).shape for name in first.cameras}
    return _Set(
        root=root,
        version=version,
        fps=first.fps,
        tasks=list(dict.fromkeys(each.task for each in recordings)),
        series={NAMES[each.quantity]: each for each in first.series},
        sizes={name: (shape[0], shape[1]) for name, shape in sizes.items()},
    )


class _Videos:
    """The video each camera is being written to: one for all episodes, or one for each."""

    def __init__(self, whole: _Set) -> None:
        self.whole = whole
        self.open: dict[str, VideoWriter] = {}

    def of(self, camera: str, episode: int) -> VideoWriter:
        if camera in self.open and not self.whole.shared:
            self.open.pop(camera).close()
        if camera not in self.open:
            path = self.whole.place("video_path", episode, camera)
            self.open[camera] = VideoWriter(path, self.whole.fps)
        return self.open[camera]

    def close(self) -> None:
        for writer in self.open.values():
            writer.close()


def _write_videos(whole: _Set, videos: _Videos, number: int, recording: Recording) -> dict[str, Any]:
    """Statistics of the pictures, by feature."""
    stats = {}
    for camera in recording.cameras:
        writer, kept = videos.of(camera, number), list[Picture]()
        every = max(1, recording.rows // 20)
        for row, picture in enumerate(recording.pictures(camera)):
            if picture.shape[:2] != whole.sizes[camera]:
                raise FormatRejected(f"{recording.name} changes the size of its pictures at frame {row}.")
            writer.write(picture)
            if row % every == 0:
                kept.append(picture[::4, ::4])
        stats[f"{PICTURES}{camera}"] = picture_stats(kept)
    return stats


def _tables(whole: _Set, recordings: Sequence[Recording]) -> Iterator[pa.Table]:
    begun = 0
    for number, each in enumerate(recordings):
        columns: dict[str, pa.Array] = {
            NAMES[series.quantity]: pa.FixedSizeListArray.from_arrays(
                pa.array(series.values.reshape(-1), pa.float32()), len(series.axes)
            )
            for series in each.series
        }
        frames = np.arange(each.rows)
        columns["timestamp"] = pa.array((frames / whole.fps).astype(np.float32))
        columns["frame_index"] = pa.array(frames)
        columns["episode_index"] = pa.array(np.full(each.rows, number))
        columns["index"] = pa.array(frames + begun)
        columns["task_index"] = pa.array(np.full(each.rows, whole.tasks.index(each.task)))
        begun += each.rows
        yield pa.table(columns)


def _matrix(table: pa.Table, name: str) -> Any:
    column = table.column(name).combine_chunks()
    flat = column.flatten() if pa.types.is_fixed_size_list(column.type) else column
    return np.asarray(flat.to_numpy(zero_copy_only=False), np.float64).reshape(table.num_rows, -1)


def _write_tables(whole: _Set, tables: list[pa.Table]) -> None:
    if whole.shared:
        pq.write_table(pa.concat_tables(tables), whole.place("data_path", 0))
        return
    for number, table in enumerate(tables):
        pq.write_table(table, whole.place("data_path", number))


# --- metadata ---


def _write_meta(
    whole: _Set, recordings: Sequence[Recording], stats: list[dict[str, Any]], robot_type: str
) -> None:
    meta = whole.root / "meta"
    meta.mkdir(exist_ok=True)
    (meta / "info.json").write_text(json.dumps(_info(whole, recordings, robot_type), indent=4))
    if whole.shared:
        pq.write_table(_task_table(whole.tasks), meta / "tasks.parquet")
        (meta / "stats.json").write_text(json.dumps(merged(stats), indent=4))
        place = meta / "episodes" / "chunk-000" / "file-000.parquet"
        place.parent.mkdir(parents=True)
        pq.write_table(pa.Table.from_pylist(list(_episode_rows(whole, recordings, stats))), place)
        return
    lines = {
        "tasks": [{"task_index": number, "task": task} for number, task in enumerate(whole.tasks)],
        "episodes": [
            {"episode_index": number, "tasks": [each.task], "length": each.rows}
            for number, each in enumerate(recordings)
        ],
        "episodes_stats": [{"episode_index": number, "stats": each} for number, each in enumerate(stats)],
    }
    for name, rows in lines.items():
        (meta / f"{name}.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))


def _info(whole: _Set, recordings: Sequence[Recording], robot_type: str) -> dict[str, Any]:
    fps = int(whole.fps) if float(whole.fps).is_integer() else whole.fps
    shared = {"data_files_size_in_mb": 100, "video_files_size_in_mb": 200}
    single = {
        "total_videos": len(recordings) * len(whole.sizes),
        "total_chunks": 1 + len(recordings) // CHUNK_SIZE,
    }
    return {
        "codebase_version": whole.version,
        "robot_type": robot_type,
        "total_episodes": len(recordings),
        "total_frames": sum(each.rows for each in recordings),
        "total_tasks": len(whole.tasks),
        "chunks_size": CHUNK_SIZE,
        **(shared if whole.shared else single),
        "fps": fps,
        "splits": {"train": f"0:{len(recordings)}"},
        **LAYOUT[whole.version],
        "features": _features(whole, fps),
    }


def _features(whole: _Set, fps: float) -> dict[str, Any]:
    numbers = {
        name: {"dtype": "float32", "shape": [len(series.axes)], "names": list(series.axes)}
        for name, series in whole.series.items()
    }
    videos = {
        f"{PICTURES}{camera}": {
            "dtype": "video",
            "shape": [*size, 3],
            "names": ["height", "width", "channels"],
            "info": {
                "video.height": size[0],
                "video.width": size[1],
                "video.codec": "h264",
                "video.pix_fmt": "yuv420p",
                "video.is_depth_map": False,
                "video.fps": fps,
                "video.channels": 3,
                "has_audio": False,
            },
        }
        for camera, size in whole.sizes.items()
    }
    counters = {name: {"dtype": dtype, "shape": [1], "names": None} for name, dtype in COUNTERS.items()}
    return {**numbers, **videos, **counters}


def _task_table(tasks: list[str]) -> pa.Table:
    """Tasks as pandas keeps a frame whose index is the text: readers of the format look the text up there."""
    columns = [
        {"name": "task_index", "field_name": "task_index", "pandas_type": "int64", "numpy_type": "int64",
         "metadata": None},
        {"name": None, "field_name": "__index_level_0__", "pandas_type": "unicode", "numpy_type": "object",
         "metadata": None},
    ]  # fmt: skip
    index = {"index_columns": ["__index_level_0__"], "column_indexes": [], "columns": columns}
    table = pa.table({"task_index": pa.array(range(len(tasks)), pa.int64()), "__index_level_0__": tasks})
    return table.replace_schema_metadata({"pandas": json.dumps({**index, "pandas_version": "2.2.0"})})


def _episode_rows(
    whole: _Set, recordings: Sequence[Recording], stats: list[dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    begun = 0
    for number, (each, found) in enumerate(zip(recordings, stats, strict=True)):
        row: dict[str, Any] = {"episode_index": number, "tasks": [each.task], "length": each.rows}
        row |= {"data/chunk_index": 0, "data/file_index": 0}
        row |= {"dataset_from_index": begun, "dataset_to_index": begun + each.rows}
        for camera in each.cameras:
            key = f"videos/{PICTURES}{camera}"
            row |= {f"{key}/chunk_index": 0, f"{key}/file_index": 0}
            row[f"{key}/from_timestamp"] = begun / whole.fps
            row[f"{key}/to_timestamp"] = (begun + each.rows) / whole.fps
        row |= {f"stats/{name}/{stat}": value for name, one in found.items() for stat, value in one.items()}
        row |= {"meta/episodes/chunk_index": 0, "meta/episodes/file_index": 0}
        begun += each.rows
        yield row
