"""Dutch dates, on the days on which they are hard."""

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
import time_machine

from stage.core.dutch import calendar
from stage.core.dutch.calendar import (
    age_on,
    easter_sunday,
    iso_week,
    local_datetime,
    local_minutes,
    minutes_between,
    minutes_of,
    public_holidays,
    school_today,
    school_year,
    school_year_bounds,
    week_days,
)


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [(2000, 4, 23), (2008, 3, 23), (2024, 3, 31), (2026, 4, 5), (2027, 3, 28), (2038, 4, 25)],
)
def test_easter(year, month, day):
    assert easter_sunday(year) == date(year, month, day)


def test_holidays_of_2027():
    assert public_holidays(2027) == {
        date(2027, 1, 1): "Nieuwjaarsdag",
        date(2027, 3, 28): "Eerste paasdag",
        date(2027, 3, 29): "Tweede paasdag",
        date(2027, 4, 27): "Koningsdag",
        date(2027, 5, 5): "Bevrijdingsdag",
        date(2027, 5, 6): "Hemelvaartsdag",
        date(2027, 5, 16): "Eerste pinksterdag",
        date(2027, 5, 17): "Tweede pinksterdag",
        date(2027, 12, 25): "Eerste kerstdag",
        date(2027, 12, 26): "Tweede kerstdag",
    }


def test_kings_day_is_never_a_sunday():
    assert date(2025, 4, 26) in public_holidays(2025)
    assert date(2025, 4, 27) not in public_holidays(2025)
    assert public_holidays(2013)[date(2013, 4, 30)] == "Koninginnedag"
    assert date(2006, 4, 29) in public_holidays(2006)


def test_two_holidays_on_one_day_keep_both_names():
    assert public_holidays(2016)[date(2016, 5, 5)] == "Bevrijdingsdag / Hemelvaartsdag"


def test_iso_weeks_around_new_year():
    assert iso_week(date(2027, 1, 1)) == (2026, 53)
    assert iso_week(date(2024, 12, 30)) == (2025, 1)
    assert week_days(2026, 53)[0] == date(2026, 12, 28)
    assert week_days(2026, 53)[6] == date(2027, 1, 3)
    with pytest.raises(ValueError):
        week_days(2025, 53)


def test_today_is_the_dutch_day_around_midnight():
    with time_machine.travel(datetime(2026, 7, 31, 22, 30, tzinfo=UTC), tick=False):
        assert school_today() == date(2026, 8, 1)
    with time_machine.travel(datetime(2026, 1, 31, 22, 30, tzinfo=UTC), tick=False):
        assert school_today() == date(2026, 1, 31)
    with time_machine.travel(datetime(2028, 2, 28, 23, 0, tzinfo=UTC), tick=False):
        assert school_today() == date(2028, 2, 29)


def test_school_year_turns_on_the_first_of_august():
    assert school_year(date(2026, 7, 31)) == 2025
    assert school_year(date(2026, 8, 1)) == 2026
    assert school_year(date(2028, 2, 29)) == 2027
    assert school_year_bounds(2027) == (date(2027, 8, 1), date(2028, 7, 31))


def test_age_of_who_is_born_on_29_february():
    born = date(2012, 2, 29)
    assert age_on(born, date(2026, 2, 28)) == 13
    assert age_on(born, date(2026, 3, 1)) == 14
    assert age_on(born, date(2028, 2, 28)) == 15
    assert age_on(born, date(2028, 2, 29)) == 16


def test_local_minutes_in_summer_and_winter():
    assert local_minutes(datetime(2026, 7, 1, 6, 15, tzinfo=UTC)) == 8 * 60 + 15
    assert local_minutes(datetime(2026, 1, 5, 7, 15, tzinfo=UTC)) == 8 * 60 + 15
    tokyo = timezone(timedelta(hours=9))
    assert local_minutes(datetime(2026, 1, 6, 8, 0, tzinfo=tokyo)) == 0
    with pytest.raises(ValueError):
        local_minutes(datetime(2026, 1, 6, 8, 0))


def test_minutes_of_a_working_day_do_not_depend_on_the_season():
    days = (date(2026, 3, 29), date(2026, 10, 25), date(2028, 2, 29), date(2026, 7, 31), None)
    for day in days:
        assert minutes_of(day, time(8, 30), time(16, 30), 30) == 450


def test_minutes_of_count_what_really_passes_on_the_day_the_clock_changes():
    spring, autumn = date(2026, 3, 29), date(2026, 10, 25)
    assert minutes_of(spring, time(1), time(9), 30) == 7 * 60 - 30
    assert minutes_of(autumn, time(1), time(9), 30) == 9 * 60 - 30
    assert minutes_of(None, time(1), time(9), 30) == 8 * 60 - 30
    # The hour that does not exist, and the one that is there twice: the first is meant.
    assert minutes_of(spring, time(2), time(3)) == 0
    assert minutes_of(autumn, time(2), time(3)) == 2 * 60


def test_an_end_before_the_start_is_on_the_next_day():
    assert minutes_of(date(2026, 3, 28), time(22), time(6)) == 7 * 60
    assert minutes_of(date(2026, 10, 24), time(22), time(6)) == 9 * 60
    assert minutes_of(date(2026, 11, 1), time(22), time(6)) == 8 * 60


@pytest.mark.parametrize(
    ("start", "end", "pause", "minutes"),
    [
        (time(8), time(9), 59, 1),
        (time(8), time(9), 60, 0),
        (time(8), time(9), 61, 0),
        (time(8), time(8), 0, 0),
        (None, time(9), 0, 0),
        (time(8), None, 0, 0),
        (time(8, 0, 30), time(9), 0, 59),
    ],
)
def test_minutes_of_a_day_are_never_negative(start, end, pause, minutes):
    assert minutes_of(date(2026, 1, 5), start, end, pause) == minutes


def test_a_break_is_not_negative():
    with pytest.raises(ValueError):
        minutes_of(date(2026, 1, 5), time(8), time(9), -1)


def test_minutes_between_go_by_what_passes_not_by_the_clock():
    before = local_datetime(date(2026, 10, 25), time(1))
    after = local_datetime(date(2026, 10, 25), time(4))
    assert minutes_between(before, after) == 4 * 60
    assert minutes_between(after, before) == -4 * 60


def test_local_datetime_of_a_time_that_does_not_exist_or_exists_twice():
    skipped = local_datetime(date(2026, 3, 29), time(2, 30))
    assert skipped.isoformat() == "2026-03-29T03:30:00+02:00"
    twice = local_datetime(date(2026, 10, 25), time(2, 30))
    assert twice.isoformat() == "2026-10-25T02:30:00+02:00"


def test_amsterdam_is_the_zone():
    assert calendar.AMSTERDAM.key == "Europe/Amsterdam"
