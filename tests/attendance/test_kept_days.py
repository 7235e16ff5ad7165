"""Days on which something happened stay, whatever changes in the placement."""

from datetime import date, timedelta

import pytest

from attendance.services import absence
from placements.changes import elsewhere
from placements.changes.plan import plan_of
from placements.changes.wanted import Wanted
from placements.enums import ChangeKind
from placements.models import Placement, PlannedDay
from placements.services.changing import change_placement
from stage.core.tenants.tenancy import use
from tests.attendance.helpers import (
    FRIDAY,
    MONDAY,
    TUESDAY,
    another_placement,
    at,
    checked_in,
    confirmed,
    ill,
    reported,
)

WEDNESDAY, THURSDAY = date(2027, 1, 13), date(2027, 1, 14)
NEXT_MONDAY = date(2027, 1, 18)


def kept(placement, other=None) -> set[date]:
    ids = [placement.pk] + ([other.pk] if other else [])
    return elsewhere.kept_days(ids).get(placement.pk, set())


def test_a_day_with_an_arrival_a_report_or_a_word_is_kept(world):
    placement = world.berk.placement
    other = another_placement(world.berk, world.noord, 1)
    checked_in(placement, MONDAY)
    reported(placement, TUESDAY)
    confirmed(placement, {WEDNESDAY: 0})
    checked_in(other, THURSDAY)
    with at(FRIDAY), use(world.actor(world.berk.coordinator).scope):
        assert kept(placement, other) == {MONDAY, TUESDAY, WEDNESDAY}
        assert kept(other) == {THURSDAY}


def test_an_absence_keeps_its_days_and_an_open_illness_those_until_today(world):
    placement = world.berk.placement
    ill(placement, MONDAY, ends=TUESDAY)
    ill(placement, THURSDAY)
    with at(FRIDAY), use(world.actor(world.berk.coordinator).scope):
        assert kept(placement) == {MONDAY, TUESDAY, THURSDAY, FRIDAY}


def test_who_reported_away_for_tomorrow_keeps_tomorrow(world):
    student = world.actor(world.berk.logins[0])
    with at(MONDAY), use(student.scope):
        absence.report_absence(
            Placement.objects.get(pk=world.berk.placement.pk),
            actor=student,
            kind="appointment",
            day=TUESDAY,
        )
    with at(MONDAY), use(world.actor(world.berk.coordinator).scope):
        assert kept(world.berk.placement) == {TUESDAY}


@pytest.mark.parametrize("kind", [ChangeKind.PAUSE, ChangeKind.STOP])
def test_a_confirmed_week_stays_and_the_page_says_so(world, kind):
    coordinator = world.actor(world.berk.coordinator)
    placement = world.berk.placement
    confirmed(placement, {MONDAY: 390, TUESDAY: 390})
    wanted = Wanted(
        kind=kind, from_on=MONDAY, until_on=FRIDAY, reason="illness", heard=("teacher",)
    )
    with at(WEDNESDAY), use(coordinator.scope):
        plan = plan_of(placement, wanted)
        assert list(plan.kept) == [MONDAY, TUESDAY]
        assert "Week 2 is al bevestigd: wat er staat, blijft staan." in plan.touches
        change_placement(placement, wanted, actor=coordinator)
        left = PlannedDay.objects.filter(placement=placement, date__lte=FRIDAY)
        assert list(left.values_list("date", flat=True)) == [MONDAY, TUESDAY]


def test_who_is_ill_stays_reported_ill_on_new_days(world):
    placement = world.berk.placement
    ill(placement, MONDAY)
    wanted = Wanted(kind=ChangeKind.DATES, from_on=MONDAY, ends=date(2027, 1, 29))
    with at(MONDAY), use(world.actor(world.berk.coordinator).scope):
        plan = plan_of(placement, wanted)
        assert plan.touches == ["De leerling is nu ziek gemeld. Beter melden gaat zoals altijd."]
        assert plan.added[0].date == NEXT_MONDAY + timedelta(days=7)
