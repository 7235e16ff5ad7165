"""The rules of working time: hand examples at both sides of each limit, and properties."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stage.core import reference
from stage.core.dutch.worktime import DayPlan, band_of, check_working_time, hours

MONDAY = date(2027, 1, 4)
AGE_15, AGE_16, AGE_18 = date(2011, 6, 1), date(2010, 6, 1), date(2008, 6, 1)


def day(offset=0, start="08:30", end="15:30", pause=30, school=0):
    return DayPlan(
        MONDAY + timedelta(days=offset),
        time.fromisoformat(start),
        time.fromisoformat(end),
        pause,
        school,
    )


def rules_hit(birth_date, *days):
    return [finding.rule for finding in check_working_time(birth_date, days)]


def test_an_ordinary_week_is_fine_at_every_age():
    week = [day(offset) for offset in range(5)]
    for birth_date in (AGE_15, AGE_16, AGE_18):
        assert check_working_time(birth_date, week) == []


def test_under_fourteen_may_only_come_for_a_look():
    findings = check_working_time(date(2013, 1, 5), [day(0, "10:00", "12:00", 0)])
    assert [(finding.rule, finding.actual, finding.limit) for finding in findings] == [
        ("under_14", 13, 14)
    ]
    assert check_working_time(date(2013, 1, 4), [day(0, "10:00", "12:00", 0)]) == []


@pytest.mark.parametrize(
    ("birth_date", "end", "hit"),
    [
        (AGE_15, "16:00", []),
        (AGE_15, "16:01", ["day"]),
        (AGE_16, "18:00", []),
        (AGE_16, "18:01", ["day"]),
        (AGE_18, "21:00", []),
        (AGE_18, "21:01", ["day"]),
    ],
)
def test_day_limit_at_both_sides(birth_date, end, hit):
    assert rules_hit(birth_date, day(0, "08:00", end, 60)) == hit


def test_a_finding_says_what_and_where_it_comes_from():
    (finding,) = check_working_time(AGE_15, [day(0, "08:30", "17:00", 30)])
    assert (finding.rule, finding.severity, finding.date) == ("day", "warn", MONDAY)
    assert (finding.limit, finding.actual) == (420, 480)
    assert finding.message_nl == "8 uur werk en school op één dag; het mag 7 uur zijn."
    assert "SZW" in finding.source


def test_school_hours_of_the_day_count_as_working_time():
    assert rules_hit(AGE_15, day(0, "13:00", "17:00", 0, school=180)) == []
    assert rules_hit(AGE_15, day(0, "13:00", "17:00", 0, school=181)) == ["day"]


def test_school_of_a_day_in_two_parts_counts_once():
    parts = [day(0, "08:00", "10:00", 0, school=180), day(0, "15:00", "17:00", 0, school=180)]
    assert rules_hit(AGE_15, *parts) == []


def test_week_limit_counts_school_days_too():
    work = [day(offset) for offset in range(4)]
    friday = MONDAY + timedelta(days=4)
    assert rules_hit(AGE_15, *work, DayPlan(friday, school_minutes=540)) == []
    assert rules_hit(AGE_15, *work, DayPlan(friday, school_minutes=541)) == ["week"]
    assert check_working_time(AGE_15, [DayPlan(friday, school_minutes=3000)]) == []


def test_age_turns_over_on_the_birthday():
    born = MONDAY.replace(year=MONDAY.year - 16) + timedelta(days=1)
    long_days = [day(0, "08:00", "17:00", 30), day(1, "08:00", "17:00", 30)]
    assert [(f.rule, f.date) for f in check_working_time(born, long_days)] == [("day", MONDAY)]


def test_birthday_on_29_february_counts_on_the_first_of_march():
    born = date(2012, 2, 29)
    monday = date(2028, 2, 28)
    plans = [
        DayPlan(monday, time(8), time(17), 30),
        DayPlan(monday + timedelta(days=1), time(8), time(17), 30),
    ]
    assert [f.date for f in check_working_time(born, plans)] == [monday]


@pytest.mark.parametrize(
    ("birth_date", "start", "end", "hit"),
    [
        (AGE_15, "07:00", "12:00", []),
        (AGE_15, "06:59", "12:00", ["never_hours"]),
        (AGE_15, "13:00", "19:00", []),
        (AGE_15, "13:00", "19:01", ["never_hours"]),
        (AGE_16, "06:00", "12:00", []),
        (AGE_16, "05:59", "12:00", ["never_hours"]),
        (AGE_16, "16:00", "23:00", []),
        (AGE_16, "16:00", "23:01", ["never_hours"]),
        (AGE_16, "17:00", "00:30", ["never_hours"]),
        (AGE_18, "23:00", "05:00", []),
    ],
)
def test_hours_in_which_nobody_of_that_age_works(birth_date, start, end, hit):
    assert rules_hit(birth_date, day(0, start, end, 30)) == hit


def test_sunday_is_for_who_is_sixteen():
    assert rules_hit(AGE_15, day(6, "10:00", "12:00", 0)) == ["sunday"]
    assert rules_hit(AGE_16, day(6, "10:00", "12:00", 0)) == []


@pytest.mark.parametrize(
    ("birth_date", "end", "pause", "hit"),
    [
        (AGE_15, "13:00", 0, []),
        (AGE_15, "13:01", 0, ["break"]),
        (AGE_15, "13:30", 29, ["break"]),
        (AGE_15, "13:30", 30, []),
        (AGE_18, "14:00", 0, []),
        (AGE_18, "14:01", 0, ["break"]),
        (AGE_18, "19:30", 44, ["break"]),
        (AGE_18, "19:30", 45, []),
    ],
)
def test_breaks(birth_date, end, pause, hit):
    assert rules_hit(birth_date, day(0, "08:30", end, pause)) == hit


def test_time_between_two_parts_is_a_break():
    morning = day(0, "08:00", "11:00", 0)
    assert rules_hit(AGE_15, morning, day(0, "11:30", "14:30", 0)) == []
    assert rules_hit(AGE_15, morning, day(0, "11:20", "14:30", 0)) == ["break"]


@pytest.mark.parametrize(("start", "hit"), [("09:00", []), ("08:59", ["rest"])])
def test_rest_between_days_for_15(start, hit):
    assert rules_hit(AGE_15, day(0, "13:00", "19:00"), day(1, start, "12:00", 0)) == hit


def test_rest_across_the_hour_that_is_lost_in_spring():
    saturday = date(2027, 3, 27)
    late = DayPlan(saturday, time(15), time(20, 30), 60)
    early = DayPlan(saturday + timedelta(days=1), time(8, 30), time(12), 0)
    assert [f.actual for f in check_working_time(AGE_16, [late, early])] == [11 * 60]


def test_average_over_four_weeks():
    def weeks(count, minutes_more):
        return [
            day(7 * week + offset, "08:00", f"17:{minutes_more:02d}", 60)
            for week in range(count)
            for offset in range(5)
        ]

    assert rules_hit(AGE_16, *weeks(4, 0)) == []
    assert rules_hit(AGE_16, *weeks(3, 30)) == []
    assert rules_hit(AGE_16, *weeks(4, 30)) == ["average_4_weeks"]


def test_average_over_sixteen_weeks():
    plan = [
        day(7 * week + offset, "08:00", "18:30", 30) for week in range(16) for offset in range(5)
    ]
    findings = check_working_time(AGE_18, plan)
    assert [(f.rule, f.date, f.actual) for f in findings] == [("average_16_weeks", MONDAY, 3000)]


def test_six_and_seven_days_of_work_leave_no_36_hours():
    short = [day(offset, "10:00", "12:00", 0) for offset in range(7)]
    assert rules_hit(AGE_16, *short[:6]) == []
    (finding,) = check_working_time(AGE_16, short)
    assert (finding.rule, finding.limit, finding.actual) == ("week_rest", 2160, 22 * 60)


@pytest.mark.parametrize(("end", "hit"), [("22:00", []), ("22:01", ["week_rest"])])
def test_exactly_36_hours_of_rest_in_seven_days_are_enough(end, hit):
    days = [day(offset, "10:00", "12:00", 0) for offset in range(4)]
    friday, sunday = day(4, "20:00", end, 0), day(6, "10:00", "12:00", 0)
    assert rules_hit(AGE_16, *days, friday, sunday) == hit


def test_a_rule_may_block_and_a_changed_rule_holds_from_its_day():
    rows = []
    for row in reference.values():
        if row.key == "14_15.day_minutes":
            rows += [
                replace(row, valid_to=MONDAY),
                replace(row, value="360", valid_from=MONDAY + timedelta(days=1)),
            ]
        else:
            rows.append(row)
    findings = check_working_time(AGE_15, [day(0), day(1)], rows, blocking=frozenset({"day"}))
    assert [(f.date, f.limit, f.severity) for f in findings] == [
        (MONDAY + timedelta(days=1), 360, "block")
    ]


@pytest.mark.parametrize(
    "plans",
    [
        [day(0, "08:00", "12:00", 0), day(0, "11:00", "14:00", 0)],
        [day(0, "08:00", "08:00", 0)],
        [day(0, "08:00", "09:00", 60)],
        [day(0, "08:00", "09:00", 90)],
        [day(0, "08:00", "09:00", -1)],
        [DayPlan(MONDAY, time(8), None)],
        [DayPlan(MONDAY, school_minutes=-1)],
    ],
)
def test_impossible_days_are_refused(plans):
    with pytest.raises(ValueError):
        check_working_time(AGE_16, plans)


def test_every_age_has_its_rules_and_durations_read_well():
    assert [band_of(age) for age in (13, 14, 15, 16, 17, 18)] == [
        "under_14",
        "14_15",
        "14_15",
        "16_17",
        "16_17",
        "18_plus",
    ]
    assert [hours(minutes) for minutes in (0, 1, 45, 60, 450)] == [
        "0 minuten",
        "1 minuut",
        "45 minuten",
        "1 uur",
        "7 uur en 30 minuten",
    ]


plans = st.lists(
    st.builds(
        lambda offset, start, length, school: DayPlan(
            MONDAY + timedelta(days=offset),
            time(start // 60, start % 60),
            time((start + length) // 60, (start + length) % 60),
            0,
            school,
        ),
        st.integers(0, 27),
        st.integers(0, 15 * 60),
        st.integers(1, 8 * 60),
        st.integers(0, 300),
    ),
    max_size=20,
    unique_by=lambda plan: plan.date,
)


@settings(max_examples=40, deadline=None)
@given(plans)
def test_findings_break_their_limit_and_do_not_depend_on_order(days):
    findings = check_working_time(AGE_16, days)
    assert findings == check_working_time(AGE_16, reversed(days))
    for finding in findings:
        if finding.rule in ("day", "week", "average_4_weeks"):
            assert finding.actual > finding.limit
        if finding.rule in ("rest", "break", "week_rest"):
            assert finding.actual < finding.limit


@settings(max_examples=40, deadline=None)
@given(plans)
def test_an_older_student_never_breaks_more_day_rules(days):
    def per_day(birth_date):
        return {
            (finding.rule, finding.date)
            for finding in check_working_time(birth_date, days)
            if finding.rule in ("day", "week", "never_hours", "rest", "sunday", "break")
        }

    assert per_day(AGE_18) <= per_day(AGE_16) <= per_day(AGE_15)
