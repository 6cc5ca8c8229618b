"""The whole supervisor in real time: replayed frames, real servers, faults."""

import json
import urllib.request
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from robot.camera import on_plane
from robot.environment import HEAD
from robot.kinematics import HOME, tip
from robot.policy.calibration import HEAD_CAMERA
from robot.replay import ReplayEnvironment
from robot.supervisor.autonomy import Override, append_record, read_records
from tests.robot.correction.test_pmc import depth_of
from tests.robot.pictures import moment
from tests.robot.servers import Peer, free_port
from tests.robot.supervisor.live import order, rolling, supervised


@pytest.fixture(scope="module")
def policy():
    with Peer("facts_policy.py") as peer:
        yield peer


@pytest.fixture(scope="module")
def vlm():
    with Peer("moody_vlm.py") as peer:
        yield peer


def asked(vlm):
    with urllib.request.urlopen(f"http://127.0.0.1:{vlm.port}/asked") as response:
        return json.load(response)


@pytest.fixture(scope="module")
def shadowing(policy, vlm, tmp_path_factory):
    """A supervisor in shadow mode whose model always sees a failure."""
    folder = tmp_path_factory.mktemp("records")
    tables = {"vlm": {"model": "failed"}, "supervisor": {"every_chunks": 1, "records": str(folder)}}
    with supervised(policy.port, vlm.port, folder, **tables) as (runner, kept):
        yield runner, kept


@pytest.fixture
def rollout(shadowing):
    runner, kept = shadowing
    kept.steps.clear()
    kept.entries.clear()
    with rolling(runner, kept):
        yield runner, kept


def test_a_shadow_rollout_from_beginning_to_end(rollout, vlm):
    runner, kept = rollout
    with connect(f"ws://127.0.0.1:{runner.console_port}", close_timeout=0.1) as console:
        kept.wait(lambda kept: len(kept.told("answer")) >= 2)
        console.send(json.dumps({"order": "finish", "by": "Olga", "success": True}))
        assert kept.ended.wait(10)
    kinds = [entry.kind for entry in kept.entries]
    assert (kinds[0], kinds[-1]) == ("rollout_started", "rollout_ended")
    assert {step.control for step in kept.steps} == {"policy"}
    answer = kept.told("answer")[0].data
    assert (answer["failed"], answer["failure_type"]) == (True, "gripper 6d-pose")
    assert kept.told("overlay")[0].data["symbols"][0]["type"] == "move_arrow"
    record = read_records(Path(runner.settings.supervisor.records))[-1]
    assert (record.success, record.model, record.task) == (True, "failed", "go on")
    assert record.interventions == kept.told("rollout_ended")[0].data["interventions"] >= 2
    told = asked(vlm)
    assert told["seen"]["failed"]["images"] >= 1
    assert "go on" in told["seen"]["failed"]["text"]


def test_an_operators_hold_and_takeover_act_at_once(rollout):
    runner, kept = rollout
    for name, control in (("hold", "hold"), ("take_over", "operator"), ("release", "policy")):
        given = order(runner, name)
        before = len(kept.steps)
        kept.wait(lambda kept, n=before, c=control: any(s.control == c for s in kept.steps[n:]))
        acted = next(step.time for step in kept.steps if step.control == control and step.time > given)
        assert acted - given < 0.2


def test_pages_without_a_token_are_turned_away_and_nonsense_is_answered(rollout):
    runner, _ = rollout
    url = f"ws://127.0.0.1:{runner.console_port}"
    with pytest.raises(InvalidStatus, match="403"), connect(url, origin="http://elsewhere.example"):
        pass
    with connect(url, close_timeout=0.1) as console:
        for text in ("{", "[]", '{"order": "dance", "by": "x"}', '{"order": "hold"}',
                     '{"order": "correct", "by": "x", "symbols": [{"type": "circle"}]}'):  # fmt: skip
            console.send(text)
        errors = []
        while len(errors) < 5:
            message = json.loads(console.recv(10))
            errors += [message["error"]] if "error" in message else []
        assert "one of hold" in errors[2]


@pytest.mark.full
def test_a_killed_policy_is_a_hold_and_a_restarted_one_drives_again(vlm, tmp_path):
    port = free_port()
    with (
        Peer("facts_policy.py", port) as peer,
        supervised(port, vlm.port, tmp_path) as (runner, kept),
        rolling(runner, kept),
    ):
        kept.wait(lambda kept: len(kept.told("policy_answered")) >= 2)
        peer.stop()
        kept.wait(lambda kept: any(step.control == "hold" for step in kept.steps))
        peer.start()
        n = len(kept.steps)
        kept.wait(lambda kept: any(step.control == "policy" and not step.why for step in kept.steps[n:]))


@pytest.mark.full
@pytest.mark.parametrize("prompt", ["hang", "nan", "shape", "text", "garbage", "close"])
def test_a_policy_out_of_its_mind_is_a_hold(policy, vlm, tmp_path, prompt):
    tables = {"supervisor": {"task": prompt}, "policy": {"deadline": 0.3}}
    with supervised(policy.port, vlm.port, tmp_path, **tables) as (runner, kept), rolling(runner, kept):
        kept.wait(lambda kept: any(step.control == "hold" for step in kept.steps))
        held = next(step.time for step in kept.steps if step.control == "hold")
        first = kept.told("policy_asked")[0].time
        assert held - first <= 0.3 + 0.02 + 0.02
        assert np.isfinite([step.action for step in kept.steps]).all()


class OverTable(ReplayEnvironment):
    """Goes where it is told, over a computed table whose depth it can tell."""

    def __init__(self):
        super().__init__([moment(0, 480, 640)], [HOME], task="go on")
        self.info = replace(self.info, cameras={**self.info.cameras, HEAD: HEAD_CAMERA})

    def act(self, action):
        self._states = [action]

    def depth(self, camera):
        return depth_of(None)


@pytest.mark.parametrize("method", ["vsf", "pmc"])
def test_a_failure_is_corrected_by_either_method_and_the_task_goes_on(policy, vlm, tmp_path, method):
    append_record(tmp_path, Override("go on", "near", "Ada", "a test", "now"))
    tables = {
        "vlm": {"model": "near"},
        "supervisor": {"mode": "autonomous", "every_chunks": 1},
        "correction": {"method": method, "plan": 10.0},
    }
    environment = OverTable()
    running = supervised(policy.port, vlm.port, tmp_path, environment=environment, **tables)
    with running as (runner, kept), rolling(runner, kept):
        kept.wait(
            lambda kept: any(e.data["why"] == "it was carried out" for e in kept.told("correction_ended"))
        )
        n = len(kept.steps)
        kept.wait(lambda kept: any(step.control == "policy" for step in kept.steps[n:]))
    started = kept.told("correction_started")[0].data
    assert (started["method"], started["prompt"]) == (method, "Move the left gripper to the left.")
    prompts = {entry.data["prompt"] for entry in kept.told("policy_asked")}
    assert prompts == {"go on"} | ({started["prompt"]} if method == "vsf" else set())
    if method == "pmc":
        corrected = [step.action for step in kept.steps if step.control == "correction"]
        target = on_plane(HEAD_CAMERA, (256.5, 268.5), 0.0)
        nearest = min(np.linalg.norm(tip("left", action)[0] - target) for action in corrected)
        assert nearest < 0.010
