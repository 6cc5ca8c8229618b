"""Command line: `python -m robot.policy.openpi DATASET`: can openpi finetune on it as configured?"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from robot.formats.recording import FormatRejected
from robot.policy.openpi.samples import samples

_USAGE_ERROR = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what a data set gives; the status is 0, 1 where a kind of data is missing, 2 where unusable."""
    parser = argparse.ArgumentParser(prog="python -m robot.policy.openpi", description=__doc__)
    parser.add_argument("dataset", type=Path, metavar="DATASET", help="a LeRobot v2.1 folder")
    parser.add_argument("--every", type=int, default=25, metavar="ROWS", help="read every so many rows")
    options = parser.parse_args(arguments)
    prompts: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    try:
        for sample in samples(options.dataset, max(1, options.every)):
            prompts[sample.is_masked][sample.prompt] += 1
    except (FormatRejected, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return _USAGE_ERROR
    kinds = {"base": prompts[False], "symbol": prompts[True]}
    print(json.dumps({name: {"samples": sum(c.values()), "prompts": dict(c)} for name, c in kinds.items()}))
    for name, counted in kinds.items():
        if not counted:
            print(f"note: {options.dataset} has no {name} data", file=sys.stderr)
    return 0 if all(kinds.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
