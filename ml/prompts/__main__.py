"""Command line: `python -m ml.prompts learn | check`."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final

from ml.prompts.learning.learn import Learned, TagReport, by_tag_of, check, learn, share
from ml.prompts.learning.messages import Message, read_message
from ml.prompts.learning.pack import pack_text
from ml.prompts.questions import QuestionType
from ml.prompts.templates import PackError, load_pack

GOAL: Final = 0.99
_USAGE_ERROR: Final = 2


class _UsageError(Exception):
    """A file or an option that cannot be used."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the status is 0, 1 where too few messages are rebuilt, 2 where input is unusable."""
    options = _parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        return run(options)
    except (_UsageError, PackError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return _USAGE_ERROR


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ml.prompts", description="Wordings of the questions.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    learning = commands.add_parser("learn", help="derive a template pack from a release's questions")
    learning.add_argument("vqa", type=Path, metavar="VQA.json")
    learning.add_argument("--out", type=Path, required=True, metavar="PACK.toml")
    learning.add_argument("--name", default="learned", help="the pack's name")
    learning.add_argument(
        "--tag", action="append", default=[], metavar="THEIRS=OURS", type=_pair,
        help="a tag of the file that is one of our question types by another name; may be given again",
    )  # fmt: skip
    learning.set_defaults(run=_learn)
    checking = commands.add_parser("check", help="count which questions of a release a pack rebuilds")
    checking.add_argument("vqa", type=Path, metavar="VQA.json")
    checking.add_argument("--templates", type=Path, required=True, metavar="PACK.toml")
    checking.set_defaults(run=_check)
    return parser


def _pair(text: str) -> tuple[str, str]:
    theirs, _, ours = text.partition("=")
    kinds = [kind.value for kind in QuestionType]
    if ours not in kinds:
        raise argparse.ArgumentTypeError(
            f"{text!r} must be THEIRS=OURS, where OURS is one of {', '.join(kinds)}"
        )
    return theirs, ours


def _learn(options: argparse.Namespace) -> int:
    names = dict(options.tag)
    learned = learn(_messages(options.vqa))
    unknown = sorted(set(names) - set(learned.reports))
    if unknown:
        raise _UsageError(
            f"{options.vqa} has no tag {unknown[0]!r}; its tags are {', '.join(learned.reports)}"
        )
    if not learned.templates:
        raise _UsageError(f"{options.vqa} has no questions with a common wording; nothing was written")
    _write(options.out, _text(options.name, learned, names))
    for tag in learned.templates:
        if names.get(tag, tag) not in tuple(QuestionType):
            print(
                f"note: {tag} is none of our question types; --tag {tag}=... says which it is",
                file=sys.stderr,
            )
    return _report(learned.reports)


def _text(name: str, learned: Learned, names: Mapping[str, str]) -> str:
    templates = {names.get(tag, tag): template for tag, template in learned.templates.items()}
    answers = {names.get(tag, tag): answer for tag, answer in learned.answers.items()}
    return pack_text(name, "1", templates, answers)


def _check(options: argparse.Namespace) -> int:
    pack = load_pack(options.templates)
    return _report(check(by_tag_of(_messages(options.vqa)), pack.templates))


def _messages(path: Path) -> list[Message]:
    try:
        records = json.loads(path.read_bytes())
    except ValueError as error:
        raise _UsageError(f"{path} is no JSON: {error}") from error
    if not isinstance(records, list):
        raise _UsageError(f"{path} must be an array of records")
    messages = [
        message for record in records if isinstance(record, dict) if (message := read_message(record))
    ]
    if not messages:
        raise _UsageError(f"{path} has no user messages to learn from")
    if len(messages) < len(records):
        print(f"note: {len(records) - len(messages)} records have no user message", file=sys.stderr)
    return messages


def _write(path: Path, text: str) -> None:
    part = path.with_name(f"{path.name}.part")
    part.write_text(text, encoding="utf-8", newline="\n")
    os.replace(part, path)


def _report(reports: Mapping[str, TagReport]) -> int:
    """Print one line for each tag and one for all."""
    for tag, report in reports.items():
        print(json.dumps({"tag": tag, **asdict(report), "share": round(report.rebuilt / report.messages, 4)}))
    total = share(reports)
    print(json.dumps({"tag": None, "share": round(total, 4), "goal": GOAL, "met": total >= GOAL}))
    return 0 if total >= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
