"""VQA data of a release as a job: whole or not at all, the same for the same options."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client

from apps.core.errors import AppError
from apps.core.jobs import SILENCE, Job, Superseded, Work
from apps.episodes.storage import blob_read
from apps.releases.models import Release, VqaBuild
from apps.releases.services import release_create
from apps.releases.states import vqa_states
from apps.releases.tasks import build_vqa, build_vqa_died
from apps.releases.vqa import vqa_again, vqa_request
from ml.vqa import Report, lint
from tests.apps.releases.conftest import Reviewed
from tests.people import Api, body_of, error_of

SPLIT = "[benchmark]\nwipe_board = 2"  # so that the one failure is in it
MAY = frozenset({"release"})


@pytest.fixture
def release(reviewed: Reviewed) -> Release:
    return release_create(project=reviewed.cast.project, by=reviewed.cast.ada)[0]


def built(release: Release, reviewed: Reviewed, **options: object) -> VqaBuild:
    """The build after the worker had its turn."""
    build = vqa_request(release=release, by=reviewed.cast.ada, **options)
    build_vqa(build.pk)
    return VqaBuild.objects.get(pk=build.pk)


def unpack(archive: bytes, root: Path) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        opened.extractall(root)
        return opened.namelist()


def test_both_archives_unpack_to_data_as_clean_as_the_release(
    release: Release, reviewed: Reviewed, tmp_path: Path
) -> None:
    build = built(release, reviewed, formats=["swift", "parquet"], split=SPLIT)

    assert (build.state, build.progress, build.problem) == ("done", 1.0, "")
    release = Release.objects.get(pk=release.pk)
    both = [unpack(blob_read(each.archive), tmp_path) for each in (release, build)]
    assert not set(both[0]) & set(both[1])
    files = [tmp_path / name for name in build.counts["sha256"]]
    report = Report()
    assert {each.finding.code for each in lint(files, tmp_path, report)} == {"contradiction"}
    assert build.lint["records"] == report.records > 0
    assert build.lint["errors"] == dict(report.errors)
    assert build.lint["warnings"] == dict(report.warnings)
    assert {name.split("/")[0] for name in both[1]} == {
        "VQA", "controls", "build.json", "swift", "parquet",
    }  # fmt: skip
    assert json.loads((tmp_path / "build.json").read_text()) == build.counts
    assert sum(build.charts["Failure types"].values()) == 1


def test_the_same_options_are_the_same_build_and_the_same_bytes(release: Release, reviewed: Reviewed) -> None:
    first = built(release, reviewed, formats=["trl", "swift"], controls=False)
    again = vqa_request(release=release, by=reviewed.cast.ada, formats=["swift", "trl"], controls=False)
    assert again.pk == first.pk
    assert vqa_request(release=release, by=reviewed.cast.ada, seed=1).pk != first.pk

    digest = first.archive.sha256
    VqaBuild.objects.filter(pk=first.pk).delete()

    assert built(release, reviewed, formats=["swift", "trl"], controls=False).archive.sha256 == digest


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"templates": "[["}, "pack.toml is no template pack"),
        ({"split": "benchmark_share = 2"}, "split.toml: benchmark_share must be at least 0"),
        ({"split": "shares = 2"}, "shares is unknown"),
    ],
)
def test_options_that_cannot_be_used_are_refused_at_once(
    release: Release, reviewed: Reviewed, options: dict[str, str], sentence: str
) -> None:
    with pytest.raises(AppError, match=sentence) as refused:
        vqa_request(release=release, by=reviewed.cast.ada, **options)

    assert "\n" not in refused.value.message.removesuffix(".")
    assert "/" not in refused.value.message.split(" ")[0]
    assert not VqaBuild.objects.exists()


def test_what_only_the_data_can_tell_fails_with_its_sentence(release: Release, reviewed: Reviewed) -> None:
    build = built(release, reviewed, split='unseen = ["Fly to the moon."]')

    assert build.state == "failed"
    assert "Fly to the moon." in build.problem
    assert str(build.problem).count(".") <= 2
    assert build.archive is None


def test_a_job_started_again_drops_what_the_older_worker_makes(release: Release, reviewed: Reviewed) -> None:
    build = vqa_request(release=release, by=reviewed.cast.ada)
    older = Work(VqaBuild.objects.get(pk=build.pk), vqa_states)
    assert not VqaBuild.objects.get(pk=build.pk).may_restart
    VqaBuild.objects.filter(pk=build.pk).update(heard=older.job.heard - SILENCE * 2)
    vqa_again(build=VqaBuild.objects.get(pk=build.pk), by=reviewed.cast.ada, permissions=MAY)

    with pytest.raises(Superseded):
        older.report("making questions", 0.5)
    build_vqa(build.pk)
    with pytest.raises(Superseded):
        older.end("finish", counts={"half": 1})

    fresh = VqaBuild.objects.get(pk=build.pk)
    assert (fresh.state, fresh.run) == ("done", 2)
    assert "half" not in fresh.counts


def test_a_killed_worker_leaves_a_failed_job_that_can_be_started_again(
    release: Release, reviewed: Reviewed
) -> None:
    build = vqa_request(release=release, by=reviewed.cast.ada)
    Work(VqaBuild.objects.get(pk=build.pk), vqa_states)
    build_vqa_died(build.pk)
    fresh = VqaBuild.objects.get(pk=build.pk)
    assert (fresh.state, fresh.archive) == ("failed", None)
    assert "can be started again" in fresh.problem

    vqa_again(build=fresh, by=reviewed.cast.ada, permissions=MAY)
    build_vqa(build.pk)
    build_vqa(build.pk)  # the broker may hand a message out twice

    assert VqaBuild.objects.get(pk=build.pk).state == "done"


def test_what_a_stop_of_the_site_cut_off_is_queued_again_at_its_start(
    release: Release, reviewed: Reviewed
) -> None:
    build = vqa_request(release=release, by=reviewed.cast.ada)
    older = Work(VqaBuild.objects.get(pk=build.pk), vqa_states)
    call_command("resume_jobs", started=older.job.heard.isoformat())
    assert VqaBuild.objects.get(pk=build.pk).state == "running"  # heard of since: in the worker's hands

    call_command("resume_jobs")

    assert VqaBuild.objects.get(pk=build.pk).state == "queued"
    build_vqa(build.pk)
    assert VqaBuild.objects.get(pk=build.pk).state == "done"


def test_a_job_under_way_or_done_is_not_started_again(release: Release, reviewed: Reviewed) -> None:
    build = vqa_request(release=release, by=reviewed.cast.ada)
    for state in (Job.State.QUEUED, Job.State.RUNNING, Job.State.DONE):
        VqaBuild.objects.filter(pk=build.pk).update(state=state)
        with pytest.raises(AppError, match="still under way"):
            vqa_again(build=VqaBuild.objects.get(pk=build.pk), by=reviewed.cast.ada, permissions=MAY)


def test_a_fault_of_ours_is_said_without_its_details(
    release: Release, reviewed: Reviewed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.releases.vqa.build", lambda *_, **__: 1 / 0)

    build = built(release, reviewed)

    assert build.state == "failed"
    assert "division" not in build.problem


def test_a_program_builds_watches_and_downloads(release: Release, reviewed: Reviewed) -> None:
    api = Api.of(reviewed.cast.ada)
    asked = api.post(f"releases/{release.pk}/vqa/", {"seed": 3, "controls": False}).json()
    assert (asked["state"], asked["download"]) == ("queued", None)
    assert error_of(api.get(f"vqa/{asked['id']}/download/")) == (409, "not_built")

    build_vqa(asked["id"])

    told = api.get(f"vqa/{asked['id']}/").json()
    assert (told["state"], told["seed"], told["lint"]["errors"]) == ("done", 3, {"contradiction": 1})
    assert zipfile.ZipFile(io.BytesIO(body_of(api.get(f"vqa/{asked['id']}/download/")))).testzip() is None
    assert [each["id"] for each in api.get(f"releases/{release.pk}/vqa/").json()] == [asked["id"]]


def test_the_page_builds_with_its_form_and_says_what_was_made(release: Release, reviewed: Reviewed) -> None:
    client = Client()
    client.force_login(reviewed.cast.ada)
    address = f"/projects/{reviewed.cast.project.slug}/releases/{release.version}/"
    assert "Build VQA data first" in client.get(address).content.decode()
    sent = {
        "seed": "0",
        "controls": "on",
        "formats": ["swift"],
        "split": io.BytesIO(SPLIT.encode()),
    }
    client.post(address, sent)
    build = VqaBuild.objects.get()
    assert (build.options["split"], build.options["formats"]) == (SPLIT, ["swift"])
    assert f'data-job="/api/v1/vqa/{build.pk}/"' in client.get(address).content.decode()

    build_vqa(build.pk)

    page = client.get(address).content.decode()
    assert "failure_detection_qa" in page
    assert f"-vqa-{build.pk}.zip -d" in page
    client.post(address, {"seed": "0", "templates": io.BytesIO(b"\xff")})
    assert "no UTF-8 text" in client.get(address).content.decode()
    assert VqaBuild.objects.count() == 1


@pytest.mark.parametrize(("who", "status"), [("ann", 403), ("mallory", 404)])
def test_only_who_releases_builds(release: Release, reviewed: Reviewed, who: str, status: int) -> None:
    client = Client()
    client.force_login(reviewed.cast.everybody()[who])
    address = f"/projects/{reviewed.cast.project.slug}/releases/{release.version}/"
    assert client.post(address, {"seed": "0"}).status_code == status
    assert client.get(address).status_code == (200 if status == 403 else 404)
    assert not VqaBuild.objects.exists()
