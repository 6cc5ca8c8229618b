"""What a release says before any file is written: its records, and what `release.json` says of them."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from apps.accounts.models import Project
from apps.annotation.models import Annotation
from apps.releases.layout import EpisodeFiles, episode_files
from apps.releases.records import contradictions, full_record, in_order, raw_record
from apps.releases.selectors import draft_versions
from apps.releases.tree import json_bytes

FORMAT = "vifailback-release-1"


@dataclass(frozen=True)
class Content:
    """Episodes in the release's order, the bytes of both files of records, and the manifest's own part."""

    episodes: list[EpisodeFiles]
    records: dict[str, bytes]
    about: dict[str, Any]

    @property
    def revisions(self) -> dict[int, int]:
        """Annotation to revision."""
        return revisions_of(files.annotation for files in self.episodes)

    @property
    def digests(self) -> dict[str, str]:
        return {name: hashlib.sha256(data).hexdigest() for name, data in self.records.items()}

    @property
    def fingerprint(self) -> str:
        """Of all that a release says but its version: two releases that differ in a byte differ in this."""
        return hashlib.sha256(json_bytes({**self.about, "records": self.digests})).hexdigest()


def revisions_of(annotations: Iterable[Annotation]) -> dict[int, int]:
    return {annotation.pk: annotation.revision for annotation in annotations}


def content_of(project: Project, annotations: Iterable[Annotation]) -> Content:
    """What a release of these annotations says. An outcome nobody could tell is in `events.json` only.

    Decodes and keeps the stills of keyframes that are not there yet.
    """
    episodes = [episode_files(annotation) for annotation in annotations]
    told = [files for files in episodes if files.annotation.document["outcome"] != "cannot_tell"]
    full = [full_record(files) for files in episodes]
    return Content(
        episodes,
        {
            "annotations.json": json_bytes([raw_record(files) for files in told]),
            "events.json": json_bytes(full),
        },
        _about(project, episodes, contradictions(full)),
    )


def _about(project: Project, episodes: list[EpisodeFiles], against: list[dict[str, Any]]) -> dict[str, Any]:
    taxonomies = [files.annotation.taxonomy for files in episodes]
    return {
        "format": FORMAT,
        "project": project.name,
        "counts": _counts(episodes),
        "taxonomy": in_order({each.version: each.content for each in taxonomies}),
        "embodiment": in_order(project.embodiment),
        "prompts": {"drafts": draft_versions([files.annotation.pk for files in episodes])},
        "contradictions": {"count": len(against), "list": against},
    }


def _counts(episodes: list[EpisodeFiles]) -> dict[str, Any]:
    documents = [files.annotation.document for files in episodes]
    events = [event for d in documents if d["outcome"] == "failed" for event in d["events"]]
    return {
        "episodes": len(documents),
        "tasks": len({files.annotation.episode.task_id for files in episodes}),
        "outcomes": dict(sorted(Counter(d["outcome"] for d in documents).items())),
        "failure_types": dict(sorted(Counter(event["failure_type"] for event in events).items())),
        "events": len(events),
        "images": sum(len(files.images) for files in episodes),
    }
