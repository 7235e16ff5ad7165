"""A company that a student brings."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from placements.enums import OPEN_APPLICATIONS, OwnState
from placements.models.applications import Application
from stage.core.models.base import TenantQuerySet, new_public_id
from stage.schools.models.base import StudentRow


class OwnCompanyQuerySet(TenantQuerySet):
    def _within(self, actor):
        rows = super()._within(actor)
        return rows.none() if actor.is_guardian else rows

    def named(self):
        """Those that wait for the school."""
        return self.filter(state=OwnState.NAMED)

    def running(self):
        """Those that wait for the school, or for the company."""
        asked = Q(state=OwnState.ASKED, application__state__in=OPEN_APPLICATIONS)
        return self.filter(Q(state=OwnState.NAMED) | asked)


class OwnCompany(StudentRow):
    """A company that a student brings for one period, in the student's own words.

    The school looks, and asks it for this student alone: from then on the `application` says how
    it stands. One that waits at a time.
    """

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    period = models.ForeignKey("schools.Period", models.PROTECT, related_name="+")
    name = models.CharField(_("naam van het bedrijf"), max_length=160)
    city = models.CharField(_("plaats"), max_length=120)
    what = models.TextField(_("wat je er gaat doen"), max_length=600, blank=True)
    who = models.CharField(_("wie je er kent of sprak"), max_length=160, blank=True)
    telephone = models.CharField(_("telefoon"), max_length=20, blank=True)
    email = models.EmailField(_("e-mailadres"), blank=True)
    # Which company of the pool it is, as the student said or the school found.
    known_as = models.ForeignKey(
        "companies.Company", models.PROTECT, null=True, blank=True, related_name="+"
    )
    application = models.OneToOneField(
        Application, models.CASCADE, null=True, blank=True, related_name="own_company"
    )
    state = models.CharField(max_length=10, choices=OwnState, default=OwnState.NAMED)
    reason = models.CharField(_("reden"), max_length=300, blank=True)
    named_at = models.DateTimeField(auto_now_add=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    checked_by = models.ForeignKey(
        "core.Membership", models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = OwnCompanyQuerySet.as_manager()

    class Meta(StudentRow.Meta):
        ordering = ["-named_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["student", "period"],
                condition=Q(state=OwnState.NAMED),
                name="own_company_once",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_named(self) -> bool:
        """Whether it waits for the school."""
        return self.state == OwnState.NAMED

    @property
    def is_refused(self) -> bool:
        return self.state == OwnState.REFUSED
