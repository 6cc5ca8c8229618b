"""The human ceiling of a project: people who annotated the same episode, scored on each other."""

import hashlib
from collections import defaultdict
from itertools import combinations
from typing import Any

from django.core.cache import cache

from apps.accounts.models import Project
from apps.annotation.models import Annotation
from apps.annotation.selectors import RELATED
from apps.releases.layout import episode_files, still_unkept
from apps.releases.records import DETECTION, raw_record
from ml.bench.ceiling import Pair, human_ceiling
from ml.vqa.annotation import Episode, read_episode

TOLD = (Annotation.State.SUBMITTED, Annotation.State.IN_REVIEW, Annotation.State.APPROVED)
KEPT_SECONDS = 24 * 3600


def project_ceiling(project: Project) -> dict[str, Any] | None:
    """What `ml.bench.ceiling` says of all pairs of annotations handed in; None where there is no pair.

    Kept as long as the same revisions stand.
    """
    groups = _groups(project)
    if not groups:
        return None
    names = sorted((each.pk, each.revision, each.state) for group in groups for each in group)
    key = f"ceiling-{hashlib.sha256(repr(names).encode()).hexdigest()}"
    found: dict[str, Any] = cache.get(key) or human_ceiling(
        [pair for group in groups for pair in _pairs(group)]
    )
    cache.set(key, found, KEPT_SECONDS)
    return found


def _groups(project: Project) -> list[list[Annotation]]:
    """Annotations of the same episode by different people, who could tell what they saw."""
    rows = Annotation.objects.filter(episode__project=project, state__in=TOLD).select_related(*RELATED)
    by_episode: dict[int, list[Annotation]] = defaultdict(list)
    for row in rows.prefetch_related("episode__cameras").order_by("pk"):
        if row.document["outcome"] in DETECTION:
            by_episode[row.episode_id].append(row)
    return [group for group in by_episode.values() if len(group) > 1]


def _pairs(group: list[Annotation]) -> list[Pair]:
    return list(combinations([_episode(each) for each in group], 2))


def _episode(annotation: Annotation) -> Episode:
    files = episode_files(annotation, still_unkept)
    size = [files.head.width, files.head.height]
    return read_episode({**raw_record(files), "size": size})
