"""Batches: many drafts or proposals made by one worker at a time, some calls at once, none sent twice.

A batch has a lease that its worker renews; when the worker is killed another one goes on, and answers that
are kept are not asked for again. Calls that were in flight then are counted as lost.
"""

import logging
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.utils import timezone

from apps.accounts.models import Project, User
from apps.annotation.checks import problems
from apps.annotation.models import Annotation
from apps.annotation.selectors import EDITABLE
from apps.core.errors import AppError, conflict
from apps.core.models import Event
from apps.drafting.alive import kept_alive, lease
from apps.drafting.calls import UNDER_WAY
from apps.drafting.models import Batch, Draft
from apps.drafting.preannotation import proposal_make, source_of
from apps.drafting.queueing import enqueue_batch
from apps.drafting.services import draft_create, draft_fail, draft_make
from apps.drafting.targets import drafting_of, model_for
from apps.episodes.models import Episode

logger = logging.getLogger(__name__)
WRITTEN_IN_STAGE_3 = ("reason", "high_level")
STOPPED = "The batch was stopped before this draft was made."


def batch_start(*, project: Project, purpose: str, by: User) -> Batch:
    """Draft the texts of all failures that are ready for it (`explain`), or propose for all open episodes.

    Raises `batch_running`, `nothing_to_draft`, `drafting_off`, `no_endpoint`.
    """
    adapter = model_for(project, purpose).adapter
    try:
        with transaction.atomic():
            batch = Batch.objects.create(project=project, purpose=purpose, subjects=[], by=by)
            batch.subjects = list(_drafts(batch, adapter) if purpose == "explain" else _episodes(project))
            if not batch.subjects:
                raise conflict("nothing_to_draft", "There is nothing that a model could be asked for now.")
            batch.save(update_fields=["subjects"])
            Event.record("batch", batch, "start", by=by)
            transaction.on_commit(lambda: enqueue_batch(batch.pk))
    except IntegrityError:
        raise conflict("batch_running", "A batch of this project is running already.") from None
    return batch


def _drafts(batch: Batch, adapter: str) -> Iterable[int]:
    """A draft for each failure whose stages 1 and 2 are complete and that has none of what is said now."""
    open_ones = Annotation.objects.filter(episode__project=batch.project, state__in=EDITABLE)
    for annotation in open_ones.select_related("episode__task", "episode__project"):
        done = set(annotation.drafts.filter(revision=annotation.revision).values_list("event", flat=True))
        for event in _ready_events(annotation):
            if event not in done:
                draft = draft_create(
                    annotation=annotation, event_id=event, adapter=adapter, by=batch.by, batch=batch
                )
                yield draft.pk


def _ready_events(annotation: Annotation) -> list[str]:
    if annotation.document["outcome"] != "failed":
        return []
    missing = problems(annotation.document, subtasks=len(annotation.episode.task.subtasks))
    unready = {row["path"][1] for row in missing if row["path"][-1] not in WRITTEN_IN_STAGE_3}
    return [event["id"] for event in annotation.document["events"] if event["id"] not in unready]


def _episodes(project: Project) -> Iterable[int]:
    """Ready episodes that nobody has handed in and for which the model has not proposed yet."""
    source = source_of(model_for(project, "propose"))
    handed_in = Annotation.objects.exclude(state=Annotation.State.OPEN).values("episode")
    rows = Episode.objects.filter(project=project, state=Episode.State.READY).exclude(pk__in=handed_in)
    return (
        rows.exclude(proposals__origin="model", proposals__source=source)
        .order_by("created", "pk")
        .values_list("pk", flat=True)
    )


def batch_stop(*, batch: Batch, by: User) -> None:
    """Make no more of it; calls under way are still waited for. Raises `batch_ended`."""
    rows = Batch.objects.filter(pk=batch.pk, state=Batch.State.RUNNING)
    if not rows.update(state=Batch.State.STOPPED):
        raise conflict("batch_ended", "This batch has ended already.")
    Event.record("batch", batch, "stop", by=by)
    for draft in batch.drafts.filter(state=Draft.State.REQUESTED):
        draft_fail(draft=draft, why=STOPPED)


def batch_run(*, batch: Batch) -> bool:
    """Make what is left of the batch; False where another worker has it in hand."""
    now = timezone.now()
    free = Q(alive_until=None) | Q(alive_until__lt=now)
    mine = Batch.objects.filter(free, pk=batch.pk, state=Batch.State.RUNNING)
    if not mine.update(alive_until=now + lease()):
        return not Batch.objects.filter(pk=batch.pk, state=Batch.State.RUNNING).exists()
    limit = max(1, drafting_of(batch.project).concurrency)
    with kept_alive(Batch.objects.filter(pk=batch.pk)), ThreadPoolExecutor(limit) as threads:
        for _ in threads.map(lambda subject: _make(batch, subject), batch.subjects):
            pass
    Batch.objects.filter(pk=batch.pk, state=Batch.State.RUNNING).update(state=Batch.State.DONE)
    return True


def _make(batch: Batch, subject: int) -> None:
    """One of the batch, in a thread with a connection of its own; what goes wrong is said and ends here."""
    try:
        if Batch.objects.filter(pk=batch.pk, state=Batch.State.RUNNING).exists():
            _make_in_turn(batch, subject)
    except AppError as error:
        Batch.objects.filter(pk=batch.pk).update(problem=error.message)
    except Exception:  # the boundary of the thread: logged with its trace
        logger.exception("batch %s: %s %s could not be made", batch.pk, batch.purpose, subject)
        Batch.objects.filter(pk=batch.pk).update(
            problem="One of the batch could not be made: the site had a fault, which it logged."
        )
    finally:
        connection.close()


def _make_in_turn(batch: Batch, subject: int) -> None:
    """Where a killed worker had the call in hand, wait until its lease ends."""
    while True:
        try:
            return MAKERS[batch.purpose](batch, subject)
        except AppError as error:
            if error.code != UNDER_WAY:
                raise
        time.sleep(lease().total_seconds() / 3)


def _make_draft(batch: Batch, draft_id: int) -> None:
    draft = Draft.objects.select_related("annotation__episode__project", "batch").get(pk=draft_id)
    draft_make(draft=draft)
    if draft.problem:
        Batch.objects.filter(pk=batch.pk).update(problem=draft.problem)


def _make_proposal(batch: Batch, episode_id: int) -> None:
    """Unless it is made already: this may be a second worker's turn."""
    episode = Episode.objects.select_related("task", "project__taxonomy").get(pk=episode_id)
    source = source_of(model_for(batch.project, "propose"))
    if not episode.proposals.filter(origin="model", source=source).exists():
        proposal_make(episode=episode, batch=batch)


MAKERS = {"explain": _make_draft, "propose": _make_proposal}
