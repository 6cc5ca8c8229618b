"""Our server of the openpi protocol: with our client, and with the unmodified `openpi-client`."""

import json
import subprocess
import sys
import urllib.request
from pathlib import Path

import numpy as np
import pytest

from robot.environment import JOINTS
from robot.kinematics import HOME
from robot.policy.__main__ import main
from robot.policy.client import PolicyClient, PolicyLost
from robot.policy.requests import write_request
from tests.robot.pictures import observation
from tests.robot.servers import free_port

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def served():
    command = [sys.executable, "-m", "robot.policy", "serve", "--task", "place_two", "--port", "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    yield process.stdout.readline().split()[-1]
    process.kill()
    process.wait()
    process.stdout.close()


def health(url):
    with urllib.request.urlopen(f"{url.replace('ws', 'http', 1)}/healthz") as response:
        return response.read()


async def test_it_serves_a_task_and_tells_of_itself(served):
    client = PolicyClient(served)
    actions = await client.infer(write_request(observation(state=HOME), "go"), 20)
    assert actions.shape == (50, JOINTS)
    assert np.isfinite(actions).all()
    assert client.metadata["task"] == "place_two"
    assert health(served) == b"OK\n"
    client.abandon()


async def test_what_is_no_request_is_a_traceback_and_the_end(served):
    client = PolicyClient(served)
    with pytest.raises(PolicyLost, match="state must be"):
        await client.infer({"state": np.zeros(3), "images": {}, "prompt": ""}, 20)
    assert (await client.infer(write_request(observation(state=HOME), "go"), 20)).shape == (50, JOINTS)
    client.abandon()


def test_the_serving_process_imports_no_simulator():
    code = "import sys, robot.policy.__main__; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    loaded = done.stdout.split()
    assert "robot.policy.scripted" in loaded, done.stderr
    banned = {"mujoco", "gym_aloha", "mink", "dm_control", "torch", "django"}
    assert not [name for name in loaded if name.split(".")[0] in banned or name.startswith("robot.sim")]


def test_a_port_that_is_taken_is_one_sentence(served, capsys):
    port = served.rsplit(":", 1)[1]
    assert main(["serve", "--task", "place_two", "--port", port]) == 2
    assert capsys.readouterr().err.startswith(f"error: cannot listen on 127.0.0.1:{port}")
    with pytest.raises(SystemExit):
        main(["serve", "--task", "juggle", "--port", "0"])


async def test_a_key_is_asked_for(monkeypatch):
    monkeypatch.setenv("POLICY_KEY", "sesame")
    port = free_port()
    command = [sys.executable, "-m", "robot.policy", "serve", "--task", "place_one", "--port", str(port)]
    with subprocess.Popen(
        [*command, "--key-env", "POLICY_KEY"], stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as server:
        server.stdout.readline()
        with pytest.raises(PolicyLost, match="401"):
            await PolicyClient(f"ws://127.0.0.1:{port}").infer({}, 20)
        client = PolicyClient(f"ws://127.0.0.1:{port}", "sesame")
        assert (await client.infer(write_request(observation(state=HOME), ""), 20)).shape == (50, JOINTS)
        client.abandon()
        server.kill()


@pytest.fixture(scope="module")
def openpi(tmp_path_factory):
    """A Python with `openpi-client` as it is published; it pins numpy below 2, so it lives by itself."""
    folder = tmp_path_factory.mktemp("openpi")
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    python = folder / "bin" / "python"
    install = [str(python), "-m", "pip", "install", "--quiet", "openpi-client==0.1.2"]
    install.append("typing_extensions")  # which it imports and does not declare
    done = subprocess.run(install, capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"openpi-client cannot be installed here: {done.stderr.strip().splitlines()[-1]}")
    return python


@pytest.mark.full
def test_the_unmodified_openpi_client_is_served(served, openpi):
    host, port = served.removeprefix("ws://").split(":")
    script = Path(__file__).with_name("openpi_peer.py")
    done = subprocess.run(
        [str(openpi), str(script), host, port, "go"], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["shape"] == [50, JOINTS]
    assert told["finite"]
    assert told["metadata"]["task"] == "place_two"
    assert told["timing"] == ["infer_ms", "prev_total_ms"]
    assert "RequestError" in told["error"]
