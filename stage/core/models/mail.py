"""The outbox: this table is the queue of mail."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone

from stage.core.enums import MailState, PersonKind
from stage.core.models.base import TenantQuerySet


class OutboxQuerySet(TenantQuerySet):
    def about(self, model: type[models.Model]):
        """Mails about rows of one model; `about_id` says which."""
        return self.filter(about_type=model._meta.label_lower)


class OutboxMail(models.Model):
    """One mail to one person. Holds references, no address and no text: the worker resolves them.

    `key` says what the mail is for; a second one with the same key is not made, and nothing else
    reads it. `about_type` and `about_id` say which row the mail is about (a model's label and a
    primary key, empty for none), `details` what else its handler needs, ids only.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    region = models.ForeignKey("core.Region", models.PROTECT, related_name="+")
    school = models.ForeignKey("core.School", models.PROTECT, null=True, related_name="+")
    event = models.CharField(max_length=60)
    person_kind = models.CharField(max_length=12, choices=PersonKind)
    person_id = models.BigIntegerField()
    about_type = models.CharField(max_length=60, blank=True)
    about_id = models.BigIntegerField(null=True)
    details = models.JSONField(default=dict)
    key = models.CharField(max_length=160, unique=True)
    urgent = models.BooleanField(default=False)
    not_before = models.DateTimeField(default=timezone.now)
    # For which step that can be undone it waits: `held_until`.
    held_by = models.CharField(max_length=60, blank=True)
    # Until when it was put off for its reader (`stage.core.mail.pace`), and with which others it
    # then leaves as one mail: empty for one that goes by itself.
    paced_to = models.DateTimeField(null=True)
    bundle = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=10, choices=MailState, default=MailState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=200, blank=True)
    # It was sent, and its reader has a phone that shows it too: taken away before that is done.
    push_due = models.BooleanField(default=False)
    message_id = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "pk"]
        indexes = [
            # In the order of claiming: however much waits, the next one is found at once.
            models.Index(
                fields=["-urgent", "not_before"],
                name="outbox_next",
                condition=models.Q(state="queued", bundle=""),
            ),
            models.Index(
                fields=["not_before"],
                name="outbox_bundled",
                condition=models.Q(state="queued") & ~models.Q(bundle=""),
            ),
            models.Index(
                fields=["bundle", "not_before"],
                name="outbox_bundles",
                condition=models.Q(state="queued") & ~models.Q(bundle=""),
            ),
            # What is on its way or asks for a person: a handful among all that were ever sent.
            models.Index(
                fields=["state", "changed_at"],
                name="outbox_open",
                condition=models.Q(state__in=["claimed", "handover", "uncertain"]),
            ),
            models.Index(
                fields=["changed_at"], name="outbox_push", condition=models.Q(push_due=True)
            ),
            models.Index(fields=["school", "event"]),
            models.Index(fields=["about_type", "about_id"], name="outbox_about"),
            models.Index(fields=["held_by"], name="outbox_held", condition=~models.Q(held_by="")),
        ]
