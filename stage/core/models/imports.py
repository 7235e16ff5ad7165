"""An import as a row: what was uploaded, what was found, how far it is."""

from __future__ import annotations

from django.db import models

from stage.core.enums import ImportState
from stage.core.models.base import TenantQuerySet, new_public_id


class ImportJob(models.Model):
    """One uploaded sheet on its way in; all rows or none.

    `school` is empty for a sheet of companies that a bureau brings into the region's pool.
    """

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    region = models.ForeignKey("core.Region", models.PROTECT, related_name="+")
    school = models.ForeignKey("core.School", models.PROTECT, null=True, related_name="+")
    sheet = models.CharField(max_length=20)  # students, companies, teachers
    file = models.ForeignKey("core.StoredFile", models.PROTECT, related_name="+")
    group = models.ForeignKey("core.Group", models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.UPLOADED)
    mapping = models.JSONField(default=dict)  # field name -> heading
    message = models.CharField(max_length=300, blank=True)  # why refused
    result = models.JSONField(default=dict)  # counts, row errors (line, column, message), unknown
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    created_by = models.ForeignKey("core.Membership", models.PROTECT, related_name="+")

    objects = TenantQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
