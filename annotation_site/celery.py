"""The Celery application: tasks take ids, fetch, and call a service."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "annotation_site.settings")

app = Celery("vifailback")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
