"""What people of a company do about their own part: a letter that is a colleague's."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from companies.models.asking import Invitation, RegionCountedQuerySet
from companies.models.pool import Company, Contact
from stage.core.models.base import SchoolRow


class PassedOn(SchoolRow):
    """A letter of which its reader said that it is for a colleague.

    Whom somebody named through the letter's link alone is mailed once the school, or a colleague
    whom it knows, says yes to the address: nobody makes us write to strangers.
    """

    region = models.ForeignKey("core.Region", models.PROTECT, related_name="+")
    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    invitation = models.ForeignKey(Invitation, models.CASCADE, related_name="passed_on")
    by = models.ForeignKey(Contact, models.PROTECT, related_name="+")
    to = models.ForeignKey(Contact, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    mailed_at = models.DateTimeField(null=True, blank=True)  # the colleague was written to

    objects = RegionCountedQuerySet.as_manager()

    class Meta(SchoolRow.Meta):
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["invitation", "to"], name="passed_on_once"),
        ]
