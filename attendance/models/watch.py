"""What somebody at school has to look at: a day in dispute, an alarm, and a pattern."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from attendance.enums import AlarmStep, DisputeKind, PatternKind
from attendance.models.base import AttendanceQuerySet
from placements.models import AboutPlacement

# What a student says with one press who thinks the same; kept so in whatever language it was read.
AGREES = "Het klopt zo."


class DisputedDayQuerySet(AttendanceQuerySet):
    def standing(self):
        """What the company still says."""
        return self.filter(withdrawn_at__isnull=True)

    def open(self):
        """What the student does not agree with, and nobody at school settled."""
        return self.standing().filter(settled_at__isnull=True).exclude(answer=AGREES)


class DisputedDay(AboutPlacement):
    """The company says that a student was not there, or less than planned; and the answer to it.

    The minutes stand in `ConfirmedDay`. The company says why, and the student answers once.
    """

    placement = models.ForeignKey("placements.Placement", models.PROTECT, related_name="+")
    date = models.DateField(_("datum"))
    kind = models.CharField(_("waarom"), max_length=10, choices=DisputeKind)
    words = models.CharField(_("toelichting"), max_length=300, blank=True)
    by = models.ForeignKey("companies.Contact", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    answer = models.CharField(_("antwoord"), max_length=300, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)  # the company changed its word
    # Who guides spoke with both, and the hours are as the company says now.
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey("core.Membership", models.PROTECT, null=True, related_name="+")

    objects = DisputedDayQuerySet.as_manager()

    class Meta(AboutPlacement.Meta):
        ordering = ["date", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["placement", "date"], name="disputed_day_once")
        ]


class Alarm(AboutPlacement):
    """That nobody had seen a student was told to somebody: once per step and day."""

    placement = models.ForeignKey("placements.Placement", models.PROTECT, related_name="+")
    date = models.DateField(_("datum"))
    step = models.CharField(max_length=12, choices=AlarmStep)
    at = models.DateTimeField(default=timezone.now)

    objects = AttendanceQuerySet.as_manager()

    class Meta(AboutPlacement.Meta):
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["placement", "date", "step"], name="alarm_once")
        ]


class PatternSeen(AboutPlacement):
    """Who guides saw what stands out in the days of a student, up to and including `until`.

    Something newer is shown again.
    """

    placement = models.ForeignKey("placements.Placement", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=PatternKind)
    until = models.DateField(_("tot en met"))
    by = models.ForeignKey("core.Membership", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = AttendanceQuerySet.as_manager()

    class Meta(AboutPlacement.Meta):
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["placement", "kind"], name="pattern_seen_once")
        ]
