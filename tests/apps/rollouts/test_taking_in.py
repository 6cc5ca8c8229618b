"""A rollout that arrived is in the queue once, with what supervisor and simulator say as proposals."""

import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import TestCase
from django.utils import timezone

from apps.annotation.models import Annotation
from apps.core.models import Event
from apps.drafting.models import Proposal
from apps.episodes.ingest import episode_ingest
from apps.episodes.models import Blob, Episode
from apps.episodes.selectors import episode_signals
from apps.rollouts import tasks
from apps.rollouts.models import Rollout, RolloutUpload, Run
from apps.rollouts.services import rollouts_resume
from tests.apps.rollouts.test_tus import Client, machine
from tests.people import Api, Cast, error_of
from tests.robot.rollout.play import record

Pack = Callable[..., bytes]


@pytest.fixture
def send(cast: Cast, tus_dir: Path, queued: list[str]) -> Callable[[bytes], RolloutUpload]:
    """Upload packed bytes and take them in."""
    robot = Client(cast, machine(cast, cast.otto, "upload"))

    def upload(data: bytes) -> RolloutUpload:
        path = robot.begin(len(data))
        assert robot.patch(path, 0, data).status_code == 204
        with TestCase.captureOnCommitCallbacks(execute=True):
            tasks.take_in(queued[-1])
        return RolloutUpload.objects.get(pk=queued[-1])

    return upload


def test_it_becomes_an_episode_with_signals_in_a_run(
    cast: Cast, packed: Pack, send: Any, tus_dir: Path
) -> None:
    upload = send(packed())

    rollout = Rollout.objects.get()
    assert (upload.state, list(tus_dir.iterdir())) == ("taken", [])
    assert (str(rollout.run), rollout.run.policy, rollout.trial, rollout.outcome) == (
        "run-1", "scripted", 0, "failure",
    )  # fmt: skip
    assert rollout.episode.task.description == "Put the cube away."
    assert rollout.episode.uploaded_by == cast.otto
    assert {column.name for column in episode_signals(rollout.episode).columns} >= {
        "control",
        "left_joint_1 action",
    }
    episode_ingest(episode=rollout.episode)
    assert Episode.objects.get().state == "ready"
    assert rollout.episode.cameras.count() == 3


def test_the_verdict_is_a_proposal_whose_origin_is_shown_and_nobodys_work(packed: Pack, send: Any) -> None:
    send(packed())

    proposal = Proposal.objects.get()
    assert (proposal.origin, proposal.source) == ("supervisor", "tiny, run-1")
    (event,) = proposal.content["events"]
    assert (event["failure_type"], event["avoidance"]["frame"]) == ("gripper 6d-pose", 5)
    assert event["correction"]["symbols"][0]["end"] == [50, 20]
    assert not Annotation.objects.exists()


def test_the_simulators_truth_is_a_proposal_of_its_own(packed: Pack, send: Any) -> None:
    truth = {
        "outcome": "failed",
        "events": [{"failure_type": "gripper state", "subtask": 1, "correction": {"frame": 7}}],
    }
    send(packed(truth=truth))

    origins = {each.origin: each.content for each in Proposal.objects.all()}
    assert set(origins) == {"supervisor", "simulator"}
    assert origins["simulator"]["events"][0]["correction"]["frame"] == 7
    assert origins["simulator"]["events"][0]["subtask"] is None  # the task here has no subtasks


def test_a_proposal_that_is_none_is_noted_and_the_rollout_stays(packed: Pack, send: Any) -> None:
    send(packed(truth={"outcome": "failed", "events": [{"failure_type": "bad luck"}]}))

    assert [each.origin for each in Proposal.objects.all()] == ["supervisor"]
    assert Event.objects.get(kind="rollout", verb="no_proposal").source == "simulator"
    assert Rollout.objects.count() == 1


