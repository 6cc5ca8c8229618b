"""How services hand work to Celery by name, so that they need not import the tasks that call them."""

from typing import Any

from celery import current_app


def enqueue_ingest(episode_id: int, *, delay: float = 0.0) -> None:
    """Queue the ingest, `delay` seconds from now; if its process is killed, `ingest_died` runs."""
    died = current_app.signature("apps.episodes.tasks.ingest_died", args=(episode_id,), immutable=True)
    current_app.send_task(
        "apps.episodes.tasks.ingest_episode", args=(episode_id,), link_error=died, countdown=delay or None
    )


def enqueue_recordings(upload_id: str, user_id: int, fields: dict[str, Any]) -> None:
    """Queue the import of an uploaded recording; `fields` is what was said of it."""
    current_app.send_task("apps.episodes.tasks.import_recordings", args=(upload_id, user_id), kwargs=fields)
