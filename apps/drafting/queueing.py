"""How services hand work to Celery by name, so that they need not import the tasks that call them."""

from celery import current_app


def enqueue_draft(draft_id: int) -> None:
    current_app.send_task("apps.drafting.tasks.make_draft", args=(draft_id,))


def enqueue_plan(plan_id: int) -> None:
    current_app.send_task("apps.drafting.tasks.make_plan", args=(plan_id,))


def enqueue_batch(batch_id: int, *, delay: float = 0.0) -> None:
    """Queue the batch, `delay` seconds from now."""
    current_app.send_task("apps.drafting.tasks.run_batch", args=(batch_id,), countdown=delay or None)
