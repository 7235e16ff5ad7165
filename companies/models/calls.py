"""Calls with companies, and what was said."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from companies.enums import CallOutcome
from companies.models.asking import Invitation, RegionCountedQuerySet
from companies.models.pool import Company
from stage.core.models.base import SchoolRow, new_public_id


class Call(SchoolRow):
    """Somebody of the school or the bureau called a company, and what was said."""

    region = models.ForeignKey("core.Region", models.PROTECT, related_name="+")
    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    invitation = models.ForeignKey(
        Invitation, models.CASCADE, null=True, blank=True, related_name="calls"
    )
    outcome = models.CharField(max_length=10, choices=CallOutcome)
    note = models.CharField(_("notitie"), max_length=300, blank=True)
    # Empty: the bureau, which is of no school.
    by = models.ForeignKey("core.Membership", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = RegionCountedQuerySet.as_manager()

    class Meta(SchoolRow.Meta):
        ordering = ["-at", "-pk"]

    @property
    def who(self) -> str:
        return self.by.name if self.by else gettext("het stagebureau")