def test_sent_twice_it_is_there_once(packed: Pack, send: Any) -> None:
    data = packed()
    assert [send(data).state, send(data).state] == ["taken", "taken"]
    assert (Rollout.objects.count(), Episode.objects.count(), Proposal.objects.count()) == (1, 1, 1)


def test_taking_in_again_after_a_crash_changes_nothing(packed: Pack, send: Any) -> None:
    upload = send(packed())
    RolloutUpload.objects.update(state="received")
    tasks.take_in(str(upload.pk))  # its file is gone already
    assert Rollout.objects.count() == 1


def changed(data: bytes, edit: Callable[[dict[str, Any]], None]) -> bytes:
    """The packed rollout with another manifest."""
    out = io.BytesIO()
    with tarfile.open(fileobj=io.BytesIO(data)) as old, tarfile.open(fileobj=out, mode="w") as new:
        for info in old:
            file = old.extractfile(info)
            assert file is not None
            content = file.read()
            if info.name == "rollout.json":
                manifest = json.loads(content)
                edit(manifest)
                content = json.dumps(manifest).encode()
                info.size = len(content)
            new.addfile(info, io.BytesIO(content))
    return out.getvalue()


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (lambda m: m.update(task="  "), "origin, its run and its task"),
        (lambda m: m.update(format=9), "another format"),
        (lambda m: m.update(id="../../x"), "lacks something"),
        (lambda m: m["files"].update({"../x.mp4": "0"}), "names files"),
        (lambda m: m["files"].update({"cam_high.mp4": "0" * 64}), "not there as the manifest says"),
        (lambda m: m.update(unheard="of"), "unheard"),
        (lambda m: m.update(cameras=[1, 2]), "lacks something"),
        (lambda m: m.update(trial="three"), "trial"),
    ],
)
def test_a_bad_manifest_is_refused_in_one_sentence_and_leaves_nothing(
    edit: Any, sentence: str, packed: Pack, send: Any, tus_dir: Path
) -> None:
    upload = send(changed(packed(), edit))

    assert upload.state == "refused"
    assert sentence in upload.problem
    assert not Rollout.objects.exists()
    assert not Run.objects.exists()
    assert not Blob.objects.exists()
    assert not list(tus_dir.iterdir())


def test_bytes_that_are_no_archive_are_refused(send: Any) -> None:
    assert "cannot be unpacked" in send(b"no archive" * 100).problem


def test_what_was_waiting_when_the_site_stopped_is_queued_again(
    packed: Pack, send: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    again: list[str] = []
    monkeypatch.setattr("apps.rollouts.services.enqueue_take_in", again.append)
    upload = send(packed())
    RolloutUpload.objects.update(state="received")

    rollouts_resume(before=timezone.now())

    assert again == [str(upload.pk)]


def test_runs_and_trials_over_the_api(cast: Cast, packed: Pack, send: Any) -> None:
    send(packed())
    (run,) = Api.of(cast.ann).get(f"projects/{cast.project.pk}/runs/").json()
    assert (run["key"], run["outcomes"]) == ("run-1", {"success": 0, "failure": 1, "unknown": 0})
    rollout = Api.of(cast.ann).get(f"rollouts/{run['rollouts'][0]['id']}/").json()
    assert [event["kind"] for event in rollout["events"]] == [
        "rollout_started",
        "query",
        "answer",
        "rollout_ended",
    ]
    assert rollout["proposals"] == [{"origin": "supervisor", "source": "tiny, run-1"}]
    assert error_of(Api.of(cast.mallory).get(f"rollouts/{rollout['id']}/")) == (404, "not_found")


def test_two_rollouts_of_one_run_are_two_trials(packed: Pack, send: Any, tmp_path: Path) -> None:
    from robot.formats.rollout import pack

    for folder in record(tmp_path / "both", 2):
        pack(folder, tmp_path / "one.tar")
        send((tmp_path / "one.tar").read_bytes())
    assert list(Rollout.objects.order_by("trial").values_list("trial", flat=True)) == [0, 1]
    assert Run.objects.count() == 1
