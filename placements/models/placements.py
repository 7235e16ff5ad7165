"""Placements and their planned days."""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from placements.enums import LIVE_PLACEMENTS, PLACED, PlacementState
from placements.models.base import AboutPlacement, PlacedQuerySet
from stage.core.dutch.calendar import minutes_of, school_today
from stage.core.models.base import new_public_id
from stage.schools import guidance


class PlacementQuerySet(PlacedQuerySet):
    placement = "pk"

    def live(self):
        """Placements that take up a place and the student's time."""
        return self.filter(state__in=LIVE_PLACEMENTS)

    def placed(self):
        """Those with days, also one that stopped early."""
        return self.filter(state__in=PLACED)

    def on(self, day):
        """Placements whose dates include the day."""
        return self.placed().filter(starts__lte=day, ends__gte=day)

    def of_teacher(self, membership_id: int):
        """Placements of a teacher, or of one for whom somebody stands in today.

        Whose rows that opens, `guidance` says.
        """
        return self.filter(guidance.takes_part_of(membership_id, "teacher"))


class Placement(AboutPlacement):
    """A student at a company in a period."""

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    place = models.ForeignKey(
        "companies.Place", models.PROTECT, null=True, blank=True, related_name="placements"
    )
    period = models.ForeignKey("schools.Period", models.PROTECT, related_name="+")
    location = models.ForeignKey(
        "companies.Location", models.PROTECT, null=True, blank=True, related_name="+"
    )
    teacher = models.ForeignKey(
        "core.Membership", models.PROTECT, null=True, blank=True, related_name="+"
    )
    supervisor = models.ForeignKey(
        "companies.Contact", models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Who guides instead of the supervisor for a while; on any other day that one does.
    stand_in = models.ForeignKey(
        "companies.Contact", models.PROTECT, null=True, blank=True, related_name="+"
    )
    stand_in_from = models.DateField(_("vervanging vanaf"), null=True, blank=True)
    stand_in_until = models.DateField(_("vervanging tot en met"), null=True, blank=True)
    starts = models.DateField(_("eerste dag"))
    ends = models.DateField(_("laatste dag"))
    weekdays = ArrayField(models.PositiveSmallIntegerField(), verbose_name=_("dagen in de week"))
    day_from = models.TimeField(_("begintijd"))
    day_to = models.TimeField(_("eindtijd"))
    break_minutes = models.PositiveSmallIntegerField(_("pauze (minuten)"), default=30)
    tasks = models.TextField(_("wat de leerling doet"), max_length=2000, blank=True)
    state = models.CharField(max_length=12, choices=PlacementState, default=PlacementState.CONCEPT)
    briefed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PlacementQuerySet.as_manager()

    class Meta(AboutPlacement.Meta):
        ordering = ["starts", "pk"]
        indexes = [
            models.Index(fields=["school", "state", "starts"], name="placement_of_school"),
            # What the calendar starts and finishes, in all schools at once.
            models.Index(fields=["state", "starts"], name="placement_starting"),
            models.Index(fields=["state", "ends"], name="placement_ending"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__gte=F("starts")), name="placement_ends_after_start"
            ),
            models.UniqueConstraint(
                fields=["student", "period"],
                condition=Q(state__in=[s.value for s in LIVE_PLACEMENTS]),
                name="placement_one_live_per_period",
            ),
            models.CheckConstraint(
                condition=Q(stand_in=None, stand_in_from=None, stand_in_until=None)
                | Q(stand_in__isnull=False, stand_in_until__gte=F("stand_in_from")),
                name="placement_stand_in_for_days",
            ),
        ]

    @property
    def is_stopped(self) -> bool:
        return self.state == PlacementState.STOPPED

    @property
    def is_cancelled(self) -> bool:
        return self.state == PlacementState.CANCELLED

    @property
    def is_over(self) -> bool:
        """Whether nothing can change any more."""
        return self.state in (
            PlacementState.FINISHED,
            PlacementState.STOPPED,
            PlacementState.CANCELLED,
        )

    @property
    def is_replaced(self) -> bool:
        """Whether somebody guides instead of the supervisor today."""
        if self.stand_in_id is None or self.stand_in_from is None or self.stand_in_until is None:
            return False
        return self.stand_in_from <= school_today() <= self.stand_in_until

    @property
    def supervisor_now(self):
        """Who guides at the company today: the supervisor, or who stands in for that one."""
        return self.stand_in if self.is_replaced else self.supervisor

    @property
    def supervisor_now_id(self) -> int | None:
        return self.stand_in_id if self.is_replaced else self.supervisor_id

    @property
    def made_on(self) -> date:
        """The school's day on which it was made: nobody is expected before it."""
        return timezone.localdate(self.created_at)


class PlannedDay(AboutPlacement):
    """One day of work as planned. Unique per student and date: overlap cannot be stored."""

    placement = models.ForeignKey(Placement, models.CASCADE, related_name="planned_days")
    date = models.DateField(_("datum"))
    day_from = models.TimeField(_("van"))
    day_to = models.TimeField(_("tot"))
    break_minutes = models.PositiveSmallIntegerField(_("pauze (minuten)"))
    # The day that was missed, or did not go through, and is made up for on this one.
    instead_of = models.DateField(_("in plaats van"), null=True, blank=True)
    # When it became as it is: a calendar that fetched it sooner must take the new one.
    changed_at = models.DateTimeField(default=timezone.now)

    objects = PlacedQuerySet.as_manager()

    class Meta(AboutPlacement.Meta):
        ordering = ["date", "pk"]
        indexes = [models.Index(fields=["school", "date"], name="planned_day_of_school")]
        constraints = [models.UniqueConstraint(fields=["student", "date"], name="planned_day_once")]

    @property
    def minutes(self) -> int:
        """Planned working time without the break."""
        return minutes_of(self.date, self.day_from, self.day_to, self.break_minutes)
