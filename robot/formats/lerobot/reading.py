"""One episode of a LeRobot data set as a recording."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from robot.formats.lerobot.metadata import Dataset, Episode, Piece, open_dataset
from robot.formats.recording import Camera, FormatRejected, Recording, Series, aloha_axes, check_extent
from robot.formats.video import decode

PICTURES = "observation.images."
QUANTITIES = {
    "observation.state": "position",
    "observation.velocity": "velocity",
    "observation.effort": "effort",
    "action": "action",
}
MAX_ROWS_A_FILE = 5_000_000


def read(root: Path, index: int) -> Recording:
    """Episode `index` of the data set in `root`."""
    dataset = open_dataset(root)
    for episode in dataset.episodes:
        if episode.index == index:
            return read_episode(dataset, episode)
    raise FormatRejected(f"{root.name} has no episode {index}.")


def read_episode(dataset: Dataset, episode: Episode) -> Recording:
    """The episode with its cameras' short names; its videos hold RGB, as all videos do."""
    name = f"{dataset.root.name}_episode_{episode.index}"
    if not episode.videos:
        raise FormatRejected(f"{dataset.root.name} has no videos: pictures within the tables are not read.")
    return Recording(
        name=name,
        rows=episode.length,
        cameras={
            key.removeprefix(PICTURES): _camera(name, piece, episode) for key, piece in episode.videos.items()
        },
        series=tuple(_series(dataset, episode)),
        task=episode.task,
        fps=dataset.fps,
        order="rgb",
    )


def _camera(name: str, piece: Piece, episode: Episode) -> Camera:
    return Camera(
        partial(_pictures, f"{name}: {piece.path.parent.name}", piece, episode.length),
        file=piece.path if piece.whole and piece.start == 0 else None,
    )


def _pictures(what: str, piece: Piece, length: int) -> Iterator[Any]:
    count = 0
    for picture in decode(piece.path, piece.start, length):
        count += 1
        yield picture
    if count != length:
        raise FormatRejected(f"{what} is out of step: it has {count} frames for {length} rows.")


def _series(dataset: Dataset, episode: Episode) -> Iterator[Series]:
    wanted = [name for name in QUANTITIES if name in dataset.features]
    table = _rows(dataset, episode, wanted)
    for name in wanted:
        axes = _axes(dataset.features[name])
        check_extent(f"{dataset.root.name}: {name}", table.num_rows, len(axes))
        column = table.column(name).combine_chunks()
        flat = np.asarray(pc.list_flatten(column).to_numpy(zero_copy_only=False), np.float32)
        if flat.size != table.num_rows * len(axes):
            raise FormatRejected(f"{dataset.root.name}: {name} has not {len(axes)} values in each row.")
        yield Series(QUANTITIES[name], axes, flat.reshape(-1, len(axes)))


def _rows(dataset: Dataset, episode: Episode, columns: list[str]) -> pa.Table:
    """The episode's rows, in the order of its frames."""
    try:
        file = pq.ParquetFile(episode.data)
        if file.metadata.num_rows > MAX_ROWS_A_FILE:
            raise FormatRejected(f"{episode.data.name} has more than {MAX_ROWS_A_FILE} rows.")
        table = file.read(columns=["episode_index", "frame_index", *columns])
        table = table.filter(pc.equal(table.column("episode_index"), episode.index)).sort_by("frame_index")
    except (pa.ArrowException, KeyError, OSError) as problem:
        raise FormatRejected(
            f"{dataset.root.name}: {episode.data.name} cannot be read ({problem})."
        ) from None
    if table.num_rows != episode.length:
        raise FormatRejected(
            f"{dataset.root.name} episode {episode.index} has {table.num_rows} rows, "
            f"where {episode.length} are stated."
        )
    return table


def _axes(feature: dict[str, Any]) -> tuple[str, ...]:
    """The names that the data set gives, a flat list or one below a heading; else those of an ALOHA."""
    names, count = feature["names"], int(np.prod(feature["shape"]))
    if isinstance(names, dict) and len(names) == 1:
        (names,) = names.values()
    if isinstance(names, list) and len(names) == count and len(set(map(str, names))) == count:
        return tuple(str(name).replace("(", "[").replace(")", "]") for name in names)
    return aloha_axes(count)
