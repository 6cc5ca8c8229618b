"""LeRobot data sets, versions 2.1 and 3.0: Parquet tables, MP4 videos, metadata as JSON; no torch."""

from robot.formats.lerobot.metadata import Dataset, Episode, open_dataset
from robot.formats.lerobot.reading import read, read_episode
from robot.formats.lerobot.writing import write

__all__ = ["Dataset", "Episode", "open_dataset", "read", "read_episode", "write"]
