"""The Celery application; each app's `tasks.py` is found by itself."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stage.settings.dev")

app = Celery("stage")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.on_after_finalize.connect
def schedule_jobs(sender, **kwargs) -> None:
    """Give beat every job that declared itself with `@every`."""
    from stage.core.work.jobs import SCHEDULE

    sender.loader.import_default_modules()
    sender.conf.beat_schedule = SCHEDULE
