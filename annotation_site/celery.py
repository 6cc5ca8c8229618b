"""The Celery application: tasks take ids, fetch, and call a service."""

import os

from celery import Celery
from celery.signals import worker_process_init

from annotation_site.processes import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "annotation_site.settings")

app = Celery("vifailback")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# A pool process whose worker was killed would decode on for nobody.
worker_process_init.connect(lambda **_kwargs: die_with_parent(), weak=False)
