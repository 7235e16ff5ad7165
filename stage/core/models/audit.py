"""The audit trail: entries anyone appends, seals that make a change visible."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from stage.core.models.base import TenantQuerySet


class AuditEntry(models.Model):
    """Who did or saw what, when. Ids and names of fields, never values.

    Plain numbers instead of foreign keys: an entry outlives what it is about.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField(default=timezone.now)
    region = models.ForeignKey("core.Region", models.PROTECT, null=True, related_name="+")
    school = models.ForeignKey("core.School", models.PROTECT, null=True, related_name="+")
    actor_kind = models.CharField(max_length=12)
    actor_id = models.BigIntegerField(default=0)
    actor_role = models.CharField(max_length=12)
    verb = models.CharField(max_length=60)
    object_type = models.CharField(max_length=60, blank=True)
    object_id = models.BigIntegerField(null=True)
    student_number = models.BigIntegerField(null=True)  # core.Student's id: "who saw this student"
    fields = ArrayField(models.CharField(max_length=60), default=list)

    objects = TenantQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "pk"]
        indexes = [
            models.Index(fields=["school", "-at"]),
            models.Index(fields=["school", "student_number"]),
        ]

    @property
    def chain(self) -> str:
        """The chain it is sealed in: its school's, else its region's, else the platform's."""
        if self.school_id:
            return f"school-{self.school_id}"
        return f"region-{self.region_id}" if self.region_id else "platform"


class AuditSeal(models.Model):
    """The place of one entry in its chain: hash over the previous hash and the entry."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    chain = models.CharField(max_length=24)
    number = models.BigIntegerField()
    entry = models.OneToOneField(
        AuditEntry, models.DO_NOTHING, db_constraint=False, related_name="seal"
    )
    digest = models.CharField(max_length=64)
    sealed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["chain", "number"]
        constraints = [
            models.UniqueConstraint(fields=["chain", "number"], name="audit_seal_number_once")
        ]


class AuditWaiting(models.Model):
    """An entry that is not sealed yet; a trigger on the entries adds it, the sealer takes it away.

    So that what waits is found without comparing all entries with all seals.
    """

    entry_id = models.UUIDField(primary_key=True)
    at = models.DateTimeField()

    objects = TenantQuerySet.as_manager()

    class Meta:
        ordering = ["at", "entry_id"]
        indexes = [models.Index(fields=["at", "entry_id"], name="audit_waiting_order")]
