"""Where errors likely are: for each annotation that waits, the probability that it holds one, and why.

Naive Bayes: the odds of an error begin at the project's rate and are multiplied by a likelihood ratio for
each sign. How much another's word counts is measured, not assumed: a model that says the same as annotators
in 95 of 100 cases is believed when it differs, one that does in 40 is not. Nothing is trained on errors.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import exp, log
from statistics import median
from typing import Any

from django.db.models import Count, F, Q, Sum

from apps.annotation.document import SIDES
from apps.annotation.facts import Facts, facts_of
from apps.annotation.guidance import read_guidance
from apps.annotation.models import Annotation, Prediction, WorkSession
from apps.review.comparison import Clock, clocks
from apps.review.facts import shared
from apps.review.models import Verdict

PRIOR = 0.05  # the share of annotations with an error where nothing is known yet
PRIOR_WEIGHT = 20  # verdicts that this is worth
FOUND = 0.9  # an error in a fact makes somebody who is right differ so often
CONTRADICTION = 4.0  # how much commoner a contradiction is with an error than without: assumed
HASTE = ((0.35, 3.0), (0.5, 2.0), (0.7, 1.3))  # below this share of the usual time: assumed likewise
NO_HASTE = 0.9
SIGNS = ("disagreement", "model", "haste", "contradiction", "record")


@dataclass(frozen=True)
class Sign:
    """One reason to look, or not to: `weight` is the logarithm of its likelihood ratio."""

    kind: str
    fact: str
    weight: float


@dataclass(frozen=True)
class Risk:
    """The probability of an error, and the signs that speak for one, strongest first."""

    probability: float
    signs: tuple[Sign, ...]

    def to_json(self) -> dict[str, Any]:
        rows = [{"kind": s.kind, "fact": s.fact, "weight": round(s.weight, 3)} for s in self.signs]
        return {"risk": round(self.probability, 4), "signs": rows}


def likelihood_ratio(*, same: bool, accuracy: float, facts: int) -> float:
    """Of an error somewhere among `facts`, when another who is right in `accuracy` of cases says this fact.

    An error lies in this fact in one of `facts` cases; in the others the word is as good as ever.
    """
    here = 1 / facts
    if same:
        return (here * (1 - FOUND) + (1 - here) * accuracy) / accuracy
    return (here * FOUND + (1 - here) * (1 - accuracy)) / (1 - accuracy)


def risks(project_id: int, annotations: Sequence[Annotation]) -> dict[int, Risk]:
    """The risk of each of `annotations`, by its id; a fixed number of queries for all of them."""
    known = Known(project_id)
    return {annotation.pk: known.risk(annotation) for annotation in annotations}


class Known:
    """What the project knows about all that was handed in: others' words, times, and people's records."""

    def __init__(self, project_id: int) -> None:
        rows = Annotation.objects.filter(episode__project_id=project_id).exclude(submitted=None)
        self.facts = {row.pk: facts_of(row.document) for row in rows}
        self.on_episode: dict[int, list[int]] = defaultdict(list)
        for row in rows:
            self.on_episode[row.episode_id].append(row.pk)
        self.clocks: dict[int, Clock] = clocks(rows)
        self.predictions = _predictions(project_id)
        self.rates = self._rates()
        self.seconds = _seconds(project_id)
        self.pace = self._pace()
        self.prior, self.records = _records(project_id)

    def _rates(self) -> dict[tuple[str, str], float]:
        """How often each source says the same as annotators, fact by fact; other annotators are no source."""
        counts: dict[tuple[str, str], list[bool]] = defaultdict(list)
        for source, fact, same in self._words():
            counts[source, fact].append(same)
        return {key: (sum(same) + 1) / (len(same) + 2) for key, same in counts.items()}

    def _words(self) -> Iterable[tuple[str, str, bool]]:
        for episode, pks in self.on_episode.items():
            clock = self.clocks[episode]
            for one, other in combinations(pks, 2):
                for fact, same in shared(self.facts[one], self.facts[other], clock).items():
                    yield "", fact, same
            for prediction in self.predictions.get(episode, ()):
                for pk in pks:
                    for fact, same in shared(self.facts[pk], prediction.facts, clock).items():
                        yield prediction.source, fact, same

    def _pace(self) -> dict[Any, float]:
        """The usual seconds, by outcome: a failure has more to be said of it."""
        times = defaultdict(list)
        for pk, seconds in self.seconds.items():
            if pk in self.facts:
                times[self.facts[pk]["outcome"]].append(seconds)
        return {outcome: median(values) for outcome, values in times.items()}

    def risk(self, annotation: Annotation) -> Risk:
        signs = [
            *self._others(annotation),
            *self._models(annotation),
            *self._haste(annotation),
            _contradiction(annotation),
            self._record(annotation),
        ]
        odds = log(self.prior / (1 - self.prior)) + sum(sign.weight for sign in signs)
        speaking = sorted((sign for sign in signs if sign.weight > 0), key=lambda sign: -sign.weight)
        return Risk(1 / (1 + exp(-odds)), tuple(speaking))

    def _others(self, annotation: Annotation) -> Iterable[Sign]:
        mine = facts_of(annotation.document)
        for pk in self.on_episode[annotation.episode_id]:
            if pk != annotation.pk:
                yield from self._signs("disagreement", "", mine, self.facts[pk], annotation, trust=1.0)

    def _models(self, annotation: Annotation) -> Iterable[Sign]:
        mine = facts_of(annotation.document)
        for said in self.predictions.get(annotation.episode_id, ()):
            trust = 1 - said.uncertainty
            yield from self._signs("model", said.source, mine, said.facts, annotation, trust=trust)

    def _signs(
        self, kind: str, source: str, mine: Facts, theirs: Facts, annotation: Annotation, *, trust: float
    ) -> Iterable[Sign]:
        """`trust` from 0 to 1 is how sure the other is: unsure words are taken for half guessed."""
        words = shared(mine, theirs, self.clocks[annotation.episode_id])
        for fact, same in words.items():
            rate = self.rates.get((source, fact), 0.5) * trust + 0.5 * (1 - trust)
            ratio = likelihood_ratio(same=same, accuracy=rate, facts=len(words))
            yield Sign(kind, fact, log(ratio))

    def _haste(self, annotation: Annotation) -> Iterable[Sign]:
        seconds, usual = self.seconds.get(annotation.pk), self.pace.get(annotation.document["outcome"])
        if seconds is not None and usual:
            ratio = next((r for share, r in HASTE if seconds < share * usual), NO_HASTE)
            yield Sign("haste", "", log(ratio))

    def _record(self, annotation: Annotation) -> Sign:
        return Sign("record", "", log(self.records.get(annotation.annotator_id, self.prior) / self.prior))


def _contradiction(annotation: Annotation) -> Sign:
    """Symbols that say another thing than their command."""
    document, project = annotation.document, annotation.episode.project
    events = document["events"] if document["outcome"] == "failed" else []
    found = any(read_guidance(event[side], project).contradictions for event in events for side in SIDES)
    return Sign("contradiction", "", log(CONTRADICTION) if found else log(NO_HASTE))


def _predictions(project_id: int) -> dict[int, list[Prediction]]:
    found: dict[int, list[Prediction]] = defaultdict(list)
    for prediction in Prediction.objects.filter(episode__project_id=project_id):
        found[prediction.episode_id].append(prediction)
    return found


def _seconds(project_id: int) -> dict[int, float]:
    """The active time that went into each annotation by its own annotator."""
    rows = WorkSession.objects.filter(
        annotation__episode__project_id=project_id, person=F("annotation__annotator")
    )
    total = Sum(F("diagnosis") + F("guidance") + F("texts"))
    return {pk: s for pk, s in rows.values_list("annotation").annotate(total=total) if s}


def _records(project_id: int) -> tuple[float, dict[int, float]]:
    """The share of verdicts that sent work back: of the project, and of each annotator, drawn towards it."""
    verdicts = Verdict.objects.filter(annotation__episode__project_id=project_id)
    counts = verdicts.values_list("author").annotate(
        n=Count("pk"), back=Count("pk", filter=Q(decision="send_back"))
    )
    rows = [(author, n, back) for author, n, back in counts]
    n, back = sum(row[1] for row in rows), sum(row[2] for row in rows)
    prior = (PRIOR * PRIOR_WEIGHT + back) / (PRIOR_WEIGHT + n)
    return prior, {a: (prior * PRIOR_WEIGHT + b) / (PRIOR_WEIGHT + m) for a, m, b in rows}
