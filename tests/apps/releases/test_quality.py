"""What a release says of its quality: hours, agreement, residual error; none of it makes another version."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from apps.annotation.models import Annotation, WorkSession
from apps.episodes.storage import blob_read
from apps.releases.models import Release
from apps.releases.services import release_create, release_pack
from apps.releases.tasks import build_vqa
from apps.releases.vqa import vqa_request
from apps.review.models import Audit
from tests.apps.releases.conftest import Reviewed
from tests.work import begin, edit, failed, put, submit


def worked(annotation: Annotation, person: Any, **seconds: float) -> None:
    now = timezone.now()
    WorkSession.objects.create(
        id=uuid4(), annotation=annotation, person=person, began=now, last=now, **seconds
    )


@pytest.fixture
def known(reviewed: Reviewed) -> Reviewed:
    """Hours of ann and rita, a second opinion that differs in the type, one second look."""
    cast = reviewed.cast
    worked(reviewed.failure, cast.ann, diagnosis=3600, guidance=1200, texts=600)
    worked(reviewed.failure, cast.rita, review=900)
    other = edit(begin(reviewed.failure.episode, cast.ben), *failed())
    submit(edit(other, put("events", "e1", "failure_type", value="task planning")))
    Audit.objects.create(
        annotation=reviewed.failure, revision=reviewed.failure.revision, author=cast.ann, reviewer=cast.ada,
        erroneous=False, decided=timezone.now(),
    )  # fmt: skip
    return reviewed


def manifest_of(release: Release) -> dict[str, Any]:
    release_pack(release=release)
    with zipfile.ZipFile(io.BytesIO(blob_read(Release.objects.get(pk=release.pk).archive))) as archive:
        return json.loads(archive.read("release.json"))


def test_a_release_says_what_is_known_when_it_is_made(known: Reviewed) -> None:
    release, _ = release_create(project=known.cast.project, by=known.cast.ada)
    told = manifest_of(release)

    assert told["annotation_hours"] == {"annotation": 1.5, "review": 0.25}
    assert told["agreement"]["failure detection"] == 1.0
    assert told["agreement"]["failure type"] == 0.0
    assert (told["residual_error"]["estimate"], told["residual_error"]["n"]) == (0.0, 1)
    assert told["residual_error"]["high"] > 0.5


def test_what_is_not_known_is_left_out(reviewed: Reviewed) -> None:
    release, _ = release_create(project=reviewed.cast.project, by=reviewed.cast.ada)

    assert not manifest_of(release).keys() & {"annotation_hours", "agreement", "residual_error"}


def test_a_later_look_makes_no_other_version_and_changes_no_byte(known: Reviewed) -> None:
    release, _ = release_create(project=known.cast.project, by=known.cast.ada)
    Audit.objects.update(erroneous=True)
    worked(known.failure, known.cast.ann, texts=3600)

    again, _ = release_create(project=known.cast.project, by=known.cast.ada)

    assert again.pk == release.pk
    assert manifest_of(again)["annotation_hours"]["annotation"] == 1.5
    assert manifest_of(again)["residual_error"]["estimate"] == 0.0


def test_the_page_and_the_data_card_say_it_too(known: Reviewed, tmp_path: Path) -> None:
    release, _ = release_create(project=known.cast.project, by=known.cast.ada)
    build = vqa_request(release=release, by=known.cast.ada, formats=["parquet"])
    build_vqa(build.pk)
    build.refresh_from_db()
    with zipfile.ZipFile(io.BytesIO(blob_read(build.archive))) as archive:
        card = archive.read("parquet/README.md").decode()
    client = Client()
    client.force_login(known.cast.ann)
    page = client.get(f"/projects/{known.cast.project.slug}/releases/1/").content.decode()

    assert "Annotation hours: annotation 1.5, review 0.25." in card
    assert "residual error of approved annotations: 0.0 % [0.0, 79.3], 1 looked at again." in card
    assert "failure type 0.0" in card
    assert build.charts["Annotation hours"] == {"annotation": 1.5, "review": 0.25}
    assert "0.0 % [0.0, 79.3], n = 1" in page
