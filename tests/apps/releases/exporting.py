"""Exporting a release as people do, and reading what was written."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import call_command


def export(target: Path) -> str:
    out = StringIO()
    call_command("export_release", project="table-top", out=target, stdout=out)
    return out.getvalue()


def files_in(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def read(tree: Path, name: str) -> Any:
    return json.loads((tree / name).read_text())
