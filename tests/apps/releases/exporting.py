"""Exporting a release as people do, and reading what was written."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
from django.core.management import call_command

from ml.symbols import draw, from_raw
from tests.apps.episodes.video.conftest import picture


def export(target: Path | str, project: str = "table-top") -> str:
    out = StringIO()
    call_command("export_release", project=project, out=target, stdout=out)
    return out.getvalue()


def files_in(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def read(tree: Path, name: str) -> Any:
    return json.loads((tree / name).read_text())


def check_drawn(still: bytes, drawn: bytes, symbols: list[dict[str, Any]]) -> None:
    """The JPEG `drawn` shows what the renderer makes of the decoded still, and the still everywhere else."""
    before, after = (picture(jpeg).astype(int) for jpeg in (still, drawn))
    expected = draw(picture(still), [from_raw(symbol) for symbol in symbols]).astype(int)
    symbol = np.abs(expected - before).max(axis=2) > 60  # grey levels, well above what JPEG leaves

    assert symbol.sum() > 50
    left = np.abs(after - expected).mean(axis=2)
    assert left[symbol].mean() < 0.25 * np.abs(before - expected)[symbol].mean()
    assert left[~symbol].mean() < 5
