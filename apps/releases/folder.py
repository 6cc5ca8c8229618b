"""A release's folder in place of an old one: nothing of anybody's is lost, whatever goes wrong."""

import json
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from apps.core.errors import AppError, conflict
from apps.releases.tree import MANIFEST


def folder_check(target: Path) -> None:
    """A folder may be written to when it is new, empty, or holds a release alone, which is then replaced.

    Raises `folder_in_use`, and OSError where it cannot be looked into.
    """
    if target.is_dir():
        known = _files_of_release(target)
        if any(path.relative_to(target).as_posix() not in known for path in _files_below(target)):
            raise _in_use(target)
    elif target.exists() or target.is_symlink():
        raise _in_use(target)


def _in_use(target: Path) -> AppError:
    return conflict(
        "folder_in_use", f"{target} holds something that is no release; name a new or an empty folder."
    )


def _files_below(folder: Path) -> Iterator[Path]:
    """Links count as files, also those to folders. A folder that may not be read is an error, not empty."""
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            yield from _files_below(path)
        else:
            yield path


def _files_of_release(folder: Path) -> set[str]:
    """Those that the folder's manifest names; none where there is no manifest, or another tool's."""
    try:
        return {MANIFEST, *json.loads((folder / MANIFEST).read_bytes())["files"]}
    except (OSError, ValueError, KeyError, TypeError):
        return set()


@contextmanager
def folder_made(target: Path) -> Iterator[Path]:
    """Gives a folder to write a release to; when all went well it is, or fills, `target` afterwards.

    An empty folder that is there is filled: it may be a mount point, or belong to somebody in particular.
    On failure `target` is as it was. A run that is killed leaves at most its own `.release.*` folder, beside
    the target or in the one it was filling, and there the old release if it was already moved away.
    """
    target = target.resolve()  # a link stays a link
    fill = target.is_dir() and not any(target.iterdir())
    place = target if fill else target.parent
    place.mkdir(parents=True, exist_ok=True)
    room = Path(tempfile.mkdtemp(dir=place, prefix=".release."))
    made, old = room / "new", room / "old"
    try:
        made.mkdir()
        yield made
        if fill:
            _fill(target, made, room)
        else:
            _replace(target, made, old)
    finally:
        if target.exists() or not old.exists():  # else the old one is the only copy there is
            shutil.rmtree(room, ignore_errors=True)


def _fill(target: Path, made: Path, room: Path) -> None:
    if set(target.iterdir()) != {room}:
        raise _in_use(target)
    parts = sorted(made.iterdir())  # the manifest comes last
    with ExitStack() as undo:
        undo.callback(_take_back, parts, target)
        for part in parts:
            part.rename(target / part.name)
        undo.pop_all()


def _take_back(parts: Iterable[Path], target: Path) -> None:
    for part in parts:
        if not part.exists():
            (target / part.name).rename(part)


def _replace(target: Path, made: Path, old: Path) -> None:
    folder_check(target)  # somebody may have put something there while the release was written
    if not target.exists():
        made.rename(target)
        return
    with ExitStack() as undo:
        undo.callback(_put_back, old, target)
        target.rename(old)
        made.rename(target)
        undo.pop_all()


def _put_back(old: Path, target: Path) -> None:
    if old.exists() and not target.exists():
        old.rename(target)
