"""What happens at work: check-ins, absence, day reports, the week's confirmation; settings."""

from __future__ import annotations

from datetime import date, datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from attendance.enums import (
    ODD_FLAGS,
    PARTLY,
    AbsenceKind,
    CheckInKind,
    CheckInMethod,
    Flag,
    ScanFailure,
    WordKind,
)
from attendance.models.base import AttendanceQuerySet
from placements.models import AboutPlacement
from stage.core import mail
from stage.core.dutch.calendar import school_today
from stage.core.enums import STAFF, Audience
from stage.core.models.base import TenantQuerySet, new_public_id

MAX_MINUTES = 15 * 60  # the longest day a company can confirm


class CheckInQuerySet(AttendanceQuerySet):
    def standing(self):
        """What was said and not taken back."""
        return self.filter(withdrawn_at__isnull=True)

    def starts(self):
        """Arrivals that stand; the end of a day is another row."""
        return self.standing().filter(kind=CheckInKind.START)

    def ends(self):
        """Ends of a day that stand."""
        return self.standing().filter(kind=CheckInKind.END)

    def withdrawn(self):
        """Arrivals and ends of a day that were none after all."""
        both = (CheckInKind.START, CheckInKind.END)
        return self.filter(withdrawn_at__isnull=False, kind__in=both)

    def late(self):
        return self.filter(flags__contains=[Flag.LATE])

    def odd(self):
        """Arrivals that somebody at school should look at and nobody did yet."""
        return self.filter(flags__overlap=ODD_FLAGS, flags_seen_at__isnull=True)


class AbsenceQuerySet(AttendanceQuerySet):
    def standing(self):
        """What was reported and not taken back."""
        return self.filter(withdrawn_at__isnull=True)

    def open(self):
        return self.standing().filter(ends__isnull=True)

    def touching(self, first, last):
        """What stands and covers at least one day of the span."""
        touches = Q(ends__isnull=True) | Q(ends__gte=first)
        return self.standing().filter(touches, starts__lte=last)


class ConfirmedDayQuerySet(AttendanceQuerySet):
    def current(self):
        """Of each day of a placement the newest version, which is the one that counts.

        A condition of its own, so that filters before and after it mean the same.
        """
        newer = ConfirmedDay.objects.filter(
            placement=OuterRef("placement"),
            date=OuterRef("date"),
            version__gt=OuterRef("version"),
        )
        return self.filter(~Exists(newer))

    def minutes(self) -> dict[tuple[int, date], int]:
        """Minutes that count, by placement (its key) and date."""
        rows = self.current().values_list("placement_id", "date", "minutes")
        return {(placement, day): minutes for placement, day, minutes in rows}

    def words(self) -> dict[tuple[int, date], tuple[int, str]]:
        """The same, with whom the school spoke where it noted the word on the telephone."""
        rows = self.current().values_list("placement_id", "date", "minutes", "spoken_to")
        return {(placement, day): (minutes, who) for placement, day, minutes, who in rows}


