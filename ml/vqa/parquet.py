"""Parquet files with the pictures inside, as `datasets` and the Hugging Face hub read them."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import pyarrow as pa
import pyarrow.parquet as pq

from ml.vqa.frames import is_inside
from ml.vqa.streams import Json

_TEXTS: Final = ("tag", "question_id", "episode_id", "task", "options", "answer", "truth", "extra")
_AS_JSON: Final = frozenset(("options", "truth"))
_IMAGE: Final = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
_MESSAGE: Final = pa.struct([("role", pa.string()), ("content", pa.string())])
_TEXT_FEATURE: Final = {"dtype": "string", "_type": "Value"}
_FEATURES: Final = {
    "messages": [{"role": _TEXT_FEATURE, "content": _TEXT_FEATURE}],
    "images": {"feature": {"_type": "Image"}, "_type": "Sequence"},
    "seen": {"dtype": "bool", "_type": "Value"},
    **dict.fromkeys(_TEXTS, _TEXT_FEATURE),
}
SCHEMA: Final = pa.schema(
    [
        ("messages", pa.list_(_MESSAGE)),
        ("images", pa.list_(_IMAGE)),
        ("seen", pa.bool_()),
        *((name, pa.string()) for name in _TEXTS),
    ],
    metadata={"huggingface": json.dumps({"info": {"features": _FEATURES}})},
)
_GROUP_BYTES: Final = 32 << 20
_SHARD_BYTES: Final = 1 << 30


class ParquetFile:
    """The records of one split, in shards of about 1 GB of pictures.

    A picture that several questions show is stored once in each group of rows. A picture that is not there
    has its path and no bytes; `missing` counts them.
    """

    def __init__(self, folder: Path, split: str, images: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob(f"{split}-*-of-*.parquet"):
            old.unlink()
        self._folder, self._split, self._root = folder, split, images
        self._shards: list[Path] = []
        self._writer: pq.ParquetWriter | None = None
        self._rows: list[Json] = []
        self._group = self._shard = 0
        self._load = lru_cache(maxsize=256)(self._read)
        self.missing = 0

    def write(self, record: Json) -> None:
        """Write one record."""
        row = {
            "messages": record.get("messages", []),
            "images": [{"bytes": self._load(path), "path": path} for path in record.get("images", [])],
            "seen": record.get("seen"),
            **{name: _text(name, record.get(name)) for name in _TEXTS[:-1]},
            "extra": json.dumps(
                {k: v for k, v in record.items() if k not in SCHEMA.names}, ensure_ascii=False
            ),
        }
        self._rows.append(row)
        self.missing += sum(image["bytes"] is None for image in row["images"])
        self._group += sum(len(image["bytes"] or b"") for image in row["images"]) + 4096
        if self._group >= _GROUP_BYTES:
            self._flush()

    def _read(self, path: str) -> bytes | None:
        try:
            return (self._root / path).read_bytes() if is_inside(path) else None
        except FileNotFoundError:
            return None

    def _flush(self) -> None:
        if self._writer is None:
            self._shards.append(self._folder / f"{self._split}-{len(self._shards):05}.part")
            self._writer = pq.ParquetWriter(
                self._shards[-1],
                SCHEMA,
                compression="zstd",
                use_dictionary=["images.list.element.bytes", "images.list.element.path", *_TEXTS],
                dictionary_pagesize_limit=2 * _GROUP_BYTES,
                write_statistics=False,
            )
        self._writer.write_table(pa.Table.from_pylist(self._rows, SCHEMA))
        self._shard, self._group, self._rows = self._shard + self._group, 0, []
        if self._shard >= _SHARD_BYTES:
            self._close_shard()

    def _close_shard(self) -> None:
        if self._writer is not None:
            self._writer.close()
        self._writer, self._shard = None, 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None and (self._rows or not self._shards):
            self._flush()
        self._close_shard()
        for number, shard in enumerate(self._shards):
            if kind is None:
                shard.rename(self._folder / _shard_name(self._split, number, len(self._shards)))
            else:
                shard.unlink()


def _shard_name(split: str, number: int, count: int) -> str:
    return f"{split}-{number:05}-of-{count:05}.parquet"


def _text(name: str, value: Any) -> str | None:
    if name in _AS_JSON:
        return None if value is None else json.dumps(value, ensure_ascii=False)
    return value if isinstance(value, str) or value is None else str(value)
