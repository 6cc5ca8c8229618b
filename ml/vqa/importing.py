"""The authors' release tree, read: raw annotation records and VQA records, in whatever JSON files they are.

Nothing of theirs is changed or left out. Own fields (`question_id`, `options`, `truth`, ...) are put beside
theirs where they can be read from question and answer, and where there are none yet.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from ml.prompts import QuestionType
from ml.vqa.annotation import read_episode
from ml.vqa.completing import complete
from ml.vqa.pictures import Folders
from ml.vqa.records import OWN_FIELDS
from ml.vqa.streams import ArrayFile, DataError, Json, Progress, encode, quiet, read_array

ANNOTATIONS: Final = "annotations.json"
_MEDIA: Final = frozenset(("frames", "videos"))  # large folders without records
_THEIRS: Final = frozenset(("messages", "images", "tag"))
_TAGS: Final = frozenset(QuestionType)


@dataclass(slots=True)
class Imported:
    """What was found. `flags` counts all that is odd; nothing is left out for it."""

    annotations: int = 0
    records: dict[str, Counter[str]] = field(default_factory=dict)  # file to tag
    unknown_tags: Counter[str] = field(default_factory=Counter)
    unknown_fields: Counter[str] = field(default_factory=Counter)
    flags: Counter[str] = field(default_factory=Counter)

    def to_json(self) -> Json:
        """Return the counts with their keys in order."""
        return {
            "annotations": self.annotations,
            "records": {name: dict(sorted(tags.items())) for name, tags in sorted(self.records.items())},
            "unknown_tags": dict(sorted(self.unknown_tags.items())),
            "unknown_fields": dict(sorted(self.unknown_fields.items())),
            "flags": dict(sorted(self.flags.items())),
        }


def import_release(root: Path, out: Path | None = None, progress: Progress = quiet) -> Json:
    """Read a release tree and return what is in it; with `out`, write it there in our layout.

    That is `annotations.json`, one array sorted by task and episode, and the VQA files below `VQA/`. Raises
    DataError where a file is broken or the tree holds nothing, OSError where it cannot be read.
    """
    if not root.is_dir():
        raise DataError(f"{root} is no folder")
    if out and out.resolve().is_relative_to(root.resolve()):
        raise DataError(f"{out} lies in {root}, which is read; choose another place for what is written")
    importer = _Importer(root, out)
    for path in _json_files(root):
        importer.take(path, progress)
    if not importer.told.annotations and not importer.told.records:
        raise DataError(f"{root} holds neither annotation records nor VQA records")
    importer.finish()
    return importer.told.to_json()


def _json_files(root: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(set(folders) - _MEDIA)
        yield from (Path(folder, name) for name in sorted(names) if name.endswith(".json"))


class _Importer:
    def __init__(self, root: Path, out: Path | None) -> None:
        self._root, self._out = root, out
        self._folders = Folders(root)
        self._annotations: list[tuple[tuple[str, int], str]] = []
        self._ids: Counter[str] = Counter()
        self.told = Imported()

    def take(self, path: Path, progress: Progress) -> None:
        """Read one file; its VQA records are written as they come."""
        name = _name_below_vqa(path.relative_to(self._root))
        with ExitStack() as stack:
            file: ArrayFile | None = None
            for value in read_array(path, progress, path.name):
                if "messages" in value:
                    file = file or self._open(name, stack)
                    self._take_record(name, value, file)
                elif "failure_detection" in value:
                    self._take_annotation(value)
                else:
                    self.told.flags[f"objects of {name} that are neither records nor annotations"] += 1

    def _open(self, name: str, stack: ExitStack) -> ArrayFile | None:
        return stack.enter_context(ArrayFile(self._out / "VQA" / name)) if self._out else None

    def _take_record(self, name: str, record: Json, file: ArrayFile | None) -> None:
        tag = str(record.get("tag", "no tag"))
        self.told.records.setdefault(name, Counter())[tag] += 1
        if tag not in _TAGS:
            self.told.unknown_tags[tag] += 1
        self.told.unknown_fields.update(record.keys() - _THEIRS - set(OWN_FIELDS))
        self._count_missing(record.get("images"))
        completed, problems = complete(record, self._ids)
        self.told.flags.update(problems)
        if file:
            file.write(encode(completed))

    def _take_annotation(self, raw: Json) -> None:
        self.told.annotations += 1
        self._count_missing(raw.get("images"))
        try:
            episode = read_episode(raw)
        except DataError as error:
            self.told.flags[f"annotations that cannot be used: {error}"] += 1
            key = ("", 0)
        else:
            self.told.flags.update(episode.flags)
            key = (episode.folder, int(episode.id.rpartition("_")[2]))
            if self._ids[episode.id]:
                self.told.flags["annotations of an episode that has one already"] += 1
            self._ids[episode.id] += 1
        self._annotations.append((key, encode(raw)))

    def _count_missing(self, images: object) -> None:
        missing = self._folders.missing(images) if isinstance(images, list) else 0
        if missing:
            self.told.flags["pictures that are not below the root, counted for each record"] += missing

    def finish(self) -> None:
        """Write the annotations, sorted."""
        if self._out is None or not self._annotations:
            return
        self._annotations.sort(key=lambda each: each[0])
        with ArrayFile(self._out / ANNOTATIONS) as file:
            for _, line in self._annotations:
                file.write(line)


def _name_below_vqa(path: Path) -> str:
    parts = path.parts[1:] if path.parts[0] == "VQA" else path.parts
    return "/".join(parts)
