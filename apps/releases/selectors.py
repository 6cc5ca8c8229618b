"""Reads of releases."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Max
from django.urls import reverse

from apps.accounts.models import Project, User
from apps.accounts.permissions import VIEW, access_project, access_project_by_slug
from apps.annotation.models import Annotation
from apps.annotation.selectors import RELATED
from apps.annotation.services import document_at
from apps.core.errors import not_found
from apps.core.jobs import Job
from apps.core.sentences import say
from apps.drafting.models import Draft
from apps.releases.models import Release, VqaBuild
from apps.review.selectors import approved_in


def released_annotations(project: Project) -> list[Annotation]:
    """One approved annotation an episode, by task and number; of several the one approved last."""
    rows = approved_in(project.pk).annotate(approved=Max("verdicts__pk"))
    last: dict[int, Annotation] = {}
    for annotation in rows.prefetch_related("episode__cameras__source"):
        rival = last.get(annotation.episode_id)
        if rival is None or annotation.approved > rival.approved:
            last[annotation.episode_id] = annotation
    return list(last.values())


def annotations_in(release: Release) -> list[Annotation]:
    """The annotations of a release with the documents of the revisions that it names, in its order."""
    revisions = dict(release.items.values_list("annotation_id", "revision"))
    rows = Annotation.objects.filter(pk__in=revisions).select_related(*RELATED)
    annotations = list(rows.order_by("episode__task__name", "episode__number"))
    for annotation in annotations:
        annotation.revision = revisions[annotation.pk]
        annotation.document = document_at(annotation, annotation.revision)
    return annotations


def draft_versions(annotation_ids: Iterable[int]) -> list[str]:
    """The versions of the drafting prompts and templates that helped with these annotations."""
    rows = Draft.objects.filter(annotation__in=list(annotation_ids), state=Draft.State.READY)
    return sorted(set(rows.values_list("version", flat=True)))


def access_release(user: User, release_id: int, *, need: str = VIEW) -> Release:
    release = Release.objects.select_related("archive").filter(pk=release_id).first()
    if release is None:
        raise not_found("release")
    release.project = access_project(user, release.project_id, need=need, what="release")
    return release


def access_release_by_version(user: User, slug: str, version: int, *, need: str = VIEW) -> Release:
    """As `access_release`, for the addresses of pages."""
    project = access_project_by_slug(user, slug, need=need)
    release = project.releases.select_related("archive", "by").filter(version=version).first()
    if release is None:
        raise not_found("release")
    release.project = project
    return release


def release_json(release: Release) -> dict[str, Any]:
    packed = release.archive is not None
    return {
        "id": release.pk,
        "version": release.version,
        "fingerprint": release.fingerprint,
        "counts": release.counts,
        "created": release.created,
        "state": "packed" if packed else "failed" if release.problem else "packing",
        "problem": release.problem,
        "size": release.archive.size if packed else None,
        "download": reverse("api-release-download", args=(release.pk,)) if packed else None,
    }


FILES = ("train", "lite", "hard", "codes")  # in the order of a table's columns


def access_build(user: User, build_id: int, *, need: str = VIEW) -> VqaBuild:
    rows = VqaBuild.objects.select_related("release__archive", "archive", "by")
    build = rows.filter(pk=build_id).first()
    if build is None:
        raise not_found("VQA build")
    build.release.project = access_project(user, build.release.project_id, need=need, what="VQA build")
    return build


def job_json(job: Job) -> dict[str, Any]:
    return {
        "id": job.pk,
        "state": job.state,
        "stage": say(job.stage),
        "progress": job.progress,
        "problem": say(job.problem),
        "may_restart": job.may_restart,
        "created": job.created,
    }


def build_json(build: VqaBuild) -> dict[str, Any]:
    archive = build.archive
    options = build.options
    return {
        **job_json(build),
        "release": build.release_id,
        "seed": options["seed"],
        "controls": options["controls"],
        "formats": options["formats"],
        "own_wording": bool(options["templates"]),
        "own_split": bool(options["split"]),
        "counts": build.counts,
        "lint": build.lint,
        "size": archive.size if archive else None,
        "download": reverse("api-vqa-download", args=(build.pk,)) if archive else None,
    }


def release_view(release: Release) -> dict[str, Any]:
    """What the release's page says: the counts as rows, the checks, what is known of its quality."""
    about = release.about
    return {
        **release_json(release),
        "by": release.by,
        "name": f"{release.project.slug}-v{release.version}",
        "failure_types": _bars(release.counts["failure_types"]),
        "contradictions": about.get("contradictions"),
        "hours": about.get("annotation_hours"),
        "agreement": about.get("agreement"),
        "residual_error": _residual(about.get("residual_error")),
    }


def _residual(found: Mapping[str, float] | None) -> str | None:
    """The estimate in percent with its interval, and of how many it is."""
    if not found:
        return None
    estimate, low, high = (100 * found[name] for name in ("estimate", "low", "high"))
    return f"{estimate:.1f} % [{low:.1f}, {high:.1f}], n = {found['n']}"


def build_view(build: VqaBuild) -> dict[str, Any]:
    """A build as the page shows it: records by question type and file, the findings' counts, the charts."""
    records = build.counts.get("records", {})
    labels = {name: _file_label(name) for name in records if "/controls/" not in name}
    names = dict(sorted(labels.items(), key=lambda pair: FILES.index(pair[1])))
    tags = sorted({tag for tags in records.values() for tag in tags})
    controls: Counter[str] = Counter()
    for name, counts in records.items():
        if name not in names:
            controls.update(counts)
    return {
        **build_json(build),
        "job": build,
        "columns": [*names.values(), *(["controls"] if controls else [])],
        "rows": [
            (tag, [*(records[name].get(tag, 0) for name in names), *([controls[tag]] if controls else [])])
            for tag in tags
        ],
        "files": [name.rpartition("/")[2] for name in names],
        "charts": [(title, _bars(numbers)) for title, numbers in build.charts.items() if numbers],
        "errors": sum(build.lint.get("errors", {}).values()),
        "warnings": sum(build.lint.get("warnings", {}).values()),
    }


def _file_label(name: str) -> str:
    """train, lite, hard or codes, of the name of a file of records."""
    return name.removesuffix(".json").rpartition("_")[2]


def _bars(numbers: Mapping[str, float]) -> list[tuple[str, float, float]]:
    """Label, number, and its share of the largest; nothing of zeros."""
    most = max(numbers.values(), default=0) or 1
    return [(label, number, number / most) for label, number in numbers.items() if number]
