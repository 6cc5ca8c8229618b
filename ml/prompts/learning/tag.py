"""The template of one tag: candidates from several ways of sorting its messages; the best are kept."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ml.prompts.learning.clusters import clusters
from ml.prompts.learning.lists import mark_options, option_block
from ml.prompts.learning.messages import (
    IMAGES,
    KEYFRAME_IMAGE,
    OPTIONS,
    TASK,
    Message,
    image_format,
    mark_images,
)
from ml.prompts.learning.rebuild import rebuilt
from ml.prompts.learning.skeleton import skeleton
from ml.prompts.learning.slots import Phrasing, Sample, phrasings
from ml.prompts.templates import KEYFRAME_OPTION, Format, ListFormat, Template

_MOST_SAMPLES: Final = 240
_MOST_TRIED: Final = 400
_LIKENESS: Final = (0.0, 0.3, 0.5, 0.7)  # from all in one wording to many that are much alike
_SLOT_LIKE: Final = re.compile(r"\{(?=[a-z_]+\})")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A template of one phrasing, with the messages (by index) that it rebuilds."""

    template: Template
    covers: frozenset[int]

    @property
    def rank(self) -> tuple[bool, int]:
        """Of two that rebuild the same, the better one has its options as options, though they may always be
        the same, and else the longer constant text: it read less into slots.
        """
        question = self.template.questions[0]
        return "{options}" in question, len(re.sub(r"\{[a-z_]+\}", "", question))


def learn_tag(messages: Sequence[Message], tasks: Mapping[str, str]) -> Template | None:
    """The template that rebuilds most of these messages; `tasks` has the task of each folder, where known.

    None where none rebuilds any.
    """
    images = image_format([message.text for message in messages[:_MOST_SAMPLES]])
    tried = messages[:: len(messages) // _MOST_TRIED + 1]
    found: dict[tuple[str, Format], Candidate] = {}
    for template in _templates(messages, images, tasks):
        key = (template.questions[0], template.format)
        if key not in found:
            found[key] = Candidate(template, _covers(template, tried, tasks))
            if len(found[key].covers) == len(tried):
                break
    return _cover(list(found.values()))


def _covers(template: Template, messages: Sequence[Message], tasks: Mapping[str, str]) -> frozenset[int]:
    return frozenset(n for n, message in enumerate(messages) if rebuilt(message, template, tasks) is not None)


def _cover(candidates: Sequence[Candidate]) -> Template | None:
    """Phrasings that together rebuild the most, each chosen for what it adds; they write lists alike."""
    chosen: list[Candidate] = []
    covered: frozenset[int] = frozenset()
    left = [candidate for candidate in candidates if candidate.covers]
    while left:
        best = max(left, key=lambda candidate: (len(candidate.covers - covered), candidate.rank))
        if not best.covers - covered:
            break
        chosen.append(best)
        covered |= best.covers
        left = [candidate for candidate in left if _agree(candidate.template.format, best.template.format)]
    if not chosen:
        return None
    questions = tuple(sorted(candidate.template.questions[0] for candidate in chosen))
    return replace(
        chosen[0].template, questions=questions, format=_joint([c.template.format for c in chosen])
    )


def _agree(one: Format, other: Format) -> bool:
    """Whether no list is written in two ways; a list that a phrasing does not have has the default's."""
    plain = Format()
    pairs = ((one.options, other.options, plain.options), (one.subtasks, other.subtasks, plain.subtasks))
    return all(a in (b, default) or b == default for a, b, default in pairs)


def _joint(forms: Sequence[Format]) -> Format:
    plain = Format()
    options = [form.options for form in forms if form.options != plain.options]
    subtasks = [form.subtasks for form in forms if form.subtasks != plain.subtasks]
    return Format(forms[0].images, (options or [plain.options])[0], (subtasks or [plain.subtasks])[0])


def _templates(
    messages: Sequence[Message], images: ListFormat, tasks: Mapping[str, str]
) -> Iterator[Template]:
    """Candidates from the simplest way of sorting the messages on; each has one phrasing."""
    for loose, with_options in ((False, True), (True, True), (False, False), (True, False)):
        spread = _spread([_sample(message, images, tasks, with_options) for message in messages])
        option = _keyframe_option(spread)
        for by_folder in (True, False):
            for likeness in _LIKENESS:
                for phrasing in _phrasings(spread, likeness, by_folder, loose):
                    yield from _template(phrasing, spread, images, option)


def _sample(message: Message, images: ListFormat, tasks: Mapping[str, str], with_options: bool) -> Sample:
    text, count = mark_images(message.text, images)
    task = tasks.get(message.folder)
    text = text.replace(task, TASK) if task else text
    block = option_block(text) if with_options else None
    together = message.repeats_keyframe and count == len(message.images)
    return Sample(message, mark_options(text, block) if block else text, count - together, block)


def _spread(samples: Sequence[Sample]) -> list[Sample]:
    """Up to so many samples of different text, from all folders by turns."""
    folders: dict[str, list[Sample]] = defaultdict(list)
    for sample in {(sample.message.folder, sample.text): sample for sample in samples}.values():
        folders[sample.message.folder].append(sample)
    turns = [(turn, folder, sample) for folder, own in folders.items() for turn, sample in enumerate(own)]
    turns.sort(key=lambda item: item[:2])
    return [sample for _, _, sample in turns[:_MOST_SAMPLES]]


def _phrasings(spread: Sequence[Sample], likeness: float, by_folder: bool, loose: bool) -> Iterator[Phrasing]:
    folders = len({sample.message.folder for sample in spread})
    for together in clusters(spread, likeness, by_folder=by_folder):
        if folders == 1 or len({sample.message.folder for sample in together}) > 1:
            # what one folder says is no phrasing: its task would be taken for constant
            yield from phrasings(skeleton([sample.text for sample in together]), together, loose=loose)


def _template(
    phrasing: Phrasing, spread: Sequence[Sample], images: ListFormat, keyframe_option: str
) -> Iterator[Template]:
    """The phrasing as a template; none where it has options of which the style is not known."""
    text = _SLOT_LIKE.sub("{lbrace}", phrasing.pieces[0])
    for name, piece in zip(phrasing.names, phrasing.pieces[1:], strict=True):
        text += f"{{{name}}}" + _SLOT_LIKE.sub("{lbrace}", piece)
    if OPTIONS in text and (phrasing.options is None or "{options}" in text):
        return
    for mark, name in _mark_names(spread).items():
        text = text.replace(mark, f"{{{name}}}")
    plain = Format()
    form = Format(images, phrasing.options or plain.options, phrasing.subtasks or plain.subtasks)
    yield Template((text,), "", format=form, keyframe_option=keyframe_option)


def _mark_names(spread: Sequence[Sample]) -> dict[str, str]:
    """The slot of each mark; a keyframe that is shown once more and has no place of its own is listed."""
    listed = any(
        sample.message.repeats_keyframe and KEYFRAME_IMAGE not in sample.text and IMAGES in sample.text
        for sample in spread
    )
    return {
        IMAGES: "all_images" if listed else "images",
        KEYFRAME_IMAGE: "keyframe_image",
        OPTIONS: "options",
        TASK: "task",
    }


def _keyframe_option(samples: Sequence[Sample]) -> str:
    """How options name an image by its number, where all options do."""
    texts = [text for sample in samples if sample.block for text in sample.block.texts]
    forms = {re.sub(r"\d+", "{number}", text) for text in texts}
    only = forms.pop() if len(forms) == 1 else ""
    return only if only.count("{number}") == 1 else KEYFRAME_OPTION
