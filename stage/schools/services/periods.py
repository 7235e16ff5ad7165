"""Periods and the days in them on which nobody is at a company."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _
from django.utils.translation import override

from stage.core.dutch.calendar import public_holidays
from stage.core.models import School
from stage.core.record import audit
from stage.core.who.policies import Conflict, coordinator_of, require
from stage.schools import holidays
from stage.schools.enums import PeriodKind
from stage.schools.models import Period, PeriodException, SchoolSettings
from stage.schools.services.people import coordinator_at
from stage.schools.signals import period_kind_changing


@transaction.atomic
def add_period(school: School, *, values: dict, actor) -> Period:
    """Make a period. Raises NotAllowed, Conflict when the name is taken."""
    require(coordinator_at, actor, school)
    period = Period(school=school, **values)
    _save(period)
    audit.record(actor, "period_added", period, fields=values)
    return period


@transaction.atomic
def change_period(period: Period, *, values: dict, actor) -> list[str]:
    """Change a period; answers which fields changed.

    Placements keep their own days until the school has them follow (`stage.schools.following`).

    Exceptions that fall outside the new days are dropped. Raises NotAllowed; Conflict when the
    name is taken, or the kind cannot change any more.
    """
    require(coordinator_of, actor, period)
    period = Period.objects.select_for_update().get(pk=period.pk)
    changed = [name for name, value in values.items() if getattr(period, name) != value]
    if "kind" in changed and PeriodKind.TASTER in (period.kind, values["kind"]):
        period_kind_changing.send(sender=Period, period=period)
    for name in changed:
        setattr(period, name, values[name])
    if changed:
        _save(period)
        outside = period.exceptions.exclude(date__range=(period.starts, period.ends))
        outside.delete()
        audit.record(actor, "period_changed", period, fields=changed)
    return changed


def _save(period: Period) -> None:
    try:
        with transaction.atomic():
            period.save()
    except IntegrityError:
        raise Conflict(_("Er is al een periode met deze naam.")) from None


@transaction.atomic
def remove_period(period: Period, *, actor) -> None:
    """Remove a period that nothing refers to. Raises NotAllowed, Conflict."""
    require(coordinator_of, actor, period)
    audit.record(actor, "period_removed", period)
    try:
        with transaction.atomic():
            period.delete()
    except (ProtectedError, IntegrityError):
        raise Conflict(
            _("Deze periode is in gebruik: er horen groepen of stageplekken bij.")
        ) from None


@transaction.atomic
def add_exceptions(period: Period, *, first: date, last: date, reason: str, actor) -> int:
    """Mark the days from `first` to `last` as no placement days; answers how many were new.

    Only days that would be placement days count. Raises NotAllowed; ValueError when the days lie
    outside the period.
    """
    require(coordinator_of, actor, period)
    if first > last or first < period.starts or last > period.ends:
        raise ValueError("days outside the period")
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return _except(period, dict.fromkeys(days, reason), actor)


@transaction.atomic
def add_public_holidays(period: Period, *, actor) -> int:
    """Mark every public holiday that is a placement day; answers how many were new."""
    require(coordinator_of, actor, period)
    years = range(period.starts.year, period.ends.year + 1)
    with override("nl"):  # kept as a reason, and read by all
        days = {d: name for year in years for d, name in public_holidays(year).items()}
    return _except(period, days, actor)


@transaction.atomic
def add_holidays(period: Period, keys: Collection[str], *, actor) -> int:
    """Mark the days of the offered holidays with these keys; answers how many were new."""
    require(coordinator_of, actor, period)
    region = SchoolSettings.objects.of(period.school_id).holiday_region
    chosen = [h for h in holidays.offered(period, region) if h.key in keys]
    return _except(period, {d: h.name for h in reversed(chosen) for d in h.days}, actor)


def _except(period: Period, days: dict[date, str], actor) -> int:
    known = set(period.exceptions.values_list("date", flat=True))
    wanted = [
        PeriodException(school_id=period.school_id, period=period, date=d, reason=reason[:80])
        for d, reason in days.items()
        if period.starts <= d <= period.ends
        and d.isoweekday() in period.weekdays
        and d not in known
    ]
    PeriodException.objects.bulk_create(wanted, ignore_conflicts=True)
    if wanted:
        audit.record(actor, "period_exceptions_added", period)
    return len(wanted)


@transaction.atomic
def remove_exception(period: Period, day: date, last: date | None = None, *, actor) -> int:
    """Make a day, or all up to `last`, placement days again; answers how many.

    Raises NotAllowed.
    """
    require(coordinator_of, actor, period)
    count, _rows = period.exceptions.filter(date__range=(day, last or day)).delete()
    audit.record(actor, "period_exception_removed", period)
    return count


def overlapping(period: Period, others: Iterable[Period]) -> list[tuple[Period, list[date]]]:
    """Other periods that share placement days with this one, with those days.

    `others` need `exceptions` prefetched; a student in both could be planned twice on such a day.
    """
    own = set(period.days())
    near = [
        o
        for o in others
        if o.pk != period.pk and o.starts <= period.ends and o.ends >= period.starts
    ]
    shared = ((o, sorted(own & set(o.days()))) for o in near)
    return [(o, days) for o, days in shared if days]
