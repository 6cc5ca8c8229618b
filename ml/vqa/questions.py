"""An episode's questions of all thirteen types, asked where the annotation has the fields."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ml.prompts import FAILED, LETTERS, SUCCESSFUL, QuestionType, Values
from ml.symbols import NORMALIZED, SymbolError, check_symbol, print_codes, to_normalized, to_raw
from ml.vqa.annotation import Episode, Side
from ml.vqa.distractors import Pools, positions
from ml.vqa.draw import Draw

Q: Final = QuestionType
Truth = dict[str, Any]


class Skip(Exception):  # noqa: N818  # no fault: the annotation does not have what the question needs
    """Why a question is not asked of an episode."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question in nobody's words yet: what it is about, and the truth.

    `extra` is the keyframe that is shown besides the sequence, if any.
    """

    kind: QuestionType
    episode: Episode
    values: Values
    truth: Truth
    phrasing: int
    extra: str | None = None

    @property
    def id(self) -> str:
        """`<task folder>/episode_<n>/<tag>`."""
        return f"{self.episode.id}/{self.kind}"


@dataclass(frozen=True, slots=True)
class Asker:
    """Asks about episodes. What it asks of one depends on the seed, the pools and that episode alone."""

    seed: int
    pools: Pools

    def questions(self, episode: Episode) -> Iterator[Question | tuple[QuestionType, str]]:
        """Yield each question, or its type and why it is not asked; a success has only the first."""
        if episode.failed is None:
            return
        for kind, ask in _ASKED.items():
            if not episode.failed and kind is not Q.FAILURE_DETECTION:
                return
            try:
                yield ask(kind, episode, self.pools, Draw(self.seed, episode.id, kind))
            except Skip as skip:
                yield kind, str(skip)


Ask = Callable[[QuestionType, Episode, Pools, Draw], Question]


def _question(
    kind: QuestionType, episode: Episode, draw: Draw, truth: Truth, extra: str | None = None, **values: Any
) -> Question:
    about = Values(
        len(episode.stills),
        episode.task,
        subtasks=episode.subtasks,
        failure_type=episode.failure_type,
        detection=FAILED if episode.failed else SUCCESSFUL,
        **values,
    )
    return Question(kind, episode, about, {"failed": episode.failed, **truth}, draw.below(1 << 20), extra)


def lettered(texts: Sequence[str], right: str) -> dict[str, Any]:
    """Return the options in this order and the letter of the right one, as fields of Values."""
    return {"options": dict(zip(LETTERS, texts, strict=False)), "answer": LETTERS[texts.index(right)]}


def _options(right: str, wrong: Sequence[str], draw: Draw) -> dict[str, Any]:
    if not wrong:
        raise Skip("there is no other option")
    return lettered(draw.shuffled([right, *wrong]), right)


# --- closed-ended ----------------------------------------------------------------------------------------


def _detection(kind: QuestionType, episode: Episode, pools: Pools, draw: Draw) -> Question:
    right, wrong = (FAILED, SUCCESSFUL) if episode.failed else (SUCCESSFUL, FAILED)
    return _question(kind, episode, draw, {}, **_options(right, [wrong], draw))


def _keyframe(kind: QuestionType, episode: Episode, pools: Pools, draw: Draw) -> Question:
    truth = _place(episode.avoidance)
    right = truth["keyframe"]
    wrong = positions(len(episode.stills), right, draw)
    return _question(kind, episode, draw, truth, **_options(str(right), [str(n) for n in wrong], draw))


def _subtask(kind: QuestionType, episode: Episode, pools: Pools, draw: Draw) -> Question:
    if episode.subtask is None:
        raise Skip("no failed subtask")
    right = episode.subtasks[episode.subtask - 1]
    wrong = pools.subtask_options(episode.subtasks, right, draw)
    return _question(kind, episode, draw, {"subtask": episode.subtask}, **_options(right, wrong, draw))


def _failure_type(kind: QuestionType, episode: Episode, pools: Pools, draw: Draw) -> Question:
    truth = _type(episode)
    wrong = pools.failure_types(episode.failure_type, draw)
    return _question(kind, episode, draw, truth, **_options(episode.failure_type, wrong, draw))


def _low_level(kind: QuestionType, episode: Episode, pools: Pools, draw: Draw) -> Question:
    side = _side(kind, episode)
    command = side.command
    truth = {**_place(side), **_type(episode), **_command(side)}
    assert command is not None  # _command skips otherwise
    wrong = pools.commands(command, draw)
    options = _options(side.command_text, wrong, draw)
    return _question(kind, episode, draw, truth, side.path, **_shown(side), **options)


# --- open-ended ------------------------------------------------------------------------------------------


def _chain(kind: QuestionType, episode: Episode, pools: Pools, draw: Draw) -> Question:
    side = _side(kind, episode)
    truth = {**_place(side), **_type(episode), **_command(side)}
    return _question(kind, episode, draw, truth, **_shown(side))


def _codes(kind: QuestionType, episode: Episode, pools: Pools, draw: Draw) -> Question:
    """Asked without a command too, where the symbols say it all (the release has such records)."""
    side = _side(kind, episode)
    command = _command(side) if side.command else {}
    codes, drawn = _drawn(episode, side)
    truth = {**_place(side), **_type(episode), **command, **drawn}
    return _question(kind, episode, draw, truth, **_shown(side), codes=codes)


def _text(kind: QuestionType, episode: Episode, pools: Pools, draw: Draw) -> Question:
    text = episode.reason if kind is Q.FAILURE_REASON else _side(kind, episode).high_level
    if not text:
        raise Skip("no text")
    return _question(kind, episode, draw, {"text": text}, text=text)


_ASKED: Final[Mapping[QuestionType, Ask]] = {
    Q.FAILURE_DETECTION: _detection,
    Q.KEYFRAME_LOCALIZATION: _keyframe,
    Q.SUBTASK_LOCALIZATION: _subtask,
    Q.FAILURE_TYPE: _failure_type,
    Q.LOW_LEVEL_AVOIDANCE: _low_level,
    Q.LOW_LEVEL_CORRECTION: _low_level,
    Q.COT_AVOIDANCE: _chain,
    Q.COT_CORRECTION: _chain,
    Q.FAILURE_REASON: _text,
    Q.HIGH_LEVEL_AVOIDANCE: _text,
    Q.HIGH_LEVEL_CORRECTION: _text,
    Q.COT_AVOIDANCE_CODE: _codes,
    Q.COT_CORRECTION_CODE: _codes,
}
assert tuple(_ASKED) == tuple(Q)
_CORRECTING: Final = frozenset(
    (Q.LOW_LEVEL_CORRECTION, Q.COT_CORRECTION, Q.HIGH_LEVEL_CORRECTION, Q.COT_CORRECTION_CODE)
)


# --- the truth -------------------------------------------------------------------------------------------


def _side(kind: QuestionType, episode: Episode) -> Side:
    return episode.correction if kind in _CORRECTING else episode.avoidance


def _place(side: Side) -> Truth:
    if side.position is None:
        raise Skip("no keyframe among the images")
    return {"keyframe": side.position, "frame": side.frame}


def _shown(side: Side) -> dict[str, Any]:
    """What the words of a question or its answer may say of a side, as fields of Values."""
    return {"keyframe_number": side.position, "frame_number": side.frame, "command": side.command_text}


def _type(episode: Episode) -> Truth:
    if not episode.failure_type:
        raise Skip("no failure type")
    return {"failure_type": episode.failure_type}


def _command(side: Side) -> Truth:
    if side.command is None:
        raise Skip("no command that can be read")
    return {"command": side.command.to_json(), "command_text": side.command_text}


def _drawn(episode: Episode, side: Side) -> tuple[str, Truth]:
    if not side.symbols:
        raise Skip("no symbols that can be read")
    if episode.size is None:
        raise Skip("the size of the frames is not known")
    try:
        symbols = [check_symbol(to_normalized(symbol, episode.size), NORMALIZED) for symbol in side.symbols]
    except SymbolError as error:
        raise Skip("a symbol lies outside the frame, or is too small for a code") from error
    size = [episode.size.width, episode.size.height]
    return print_codes(symbols), {"symbols": [to_raw(symbol) for symbol in symbols], "size": size}