class CheckIn(AboutPlacement):
    """A student was there. One start and one end per placement and day, and pauses between."""

    placement = models.ForeignKey("placements.Placement", models.PROTECT, related_name="check_ins")
    date = models.DateField(_("datum"))
    kind = models.CharField(max_length=5, choices=CheckInKind, default=CheckInKind.START)
    at = models.DateTimeField()
    device_at = models.DateTimeField(null=True, blank=True)
    nonce = models.CharField(max_length=40, unique=True, default=new_public_id)
    method = models.CharField(max_length=10, choices=CheckInMethod)
    flags = ArrayField(models.CharField(max_length=30, choices=Flag), default=list)
    flags_seen_at = models.DateTimeField(null=True, blank=True)
    poster = models.CharField(max_length=20, blank=True)  # the code, where it was another place's
    settled_by = models.ForeignKey("core.Membership", models.PROTECT, null=True, related_name="+")
    # Taken back: it was not so after all. The row stays, and nothing counts it.
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_kind = models.CharField(max_length=12, choices=Audience, blank=True)
    withdrawn_why = models.CharField(_("waarom"), max_length=200, blank=True)

    objects = CheckInQuerySet.as_manager()

    class Meta(AboutPlacement.Meta):
        ordering = ["date", "at", "pk"]
        indexes = [models.Index(fields=["school", "date"], name="check_in_of_school")]
        constraints = [
            models.UniqueConstraint(
                fields=["placement", "date", "kind"],
                condition=Q(withdrawn_at__isnull=True, kind__in=["start", "end"]),
                name="check_in_once_per_day",
            ),
            # A pause begins and ends once at a moment, however often it is pressed.
            models.UniqueConstraint(
                fields=["placement", "at", "kind"],
                condition=Q(withdrawn_at__isnull=True, kind__in=["pause", "back"]),
                name="pause_once_at_a_moment",
            ),
        ]

    @property
    def can_be_undone(self) -> bool:
        """Whether the student can still say, alone, that it was a mistake."""
        return self.could_be_undone(timezone.now())

    def could_be_undone(self, at: datetime) -> bool:
        """The same at another moment: when a phone without a network was pressed."""
        return self.withdrawn_at is None and at < self.at + mail.undo_for()

    @property
    def is_late(self) -> bool:
        return Flag.LATE in self.flags

    @property
    def is_end(self) -> bool:
        return self.kind == CheckInKind.END

    @property
    def is_settled(self) -> bool:
        """Whether the school said so itself, which it can take back."""
        return self.method == CheckInMethod.SETTLED

    @property
    def is_ticked(self) -> bool:
        """Whether the company said so, afterwards: then `at` is no moment of arriving."""
        return self.method == CheckInMethod.SUPERVISOR

    @property
    def odd_flags(self) -> list[str]:
        """Labels of what the school should look at."""
        return [Flag(f).label for f in self.flags if f in ODD_FLAGS]


class FailedScan(models.Model):
    """A scan that was not accepted: which poster code, why, when. No location of anybody."""

    school = models.ForeignKey("core.School", models.PROTECT, related_name="+")
    student = models.ForeignKey("schools.Student", models.PROTECT, related_name="+")
    typed = models.CharField(max_length=40)
    reason = models.CharField(max_length=40, choices=ScanFailure)
    at = models.DateTimeField(auto_now_add=True)

    objects = TenantQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "pk"]


class Absence(AboutPlacement):
    """Not there, or later: told the same day to school and company at once."""

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    placement = models.ForeignKey("placements.Placement", models.PROTECT, related_name="absences")
    kind = models.CharField(_("waarom"), max_length=12, choices=AbsenceKind)
    starts = models.DateField(_("vanaf"))
    ends = models.DateField(_("tot en met"), null=True, blank=True)  # open while still away
    # When somebody who is late comes, or who leaves sooner goes.
    at_time = models.TimeField(_("hoe laat"), null=True, blank=True)
    note = models.CharField(_("toelichting"), max_length=300, blank=True)
    reported_kind = models.CharField(max_length=12, choices=Audience)
    reported_at = models.DateTimeField(default=timezone.now)
    back_at = models.DateTimeField(null=True, blank=True)
    # Taken back: it was not so after all. The row stays, and nothing counts it.
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    excused = models.BooleanField(_("geoorloofd"), null=True, blank=True)

    objects = AbsenceQuerySet.as_manager()

    class Meta(AboutPlacement.Meta):
        ordering = ["-starts", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["placement"],
                condition=Q(ends__isnull=True, withdrawn_at__isnull=True),
                name="absence_one_open",
            ),
            models.UniqueConstraint(
                fields=["placement", "starts", "kind"],
                condition=Q(withdrawn_at__isnull=True),
                name="absence_once_per_day",
            ),
        ]

    @property
    def is_settled(self) -> bool:
        """Whether the school said so itself and can take it back: nobody closed it since."""
        return self.reported_kind in STAFF and self.back_at is None

    @property
    def step(self) -> str:
        """By what the mails of the latest word about it are known until they go out."""
        said = self.back_at or self.reported_at
        return f"absence:{self.public_id}:{said.timestamp()}"

    @property
    def can_be_undone(self) -> bool:
        """Whether the latest word about it is so fresh that nobody was told yet."""
        said = self.back_at or self.reported_at
        return self.withdrawn_at is None and timezone.now() < said + mail.undo_for()

    @property
    def can_be_withdrawn(self) -> bool:
        """Whether what the others know can be taken back, and told: of a day that is not over.

        Who was ill reports better; of a period that began the days that are left are taken back
        by another last day.
        """
        is_to_come = self.starts >= school_today()
        return is_to_come and self.kind != AbsenceKind.ILL and self.withdrawn_at is None

    @property
    def has_begun(self) -> bool:
        return self.starts < school_today()

    @property
    def is_period(self) -> bool:
        """Whether it is about more than one day, with a last day that is known."""
        return self.ends is not None and self.ends > self.starts

    @property
    def can_be_changed(self) -> bool:
        """Whether its days can be others: away for a period or a day that is not over."""
        is_away = self.kind != AbsenceKind.ILL and not self.is_partly
        is_left = self.ends is not None and self.ends >= school_today()
        return is_away and is_left and self.withdrawn_at is None

    @property
    def can_be_taken_back(self) -> bool:
        """Whether its side can say that it is not so after all, heard of or not."""
        return self.can_be_undone or self.can_be_withdrawn

    @property
    def is_partly(self) -> bool:
        """Whether it is about a part of the day only."""
        return self.kind in PARTLY

    def covers(self, day) -> bool:
        return self.starts <= day and (self.ends is None or day <= self.ends)


