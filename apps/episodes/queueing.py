"""How services hand work to Celery by name, so that they need not import the tasks that call them."""

from celery import current_app


def enqueue_ingest(episode_id: int) -> None:
    """Queue the ingest; if its process is killed, `ingest_died` ends the episode with a sentence."""
    died = current_app.signature("apps.episodes.tasks.ingest_died", args=(episode_id,), immutable=True)
    current_app.send_task("apps.episodes.tasks.ingest_episode", args=(episode_id,), link_error=died)
