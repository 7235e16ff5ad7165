"""The outbox: this table is the queue of mail."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone

from stage.core.enums import MailState, PersonKind
from stage.core.models.base import TenantQuerySet


class OutboxMail(models.Model):
    """One mail to one person. Holds references, no address and no text: the worker resolves them.

    `key` says what the mail is for; a second one with the same key is not made.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    region = models.ForeignKey("core.Region", models.PROTECT, related_name="+")
    school = models.ForeignKey("core.School", models.PROTECT, null=True, related_name="+")
    event = models.CharField(max_length=60)
    person_kind = models.CharField(max_length=12, choices=PersonKind)
    person_id = models.BigIntegerField()
    about = models.JSONField(default=dict)
    key = models.CharField(max_length=160, unique=True)
    urgent = models.BooleanField(default=False)
    not_before = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=MailState, default=MailState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=200, blank=True)
    message_id = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = TenantQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "pk"]
        indexes = [
            models.Index(
                fields=["not_before"],
                name="outbox_waiting",
                condition=models.Q(state="queued"),
            ),
            models.Index(fields=["school", "event"]),
        ]
