"""Reads of rollouts, and the access check of each thing where it is fetched."""

import uuid
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Project, User
from apps.accounts.permissions import VIEW, access_project
from apps.core.errors import AppError, not_found
from apps.core.sentences import say
from apps.episodes.selectors import camera_json
from apps.episodes.storage import blob_read
from apps.rollouts.models import Rollout, RolloutUpload, Run
from robot.formats.rollout import events_of


def access_upload(project: Project, upload_id: uuid.UUID) -> RolloutUpload:
    upload = RolloutUpload.objects.filter(pk=upload_id, project=project).first()
    if upload is None:
        raise not_found("upload")
    if upload.state == RolloutUpload.State.RECEIVING and upload.expires < timezone.now():
        raise AppError("gone", "The time for this upload is over: begin it again.", status=410)
    return upload


def access_rollout(user: User, rollout_id: int, *, need: str = VIEW) -> Rollout:
    rollout = Rollout.objects.select_related("run", "episode__task", "events").filter(pk=rollout_id).first()
    if rollout is None:
        raise not_found("rollout")
    rollout.project = access_project(user, rollout.project_id, need=need, what="rollout")
    return rollout


def upload_of_rollout(project: Project, key: uuid.UUID) -> tuple[str, str]:
    """State and problem of a rollout by the robot's id: `taken`, or that of its newest upload."""
    if Rollout.objects.filter(project=project, key=key).exists():
        return str(RolloutUpload.State.TAKEN), ""
    upload = RolloutUpload.objects.filter(project=project, rollout=key).order_by("-created").first()
    if upload is None:
        raise not_found("rollout")
    return upload.state, upload.problem


def runs_of(project_id: int) -> QuerySet[Run]:
    """Newest first, each with its trials and the counts of their outcomes."""
    trials = Rollout.objects.select_related("episode__task").prefetch_related("episode__cameras")
    counts = {name: Count("rollouts", filter=Q(rollouts__outcome=name)) for name in Rollout.Outcome.values}
    return (
        Run.objects.filter(project_id=project_id)
        .annotate(**counts)
        .prefetch_related(Prefetch("rollouts", queryset=trials))
    )


def rollout_json(rollout: Rollout) -> dict[str, Any]:
    return {
        "id": rollout.pk,
        "key": str(rollout.key),
        "trial": rollout.trial,
        "task": rollout.episode.task.description,
        "episode": rollout.episode_id,
        "episode_state": rollout.episode.state,
        "outcome": rollout.outcome,
        "outcome_by": rollout.outcome_by,
        "mode": rollout.mode,
        "interventions": rollout.interventions,
        "seconds": rollout.seconds,
        "started": rollout.started,
        "url": reverse("rollout", args=(rollout.pk,)),
    }


def run_json(run: Run) -> dict[str, Any]:
    return {
        "id": run.pk,
        "key": run.key,
        "origin": run.origin,
        "robot": run.robot,
        "policy": run.policy,
        "supervisor": run.supervisor,
        "outcomes": {name: getattr(run, name) for name in Rollout.Outcome.values},
        "rollouts": [rollout_json(each) for each in run.rollouts.all()],
    }


def rollout_in_full(rollout: Rollout) -> dict[str, Any]:
    """With the recording's cameras, what happened in it, and what is proposed for it."""
    episode = rollout.episode
    events = events_of(blob_read(rollout.events).decode(errors="replace")) if rollout.events else []
    proposals = [{"origin": p.origin, "source": p.source} for p in episode.proposals.all()]
    return {
        **rollout_json(rollout),
        "run": {"key": rollout.run.key, "origin": rollout.run.origin, "supervisor": rollout.run.supervisor},
        "rejection": say(episode.rejection),
        "cameras": [camera_json(camera) for camera in episode.cameras.all()],
        "events": events,
        "proposals": proposals,
    }
