"""Versions: the same content is the same version with the same bytes, and no version ever changes."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import Project
from apps.accounts.taxonomy import PAPER_EMBODIMENT
from apps.annotation.models import Annotation
from apps.core.errors import AppError
from apps.drafting import template
from apps.drafting.models import Draft
from apps.drafting.services import draft_from_template
from apps.episodes.services import task_update
from apps.episodes.storage import blob_read
from apps.releases import services
from apps.releases.content import Content, content_of
from apps.releases.models import Release
from apps.releases.services import release_create, release_export, release_pack
from apps.releases.tasks import pack_release
from tests.apps.releases.conftest import Reviewed
from tests.people import Api, body_of, error_of
from tests.work import begin, decide, edit, failed, filmed, make_task, ready, submit, submitted, successful


def release_of(reviewed: Reviewed) -> Release:
    return release_create(project=reviewed.cast.project, by=reviewed.cast.ada)[0]


def packed(release: Release) -> bytes:
    release_pack(release=release)
    return blob_read(Release.objects.get(pk=release.pk).archive)


def test_the_archive_holds_the_very_files_of_the_folder(reviewed: Reviewed, tmp_path: Path) -> None:
    release = release_export(project=reviewed.cast.project, target=tmp_path / "release", by=None)

    with zipfile.ZipFile(io.BytesIO(packed(release))) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
        times = {entry.date_time for entry in archive.infolist()}
        assert archive.testzip() is None

    folder = tmp_path / "release"
    assert entries == {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }
    assert len(times) == 1


def test_packing_twice_gives_the_same_bytes(reviewed: Reviewed) -> None:
    release = release_of(reviewed)
    first = packed(release)
    Release.objects.filter(pk=release.pk).update(archive=None)

    second = packed(Release.objects.get(pk=release.pk))

    assert hashlib.sha256(first).hexdigest() == hashlib.sha256(second).hexdigest()


def test_what_has_its_archive_is_not_packed_again(reviewed: Reviewed) -> None:
    release = release_of(reviewed)
    packed(release)
    task_update(task=reviewed.failure.episode.task, by=reviewed.cast.ada, name="clean_board")

    release_pack(release=release)

    assert Release.objects.get(pk=release.pk).problem == ""


def test_the_same_content_is_the_same_version(reviewed: Reviewed) -> None:
    assert release_of(reviewed) == release_of(reviewed)
    assert Release.objects.get().version == 1


def test_a_new_approval_is_a_new_version_and_the_old_one_stays(reviewed: Reviewed) -> None:
    first = release_of(reviewed)
    bytes_before = packed(first)
    decide(reviewed.waiting, reviewed.cast.rita)

    second = release_of(reviewed)

    assert (first.version, second.version) == (1, 2)
    assert first.fingerprint != second.fingerprint
    assert first.items.count() == 3
    assert second.items.count() == 4
    Release.objects.filter(pk=first.pk).update(archive=None)
    assert packed(Release.objects.get(pk=first.pk)) == bytes_before


def test_of_two_approved_annotations_of_an_episode_the_one_approved_last_is_taken(reviewed: Reviewed) -> None:
    cast, first = reviewed.cast, release_of(reviewed)
    other = submitted(reviewed.success.episode, cast.ann, failed())
    assert release_of(reviewed) == first

    decide(other, cast.ada)
    second = release_of(reviewed)

    assert second.version == 2
    held = set(second.items.values_list("annotation", flat=True))
    assert other.pk in held
    assert reviewed.success.pk not in held
    assert second.counts["episodes"] == 3


def test_a_release_names_revisions_and_who_made_it(reviewed: Reviewed) -> None:
    release = release_of(reviewed)

    assert dict(release.items.values_list("annotation", "revision")) == {
        each.pk: each.revision for each in (reviewed.failure, reviewed.success, reviewed.unclear)
    }
    assert release.by == reviewed.cast.ada


def test_a_tasks_words_are_those_that_were_annotated(reviewed: Reviewed) -> None:
    release = release_of(reviewed)
    task = reviewed.failure.episode.task
    task_update(task=task, by=reviewed.cast.ada, description="Something else.", subtasks=["Wipe."])

    assert release_of(reviewed) == release
    with zipfile.ZipFile(io.BytesIO(packed(release))) as archive:
        record = json.loads(archive.read("annotations.json"))[0]
        full = json.loads(archive.read("events.json"))[1]
    assert record["task"] == full["description"] == "Do wipe_board with both arms."
    assert record["subtasks"] == ["1. Grasp the eraser.", "2. Wipe the board.", "3. Put the eraser back."]


def test_where_no_words_were_kept_the_tasks_own_are_released(reviewed: Reviewed) -> None:
    """Annotations that were handed in before words were kept."""
    Annotation.objects.update(task_text=None)
    task_update(task=reviewed.failure.episode.task, by=reviewed.cast.ada, description="Wipe it.")

    with zipfile.ZipFile(io.BytesIO(packed(release_of(reviewed)))) as archive:
        assert json.loads(archive.read("annotations.json"))[0]["task"] == "Wipe it."


def test_a_release_whose_task_was_renamed_can_no_longer_be_packed_and_says_so(reviewed: Reviewed) -> None:
    release = release_of(reviewed)
    task_update(task=reviewed.failure.episode.task, by=reviewed.cast.ada, name="clean_board")

    with pytest.raises(AppError) as refused:
        release_pack(release=release)
    assert (refused.value.status, refused.value.code) == (409, "content_changed")

    pack_release(release.pk)

    body = Api.of(reviewed.cast.ann).get(f"releases/{release.pk}/").json()
    assert (body["state"], body["download"]) == ("failed", None)
    assert "make a new release" in body["problem"]
    assert release_of(reviewed).version == 2


@pytest.mark.parametrize(
    "change",
    [{"name": "Renamed"}, {"embodiment": {**PAPER_EMBODIMENT, "joint_unit": "deg"}}],
)
def test_whatever_the_manifest_says_is_part_of_the_version(
    reviewed: Reviewed, change: dict[str, Any]
) -> None:
    """Two releases that differ in one byte never have one version; what is as it was has its old one."""
    project, first = reviewed.cast.project, release_of(reviewed)
    before = packed(first)
    Project.objects.filter(pk=project.pk).update(**change)

    second = release_of(reviewed)

    assert second.version == 2
    assert packed(second) != before
    Project.objects.filter(pk=project.pk).update(name=project.name, embodiment=project.embodiment)
    Release.objects.update(archive=None)
    assert release_of(reviewed) == first
    assert packed(Release.objects.get(pk=first.pk)) == before


def test_a_draft_that_helped_is_part_of_the_version(reviewed: Reviewed) -> None:
    first = release_of(reviewed)
    failure = reviewed.failure
    Draft.objects.create(
        annotation=failure,
        event="e1",
        revision=failure.revision,
        provider="template",
        version="later-1",
        state=Draft.State.READY,
        by=failure.annotator,
    )

    assert release_of(reviewed).version == first.version + 1


def test_what_is_approved_while_a_release_is_put_together_is_in_it(
    reviewed: Reviewed, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = []

    def content_and_an_approval(*args: Any) -> Content:
        read.append(content_of(*args))
        if len(read) == 1:
            decide(reviewed.waiting, reviewed.cast.rita)
        return read[-1]

    monkeypatch.setattr(services, "content_of", content_and_an_approval)
    release, content = release_create(project=reviewed.cast.project, by=None)

    assert [len(each.episodes) for each in read] == [3, 4]
    assert content is read[1]
    assert set(release.items.values_list("annotation", flat=True)) == set(content.revisions)


def test_the_drafts_that_helped_are_named(reviewed: Reviewed, film: Callable[[int], Path]) -> None:
    cast = reviewed.cast
    annotation = edit(begin(filmed(make_task(cast.project, "other"), cam_high=film(9)), cast.ann), *failed())
    draft_from_template(annotation=annotation, event_id="e1", by=cast.ann)
    assert drafts_named_in(packed(release_of(reviewed))) == []

    decide(submit(annotation), cast.rita)

    assert drafts_named_in(packed(release_of(reviewed))) == [template.VERSION]


def drafts_named_in(archive: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return json.loads(opened.read("release.json"))["prompts"]["drafts"]


def test_without_anything_approved_there_is_no_release(reviewed: Reviewed) -> None:
    """mallory's project has work that is handed in, and no more."""
    elsewhere, mallory = reviewed.cast.elsewhere, reviewed.cast.mallory
    submitted(ready(make_task(elsewhere)), mallory, successful())

    answer = Api.of(mallory).post(f"projects/{elsewhere.pk}/releases/")

    assert error_of(answer) == (409, "nothing_approved")
    assert not Release.objects.exists()


