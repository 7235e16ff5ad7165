"""The company's word for a week, and its ticks where it keeps attendance itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from attendance import policies
from attendance.days import parse_week
from attendance.enums import CheckInMethod, WordKind
from attendance.models import MAX_MINUTES, Absence, ConfirmedDay, DayReport, WeekConfirmation
from attendance.queries.weeks import reports_mark
from attendance.services.absence import close_absence
from attendance.services.disputes import Why, keep_disputes, weigh
from attendance.services.locks import hold_week
from attendance.services.planned_starts import start_as_planned
from attendance.ways import company_ticks
from companies.models import Contact
from companies.services.contacts import own_line
from placements.models import Placement
from stage.core.dutch.calendar import school_today
from stage.core.record import audit
from stage.core.who.policies import Conflict, require

CHANGE_DAYS = 14


@dataclass(frozen=True)
class Word:
    """What the company says of one trainee's week. Minutes 0: was not there."""

    placement: Placement
    minutes: dict[date, int]
    remark: str = ""
    why: Mapping[date, Why] = field(default_factory=dict)  # of days that are less than was known
    seen: str | None = None  # `reports_mark` of what the page showed


def change_until(week: str) -> date:
    """The last day on which a confirmed week can be changed."""
    return parse_week(week)[-1] + timedelta(days=CHANGE_DAYS)


def is_confirmed(placement: Placement, day: date) -> bool:
    """Whether the company gave its word about this day."""
    return ConfirmedDay.objects.filter(placement=placement, date=day).exists()


@transaction.atomic
def confirm_weeks(week: str, words: Iterable[Word], *, actor) -> list[WeekConfirmation]:
    """Confirm a week of one or more trainees at once, or change what was confirmed.

    A changed day becomes its next version; the same again writes nothing. A day that is not in the
    word stays as it was said. Raises NotAllowed, and Conflict when a report was changed while the
    page was open or the week has been closed; `WhyNeeded` for a day that the student contradicts.
    """
    span = parse_week(week)
    return [_confirm(word, week, span, actor) for word in words]


def _confirm(word: Word, week: str, span: list[date], actor) -> WeekConfirmation:
    placement = word.placement
    require(policies.confirm_week, actor, placement)
    hold_week(placement.pk, span[0])
    year, number, _weekday = span[0].isocalendar()
    row = WeekConfirmation.objects.filter(
        placement=placement, iso_year=year, iso_week=number
    ).first()
    if row is not None and school_today() > change_until(week):
        raise Conflict(_("Deze week is afgesloten. Bel de school als er iets niet klopt."))
    if word.seen is not None and word.seen != _mark_now(placement, span):
        raise Conflict(_("Een verslag is net veranderd. Kijk nog een keer en bevestig dan."))
    minutes = _clean(placement, word.minutes, span)
    contact = _contact(placement, actor)
    changed = _changed(placement, minutes)
    disputed = weigh(placement, changed, word.why)
    _write_days(placement, changed, contact)
    keep_disputes(placement, changed, disputed, word.why, contact=contact, actor=actor)
    if row is not None and not changed and row.remark == word.remark:
        return row
    values = {"contact": contact, "remark": word.remark}
    if row is None:
        values |= {"iso_year": year, "iso_week": number}
        row = WeekConfirmation.objects.create_about(placement, **values)
        verb = "week_confirmed"
    else:
        WeekConfirmation.objects.filter(pk=row.pk).update(confirmed_at=timezone.now(), **values)
        verb = "week_changed"
    audit.record(actor, verb, row, fields=["days", "remark"])
    if company_ticks(placement):
        _tick(placement, minutes)
    return row


def _changed(placement: Placement, minutes: dict[date, int]) -> dict[date, int]:
    """The days that are said for the first time, or otherwise than before."""
    said = ConfirmedDay.objects.filter(placement=placement, date__in=minutes).minutes()
    return {day: m for day, m in minutes.items() if said.get((placement.pk, day)) != m}


def _write_days(placement: Placement, minutes: dict[date, int], contact: Contact) -> None:
    """A new version of each of these days.

    Under the week's lock: nobody else can be at the same version.
    """
    said = ConfirmedDay.objects.filter(placement=placement, date__in=minutes).current()
    before = {row.date: row.version for row in said}
    keeps_itself = company_ticks(placement)
    ConfirmedDay.objects.bulk_create(
        ConfirmedDay.about(
            placement,
            date=day,
            version=before.get(day, 0) + 1,
            minutes=m,
            kind=WordKind.TICKED if keeps_itself else WordKind.CONFIRMED,
            by=contact,
        )
        for day, m in minutes.items()
    )


def _mark_now(placement: Placement, span: list[date]) -> str:
    rows = DayReport.objects.filter(placement=placement, date__gte=span[0], date__lte=span[-1])
    return reports_mark(rows)


def _clean(placement: Placement, minutes: dict[date, int], span: list[date]) -> dict[date, int]:
    """Only days of this week that have come and that were planned or scanned; sane minutes."""
    today = school_today()
    within = {"date__gte": span[0], "date__lte": min(span[-1], today)}
    known = set(placement.planned_days.filter(**within).values_list("date", flat=True))
    known |= set(placement.check_ins.standing().filter(**within).values_list("date", flat=True))
    return {d: min(max(m, 0), MAX_MINUTES) for d, m in sorted(minutes.items()) if d in known}


def _contact(placement: Placement, actor) -> Contact:
    own = own_line(actor, placement)
    if own is None:
        raise Conflict(_("Uw naam staat niet bij dit bedrijf. Bel de school."))
    return own


def _tick(placement: Placement, minutes: dict[date, int]) -> None:
    """Make the check-ins the ticks stand for, and take back the company's own earlier ones."""
    gone = [day for day, m in minutes.items() if m == 0]
    own = placement.check_ins.standing().filter(method=CheckInMethod.SUPERVISOR)
    own.filter(date__in=gone).delete()
    planned = {p.date: p for p in placement.planned_days.filter(date__in=minutes)}
    there = [planned[day] for day, m in minutes.items() if m and day in planned]
    start_as_planned(placement, there, method=CheckInMethod.SUPERVISOR)


@transaction.atomic
def tick_present(placement: Placement, *, actor) -> None:
    """The company says: this trainee is here today. Raises NotAllowed, Conflict without a plan."""
    require(policies.confirm_week, actor, placement)
    today = school_today()
    planned = placement.planned_days.filter(date=today).first()
    if planned is None:
        raise Conflict(_("Voor vandaag staat er geen stage gepland."))
    start_as_planned(placement, [planned], method=CheckInMethod.SUPERVISOR)
    audit.record(actor, "ticked_present", placement)
    absence = Absence.objects.visible_to(actor).open()
    absence = absence.filter(placement=placement, starts__lte=today).first()
    if absence is not None:
        close_absence(absence, actor=actor)
