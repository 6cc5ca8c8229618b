"""The statistics that LeRobot keeps of each feature: min, max, mean, std, count."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from robot.formats.recording import Picture

Stats = dict[str, Any]


def value_stats(values: npt.NDArray[np.float64]) -> Stats:
    """Of (rows, axes) values, over the rows."""
    return {
        "min": values.min(axis=0).tolist(),
        "max": values.max(axis=0).tolist(),
        "mean": values.mean(axis=0).tolist(),
        "std": values.std(axis=0).tolist(),
        "count": [len(values)],
    }


def picture_stats(pictures: Sequence[Picture]) -> Stats:
    """Of each channel, from 0 to 1, in the nested form (3, 1, 1); the count is of pictures."""
    flat = np.concatenate([picture.reshape(-1, 3) for picture in pictures]).astype(np.float64) / 255
    found = value_stats(flat)
    nested = {name: [[[value]] for value in values] for name, values in found.items() if name != "count"}
    return {**nested, "count": [len(pictures)]}


def merged(stats: Sequence[dict[str, Stats]]) -> dict[str, Stats]:
    """Of all episodes together: means weighted by count, variances by the law of total variance."""
    return {name: _merge([each[name] for each in stats]) for name in stats[0]}


def _merge(parts: list[Stats]) -> Stats:
    counts = np.array([part["count"][0] for part in parts], float)
    weights = counts / counts.sum()
    means, stds = (np.array([part[name] for part in parts]) for name in ("mean", "std"))
    mean = np.tensordot(weights, means, 1)
    variance = np.tensordot(weights, stds**2 + (means - mean) ** 2, 1)
    return {
        "min": np.min([part["min"] for part in parts], axis=0).tolist(),
        "max": np.max([part["max"] for part in parts], axis=0).tolist(),
        "mean": mean.tolist(),
        "std": np.sqrt(variance).tolist(),
        "count": [int(counts.sum())],
    }
