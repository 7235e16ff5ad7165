"""What attendance tells a placement that changes: which days are spoken for, and what was said."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from attendance.models import Absence, CheckIn, ConfirmedDay, DayReport
from attendance.services.locks import hold_week
from placements.changes import elsewhere
from placements.enums import ChangeKind
from stage.core.dutch.calendar import school_today


@elsewhere.keeps
def worked_or_spoken_for(placement_ids: Collection[int]) -> Iterator[tuple[int, date]]:
    """Days with a check-in, a report or the company's word, and days somebody is reported away.

    An illness that is still open keeps the days up to today: who may be better by then is expected
    on the days to come.
    """
    chosen = {"placement__in": list(placement_ids)}
    for rows in (CheckIn.objects.standing(), DayReport.objects, ConfirmedDay.objects):
        yield from rows.filter(**chosen).order_by().values_list("placement_id", "date")
    spans = Absence.objects.standing().filter(**chosen).order_by()
    today = school_today()
    for placement_id, starts, ends in spans.values_list("placement_id", "starts", "ends"):
        for day in _days(starts, max(starts, today) if ends is None else ends):
            yield placement_id, day


@elsewhere.holds
def weeks_being_written(placement_id: int, days: Collection[date]) -> None:
    """Who confirms or reports a week holds it; days to come nobody writes about yet."""
    tomorrow = school_today() + timedelta(days=1)
    weeks = {day.isocalendar()[:2]: day for day in days if day <= tomorrow}
    for _week, day in sorted(weeks.items()):
        hold_week(placement_id, day)


@elsewhere.decided_at(ChangeKind.CATCH_UP)
def page_of_missed(change) -> str:
    """A day to catch up that was proposed is decided on the page of the missed day."""
    return reverse("attendance:missed_decide", args=[change.placement.public_id, change.from_on])


@elsewhere.touches
def confirmed_weeks(plan) -> Iterable[str]:
    """The company's word stands: which weeks of the days that would have changed it gave."""
    said = ConfirmedDay.objects.filter(placement=plan.placement, date__in=plan.kept)
    weeks = sorted(
        {day.isocalendar()[:2] for day in said.order_by().values_list("date", flat=True)}
    )
    if weeks:
        numbers = ", ".join(str(week) for _year, week in weeks)
        yield ngettext(
            "Week %(weeks)s is al bevestigd: wat er staat, blijft staan.",
            "Weken %(weeks)s zijn al bevestigd: wat er staat, blijft staan.",
            len(weeks),
        ) % {"weeks": numbers}


@elsewhere.touches
def still_ill(plan) -> Iterable[str]:
    """Somebody who is ill stays reported ill: a new day is a day missed until the report ends."""
    coming = [d.date for d in plan.added] + [new.date for _old, new in plan.retimed]
    if not coming:
        return
    if Absence.objects.open().filter(placement=plan.placement, starts__lte=max(coming)).exists():
        yield _("De leerling is nu ziek gemeld. Beter melden gaat zoals altijd.")


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