class WeekConfirmation(AboutPlacement):
    """The supervisor's word for one week: who gave it last, and when.

    What was said of each day stands in `ConfirmedDay`.
    """

    placement = models.ForeignKey(
        "placements.Placement", models.PROTECT, related_name="week_confirmations"
    )
    iso_year = models.PositiveSmallIntegerField()
    iso_week = models.PositiveSmallIntegerField()
    contact = models.ForeignKey("companies.Contact", models.PROTECT, related_name="+")
    remark = models.CharField(_("opmerking"), max_length=500, blank=True)
    confirmed_at = models.DateTimeField(auto_now=True)

    objects = AttendanceQuerySet.as_manager()

    class Meta(AboutPlacement.Meta):
        ordering = ["iso_year", "iso_week", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["placement", "iso_year", "iso_week"], name="week_confirmed_once"
            )
        ]


class ConfirmedDay(AboutPlacement):
    """What the company said of one day. Never changed: a correction is the next version.

    `minutes` without the break; 0: was not there. Read through `objects.current()`.
    """

    placement = models.ForeignKey(
        "placements.Placement", models.PROTECT, related_name="confirmed_days"
    )
    date = models.DateField(_("datum"))
    version = models.PositiveSmallIntegerField(default=1)
    minutes = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=WordKind, default=WordKind.CONFIRMED)
    by = models.ForeignKey("companies.Contact", models.PROTECT, null=True, related_name="+")
    # On the telephone: who of the school noted it, and with whom it was spoken.
    noted_by = models.ForeignKey("core.Membership", models.PROTECT, null=True, related_name="+")
    spoken_to = models.CharField(_("met wie"), max_length=120, blank=True)
    at = models.DateTimeField(default=timezone.now)

    objects = ConfirmedDayQuerySet.as_manager()

    class Meta(AboutPlacement.Meta):
        ordering = ["date", "version", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["placement", "date", "version"], name="confirmed_day_version_once"
            ),
            models.CheckConstraint(
                condition=Q(version__gte=1), name="confirmed_day_versions_from_one"
            ),
            models.CheckConstraint(
                condition=Q(minutes__lte=MAX_MINUTES), name="confirmed_day_at_most_the_longest"
            ),
            models.CheckConstraint(
                condition=Q(kind="phoned", by=None, noted_by__isnull=False)
                | Q(by__isnull=False, noted_by=None),
                name="confirmed_day_by_one",
            ),
        ]
