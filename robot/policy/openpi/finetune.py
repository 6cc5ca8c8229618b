"""The training configuration, for openpi's environment: `python finetune.py REPO_ID --exp-name NAME`.

Base and symbol episodes lie in one LeRobot v2.1 data set; each episode's task is its prompt: the task's text,
or the correction's command where the head picture is masked. Run `compute_norm_stats.py` of openpi on
`pi05_vifailback` first. Written from openpi's public configuration classes; not run here: it needs a GPU.
"""

from __future__ import annotations

import argparse
import dataclasses
import sys
from pathlib import Path

from openpi.models import pi0_config
from openpi.training import config as training
from openpi.training import weight_loaders
from openpi.transforms import Group, RepackTransform

sys.path.insert(0, str(Path(__file__).parents[3]))

from robot.policy.openpi import ACTION, IMAGES, STATE  # the project is found only now

NAME = "pi05_vifailback"
BASE = "gs://openpi-assets/checkpoints/pi05_base/params"


def train_config(repo_id: str, experiment: str, steps: int = 20_000) -> training.TrainConfig:
    """Return openpi's configuration; joints are made relative, grippers stay absolute (its ALOHA default)."""
    fields = {"images": IMAGES, "state": STATE, "actions": ACTION, "prompt": "prompt"}
    data = training.LeRobotAlohaDataConfig(
        repo_id=repo_id,
        base_config=training.DataConfig(prompt_from_task=True),
        repack_transforms=Group(inputs=[RepackTransform(fields)]),
        adapt_to_pi=True,
    )
    return training.TrainConfig(
        name=NAME,
        exp_name=experiment,
        model=pi0_config.Pi0Config(pi05=True),
        data=data,
        weight_loader=weight_loaders.CheckpointWeightLoader(BASE),
        num_train_steps=steps,
        batch_size=32,
    )


def main() -> None:
    """Train; openpi's `scripts` folder has to be on the path."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("repo_id")
    parser.add_argument("--exp-name", required=True)
    parser.add_argument("--steps", type=int, default=20_000)
    parser.add_argument("--resume", action="store_true")
    options = parser.parse_args()
    import train  # of openpi's scripts

    config = train_config(options.repo_id, options.exp_name, options.steps)
    train.main(dataclasses.replace(config, resume=options.resume))


if __name__ == "__main__":
    main()
