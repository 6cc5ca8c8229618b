"""Runs from elsewhere: scored anew, and anything else refused in one sentence."""

import io
import json
import math
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.core.errors import AppError
from apps.leaderboard import services
from apps.leaderboard.models import BenchmarkRun
from apps.leaderboard.services import run_delete, run_import
from ml.bench.__main__ import main
from tests.apps.releases.conftest import Reviewed
from tests.ml.bench.records import detection, failure_type, write
from tests.people import Api, error_of

NAMES = ("run.json", "questions.jsonl", "log.jsonl", "summary.json")


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run directory that the command wrote."""
    folder = tmp_path_factory.mktemp("elsewhere")
    records = [detection(n, failed=n % 4 > 0) for n in range(12)] + [failure_type(n) for n in range(12, 20)]
    vqa = write(folder / "vqa.json", records)
    assert (
        main(["run", str(vqa), "--images", str(folder), "--model", "majority", "--out", str(folder / "r")])
        == 0
    )
    return folder / "r"


def upload(name: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def files_of(folder: Path, *names: str, **changed: bytes) -> list[SimpleUploadedFile]:
    new = {name.replace("_", ".", 1): data for name, data in changed.items()}
    return [upload(name, new.get(name, (folder / name).read_bytes())) for name in names or NAMES]


def zipped(folder: Path, *names: str, below: str = "runs/one/") -> SimpleUploadedFile:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names or NAMES:
            archive.write(folder / name, below + name)
    return upload("run.zip", buffer.getvalue())


def take(reviewed: Reviewed, *files: SimpleUploadedFile) -> BenchmarkRun:
    return run_import(project=reviewed.cast.project, by=reviewed.cast.ada, files=files)


def test_a_run_directory_is_scored_anew_whatever_its_summary_says(reviewed: Reviewed, finished: Path) -> None:
    lie = json.loads((finished / "summary.json").read_text())
    lie["controls"]["main"]["groups"]["lite"]["micro"]["score"] = 1.0
    run = take(reviewed, *files_of(finished, summary_json=json.dumps(lie).encode()))

    truth = json.loads((finished / "summary.json").read_text())
    assert (run.state, run.scored, run.model) == ("done", True, "majority")
    assert run.summary["controls"] == truth["controls"]


def test_a_zip_of_it_is_the_same_run_and_is_known(reviewed: Reviewed, finished: Path) -> None:
    take(reviewed, zipped(finished))

    with pytest.raises(AppError, match="already") as known:
        take(reviewed, *files_of(finished))
    assert known.value.code == "known_run"


def test_a_summary_alone_stands_as_reported(reviewed: Reviewed, finished: Path) -> None:
    run = take(reviewed, *files_of(finished, "summary.json"))

    assert not run.scored
    assert run.summary == json.loads((finished / "summary.json").read_text())


def broken(finished: Path) -> dict[str, list[Any]]:
    summary = json.loads((finished / "summary.json").read_text())
    micro = summary["controls"]["main"]["groups"]["lite"]["micro"]
    score = {**micro, "score": 7}
    bad = {
        **summary,
        "controls": {
            "main": {**summary["controls"]["main"], "groups": {"lite": {"micro": score, "macro": micro}}}
        },
    }
    run = ("run.json", "questions.jsonl", "log.jsonl")
    question = json.loads((finished / "questions.jsonl").read_text().splitlines()[0])
    return {
        "has neither run.json nor summary.json": [upload("run.zip", zip_of({"a.txt": b"x"}))],
        "is no file of a run": [upload("notes.txt", b"x")],
        "is no zip that can be read": [upload("run.zip", b"PK\x03\x04 nonsense")],
        "no questions.jsonl": files_of(finished, "run.json", "log.jsonl"),
        "is no JSON": files_of(finished, *run, log_jsonl=b"{\n"),
        "no run of ml.bench": files_of(finished, *run, log_jsonl=b"{}\n"),
        "this is no run of ml.bench": files_of(
            finished, *run,
            questions_jsonl=json.dumps({**question, "kind": "riddle"}).encode() + b"\n",
        ),
        "a score is no share": [upload("summary.json", json.dumps(bad).encode())],
        "Out of range float values": [changed(summary, spent={**summary["spent"], "cost": math.nan})],
        "cannot be kept": [changed(summary, model="a\0b")],
        "surrogates not allowed": [changed(summary, model="a\ud800")],
        "cost is no number": [changed(summary, spent={**summary["spent"], "cost": "1"})],
        "recursion depth": [upload("summary.json", b"[" * 100_000)],
        "no figures of ml.bench": [upload("summary.json", b'{"model": "m"}')],
        "more than one run.json": [*files_of(finished), *files_of(finished, "run.json")],
    }  # fmt: skip


def changed(summary: dict[str, Any], **fields: Any) -> SimpleUploadedFile:
    return upload("summary.json", json.dumps({**summary, **fields}).encode())


def zip_of(entries: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def test_anything_else_is_refused_in_one_sentence_and_nothing_is_kept(
    reviewed: Reviewed, finished: Path
) -> None:
    for sentence, files in broken(finished).items():
        with pytest.raises(AppError) as refused:
            take(reviewed, *files)
        assert sentence.lower() in refused.value.message.lower(), refused.value.message
        assert "\n" not in refused.value.message
        assert "/" not in refused.value.message.replace("n/a", ""), refused.value.message
    assert not BenchmarkRun.objects.exists()


def test_a_bomb_is_refused_by_what_it_unpacks_to(
    reviewed: Reviewed, finished: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "LARGEST", 10_000)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("log.jsonl", b"\0" * 1_000_000)

    with pytest.raises(AppError, match="too large"):
        take(reviewed, upload("run.zip", buffer.getvalue()))


def test_names_that_lead_outside_lead_nowhere(reviewed: Reviewed, finished: Path) -> None:
    run = take(reviewed, zipped(finished, below="../../../"))

    assert run.state == "done"


def test_a_run_taken_away_leaves_nothing_and_may_come_back(reviewed: Reviewed, finished: Path) -> None:
    run = take(reviewed, zipped(finished))
    archive = run.archive
    run_delete(run=run, by=reviewed.cast.ada)

    assert not type(archive).objects.filter(pk=archive.pk).exists()
    assert take(reviewed, zipped(finished)).archive_id == archive.pk


def test_a_program_hands_a_run_in(reviewed: Reviewed, finished: Path) -> None:
    api = Api.of(reviewed.cast.ada)
    address = f"projects/{reviewed.cast.project.pk}/benchmark-runs/"
    answer = api.post(f"{address}import/", {"files": [zipped(finished)]}, format="multipart")
    assert answer.status_code == 201, answer.json()
    assert error_of(api.post(f"{address}import/", {"files": [upload("x.zip", b"")]}, format="multipart")) == (
        400,
        "no_run",
    )
    (told,) = api.get(address).json()
    assert (told["model"], told["state"], told["scored"]) == ("majority", "done", True)
    assert api.delete(f"benchmark-runs/{told['id']}/").status_code == 204
