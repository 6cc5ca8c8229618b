"""Wiring only: settings, urls, asgi, celery and the process supervisor `up`."""

from annotation_site.celery import app as celery_app

__all__ = ["celery_app"]
