"""Periods, the days in them that are no placement days, and groups of students."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from stage.core.models.base import SchoolRow, new_public_id
from stage.schools.enums import PeriodKind
from stage.schools.models.base import StudentRow


class Period(SchoolRow):
    """A stageperiode: when students of this school are at companies."""

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    name = models.CharField(_("naam"), max_length=80)
    kind = models.CharField(_("soort stage"), max_length=10, choices=PeriodKind)
    starts = models.DateField(_("eerste dag"))
    ends = models.DateField(_("laatste dag"))
    weekdays = ArrayField(models.PositiveSmallIntegerField(), verbose_name=_("dagen in de week"))
    day_from = models.TimeField(_("begintijd"))
    day_to = models.TimeField(_("eindtijd"))
    break_minutes = models.PositiveSmallIntegerField(_("pauze (minuten)"), default=30)

    class Meta(SchoolRow.Meta):
        ordering = ["-starts", "name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__gte=F("starts")), name="period_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(day_to__gt=F("day_from")), name="period_day_ends_after_start"
            ),
            models.UniqueConstraint(fields=["school", "name"], name="period_name_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_taster(self) -> bool:
        """Whether students only come to look: no agreement is made, nobody is assessed."""
        return self.kind == PeriodKind.TASTER

    @property
    def is_short(self) -> bool:
        """Whether a company can say of each single day that it does not suit."""
        return self.kind in (PeriodKind.BLOCK, PeriodKind.TASTER)

    def days(self, weekdays: list[int] | None = None) -> list[date]:
        """The placement days: the chosen weekdays from first to last day, exceptions left out."""
        chosen = set(weekdays or self.weekdays)
        off = {e.date for e in self.exceptions.all()}
        span = (self.ends - self.starts).days + 1
        days = (self.starts + timedelta(days=n) for n in range(span))
        return [d for d in days if d.isoweekday() in chosen and d not in off]


class PeriodException(SchoolRow):
    """A day inside a period on which nobody is at the company: a holiday, a school day."""

    period = models.ForeignKey(Period, models.CASCADE, related_name="exceptions")
    date = models.DateField(_("datum"))
    reason = models.CharField(_("waarom"), max_length=80, blank=True)

    class Meta(SchoolRow.Meta):
        ordering = ["date", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["period", "date"], name="period_exception_once")
        ]


class Group(SchoolRow):
    """Students who go on the same period. Which companies are asked, the app above knows."""

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    period = models.ForeignKey(Period, models.PROTECT, related_name="groups")
    name = models.CharField(_("naam"), max_length=80)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(SchoolRow.Meta):
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["period", "name"], name="group_name_once")]

    def __str__(self) -> str:
        return self.name


class GroupStudent(StudentRow):
    """A student in a group."""

    group = models.ForeignKey(Group, models.CASCADE, related_name="members")

    class Meta(StudentRow.Meta):
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["group", "student"], name="group_student_once")
        ]
