"""What people of a company do about letters: stop them, or say that one is a colleague's."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from companies.models.asking import Invitation, RegionCountedQuerySet
from companies.models.pool import Company, Contact
from stage.core.models.base import SchoolRow, TenantQuerySet


class LetterStopQuerySet(TenantQuerySet):
    """A school's; the region's bureau counts them too."""

    def _bureau_q(self, columns, scope) -> Q:
        return Q(company__region_id__in=scope.regions)


class LetterStop(SchoolRow):
    """The reader of one mailbox wants no letters of this school any more.

    Mails about a student who is there, or who applied, still come.
    """

    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    address = models.EmailField(_("e-mailadres"))  # lower case
    at = models.DateTimeField(default=timezone.now)

    objects = LetterStopQuerySet.as_manager()

    class Meta(SchoolRow.Meta):
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "company", "address"], name="letter_stop_once"
            )
        ]


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
