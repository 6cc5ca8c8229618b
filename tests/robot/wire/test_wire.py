"""The environment wire between a real server and a real client."""

import threading

import numpy as np
import pytest
from websockets.sync.client import connect

from robot.environment import HEAD, JOINTS, Camera, EnvironmentInfo, EnvironmentLost, Observation, Outcome
from robot.packing import unpack
from robot.wire import PROTOCOL
from robot.wire.client import RemoteEnvironment
from robot.wire.messages import read_info, read_message, write, write_info
from robot.wire.server import EnvironmentServer
from tests.robot.pictures import CAMERAS, picture
from tests.robot.servers import running


class Counter:
    """A robot whose joints go where they are told; its head camera has a new picture every other period."""

    def __init__(self):
        cameras = {name: Camera(64, 48) for name in CAMERAS}
        cameras[HEAD] = Camera(64, 48, np.diag([50.0, 50.0, 1.0]), np.eye(4))
        self.info = EnvironmentInfo("counter", cameras, 50.0, "count")
        self.acted = threading.Event()
        self.options = None
        self.wrist = picture(9)
        self.reset({})

    def reset(self, options):
        self.options, self.sequence, self.state = options, 0, np.zeros(JOINTS, np.float32)

    def observe(self):
        images = {name: self.wrist for name in CAMERAS} | {HEAD: picture(self.sequence // 2)}
        return Observation(self.sequence, self.sequence / 50, self.state, images, {HEAD: 0.5})

    def act(self, action):
        if action[0] > 9:
            raise EnvironmentLost("a motor is hot")
        self.sequence, self.state = self.sequence + 1, action
        self.acted.set()

    def depth(self, camera):
        return np.full((48, 64), 0.75, np.float32) if camera == HEAD else None

    def outcome(self):
        return Outcome(self.sequence > 2, {"steps": self.sequence})

    def close(self):
        pass


@pytest.fixture
def robot():
    counter = Counter()
    with running(lambda ready: EnvironmentServer(counter).serve("127.0.0.1", 0, ready)) as port:
        yield counter, f"ws://127.0.0.1:{port}"


def test_lockstep_is_the_robot_itself_at_a_distance(robot):
    counter, url = robot
    remote = RemoteEnvironment(url, lockstep=True)
    assert remote.info.cameras[HEAD].calibrated
    assert remote.info.task == "count"
    remote.reset({"seed": 7})
    assert counter.options == {"seed": 7}
    for step in range(1, 5):
        action = np.full(JOINTS, step, np.float32)
        remote.act(action)
        seen, own = remote.observe(), counter.observe()
        assert (seen.sequence, seen.time, seen.image_times) == (step, step / 50, {HEAD: 0.5})
        np.testing.assert_array_equal(seen.state, action)
        for name in CAMERAS:
            np.testing.assert_array_equal(seen.images[name], own.images[name])
    assert remote.outcome() == Outcome(True, {"steps": 4})
    assert remote.depth(HEAD).shape == (48, 64)
    assert remote.depth("cam_left_wrist") is None
    remote.close()


def test_a_picture_that_has_not_changed_is_sent_once(robot):
    _, url = robot
    with connect(url) as socket:
        assert unpack(socket.recv())["protocol"] == PROTOCOL
        socket.send(write("reset", options={}, pace="lockstep"))
        socket.recv()
        assert set(unpack(socket.recv())["images"]) == set(CAMERAS)
        socket.send(write("act", action=np.zeros(JOINTS)))
        assert set(unpack(socket.recv())["images"]) == {HEAD}


def test_a_stream_goes_on_by_itself_and_holds_the_newest_action(robot):
    counter, url = robot
    remote = RemoteEnvironment(url)
    remote.reset({})
    first = remote.observe().sequence
    remote.act(np.full(JOINTS, 0.5, np.float32))
    assert counter.acted.wait(5)
    with remote._news:
        assert remote._news.wait_for(lambda: remote._latest.sequence >= first + 3, 5)
    np.testing.assert_array_equal(remote.observe().state, np.full(JOINTS, 0.5, np.float32))
    remote.close()


def test_one_client_at_a_time_drives(robot):
    _, url = robot
    remote = RemoteEnvironment(url)
    with pytest.raises(EnvironmentLost, match="another supervisor"):
        RemoteEnvironment(url)
    remote.close()


def test_what_the_robot_refuses_is_said_and_the_robot_stays(robot):
    _, url = robot
    remote = RemoteEnvironment(url, lockstep=True)
    with pytest.raises(EnvironmentLost, match="begins with reset"):
        remote.observe()
    remote.reset({})
    for action in (np.full(JOINTS, 10, np.float32), np.full(JOINTS, np.nan, np.float32)):
        with pytest.raises(EnvironmentLost, match="refused"):
            remote.act(action)
    assert remote.observe().sequence == 0
    remote.act(np.ones(JOINTS, np.float32))
    assert remote.observe().sequence == 1
    remote.close()


def test_nobody_there_and_a_foreign_server_are_one_sentence():
    with pytest.raises(EnvironmentLost, match="no robot at"):
        RemoteEnvironment("ws://127.0.0.1:9", patience=2)


def test_a_token_is_asked_for():
    async def serve(ready):
        await EnvironmentServer(Counter(), token="open sesame").serve("127.0.0.1", 0, ready)

    with running(serve) as port:
        with pytest.raises(EnvironmentLost, match="401"):
            RemoteEnvironment(f"ws://127.0.0.1:{port}")
        RemoteEnvironment(f"ws://127.0.0.1:{port}", token="open sesame").close()


def test_the_description_comes_back_as_it_was():
    info = Counter().info
    back = read_info(read_message(write_info(info)))
    assert (back.name, back.hertz, back.task, set(back.cameras)) == ("counter", 50.0, "count", set(CAMERAS))
    np.testing.assert_array_equal(back.cameras[HEAD].pose, np.eye(4))
