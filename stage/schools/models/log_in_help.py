"""Who said, without being logged in, that logging in does not work."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.utils import timezone

from stage.core.models.base import TenantQuerySet
from stage.schools.models.base import StudentRow

SHOWN_FOR = timedelta(days=14)


class LogInHelpQuerySet(TenantQuerySet):
    def waiting(self):
        """Nobody helped yet, and it was said lately."""
        since = timezone.now() - SHOWN_FOR
        return self.filter(settled_at__isnull=True, asked_at__gte=since)


class LogInHelp(StudentRow):
    """Somebody asked a new card for a student. Anybody who knows number and birthday can."""

    asked_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = LogInHelpQuerySet.as_manager()

    class Meta(StudentRow.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["student"],
                condition=models.Q(settled_at__isnull=True),
                name="log_in_help_once",
            )
        ]
