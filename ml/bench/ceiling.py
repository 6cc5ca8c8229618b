"""The human ceiling: one annotator scored against another, on the questions that models are asked.

Of two annotations of one episode, the questions are made from one, and the other annotator answers: from the
options of a closed-ended question they take what they said themselves, and where it is no option the one
nearest to it (a keyframe by its frame, a command by the F1 of its atoms); between two equally near there is
no answer. Analyses and symbol codes are theirs in words, read and scored as a model's. Each pair answers in
both directions, and its score is the mean: a pair counts once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ml.bench.errors import BenchError
from ml.bench.items import Item, Json, read_item
from ml.bench.scores import Score, Scored, average, score_of, symbol_means
from ml.bench.scoring import Reading, score
from ml.bench.structured import compare_commands
from ml.prompts import FAILED, GROUPS, SUCCESSFUL, Group, QuestionType, default_pack
from ml.symbols import Command, CommandError, Size, parse_command
from ml.vqa import DataError
from ml.vqa.annotation import Episode, Side, read_episode
from ml.vqa.distractors import Pools, same_command, same_text
from ml.vqa.frames import PAPER_FPS, step_of
from ml.vqa.pictures import ASSUMED
from ml.vqa.questions import Asker, Question
from ml.vqa.records import record
from ml.vqa.streams import read_array
from ml.vqa.survey import Survey

Q: Final = QuestionType
Pair = tuple[Episode, Episode]
_SEED: Final = 0  # of the options' order, which does not matter to people who look for what they said
_SAME: Final = 2.0  # nearer than any likeness, which is at most 1
_FAR: Final = -1e9  # what is nowhere near
Likeness = Callable[[str], float]
ASKED: Final = (*GROUPS[Group.LITE], Q.COT_AVOIDANCE, Q.COT_CORRECTION, *GROUPS[Group.CODES])


@dataclass(frozen=True, slots=True)
class _Answered:
    """One question of one annotator, and what the other's answer came to; None where they have none."""

    item: Item
    reading: Reading | None


def read_pairs(first: Path, second: Path) -> list[Pair]:
    """Return the episodes that both files of annotations have. Raises BenchError where there is none."""
    try:
        known = {episode.id: episode for episode in map(read_episode, read_array(first))}
        pairs = [
            (known[episode.id], episode)
            for episode in map(read_episode, read_array(second))
            if episode.id in known
        ]
    except DataError as error:
        raise BenchError(str(error)) from error
    if not pairs:
        raise BenchError(f"{first} and {second} have no episode in common")
    return pairs


def human_ceiling(pairs: Sequence[Pair], size: Size = ASSUMED) -> Json:
    """Return the agreement of the two annotators of each pair: a figure by question type and for each group.

    `size` is of frames whose annotation does not say it. A figure has `value` in [0, 1], both 95 % intervals
    and `n` questions, one of a type a pair; `onset_seconds` is the mean distance of the avoidance keyframes,
    `code_distance` that of matched symbols' points in thousandths of the image's sides. `left_out` counts
    what had no answer.
    """
    for episode in (each for pair in pairs for each in pair):
        episode.size = episode.size or size
    asker = _asker(pairs)
    rows: list[Scored] = []
    left_out: Counter[str] = Counter()
    for one, other in pairs:
        answered = [*_answers(asker, one, other), *_answers(asker, other, one)]
        rows += _means([each for each in answered if each.reading])
        left_out.update(each.item.kind.value for each in answered if not each.reading)
    return {
        "pairs": len(pairs),
        "episodes": len({one.id for one, _ in pairs}),
        "left_out": dict(left_out),
        "figures": dict(_figures(rows, pairs)),
    }


def _asker(pairs: Iterable[Pair]) -> Asker:
    survey = Survey(_SEED)
    for episode in (each for pair in pairs for each in pair):
        survey.add(episode)
    return Asker(_SEED, Pools(survey))


def _answers(asker: Asker, one: Episode, other: Episode) -> Iterator[_Answered]:
    """The questions about `one`, answered by whoever annotated `other`."""
    pack = default_pack()
    theirs = {each.kind: each for each in asker.questions(other) if isinstance(each, Question)}
    for question in asker.questions(one):
        if not isinstance(question, Question) or question.kind not in ASKED:
            continue
        item = read_item(record(question, pack))
        if question.kind in GROUPS[Group.LITE]:
            text = choose(question, other)
        else:
            own = theirs.get(question.kind)
            text = record(own, pack)["messages"][-1]["content"] if own else None
        yield _Answered(item, score(item, text) if text else None)


