"""A recording's signals as columns over the video's clock: read from a sidecar, kept as Parquet."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from apps.core.errors import AppError, invalid

SUFFIXES = (".parquet", ".csv")
CLOCK = "seconds"
MAX_COLUMNS, MAX_VALUES = 128, 1_000_000
HEADING = re.compile(r"\s*(.+?)\s*(?:\(([^()]*)\))?\s*")

Values = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Column:
    """One signal; a value that is missing is NaN. `unit` is empty where the recording does not say it."""

    name: str
    unit: str
    values: Values


@dataclass(frozen=True)
class Signals:
    """`seconds` count from the head camera's first frame and grow from row to row."""

    seconds: Values
    columns: tuple[Column, ...]


def sidecar_of(stem: str) -> Path | None:
    """The file of signals beside a recording's videos: `<stem>_signals.parquet` or `.csv`."""
    places = (Path(f"{stem}_signals{suffix}") for suffix in SUFFIXES)
    return next((place for place in places if place.is_file()), None)


def is_sidecar(path: Path) -> bool:
    return path.suffix.lower() in SUFFIXES and path.stem.endswith("_signals")


def signals_read(path: Path) -> Signals:
    """The signals in a CSV or Parquet file: a column `seconds`, any others named as `name (unit)`.

    Raises `bad_signals`, with one sentence, for a file that is of another form.
    """
    try:
        table = (
            pa.csv.read_csv(path) if path.suffix.lower() == ".csv" else pq.read_table(path, partitioning=None)
        )
    except (pa.ArrowException, OSError) as problem:
        raise _bad(path, f"it cannot be read ({problem})") from None
    if CLOCK not in table.column_names:
        raise _bad(path, f"it has no column named {CLOCK}")
    if table.num_columns > MAX_COLUMNS or table.num_columns * table.num_rows > MAX_VALUES:
        raise _bad(path, f"it has more than {MAX_COLUMNS} columns or {MAX_VALUES} values")
    return Signals(_clock(path, table), tuple(_columns(path, table)))


def _table(path: Path) -> pa.Table:
    return pa.csv.read_csv(path) if path.suffix.lower() == ".csv" else pq.read_table(path, partitioning=None)


def _clock(path: Path, table: pa.Table) -> Values:
    seconds = _values(path, table, CLOCK)
    if len(seconds) == 0 or not np.isfinite(seconds).all() or (np.diff(seconds) <= 0).any():
        raise _bad(path, f"{CLOCK} has to be a finite number in each row and grow from row to row")
    return seconds


def _columns(path: Path, table: pa.Table) -> Iterator[Column]:
    for heading in table.column_names:
        if heading == CLOCK:
            continue
        match = HEADING.fullmatch(heading)
        if match is None:
            raise _bad(path, "a column has no name")
        yield Column(match.group(1), match.group(2) or "", _values(path, table, heading))


def _values(path: Path, table: pa.Table, heading: str) -> Values:
    if table.column_names.count(heading) > 1:
        raise _bad(path, f"it has two columns named {heading}")
    try:
        numbers = pc.fill_null(pc.cast(table.column(heading), pa.float64()), np.nan)
    except pa.ArrowException:
        raise _bad(path, f"the column {heading} holds something else than numbers") from None
    return np.asarray(numbers.to_numpy())


def _bad(path: Path, why: str) -> AppError:
    return invalid(f"{path.name} was not taken as signals: {why}.", code="bad_signals")


def signals_pack(signals: Signals) -> bytes:
    """The columnar file that is kept, which `signals_read` reads again; same signals, same bytes."""
    headings = [f"{c.name} ({c.unit})" if c.unit else c.name for c in signals.columns]
    arrays = [signals.seconds, *(column.values for column in signals.columns)]
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table(arrays, names=[CLOCK, *headings]), sink, compression="zstd")
    return bytes(sink.getvalue())
