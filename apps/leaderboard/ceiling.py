"""The human ceiling of a project: people who annotated the same episode, scored on each other."""

import hashlib
from typing import Any

from django.core.cache import cache

from apps.accounts.models import Project
from apps.annotation.models import Annotation
from apps.releases.layout import episode_files, still_unkept
from apps.releases.records import DETECTION, raw_record
from apps.review.agreement import double_pairs, first_document
from ml.bench.ceiling import human_ceiling
from ml.vqa.annotation import Episode, read_episode

KEPT_SECONDS = 24 * 3600


def project_ceiling(project: Project) -> dict[str, Any] | None:
    """What `ml.bench.ceiling` says of every two annotations of one episode; None where there is no pair.

    What each handed in first counts, whatever a reviewer made of it. Kept until there are other pairs.
    """
    pairs = double_pairs(project.pk)
    names = [(each.pk, each.first_revision) for pair in pairs for each in pair]
    key = f"ceiling-{hashlib.sha256(repr(names).encode()).hexdigest()}"
    found: dict[str, Any] | None = cache.get(key)
    if found is None:
        read = [(_episode(one), _episode(other)) for one, other in pairs]
        told = [(one, other) for one, other in read if one and other]
        found = human_ceiling(told) if told else {}
        cache.set(key, found, KEPT_SECONDS)
    return found or None


def _episode(annotation: Annotation) -> Episode | None:
    """What the annotator first said; None where they could not tell."""
    annotation.document = first_document(annotation)
    if annotation.document["outcome"] not in DETECTION:
        return None
    files = episode_files(annotation, still_unkept)
    return read_episode({**raw_record(files), "size": [files.head.width, files.head.height]})