def choose(question: Question, other: Episode) -> str | None:
    """Return the letter of the option that is nearest to what another annotation says; None where none is."""
    likeness = _LIKENESS[question.kind](question, other)
    if likeness is None:
        return None
    ranked = sorted(
        ((likeness(text), letter) for letter, text in question.values.options.items()), reverse=True
    )
    (best, letter), *others = ranked
    return letter if best > _FAR and (not others or best > others[0][0]) else None


def _detection(question: Question, other: Episode) -> Likeness | None:
    said = None if other.failed is None else FAILED if other.failed else SUCCESSFUL
    return _same(said, str.__eq__)


def _keyframe(question: Question, other: Episode) -> Likeness | None:
    if other.avoidance.position is None:
        return None
    stills = question.episode.stills
    return lambda text: -abs(stills[int(text) - 1].frame - other.avoidance.frame)


def _subtask(question: Question, other: Episode) -> Likeness | None:
    return _same(other.subtasks[other.subtask - 1] if other.subtask else None, same_text)


def _failure_type(question: Question, other: Episode) -> Likeness | None:
    return _same(other.failure_type or None, same_text)


def _command(question: Question, other: Episode) -> Likeness | None:
    side: Side = other.correction if question.kind is Q.LOW_LEVEL_CORRECTION else other.avoidance
    command = side.command
    return None if command is None else lambda text: _command_likeness(command, text)


def _command_likeness(said: Command, text: str) -> float:
    try:
        option = parse_command(text)
    except CommandError:
        return _FAR
    return _SAME if same_command(said, option) else compare_commands(said, option) or _FAR


def _same(said: str | None, same: Callable[[str, str], bool]) -> Likeness | None:
    return None if said is None else lambda text: 1.0 if same(said, text) else _FAR


_LIKENESS: Final[Mapping[QuestionType, Callable[[Question, Episode], Likeness | None]]] = {
    Q.FAILURE_DETECTION: _detection,
    Q.KEYFRAME_LOCALIZATION: _keyframe,
    Q.SUBTASK_LOCALIZATION: _subtask,
    Q.FAILURE_TYPE: _failure_type,
    Q.LOW_LEVEL_AVOIDANCE: _command,
    Q.LOW_LEVEL_CORRECTION: _command,
}


def _means(answered: Sequence[_Answered]) -> Iterator[Scored]:
    """One row a question type of a pair: the mean of both directions, or the one there is."""
    for kind in ASKED:
        own = [each for each in answered if each.item.kind is kind and each.reading]
        scores = [_value(each.reading) for each in own if each.reading]
        if scores:
            yield Scored(own[0].item, "read", average(scores), own[0].reading)


def _value(reading: Reading) -> float:
    """A score; for analyses, which have none without a judge, their structured part."""
    if reading.score is not None:
        return reading.score
    return reading.structured.score if reading.structured else 0.0


def _figures(rows: Sequence[Scored], pairs: Sequence[Pair]) -> Iterator[tuple[str, Json]]:
    groups = {Group.LITE.value: GROUPS[Group.LITE], Group.CODES.value: GROUPS[Group.CODES]}
    for name, kinds in {**groups, **{kind.value: (kind,) for kind in ASKED}}.items():
        own = [row for row in rows if row.item.kind in kinds]
        if own:
            yield name, _figure(score_of(own))
    symbols = symbol_means([row for row in rows if row.item.kind in groups[Group.CODES.value]])
    for name, key in (("codes_f1", "f1"), ("code_distance", "end_point_distance")):
        if symbols[key] is not None:
            yield name, {"value": symbols[key]}
    onsets = [each for each in (_onset(one, other) for one, other in pairs) if each is not None]
    if onsets:
        yield "onset_seconds", {"value": average(onsets), "n": len(onsets)}


def _figure(found: Score) -> Json:
    values = found.to_json()
    return {"value": values["score"], "n": values["n"], **{k: values[k] for k in ("wilson", "by_episode")}}


def _onset(one: Episode, other: Episode) -> float | None:
    """Seconds between the avoidance keyframes."""
    if one.avoidance.position is None or other.avoidance.position is None:
        return None
    return abs(one.avoidance.frame - other.avoidance.frame) / (step_of(one.stills) or PAPER_FPS)