def test_an_approved_state_without_a_verdict_is_not_released(reviewed: Reviewed) -> None:
    """Nothing unreviewed is exported, whatever a row says."""
    Annotation.objects.filter(pk=reviewed.waiting.pk).update(state="approved")

    assert release_of(reviewed).items.count() == 3


def test_a_release_is_made_packed_and_downloaded_by_the_api(
    reviewed: Reviewed, django_capture_on_commit_callbacks: Any
) -> None:
    api, address = Api.of(reviewed.cast.ada), f"projects/{reviewed.cast.project.pk}/releases/"

    with django_capture_on_commit_callbacks() as on_commit:
        made = api.post(address)
    assert (made.status_code, made.json()["state"]) == (201, "packing")
    assert on_commit, "packing is queued when the row is there"
    assert error_of(api.get(f"releases/{made.json()['id']}/download/")) == (409, "not_packed")

    pack_release(made.json()["id"])
    (row,) = api.get(address).json()
    assert (row["state"], row["version"]) == ("packed", 1)
    response = api.get(row["download"].removeprefix("/api/v1/"))
    data = body_of(response)
    assert len(data) == row["size"]
    assert data == blob_read(Release.objects.get().archive)
    assert response["Content-Type"] == "application/zip"
    assert response["Content-Disposition"] == 'attachment; filename="table-top-v1.zip"'


def test_a_part_of_an_archive_can_be_fetched_to_go_on_with_a_download(reviewed: Reviewed) -> None:
    release = release_of(reviewed)
    data = packed(release)

    response = Api.of(reviewed.cast.ada).get(
        f"releases/{release.pk}/download/", headers={"Range": "bytes=1000-"}
    )

    assert (response.status_code, body_of(response)) == (206, data[1000:])


def test_an_outsider_gets_no_release(reviewed: Reviewed) -> None:
    release = release_of(reviewed)
    api = Api.of(reviewed.cast.mallory)

    for address in (f"releases/{release.pk}/", f"releases/{release.pk}/download/"):
        assert error_of(api.get(address)) == (404, "not_found")


def test_the_page_makes_a_release_for_admins_only(reviewed: Reviewed, client: Client) -> None:
    address = f"/projects/{reviewed.cast.project.slug}/releases/"
    client.force_login(reviewed.cast.rita)
    assert client.get(address).status_code == 200
    assert client.post(address).status_code == 403
    assert not Release.objects.exists()

    client.force_login(reviewed.cast.ada)
    assert client.post(address).status_code == 302
    assert Release.objects.get().version == 1
