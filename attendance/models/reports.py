"""What is told of a day: the student's report, the answer to it, and a call nobody answered."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from attendance.enums import MOOD_ICONS, Mood
from attendance.models.base import AttendanceQuerySet
from placements.models import AboutPlacement


class DayReport(AboutPlacement):
    """What the student did that day, in a few words, with a photo if consent allows."""

    placement = models.ForeignKey(
        "placements.Placement", models.PROTECT, related_name="day_reports"
    )
    date = models.DateField(_("datum"))
    text = models.TextField(_("wat heb je gedaan?"), max_length=1500)
    mood = models.CharField(_("hoe ging het?"), max_length=5, choices=Mood, blank=True)
    photo = models.ForeignKey("core.StoredFile", models.SET_NULL, null=True, related_name="+")
    written_at = models.DateTimeField(auto_now=True)

    told_more: Sequence = ()  # what other apps' parts say of it (`queries.report_parts`)

    objects = AttendanceQuerySet.as_manager()

    class Meta(AboutPlacement.Meta):
        ordering = ["-date", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["placement", "date"], name="day_report_once")
        ]

    @property
    def mood_icon(self) -> str:
        return MOOD_ICONS[Mood(self.mood)] if self.mood else ""


class Called(AboutPlacement):
    """Somebody of the school called about a day, and nobody answered: nobody calls twice."""

    placement = models.ForeignKey("placements.Placement", models.PROTECT, related_name="+")
    date = models.DateField(_("datum"))
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey("core.Membership", models.PROTECT, related_name="+")

    objects = AttendanceQuerySet.as_manager()

    class Meta(AboutPlacement.Meta):
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["placement", "date"], name="called_of_a_day")]


class ReportAnswer(AboutPlacement):
    """Who guides read a day report: a thumb up, and perhaps a line back."""

    report = models.OneToOneField(DayReport, models.PROTECT, related_name="answer")
    line = models.CharField(_("antwoord"), max_length=300, blank=True)
    by = models.ForeignKey("core.Membership", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = AttendanceQuerySet.as_manager()

    class Meta(AboutPlacement.Meta):
        ordering = ["-at", "pk"]

    @property
    def key(self) -> str:
        """By what it is remembered that the student opened it; a later line is news again."""
        return f"reactie-{self.pk}-{int(self.at.timestamp())}"
