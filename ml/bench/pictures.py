"""Pictures of a question, read strictly below the data set's root."""

from __future__ import annotations

import base64
import mimetypes
from pathlib import Path

from ml.bench.errors import BenchError


def resolve(root: Path, name: str) -> Path:
    """Return the file of a picture, links followed. Raises BenchError where it is none below `root`."""
    base = root.resolve()
    path = (base / name).resolve()
    if not path.is_relative_to(base) or Path(name).is_absolute():
        raise BenchError(f"the image {name!r} lies outside the root {root}")
    if not path.is_file():
        raise BenchError(f"the image {name!r} is not below {root}")
    return path


def data_uri(path: Path, content: bytes) -> str:
    """Return a picture's bytes as a data URI of its type."""
    kind = mimetypes.guess_type(path.name)[0] or "image/jpeg"
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"
