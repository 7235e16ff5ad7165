"""What somebody at school has to look at: a day in dispute, an alarm, and a pattern."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from attendance.enums import AlarmStep, DisputeKind, PatternKind
from attendance.models.base import AttendanceQuerySet
from placements.models import AboutPlacement


class DisputedDayQuerySet(AttendanceQuerySet):
    def standing(self):
        """What the company still says."""
        return self.filter(withdrawn_at__isnull=True)


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

    objects = DisputedDayQuerySet.as_manager()

    class Meta(AboutPlacement.Meta):
        ordering = ["date", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["placement", "date"], name="disputed_day_once")
        ]

    @property
    def key(self) -> str:
        """By what it is remembered that the student opened it; a later word is news again."""
        return f"week-{self.pk}-{int(self.at.timestamp())}"


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
