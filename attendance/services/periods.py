"""Away for some days: which days can be, and that two periods of one placement do not overlap."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import F, Q
from django.utils.translation import gettext as _

from attendance.enums import PARTLY, AbsenceKind
from attendance.models import Absence
from attendance.services.locks import hold_week
from placements.models import Placement
from stage.core.enums import MailState
from stage.core.models import OutboxMail
from stage.core.tenants import tenancy
from stage.core.ui.dates import day_words, period_words
from stage.core.who.policies import Conflict


def check(placement: Placement, day: date, last: date, earliest: date) -> None:
    """Raises Conflict for a day that is over, and for days after the placement."""
    if day < earliest:
        raise Conflict(_("Die dag is voorbij. Kies vandaag of een dag die nog komt."))
    if last > max(placement.ends, earliest + timedelta(days=1)):
        raise Conflict(
            _("De stage is tot en met %(day)s. Kies een dag daarvoor.")
            % {"day": day_words(placement.ends)}
        )


def hold(placement: Placement, day: date, last: date) -> None:
    """Who reports about one of these weeks waits, until the transaction ends."""
    monday = day - timedelta(days=day.isoweekday() - 1)
    while monday <= last:
        hold_week(placement.pk, monday)
        monday += timedelta(days=7)


def check_overlap(
    placement: Placement, day: date, last: date, *, besides: Absence | None = None
) -> None:
    """Raises Conflict where one of these days is in what was said before, and either is a period.

    An illness goes before both: who is ill in a week off is ill.
    """
    rows = Absence.objects.filter(placement=placement).touching(day, last)
    rows = rows.exclude(kind__in=[*PARTLY, AbsenceKind.ILL])
    if besides is not None:
        rows = rows.exclude(pk=besides.pk)
    if day == last:
        rows = rows.filter(Q(ends__gt=F("starts")))
    found = rows.order_by("starts", "pk").first()
    if found is not None:
        days = period_words(found.starts, found.ends or found.starts)
        raise Conflict(_("Voor %(days)s is al iets gemeld. Verander die melding.") % {"days": days})


def was_told(absence: Absence, placement: Placement) -> bool:
    """Whether an earlier word about these days has left, so that taking it back is news."""
    if absence.kind == AbsenceKind.ILL or absence.back_at is not None:
        return False
    with tenancy.as_school_of(placement):
        rows = OutboxMail.objects.about(Absence).filter(about_id=absence.pk)
        return rows.exclude(state__in=(MailState.QUEUED, MailState.CANCELLED)).exists()
