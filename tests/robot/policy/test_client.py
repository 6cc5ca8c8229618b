"""Our client of the openpi protocol, against a server written from the protocol's facts alone."""

import asyncio
import time

import numpy as np
import pytest

from robot.environment import JOINTS
from robot.policy.client import PolicyClient, PolicyLost
from robot.policy.requests import RequestError, fit, read_request, write_request
from tests.robot.pictures import observation, picture
from tests.robot.servers import Peer, free_port


@pytest.fixture(scope="module")
def server():
    with Peer("facts_policy.py") as peer:
        yield peer


@pytest.fixture
async def client(server):
    made = PolicyClient(f"ws://127.0.0.1:{server.port}")
    yield made
    made.abandon()


def request(prompt="go on", value=0.25):
    return write_request(observation(state=np.full(JOINTS, value)), prompt)


async def test_a_chunk_comes_back_and_the_metadata_is_kept(client):
    actions = await client.infer(request(), 5)
    np.testing.assert_array_equal(actions, np.full((50, JOINTS), 0.25, np.float32))
    assert client.metadata == {"served": "facts"}


async def test_a_late_answer_is_never_the_next_ones(client):
    with pytest.raises(PolicyLost, match=r"no answer within 0\.2 s"):
        await client.infer(request("late 0.4", value=1.0), 0.2)
    await asyncio.sleep(0.5)
    assert (await client.infer(request(value=2.0), 5) == 2.0).all()


async def test_a_hung_server_costs_no_more_than_the_deadline(client):
    start = time.monotonic()
    with pytest.raises(PolicyLost):
        await client.infer(request("hang"), 0.3)
    assert time.monotonic() - start < 0.6


@pytest.mark.parametrize(
    ("prompt", "said"),
    [("text", "ValueError: boom"), ("garbage", "cannot be read"), ("close", "ws://127.0.0.1")],
)
async def test_after_an_error_it_connects_again(client, prompt, said):
    with pytest.raises(PolicyLost, match=said):
        await client.infer(request(prompt), 5)
    assert (await client.infer(request(), 5)).shape == (50, JOINTS)


async def test_being_cancelled_closes_the_connection(client):
    await client.infer(request(), 5)
    asking = asyncio.create_task(client.infer(request("late 0.3", value=1.0), 5))
    await asyncio.sleep(0.05)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert (await client.infer(request(value=2.0), 5) == 2.0).all()


async def test_nobody_there_is_one_sentence_and_a_server_that_comes_is_found():
    port = free_port()
    client = PolicyClient(f"ws://127.0.0.1:{port}")
    with pytest.raises(PolicyLost, match=f"127.0.0.1:{port}"):
        await client.infer(request(), 2)
    with Peer("facts_policy.py", port):
        assert (await client.infer(request(), 5)).shape == (50, JOINTS)
    client.abandon()


def test_what_is_written_is_read_and_pictures_are_fitted_and_padded():
    seen = observation(state=np.arange(JOINTS), images={"cam_high": picture(0, 480, 640)})
    read = read_request(write_request(seen, "do it"))
    assert read.prompt == "do it"
    assert read.images["cam_high"].shape == (224, 224, 3)
    assert not read.images["cam_high"][:28].any()
    assert not read.images["cam_high"][196:].any()
    assert read.images["cam_high"][28:196].any(axis=2).mean() > 0.99
    assert fit(picture(0, 224, 224)).tolist() == picture(0, 224, 224).tolist()


@pytest.mark.parametrize(
    "broken",
    [
        [],
        {"state": np.zeros(JOINTS)},
        {"state": np.zeros(7), "images": {}},
        {"state": np.full(JOINTS, np.nan), "images": {}},
        {"state": np.zeros(JOINTS), "images": {}, "prompt": 3},
        {"state": np.zeros(JOINTS), "images": {"cam_high": np.zeros((3, 4, 4))}},
        {"state": np.zeros(JOINTS), "images": {"cam_high": np.zeros((4, 4), np.uint8)}},
        {"state": np.zeros(JOINTS), "images": {"cam_high": np.zeros((2, 4, 4), np.uint8)}},
    ],
)
def test_what_is_no_request_is_refused(broken):
    with pytest.raises(RequestError):
        read_request(broken)
