"""Controls of a benchmark: the same questions with one source of help taken away.

`keyframe_free`: 1 fps samples and the last picture under neutral names; the other controls are made from it.
`rotations`: each closed-ended question with its options in every rotation. `shuffled`: pictures in a random
order, positions following them. `last_frame`: the last picture only. `text_only`: no picture.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final, Literal

from ml.prompts import Group
from ml.vqa.annotation import Episode, Side
from ml.vqa.draw import Draw
from ml.vqa.frames import PAPER_FPS, Still, on_cadence, step_of
from ml.vqa.questions import Question, lettered
from ml.vqa.records import keep_images
from ml.vqa.streams import Json

Control = Literal["keyframe_free", "rotations", "shuffled", "last_frame", "text_only"]
CONTROLS: Final[dict[Control, tuple[Group, ...]]] = {
    "keyframe_free": (Group.LITE, Group.HARD, Group.CODES),
    "rotations": (Group.LITE,),
    "shuffled": (Group.LITE, Group.HARD, Group.CODES),
    "last_frame": (Group.LITE, Group.HARD, Group.CODES),
    "text_only": (Group.LITE, Group.HARD, Group.CODES),
}


def keyframe_free(episode: Episode, step: int | None) -> tuple[Episode, dict[str, str]]:
    """Return the episode in 1 fps samples and its last picture, and the source of each neutral path.

    A keyframe becomes the last sample at or before it. `step` is the usual distance of samples in frames, for
    an episode too short to show its own.
    """
    kept = on_cadence(episode.stills, step_of(episode.stills) or step or PAPER_FPS)
    stills = [
        Still(f"controls/frames/{episode.id}/{number:04}{_suffix(each.path)}", each.frame, None)
        for number, each in enumerate(kept, 1)
    ]
    sources = {new.path: old.path for new, old in zip(stills, kept, strict=True)}
    changed = replace(
        episode,
        stills=tuple(stills),
        avoidance=_at_sample(episode.avoidance, stills),
        correction=_at_sample(episode.correction, stills),
    )
    return changed, sources


def _suffix(path: str) -> str:
    name = path.rpartition("/")[2]
    return name[name.rfind(".") :]


def _at_sample(side: Side, stills: list[Still]) -> Side:
    if side.position is None:
        return side
    position = max(1, sum(each.frame <= side.frame for each in stills))
    return replace(side, position=position, path=stills[position - 1].path)


def shuffled(episode: Episode, seed: int) -> Episode:
    """Return the episode with its pictures in another order; what is said by position follows them."""
    stills = tuple(Draw(seed, "shuffled", episode.id).shuffled(episode.stills))
    place = {each.path: number for number, each in enumerate(stills, 1)}

    def follow(side: Side) -> Side:
        return side if side.position is None else replace(side, position=place[side.path])

    return replace(
        episode, stills=stills, avoidance=follow(episode.avoidance), correction=follow(episode.correction)
    )


def rotations(question: Question) -> Iterator[Question]:
    """Yield a closed-ended question with its options moved on by 0, 1, ... places; the right text stays."""
    texts = list(question.values.options.values())
    right = question.values.options.get(question.values.answer, "")
    for shift in range(len(texts)):
        moved = lettered(texts[-shift:] + texts[:-shift], right)
        yield replace(question, values=replace(question.values, **moved))


def last_frame(record: Json, last: str) -> Json:
    """Return the record with its last picture in time as the only one, in the place where it was shown."""
    return _with_images(record, frozenset([record["images"].index(last)]))


def text_only(record: Json) -> Json:
    """Return the record without pictures."""
    return _with_images(record, frozenset())


def _with_images(record: Json, keep: frozenset[int]) -> Json:
    user, *rest = record["messages"]
    return {
        **record,
        "messages": [{**user, "content": keep_images(user["content"], keep)}, *rest],
        "images": [path for place, path in enumerate(record["images"]) if place in keep],
    }


def named(record: Json, control: Control, variant: int = 0) -> Json:
    """Return the record under an id of its own, with what it is a control of."""
    of = record["question_id"]
    own = f"{of}@{control}" if control != "rotations" else f"{of}@{control}-{variant}"
    return {**record, "question_id": own, "control": {"name": control, "of": of, "variant": variant}}
