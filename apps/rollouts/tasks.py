"""Celery tasks of rollouts."""

import logging

from celery import shared_task

from apps.rollouts.models import RolloutUpload
from apps.rollouts.services import rollout_take_in, upload_refuse

logger = logging.getLogger(__name__)


@shared_task(time_limit=3600)
def take_in(upload_id: str) -> None:
    upload = RolloutUpload.objects.select_related("project", "by").filter(pk=upload_id).first()
    if upload is None:
        return
    try:
        rollout_take_in(upload=upload)
    except Exception:  # the boundary of the worker: logged with its trace, told to the robot
        logger.exception("taking in %s failed", upload)
        upload_refuse(
            upload=upload, why="This rollout could not be taken in: the site had a fault.", keep=True
        )
