"""Heartbeats of scheduled jobs, so that a job that died is seen."""

from django.db import models


class Heartbeat(models.Model):
    """When a periodic job last ran well, and what went wrong since."""

    name = models.CharField(max_length=60, unique=True)
    every_seconds = models.PositiveIntegerField()
    last_ok = models.DateTimeField(null=True)
    last_error_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["name"]
