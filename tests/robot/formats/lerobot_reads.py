"""Whether LeRobot's own reader opens our data sets, frame by frame.

With this project's Python: `python -m tests.robot.formats.lerobot_reads write OUT`. Then with a Python that
has lerobot: `python tests/robot/formats/lerobot_reads.py read OUT v3.0` (lerobot 0.4), or `v2.1` (lerobot
0.3). See docs/recordings.md. The reading half imports nothing of this project.
"""

import sys
from pathlib import Path

import numpy as np


def write(out: Path) -> None:
    from robot.formats import lerobot
    from tests.robot.conftest import make_recording

    for version in ("v2.1", "v3.0"):
        recordings = [make_recording(f"e{rows}", rows=rows, task=f"Task {rows}.") for rows in (12, 8, 10)]
        lerobot.write(out / version, recordings, version)
    np.savez(out / "truth.npz", **{f"e{r.rows}": s.values for r in recordings for s in r.series[:1]})
    print(f"wrote {out}/v2.1 and {out}/v3.0")


def read(out: Path, version: str = "v3.0") -> None:
    from lerobot.datasets.lerobot_dataset import LeRobotDataset

    dataset = LeRobotDataset("local/cube", root=out / version, video_backend="pyav")
    truth = np.load(out / "truth.npz")
    begun = 0
    for rows in (12, 8, 10):
        for row in range(rows):
            item = dataset[begun + row]
            np.testing.assert_array_equal(item["observation.state"].numpy(), truth[f"e{rows}"][row])
            assert item["task"] == f"Task {rows}."
            assert _cube(item["observation.images.cam_high"].numpy()) == row
        begun += rows
    assert (dataset.num_episodes, dataset.num_frames) == (3, begun)
    print(f"lerobot read {dataset.num_episodes} episodes, {dataset.num_frames} frames: all as written")


def _cube(picture: np.ndarray) -> int:
    """The row that a (3, height, width) picture from 0 to 1 shows; its cube has to be red."""
    red = (picture[0] - picture[2] > 0.25) & (picture[1] < 0.35)
    assert red.sum() > 150
    return round((np.nonzero(red)[1].mean() - 7.5) / 2)


if __name__ == "__main__":
    {"write": write, "read": read}[sys.argv[1]](Path(sys.argv[2]), *sys.argv[3:])
