"""What changes in the days of a placement, and what stays as it is."""

from datetime import date, time

import pytest

from placements.changes import elsewhere
from placements.models import Placement, PlannedDay, RuleOverride
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.who.policies import Conflict
from stage.schools.models import PeriodException
from tests.placements.changes import SECOND_MONDAY, change, current, day, days_of, rows_of
from tests.placements.helpers import mails


def test_other_days_for_a_while_leave_what_is_usual(world, signed):
    change(world, signed, "schedule", from_on=day(12), until_on=day(13), day_to=time(12))
    times = {row[0]: row[2] for row in rows_of(signed)}
    assert times[day(12)] == times[day(13)] == time(12)
    assert times[day(14)] == signed.day_to
    assert current(signed).day_to == signed.day_to


def test_free_days_of_school_stay_free(world, signed):
    with use(SYSTEM):
        PeriodException.objects.create(
            school=world.berk.school, period=world.berk.period, date=day(20), reason="Studiedag"
        )
        PlannedDay.objects.filter(placement=signed, date=day(20)).delete()
    change(world, signed, "schedule", from_on=SECOND_MONDAY, weekdays=(1, 2, 3))
    assert day(20) not in days_of(signed)


def test_a_longer_placement_gets_its_usual_days_but_no_holiday(world, signed):
    change(world, signed, "dates", starts=signed.starts, ends=date(2027, 1, 29))
    assert days_of(signed)[-1] == date(2027, 1, 29)
    assert len(days_of(signed)) == 15
    assert current(signed).ends == date(2027, 1, 29)


def test_a_shorter_one_loses_its_last_days(world, signed):
    change(world, signed, "dates", starts=signed.starts, ends=day(20))
    assert days_of(signed)[-1] == day(20)
    assert len(mails("placement_changed")) >= 2


def test_dates_without_a_day_are_refused(world, signed):
    with pytest.raises(Conflict, match="geen dag over"):
        change(world, signed, "dates", starts=date(2027, 2, 6), ends=date(2027, 2, 7))
    assert len(days_of(signed)) == 10


def test_days_on_which_something_happened_stay(world, signed, monkeypatch):
    monkeypatch.setattr(elsewhere, "_KEEPERS", [lambda ids: [(signed.pk, day(15))]])
    change(world, signed, "pause", from_on=day(14), until_on=day(19), reason="illness")
    assert day(15) in days_of(signed)
    assert day(14) not in days_of(signed)


def test_a_day_at_another_company_refuses_it_and_changes_nothing(world, signed):
    with use(SYSTEM):
        other = Placement.objects.get(pk=signed.pk)
        other.pk, other.public_id = None, "anders-hier"
        other.company, other.state = world.noord.companies[1], "cancelled"
        other.location = other.place = other.supervisor = None
        other.save(force_insert=True)
        PlannedDay.objects.filter(placement=signed, date=day(20)).delete()
        PlannedDay.objects.create(
            school=world.berk.school,
            student=signed.student,
            company=other.company,
            placement=other,
            date=day(20),
            day_from=time(9),
            day_to=time(12),
            break_minutes=0,
        )
    before = rows_of(signed)
    with pytest.raises(Conflict, match="Overlap"):
        change(world, signed, "schedule", from_on=SECOND_MONDAY, day_to=time(15), weekdays=(1, 3))
    assert rows_of(signed) == before
    assert not mails("placement_changed")


def test_a_rule_of_working_time_asks_for_a_reason(world, signed):
    """Fifteen hours a day is more than the law has for any pupil."""
    long = {"from_on": SECOND_MONDAY, "day_from": time(7), "day_to": time(22)}
    with pytest.raises(Conflict):
        change(world, signed, "schedule", **long)
    assert current(signed).day_to == signed.day_to
    try:
        change(world, signed, "schedule", **long, rule_reason="Eenmalig, met ouders besproken.")
    except Conflict:
        assert current(signed).day_to == signed.day_to  # a rule that blocks
    else:
        with use(SYSTEM):
            reasons = RuleOverride.objects.filter(placement=signed)
            assert set(reasons.values_list("reason", flat=True)) == {
                "Eenmalig, met ouders besproken."
            }
