"""Signals beside a recording: read from CSV and Parquet, kept as columns, given over the API."""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.core.errors import AppError
from apps.episodes.ingest import media_erase
from apps.episodes.models import Blob, Episode
from apps.episodes.services import signals_attach
from apps.episodes.signals import Column, Signals, signals_pack, signals_read
from tests.apps.episodes.test_imports import import_videos
from tests.people import Api, Cast, error_of
from tests.work import FRAMES, files_in, make_task, ready

Film = Callable[[int], Path]
CSV = "seconds,left gripper (m),effort\n0,0.04,1\n0.02,,2.5\n0.04,0.01,-3\n"


def written(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def some(rows: int = 3, name: str = "gripper") -> Signals:
    return Signals(np.arange(rows) / 50, (Column(name, "m", np.linspace(0, 1, rows)),))


def test_a_csv_file_is_read_with_names_units_and_gaps(tmp_path: Path) -> None:
    signals = signals_read(written(tmp_path / "a_signals.csv", CSV))

    assert signals.seconds.tolist() == [0, 0.02, 0.04]
    gripper, effort = signals.columns
    assert (gripper.name, gripper.unit, effort.name, effort.unit) == ("left gripper", "m", "effort", "")
    assert np.array_equal(gripper.values, [0.04, np.nan, 0.01], equal_nan=True)
    assert effort.values.tolist() == [1, 2.5, -3]


def test_a_parquet_file_says_the_same(tmp_path: Path) -> None:
    table = pa.table({"effort": [1, 2, 3], "seconds": pa.array([0, 0.5, 1], pa.float32())})
    pq.write_table(table, tmp_path / "a_signals.parquet")

    signals = signals_read(tmp_path / "a_signals.parquet")

    assert signals.seconds.tolist() == [0, 0.5, 1]
    assert [(column.name, column.values.tolist()) for column in signals.columns] == [("effort", [1, 2, 3])]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "cannot be read"),
        ("time,effort\n0,1\n", "no column named seconds"),
        ("seconds,effort\n", "seconds has to be"),
        ("seconds,effort\n0,1\n0,2\n", "grow from row to row"),
        ("seconds,effort\n1,1\n0,2\n", "grow from row to row"),
        ("seconds,effort\n,1\n0,2\n", "seconds has to be"),
        ("seconds,effort\n0,high\n", "the column effort holds something else"),
        ("seconds,effort,effort\n0,1,2\n", "two columns named effort"),
        ("seconds,\n0,1\n", "a column has no name"),
        ("seconds" + ",a" * 200 + "\n0" + ",1" * 200 + "\n", "more than 128 columns"),
        ("seconds,effort\n0\n0,1,2\n", "cannot be read"),
    ],
)
def test_a_file_of_another_form_is_refused_with_the_reason(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(AppError, match=f"take_signals.csv was not taken as signals: .*{why}") as refused:
        signals_read(written(tmp_path / "take_signals.csv", text))
    assert refused.value.code == "bad_signals"


def test_what_is_no_parquet_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AppError, match="cannot be read"):
        signals_read(written(tmp_path / "take_signals.parquet", CSV))


names = st.text("abc xyz_.0", min_size=1, max_size=8).map(str.strip).filter(bool)
numbers = st.floats(allow_infinity=False, width=64)


headings = st.lists(st.tuples(names, st.sampled_from(["", "m", "N m", "rad/s"])), unique=True)


