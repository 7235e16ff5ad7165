"""The platform for stages and leerwerktrajecten in the vmbo."""

from stage.celery import app as celery_app

__all__ = ["celery_app"]
