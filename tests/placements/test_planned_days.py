"""A planned day's minutes, on days like all others and on those the clock changes."""

from datetime import date, time

import pytest

from placements.agreements.enums import Party
from placements.agreements.forms import PARTS
from placements.models import PlannedDay
from tests.placements.agreements import COMPANY


@pytest.mark.parametrize(
    ("day", "day_from", "day_to", "pause", "minutes"),
    [
        (date(2026, 3, 30), time(8, 30), time(15, 30), 30, 390),
        (date(2026, 3, 29), time(1), time(9), 30, 390),  # an hour does not exist
        (date(2026, 10, 25), time(1), time(9), 30, 510),  # an hour is there twice
        (date(2026, 3, 30), time(8, 30), time(9), 45, 0),  # never less than nothing
    ],
)
def test_minutes_are_what_really_passes_without_the_break(day, day_from, day_to, pause, minutes):
    planned = PlannedDay(date=day, day_from=day_from, day_to=day_to, break_minutes=pause)
    assert planned.minutes == minutes


@pytest.mark.parametrize(
    ("day_from", "day_to", "pause", "wrong"),
    [
        ("08:30", "09:00", "29", []),
        ("08:30", "09:00", "30", ["break_minutes"]),
        ("09:00", "09:00", "0", ["day_to"]),
        ("22:00", "06:00", "30", ["day_to"]),  # no work through the night
    ],
)
def test_the_agreement_takes_times_in_which_work_is_left(day_from, day_to, pause, wrong):
    form = PARTS[Party.COMPANY](
        {**COMPANY, "day_from": day_from, "day_to": day_to, "break_minutes": pause}
    )
    form.is_valid()
    assert sorted(form.errors) == wrong