@settings(deadline=None)  # the first example warms Arrow up
@given(columns=headings, data=st.data())
def test_what_is_packed_is_read_again(
    columns: list[tuple[str, str]], data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    columns = [(name, unit) for name, unit in columns if name != "seconds"]
    rows = data.draw(st.integers(1, 5))
    values = st.lists(numbers, min_size=rows, max_size=rows).map(np.array)
    packed = Signals(np.arange(rows) / 3, tuple(Column(*each, data.draw(values)) for each in columns))
    path = tmp_path_factory.getbasetemp() / "packed.parquet"
    path.write_bytes(signals_pack(packed))

    found = signals_read(path)

    assert np.array_equal(found.seconds, packed.seconds)
    assert [(c.name, c.unit) for c in found.columns] == columns
    for before, after in zip(packed.columns, found.columns, strict=True):
        assert np.array_equal(before.values, after.values, equal_nan=True)


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_a_sidecar_comes_with_its_recording(cast: Cast, film: Film, tmp_path: Path, suffix: str) -> None:
    shutil.copy(film(FRAMES), tmp_path / "take_cam_high.mp4")
    written(tmp_path / "take_signals.csv", CSV)
    if suffix == "parquet":
        read = signals_read(tmp_path / "take_signals.csv")
        (tmp_path / "take_signals.csv").unlink()
        (tmp_path / "take_signals.parquet").write_bytes(signals_pack(read))

    (sentence,) = import_videos(*tmp_path.iterdir(), description="Wipe.")

    episode = Episode.objects.get()
    assert sentence.endswith(f"{episode}, ready, with 2 signals.")
    api = Api.of(cast.ann)
    assert api.get(f"episodes/{episode.pk}/").json()["has_signals"] is True
    assert api.get(f"episodes/{episode.pk}/signals/").json() == {
        "seconds": [0, 0.02, 0.04],
        "columns": [
            {"name": "left gripper", "unit": "m", "values": [0.04, None, 0.01]},
            {"name": "effort", "unit": "", "values": [1, 2.5, -3]},
        ],
    }


def test_a_sidecar_that_came_later_is_taken_when_importing_again(
    cast: Cast, film: Film, tmp_path: Path
) -> None:
    shutil.copy(film(FRAMES), tmp_path / "take_cam_high.mp4")
    import_videos(tmp_path, description="Wipe.")
    written(tmp_path / "take_signals.csv", CSV)

    (sentence,) = import_videos(tmp_path)

    assert sentence.endswith("is there already, as wipe episode 0, with 2 signals")
    assert Episode.objects.get().signals is not None


def test_a_bad_sidecar_is_told_and_the_recording_is_imported(cast: Cast, film: Film, tmp_path: Path) -> None:
    shutil.copy(film(FRAMES), tmp_path / "take_cam_high.mp4")
    written(tmp_path / "take_signals.csv", "time\n0\n")

    (sentence,) = import_videos(tmp_path, description="Wipe.")

    assert "ready; take_signals.csv was not taken as signals: it has no column named seconds." in sentence
    assert Episode.objects.get().signals is None


def test_an_episode_without_signals_says_so(cast: Cast) -> None:
    episode = ready(make_task(cast.project))
    api = Api.of(cast.ann)

    assert api.get(f"episodes/{episode.pk}/").json()["has_signals"] is False
    assert error_of(api.get(f"episodes/{episode.pk}/signals/")) == (404, "no_signals")


def test_signals_are_for_members_only(cast: Cast) -> None:
    episode = ready(make_task(cast.project))
    signals_attach(episode=episode, signals=some())

    assert error_of(Api.of(cast.mallory).get(f"episodes/{episode.pk}/signals/")) == (404, "not_found")


def test_new_signals_take_the_place_of_the_old(cast: Cast, media: Path) -> None:
    episode = ready(make_task(cast.project))

    for rows in (3, 4, 4):
        signals_attach(episode=episode, signals=some(rows))

    assert files_in(media) == {media / Episode.objects.get(pk=episode.pk).signals.path}


def test_erasing_an_episodes_media_erases_its_signals(cast: Cast, media: Path) -> None:
    episode = ready(make_task(cast.project))
    signals_attach(episode=episode, signals=some())
    digest = episode.signals_id

    media_erase(episode=episode)

    assert Episode.objects.get(pk=episode.pk).signals is None
    assert not Blob.objects.filter(pk=digest).exists()
    assert files_in(media) == set()
