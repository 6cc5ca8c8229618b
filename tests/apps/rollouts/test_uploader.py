"""The robot's uploader and an independent tus client against the served site: once, in order, resumed."""

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer
from tusclient.client import TusClient

from apps.accounts.tokens import token_create
from apps.episodes.models import Episode
from apps.rollouts import tasks
from apps.rollouts.models import Rollout, RolloutUpload
from robot.rollout import upload as uploading
from robot.rollout.__main__ import main
from robot.rollout.site import Site
from robot.rollout.upload import Sending
from tests.apps.rollouts.line import Line
from tests.people import Cast, make_cast
from tests.robot.rollout.play import record

PIECE = 4_000
FREE = 10_000_000


@pytest.fixture
def people(transactional_db: None) -> Cast:
    return make_cast()


@pytest.fixture
def token(people: Cast) -> str:
    return token_create(project=people.project, by=people.otto, name="robot", scopes=["upload"])[1]


@pytest.fixture
def line(
    live_server: LiveServer, tus_dir: Path, queued: list[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Line]:
    """To a site whose worker takes in at once; pieces are small, so that there are many."""
    monkeypatch.setattr("apps.rollouts.tus.enqueue_take_in", tasks.take_in)
    monkeypatch.setattr(uploading, "CHUNK", PIECE)
    with Line(live_server.thread.port) as line:
        yield line


@pytest.fixture
def sending(line: Line, token: str, tmp_path: Path) -> Callable[[], list[str]]:
    """Sends what is recorded in `tmp_path/recorded`, by a new sender each time; what it says."""

    def send(patience: float = 20.0) -> list[str]:
        site = Site(f"http://127.0.0.1:{line.port}", token)
        return [each.sentence for each in Sending(tmp_path / "recorded", site, patience).send_all()]

    return send


def test_each_is_in_the_queue_once_in_the_order_recorded(tmp_path: Path, sending: Any) -> None:
    folders = record(tmp_path / "recorded", 3)

    assert sending() == [f"{folder.name}: is in the queue" for folder in folders]
    assert sending() == [f"{folder.name}: is there already" for folder in folders]
    keys = [str(key) for key in Rollout.objects.order_by("pk").values_list("key", flat=True)]
    assert keys == [folder.name for folder in folders]
    assert RolloutUpload.objects.count() == 3
    assert not list((tmp_path / "recorded" / ".upload").glob("*.tar"))


def test_a_line_that_is_cut_again_and_again_costs_a_piece_each_time(
    tmp_path: Path, line: Line, sending: Any
) -> None:
    (folder,) = record(tmp_path / "recorded", count=1)
    size = sum(each.stat().st_size for each in folder.iterdir())
    line.budgets = [100, 100, *[FREE, FREE, FREE, 2_000] * 2]

    assert sending() == [f"{folder.name}: is in the queue"]

    assert Rollout.objects.count() == 1
    assert not line.budgets
    assert line.sent < 1.5 * size + 40_000  # and the headers


def test_another_process_goes_on_where_one_was_killed(tmp_path: Path, line: Line, sending: Any) -> None:
    (folder,) = record(tmp_path / "recorded")
    line.budgets = [*[FREE] * 6, 500]
    assert "not sent" in sending(patience=0.0)[0]
    offset = RolloutUpload.objects.get().offset
    assert offset >= PIECE

    assert sending() == [f"{folder.name}: is in the queue"]

    assert RolloutUpload.objects.count() == 1


def test_while_the_site_is_down_nothing_is_lost_nor_overtaken(
    tmp_path: Path, line: Line, sending: Any
) -> None:
    folders = record(tmp_path / "recorded", 2)
    line.down = True
    (only,) = sending(patience=0.1)
    assert only.startswith(f"{folders[0].name}: not sent")

    up = threading.Timer(0.5, lambda: setattr(line, "down", False))
    up.start()
    assert sending() == [f"{folder.name}: is in the queue" for folder in folders]


def test_what_the_site_refuses_does_not_hold_up_the_rest(tmp_path: Path, sending: Any) -> None:
    first, second = record(tmp_path / "recorded", 2)
    manifest = first / "rollout.json"
    manifest.write_text(manifest.read_text().replace('"Put the cube away."', '" "'))

    said = sending()

    assert "not sent: " in said[0]
    assert said[1] == f"{second.name}: is in the queue"


def test_what_is_too_large_for_the_site_is_refused(tmp_path: Path, sending: Any, settings: Any) -> None:
    settings.ROLLOUT_MAX_BYTES = 100
    (folder,) = record(tmp_path / "recorded")

    assert sending() == [f"{folder.name}: not taken: The site refuses it (413)."]
    settings.ROLLOUT_MAX_BYTES = 10**9
    assert sending() == [f"{folder.name}: is in the queue"]


def test_a_site_that_forgot_the_upload_gets_it_from_the_beginning(
    tmp_path: Path, line: Line, sending: Any
) -> None:
    (folder,) = record(tmp_path / "recorded")
    line.budgets = [*[FREE] * 6, 500]
    sending(patience=0.0)
    RolloutUpload.objects.all().delete()

    assert sending() == [f"{folder.name}: is in the queue"]


def test_the_command(
    tmp_path: Path, line: Line, token: str, people: Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    record(tmp_path / "recorded")
    address = ["--url", f"http://127.0.0.1:{line.port}"]

    assert main(["upload", str(tmp_path / "recorded"), *address, "--token", token]) == 0
    assert "is in the queue" in capsys.readouterr().out
    assert main(["upload", str(tmp_path / "recorded"), *address, "--token", "vif_guessed"]) == 1
    assert "unknown or has been revoked" in capsys.readouterr().err
    reader = token_create(project=people.project, by=people.otto, name="reader", scopes=["read"])[1]
    assert main(["upload", str(tmp_path / "recorded"), *address, "--token", reader]) == 1
    assert "upload" in capsys.readouterr().err
    assert main(["upload", str(tmp_path / "nowhere"), *address, "--token", token]) == 2
    assert main(["upload", str(tmp_path), *address, "--token", ""]) == 2
    assert Rollout.objects.count() == 1


def test_an_independent_client_uploads_with_checksums_and_resumes(
    people: Cast, line: Line, token: str, tmp_path: Path
) -> None:
    """tuspy as it comes, at the address that the protocol gives it."""
    from robot.formats.rollout import pack

    (folder,) = record(tmp_path / "recorded")
    pack(folder, tmp_path / "packed.tar")
    address = f"http://127.0.0.1:{line.port}/api/v1/projects/{people.project.pk}/rollouts/uploads/"
    client = TusClient(address, headers={"Authorization": f"Bearer {token}"})
    first = client.uploader(str(tmp_path / "packed.tar"), chunk_size=PIECE, upload_checksum=True)
    first.upload_chunk()
    second = client.uploader(
        str(tmp_path / "packed.tar"), chunk_size=PIECE, url=first.url, upload_checksum=True
    )
    assert second.offset == PIECE
    second.upload()

    assert RolloutUpload.objects.get().state == "taken"
    assert Episode.objects.get().task.description == "Put the cube away."
    assert os.path.getsize(tmp_path / "packed.tar") == second.offset
