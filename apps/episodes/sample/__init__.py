"""The sample project's recordings: drawn, small, and with one failure of each type."""

from apps.episodes.sample.episodes import Episode, Failure, Task, episodes
from apps.episodes.sample.recordings import SampleRecording, make_sample_recordings

__all__ = ["Episode", "Failure", "SampleRecording", "Task", "episodes", "make_sample_recordings"]
