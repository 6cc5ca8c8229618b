"""Command line: `python -m ml.finetune train | merge | scaling | tiny`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from ml.finetune.settings import FinetuneError, Settings, read_settings, shipped

_USAGE_ERROR: Final = 2
_PAPER_SIZES: Final = (1200, 2400, 3600, 4702)
Commands = argparse._SubParsersAction  # argparse has no public name for it


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status is 0, or 2 where the run cannot be done as asked."""
    options = _parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], None] = options.run
    try:
        run(options)
        return 0
    except FinetuneError as error:
        message = str(error)
    except OSError as error:
        message = f"{error.filename}: {error.strerror}" if error.filename else str(error)
    print(f"error: {message}", file=sys.stderr)
    return _USAGE_ERROR


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m ml.finetune", description="Finetune a vision-language model on VQA records."
    )
    # DeepSpeed's launcher gives it to each process, before the command; the environment says the same.
    parser.add_argument("--local_rank", type=int, help=argparse.SUPPRESS)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_train(commands)
    _add_merge(commands)
    _add_scaling(commands)
    _add_tiny(commands)
    return parser


def _add_train(commands: Commands[argparse.ArgumentParser]) -> None:
    command = commands.add_parser("train", help="finetune; the same command goes on after a kill")
    _add_run(command)
    command.set_defaults(run=_train)


def _add_scaling(commands: Commands[argparse.ArgumentParser]) -> None:
    command = commands.add_parser("scaling", help="the paper's study: the recipe on subsets of trajectories")
    _add_run(command)
    command.add_argument(
        "--sizes", type=_sizes, default=_PAPER_SIZES, help="trajectories (default: 1200,2400,3600,4702)"
    )
    command.add_argument(
        "--test", type=Path, nargs="+", required=True, metavar="VQA.json", help="held-out records"
    )
    command.set_defaults(run=_scaling)


def _add_run(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "config", metavar="CONFIG.yaml", help=f"a file, or one that is shipped: {', '.join(shipped())}"
    )
    command.add_argument("--data", type=Path, nargs="+", required=True, metavar="VQA.json")
    command.add_argument(
        "--images", type=Path, required=True, metavar="ROOT", help="root of the paths of pictures"
    )
    command.add_argument("--out", type=Path, required=True, metavar="DIR")
    command.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE", help="a setting in place of the config's"
    )


def _add_merge(commands: Commands[argparse.ArgumentParser]) -> None:
    command = commands.add_parser("merge", help="join an adapter with its base, for vLLM and transformers")
    command.add_argument("adapter", type=Path, metavar="ADAPTER", help="a run's folder `adapter`")
    command.add_argument("--out", type=Path, required=True, metavar="DIR")
    command.add_argument(
        "--dtype", choices=("float32", "bfloat16"), help="of the weights (default: the base's)"
    )
    command.set_defaults(run=_merge)


def _add_tiny(commands: Commands[argparse.ArgumentParser]) -> None:
    command = commands.add_parser("tiny", help="make a tiny Qwen3-VL of noise, without a hub")
    command.add_argument(
        "--texts",
        type=Path,
        nargs="+",
        required=True,
        metavar="FILE",
        help="the tokenizer learns their lines",
    )
    command.add_argument("--out", type=Path, required=True, metavar="DIR")
    command.add_argument("--hidden", type=int, choices=(64, 128, 256), default=64)
    command.add_argument("--layers", type=int, default=2)
    command.add_argument("--seed", type=int, default=0)
    command.set_defaults(run=_tiny)


def _sizes(text: str) -> tuple[int, ...]:
    if not all(part.isdecimal() and int(part) for part in text.split(",")):
        raise argparse.ArgumentTypeError(f"{text!r} is no list of sizes like 1200,2400")
    return tuple(int(part) for part in text.split(","))


def _settings(options: argparse.Namespace) -> Settings:
    return read_settings(options.config, **dict(map(_setting, options.set)))


def _setting(text: str) -> tuple[str, Any]:
    import yaml

    key, equals, value = text.partition("=")
    if not equals:
        raise FinetuneError(f"{text} is not KEY=VALUE")
    return key, yaml.safe_load(value)


# The heavy imports stand in the commands, so that help and mistakes are told at once.


def _train(options: argparse.Namespace) -> None:
    settings = _settings(options)
    from ml.finetune.recipe import train
    from ml.finetune.samples import read_samples

    train(settings, read_samples(options.data, options.images, settings.tags), options.out)


def _scaling(options: argparse.Namespace) -> None:
    settings = _settings(options)
    from ml.finetune.samples import read_samples
    from ml.finetune.scaling import scaling

    samples = read_samples(options.data, options.images, settings.tags)
    held = read_samples(options.test, options.images, settings.tags)
    for point in scaling(settings, samples, held, options.sizes, options.out):
        print(json.dumps(point))


def _merge(options: argparse.Namespace) -> None:
    from ml.finetune.merging import merge

    print(merge(options.adapter, options.out, options.dtype))


def _tiny(options: argparse.Namespace) -> None:
    from ml.finetune.tiny import make_tiny

    texts = [line for path in options.texts for line in path.read_text(encoding="utf-8").splitlines()]
    print(make_tiny(options.out, texts, hidden=options.hidden, layers=options.layers, seed=options.seed))


if __name__ == "__main__":
    sys.exit(main())
