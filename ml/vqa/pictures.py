"""The picture files that records name: whether they are there, how large they are, neutral copies of them."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final

from PIL import Image, UnidentifiedImageError

from ml.symbols import Size
from ml.vqa.annotation import Episode

ASSUMED: Final = Size(640, 480)


class Pictures:
    """The pictures below a root. `flags` counts what was missing or had to be assumed."""

    def __init__(self, root: Path, size: Size | None = None) -> None:
        self._root, self._size, self._folders = root, size, Folders(root)
        self.flags: Counter[str] = Counter()

    def complete(self, episode: Episode) -> None:
        """Count an episode's missing pictures, and find the size of its frames where symbols need it."""
        missing = self._folders.missing(episode.images)
        if missing:
            self.flags["pictures that are not below the root"] += missing
            self.flags["episodes that lack pictures"] += 1
        if episode.size is None and (episode.avoidance.symbols or episode.correction.symbols):
            episode.size = self._measured(episode) or self._size
            if episode.size is None:
                episode.size = ASSUMED
                self.flags[f"episodes taken to be {ASSUMED.width}x{ASSUMED.height}"] += 1

    def _measured(self, episode: Episode) -> Size | None:
        path = episode.avoidance.path or episode.correction.path or episode.images[0]
        try:
            with Image.open(self._root / path) as picture:
                return Size(*picture.size)
        except (FileNotFoundError, UnidentifiedImageError):
            return None

    def copy(self, sources: Mapping[str, str], out: Path) -> None:
        """Put pictures below `out` under other names: hard links where the disk allows, else copies."""
        for new, old in sources.items():
            source, target = self._root / old, out / new
            if not source.is_file():
                continue  # counted as missing already
            target.parent.mkdir(parents=True, exist_ok=True)
            target.unlink(missing_ok=True)
            try:
                os.link(source, target)
            except OSError:
                shutil.copyfile(source, target)


class Folders:
    """The names below a root, each folder listed once while its pictures are asked for."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._names = lru_cache(maxsize=256)(self._list)

    def missing(self, paths: Iterable[str]) -> int:
        """Return how many of these paths have no file."""
        return sum(not self.has(path) for path in paths)

    def has(self, path: str) -> bool:
        """Tell whether there is a file of this path, relative to the root."""
        folder, _, name = path.rpartition("/")
        return name in self._names(folder)

    def _list(self, folder: str) -> frozenset[str]:
        try:
            return frozenset(os.listdir(self._root / folder))
        except (FileNotFoundError, NotADirectoryError):
            return frozenset()
