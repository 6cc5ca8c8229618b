"""A rollout as a folder: what a recorder writes on the robot, what is uploaded, what the site takes in.

    <id>/rollout.json     the manifest, written last: with it the rollout is whole
         <camera>.mp4     H.264; all cameras have the same frames at the same times
         signals.parquet  a column `seconds` (from the first frame) and columns named `name (unit)`
         events.jsonl     one JSON object a line: `seconds`, `kind`, `data`

While it is being recorded the folder is named `<id>.part`.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import tarfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any
from uuid import UUID

from robot.formats.recording import HEAD_CAMERA, FormatRejected

FORMAT = 1
MANIFEST, SIGNALS, EVENTS = "rollout.json", "signals.parquet", "events.jsonl"
PART = ".part"
FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}\.(mp4|parquet|jsonl)")
MAX_MANIFEST = 16 * 1024**2
ORIGINS = ("robot", "simulator")


@dataclass(frozen=True)
class Manifest:
    """What a rollout says of itself.

    id: a UUID, never used again. run, trial: the series it belongs to and its place in it, from 0.
    success: True, False, or None where nobody can tell; `success_by` says who told.
    truth, verdict: an annotation's document (outcome, events) by simulator and supervisor, or None.
    files: name of each file to the SHA-256 of its bytes.
    """

    id: str
    run: str
    trial: int
    task: str
    started: str
    seconds: float
    fps: float
    frames: int
    cameras: tuple[str, ...]
    subtasks: tuple[str, ...] = ()
    origin: str = "robot"
    robot: str = ""
    policy: str = ""
    supervisor: str = ""
    mode: str = ""
    success: bool | None = None
    success_by: str = ""
    interventions: int = 0
    dropped: int = 0
    truth: Mapping[str, Any] | None = None
    verdict: Mapping[str, Any] | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    format: int = FORMAT


TYPES: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "int": (int,),
    "float": (float, int),
    "bool | None": (bool, type(None)),
    "tuple[str, ...]": (list, tuple),
    "Mapping[str, Any]": (dict,),
    "Mapping[str, str]": (dict,),
    "Mapping[str, Any] | None": (dict, type(None)),
}


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Put the manifest in place whole."""
    part = folder / f"{MANIFEST}{PART}"
    part.write_text(json.dumps(asdict(manifest), indent=1, allow_nan=False))
    part.replace(folder / MANIFEST)


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a rollout's folder, its form checked; FormatRejected says what is wrong with it."""
    path = folder / MANIFEST
    if not path.is_file() or path.is_symlink():
        raise FormatRejected(f"{folder.name} is no rollout: it has no {MANIFEST}.")
    if path.stat().st_size > MAX_MANIFEST:
        raise FormatRejected(f"{folder.name}: {MANIFEST} is larger than {MAX_MANIFEST // 2**20} MB.")
    try:
        raw = json.loads(path.read_text())
    except (ValueError, RecursionError):
        raise FormatRejected(f"{folder.name}: {MANIFEST} is no JSON.") from None
    return _manifest(folder.name, raw)


def _manifest(name: str, raw: Any) -> Manifest:
    if not isinstance(raw, dict) or raw.get("format") != FORMAT:
        raise FormatRejected(f"{name}: {MANIFEST} is of another format than {FORMAT}.")
    known = {each.name: str(each.type) for each in fields(Manifest)}
    for key, value in raw.items():
        if key not in known or not isinstance(value, TYPES[known[key]]):
            raise FormatRejected(f"{name}: {MANIFEST} says {key} in a form that is not known.")
    try:
        manifest = Manifest(**{**raw, **_texts(raw)})
        UUID(manifest.id)
    except (TypeError, ValueError):
        raise FormatRejected(f"{name}: {MANIFEST} lacks something that a rollout has to say.") from None
    _check(name, manifest)
    return manifest


def _texts(raw: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    found = {name: tuple(raw.get(name, ())) for name in ("cameras", "subtasks")}
    if not all(isinstance(text, str) for texts in found.values() for text in texts):
        raise TypeError("a name is a text")
    return found


def _check(name: str, manifest: Manifest) -> None:
    wanted = {f"{camera}.mp4" for camera in manifest.cameras}
    bad = [file for file in manifest.files if not FILE_NAME.fullmatch(file)]
    if bad or not wanted <= set(manifest.files) or HEAD_CAMERA not in manifest.cameras:
        raise FormatRejected(f"{name}: {MANIFEST} names files that a rollout does not have, or lacks some.")
    if manifest.origin not in ORIGINS or not manifest.run or not manifest.task.strip():
        raise FormatRejected(f"{name}: {MANIFEST} has to say its origin, its run and its task.")


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check_files(folder: Path, manifest: Manifest) -> None:
    """Whether every file is there with the bytes that the manifest says; FormatRejected where it is not."""
    for name, digest in manifest.files.items():
        path = folder / name
        if not path.is_file() or path.is_symlink() or digest_of(path) != digest:
            raise FormatRejected(f"{folder.name}: {name} is not there as the manifest says.")


def pack(folder: Path, target: Path) -> Manifest:
    """Write the rollout as a tar that has the same bytes each time; its manifest."""
    manifest = read_manifest(folder)
    check_files(folder, manifest)
    part = target.with_name(f"{target.name}{PART}")
    with tarfile.open(part, "w", format=tarfile.USTAR_FORMAT) as archive:
        for name in (MANIFEST, *sorted(manifest.files)):
            info = tarfile.TarInfo(name)
            info.size, info.mode = (folder / name).stat().st_size, 0o644
            with (folder / name).open("rb") as file:
                archive.addfile(info, file)
    part.replace(target)
    return manifest


def events_of(text: str) -> list[dict[str, Any]]:
    """The events in an `events.jsonl`; a last line that was cut off is left out."""
    found = []
    for line in io.StringIO(text):
        try:
            event = json.loads(line)
        except (ValueError, RecursionError):
            break
        if isinstance(event, dict) and {"seconds", "kind", "data"} <= set(event):
            found.append(event)
    return found
