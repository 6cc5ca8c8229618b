"""Rollouts: recorded on the robot, uploaded to the site, shown live."""

from robot.rollout.recorder import Recorder, RecorderSettings

__all__ = ["Recorder", "RecorderSettings"]
