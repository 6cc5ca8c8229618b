"""Templates from the user messages of a release: one tag after the other."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ml.prompts.learning.messages import Message
from ml.prompts.learning.rebuild import rebuilt, take_apart
from ml.prompts.learning.replies import answer_style
from ml.prompts.learning.tag import learn_tag
from ml.prompts.templates import Template


@dataclass(slots=True)
class TagReport:
    """What was learned of a tag: its messages, how many are rebuilt to the letter, and remarks."""

    messages: int
    rebuilt: int = 0
    phrasings: int = 0
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Learned:
    """The templates of all tags, the answer templates that could be told, and a report of each tag."""

    templates: Mapping[str, Template]
    answers: Mapping[str, str]
    reports: Mapping[str, TagReport]


def share(reports: Mapping[str, TagReport]) -> float:
    """The share of all messages that were rebuilt to the letter."""
    total = sum(report.messages for report in reports.values())
    return sum(report.rebuilt for report in reports.values()) / total if total else 0.0


def by_tag_of(messages: Iterable[Message]) -> dict[str, list[Message]]:
    """The messages of each tag."""
    by_tag: dict[str, list[Message]] = defaultdict(list)
    for message in messages:
        by_tag[message.tag].append(message)
    return by_tag


def learn(messages: Iterable[Message]) -> Learned:
    """Learn a template for each tag, and count what it rebuilds.

    A first look at each tag by itself tells the task of each folder; with the tasks known, a second one finds
    what wording is around them. A message is rebuilt from the task of its folder and its image paths, besides
    its own options, subtasks and failure type: a slot that only looks right does not rebuild.
    """
    by_tag = by_tag_of(messages)
    first = {tag: template for tag in sorted(by_tag) if (template := learn_tag(by_tag[tag], {}))}
    tasks = tasks_of(by_tag, first)
    second = {tag: template for tag in sorted(by_tag) if (template := learn_tag(by_tag[tag], tasks))}
    templates = {**first, **second}
    styles = {tag: answer_style(by_tag[tag], template) for tag, template in templates.items()}
    answers = {tag: style for tag, style in styles.items() if style}
    return Learned(templates, answers, check(by_tag, templates))


def check(by_tag: Mapping[str, Sequence[Message]], templates: Mapping[str, Template]) -> dict[str, TagReport]:
    """Count what the templates rebuild to the letter."""
    tasks = tasks_of(by_tag, templates)
    reports = {}
    for tag, messages in sorted(by_tag.items()):
        report = reports[tag] = TagReport(len(messages))
        if tag not in templates:
            report.notes.append("no template: its messages have no common wording with known values")
            continue
        report.rebuilt = sum(rebuilt(message, templates[tag], tasks) is not None for message in messages)
        report.phrasings = len(templates[tag].questions)
        if len({message.folder for message in messages}) == 1:
            report.notes.append(
                "all its messages are of one task folder: the task's text may be taken for constant"
            )
    return reports


def tasks_of(by_tag: Mapping[str, Sequence[Message]], templates: Mapping[str, Template]) -> dict[str, str]:
    """The task of each folder: what most messages of all tags say."""
    said: dict[str, Counter[str]] = defaultdict(Counter)
    for tag, template in templates.items():
        for message in by_tag.get(tag, ()):
            parts = next(take_apart(message, template), None)
            if parts and parts.values.task:
                said[message.folder][parts.values.task] += 1
    return {folder: counts.most_common(1)[0][0] for folder, counts in said.items()}
