"""Which files belong to one episode."""

from hypothesis import given
from hypothesis import strategies as st

from apps.episodes.video import CAMERAS, group_recordings

stems = st.text("abcdefgh0123456789_-", min_size=1).filter(
    lambda stem: not stem.endswith(tuple(f"_{camera}" for camera in CAMERAS))
)


def test_three_cameras_are_one_episode() -> None:
    names = [f"episode_1_{camera}.mp4" for camera in reversed(CAMERAS)]

    (recording,) = group_recordings(names)

    assert recording.stem == "episode_1"
    assert recording.cameras == {camera: f"episode_1_{camera}.mp4" for camera in CAMERAS}
    assert recording.problem is None


def test_a_name_without_a_camera_is_a_head_camera() -> None:
    (recording,) = group_recordings(["safe_openvla-libero-1-fail.mp4"])

    assert recording.stem == "safe_openvla-libero-1-fail"
    assert recording.cameras == {"cam_high": "safe_openvla-libero-1-fail.mp4"}
    assert recording.problem is None


def test_wrists_without_a_head_are_a_problem() -> None:
    (recording,) = group_recordings(["pour_cam_left_wrist.mp4", "pour_cam_right_wrist.mp4"])

    assert recording.problem == (
        "pour has no head camera: "
        "pour_cam_left_wrist.mp4, pour_cam_right_wrist.mp4 came without a cam_high file."
    )


def test_one_camera_twice_is_a_problem() -> None:
    (recording,) = group_recordings(["pour_cam_high.mp4", "pour.mov"])

    assert recording.problem == "pour_cam_high.mp4 and pour.mov are both cam_high of pour."


def test_episodes_come_in_natural_order_and_folders_keep_them_apart() -> None:
    names = ["b/episode_10_cam_high.mp4", "b/episode_2_cam_high.mp4", "a/episode_2_cam_high.mp4"]

    stems = [recording.stem for recording in group_recordings(names)]

    assert stems == ["a/episode_2", "b/episode_2", "b/episode_10"]


@given(st.sets(st.tuples(stems, st.sampled_from(CAMERAS))))
def test_every_file_is_in_exactly_one_recording(pairs: set[tuple[str, str]]) -> None:
    names = [f"{stem}_{camera}.mp4" for stem, camera in sorted(pairs)]

    recordings = group_recordings(names)

    assert sorted(name for one in recordings for name in one.cameras.values()) == sorted(names)
    assert {(one.stem, camera) for one in recordings for camera in one.cameras} == pairs
