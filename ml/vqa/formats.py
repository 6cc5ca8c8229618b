"""Records in the forms that training tools read. Each writer takes records one at a time.

`release`: the authors' form, ShareGPT. `llamafactory`: the same with a `dataset_info.json`. `swift`: JSON
lines for ms-swift. `trl`: conversational prompt and completion for TRL. `parquet`: for `datasets`, pictures
inside, with a data card. What a form has no field for travels as one JSON text, `extra`: no field is lost.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, Literal

from ml.prompts import IMAGE
from ml.vqa.records import OWN_FIELDS
from ml.vqa.statistics import Statistics, split_name
from ml.vqa.streams import ArrayFile, DataError, Json, LinesFile, Progress, encode, quiet, read_array

Format = Literal["release", "llamafactory", "swift", "trl", "parquet"]
FORMATS: Final[tuple[Format, ...]] = ("release", "llamafactory", "swift", "trl", "parquet")
SHAREGPT: Final = ("messages", "images")
INFO: Final = "dataset_info.json"


def export(
    sources: Sequence[Path],
    out: Path,
    formats: Sequence[Format],
    *,
    images: Path | None = None,
    plain: bool = False,
    progress: Progress = quiet,
) -> Json:
    """Write files of records in other forms, each in a folder of its name below `out`; return the counts.

    `plain` leaves our own fields out of the release form. Raises DataError where a source cannot be used, or
    where `parquet` is asked for without the root of the pictures.
    """
    if "parquet" in formats and images is None:
        raise DataError("parquet holds the pictures themselves; say where they are with --images ROOT")
    _check_names(sources)
    told: Json = {}
    for name in formats:
        if name == "parquet":
            told[name] = _export_parquet(sources, out / name, images or Path(), progress)
        else:
            told[name] = _export_text(name, sources, out / name, plain, progress)
    return told


def _export_text(
    name: Format, sources: Sequence[Path], out: Path, plain: bool, progress: Progress
) -> dict[str, int]:
    shape, kind, suffix = _SHAPES[name]
    if name == "release":
        out, shape = out / "VQA", without_own if plain else shape
    counts = {}
    for source in sources:
        with kind(out / f"{source.stem}{suffix}") as file:
            for record in read_array(source, progress, f"{name} {source.stem}"):
                file.write(encode(shape(record)))
        counts[source.stem] = file.count
    if name == "llamafactory":
        info = {stem: _dataset_info(stem) for stem in sorted(counts)}
        (out / INFO).write_text(json.dumps(info, indent=2) + "\n", encoding="utf-8")
    return counts


def _export_parquet(sources: Sequence[Path], out: Path, images: Path, progress: Progress) -> dict[str, int]:
    # pyarrow and matplotlib are heavy, and only this form needs them.
    from ml.vqa.card import write_card
    from ml.vqa.parquet import ParquetFile

    statistics = Statistics()
    for source in sources:
        split = split_name(source.stem)
        with ParquetFile(out / "data", split, images) as file:
            for record in read_array(source, progress, f"parquet {source.stem}"):
                file.write(record)
                statistics.add(split, record)
        statistics.missing += file.missing
    write_card(out, statistics, images)
    return {split: sum(tags.values()) for split, tags in statistics.tags.items()}


def _check_names(sources: Sequence[Path]) -> None:
    stems = [source.stem for source in sources]
    for stem in stems:
        if stems.count(stem) > 1:
            raise DataError(f"two of the files are named {stem}; they would become one")


def without_own(record: Json) -> Json:
    """Return the record with the authors' fields, and unknown ones, alone."""
    return {key: value for key, value in record.items() if key not in OWN_FIELDS}


def sharegpt(record: Json) -> Json:
    """Return messages and images, the tag and the id, and all else as text: columns of one kind each."""
    rest = {key: value for key, value in record.items() if key not in (*SHAREGPT, "tag", "question_id")}
    return {
        "messages": record.get("messages", []),
        "images": record.get("images", []),
        "tag": record.get("tag", ""),
        "question_id": record.get("question_id", ""),
        "extra": json.dumps(rest, ensure_ascii=False),
    }


def conversational(record: Json) -> Json:
    """Return the prompt and the completion with typed content; pictures stand where the text has them."""
    base = sharegpt(record)
    messages = [
        {"role": message["role"], "content": _parts(message["content"])} for message in base.pop("messages")
    ]
    return {"prompt": messages[:-1], "completion": messages[-1:], **base}


def _parts(content: str) -> list[dict[str, str | None]]:
    """Both keys in every part, so that columns have one kind."""
    parts: list[dict[str, str | None]] = []
    for place, text in enumerate(content.split(IMAGE)):
        if place:
            parts.append({"type": "image", "text": None})
        if text:
            parts.append({"type": "text", "text": text})
    return parts


def _same(record: Json) -> Json:
    return record


_SHAPES: Final[dict[str, tuple[Callable[[Json], Json], type[ArrayFile] | type[LinesFile], str]]] = {
    "release": (_same, ArrayFile, ".json"),
    "llamafactory": (sharegpt, ArrayFile, ".json"),
    "swift": (sharegpt, LinesFile, ".jsonl"),
    "trl": (conversational, LinesFile, ".jsonl"),
}


def _dataset_info(stem: str) -> Json:
    return {
        "file_name": f"{stem}.json",
        "formatting": "sharegpt",
        "columns": {"messages": "messages", "images": "images"},
        "tags": {
            "role_tag": "role",
            "content_tag": "content",
            "user_tag": "user",
            "assistant_tag": "assistant",
        },
    }
