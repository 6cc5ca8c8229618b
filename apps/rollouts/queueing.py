"""How services hand work to Celery by name."""

from celery import current_app


def enqueue_take_in(upload_id: str) -> None:
    current_app.send_task("apps.rollouts.tasks.take_in", args=(upload_id,))
