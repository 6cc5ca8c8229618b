"""How services hand work to Celery by name, so that they need not import the tasks that call them."""

from celery import current_app


def enqueue_ingest(episode_id: int, *, delay: float = 0.0) -> None:
    """Queue the ingest, `delay` seconds from now; if its process is killed, `ingest_died` runs."""
    died = current_app.signature("apps.episodes.tasks.ingest_died", args=(episode_id,), immutable=True)
    current_app.send_task(
        "apps.episodes.tasks.ingest_episode", args=(episode_id,), link_error=died, countdown=delay or None
    )
