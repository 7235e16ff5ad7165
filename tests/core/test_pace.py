"""When a mail leaves by the Dutch clock, and what each event says of itself."""

from __future__ import annotations

from datetime import datetime, time

import pytest

from stage.core.dutch.calendar import AMSTERDAM
from stage.core.enums import NoticeKind, Pace, PersonKind
from stage.core.mail import letters
from stage.core.mail.notices import CHOOSERS, NOTICES, OUTSIDE, usual_paces
from stage.core.mail.pace import USUAL, Rhythm
from tests.abuse import mails

STAFF, STUDENT = USUAL[PersonKind.MEMBERSHIP], USUAL[PersonKind.STUDENT]


def on(text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM, fold=fold)


@pytest.mark.parametrize(
    ("rhythm", "now", "then"),
    [
        (STAFF, "2027-01-12T06:59", "2027-01-12T07:00"),
        (STAFF, "2027-01-12T07:00", "2027-01-13T07:00"),
        (STAFF, "2027-01-15T07:01", "2027-01-18T07:00"),  # after Friday's: on Monday
        (STAFF, "2027-01-16T12:00", "2027-01-18T07:00"),
        (STUDENT, "2027-01-15T16:30", "2027-01-16T16:00"),
        (STUDENT, "2027-01-12T09:00", "2027-01-12T16:00"),
    ],
)
def test_the_daily_mail_comes_at_the_next_of_its_moments(rhythm, now, then):
    assert rhythm.next_digest(on(now)) == on(then)


@pytest.mark.parametrize(
    ("now", "offset"), [("2027-03-27T21:00", 2), ("2027-10-30T21:00", 1)], ids=["summer", "winter"]
)
def test_seven_is_seven_on_the_days_the_clock_changes(now, offset):
    sunday = Rhythm(weekdays_only=False)
    moment = sunday.next_digest(on(now))
    assert (moment.hour, moment.minute) == (7, 0)
    assert moment.utcoffset().total_seconds() == offset * 3600
    assert sunday.quiet_end(on(now)) == moment


@pytest.mark.parametrize(
    ("now", "end"),
    [
        ("2027-01-12T19:59", None),
        ("2027-01-12T20:00", "2027-01-13T07:00"),
        ("2027-01-13T00:00", "2027-01-13T07:00"),
        ("2027-01-13T06:59", "2027-01-13T07:00"),
        ("2027-01-13T07:00", None),
    ],
)
def test_it_is_quiet_from_eight_until_seven(now, end):
    assert STAFF.quiet_end(on(now)) == (on(end) if end else None)


def test_quiet_hours_within_one_day_and_none_at_all():
    noon = Rhythm(quiet_from=time(12), quiet_until=time(14))
    assert noon.quiet_end(on("2027-01-12T13:00")) == on("2027-01-12T14:00")
    assert noon.quiet_end(on("2027-01-12T14:00")) is None
    assert Rhythm(quiet_from=None, quiet_until=None).quiet_end(on("2027-01-12T23:00")) is None


def test_the_hour_that_october_has_twice_makes_nobody_wait_for_the_past():
    night = Rhythm(quiet_from=time(22), quiet_until=time(2, 30))
    first, second = on("2027-10-31T02:10"), on("2027-10-31T02:10", fold=1)
    assert night.quiet_end(first) == on("2027-10-31T02:30")
    assert night.quiet_end(second) is None


def test_a_guardian_reads_until_ten():
    assert USUAL[PersonKind.GUARDIAN].quiet_end(on("2027-01-12T21:59")) is None
    assert USUAL[PersonKind.GUARDIAN].quiet_end(on("2027-01-12T22:00")) == on("2027-01-13T07:00")


def test_every_event_says_what_it_is_about():
    assert set(NOTICES) == set(letters.HANDLERS)
    assert all(isinstance(notice.kind, NoticeKind) for notice in NOTICES.values())


@pytest.mark.parametrize("kind", [*CHOOSERS, *OUTSIDE])
def test_within_a_kind_all_that_is_chosen_is_usually_as_soon(kind):
    """One row of the page stands for the whole kind."""
    usual = usual_paces(kind)
    paces = {(n.kind, n.usual(kind)) for n in NOTICES.values() if n.usual(kind) != Pace.ALWAYS}
    assert sorted(paces) == sorted(usual.items())
    assert set(usual.values()) <= {Pace.AT_ONCE, Pace.DAILY}


def test_what_is_chosen_about_is_mailed_to_such_people():
    """And what law or safety needs is not among it."""
    mailed = {(case.event, case.kind) for case in mails.CASES}
    declared = {
        (event, str(kind))
        for event, notice in NOTICES.items()
        for kind in CHOOSERS
        if notice.usual(kind) != Pace.ALWAYS
    }
    assert declared <= mailed
    needed = {event for event, kind in mailed - declared if kind in CHOOSERS}
    assert needed == {
        *("absence_reported", "absence_closed", "absence_withdrawn", "alarm_raised"),
        *("agreement_fill", "agreement_sign"),
        *("campaign_test", "staff_invited", "first_person_added"),
    }


def test_what_people_outside_turn_off_is_mailed_to_them_and_is_never_a_question():
    mailed = {
        (case.event, "contact" if case.kind == "supervisor" else case.kind) for case in mails.CASES
    }
    refusable = {
        (event, str(kind))
        for event, notice in NOTICES.items()
        for kind in OUTSIDE
        if notice.usual(kind) != Pace.ALWAYS
    }
    assert refusable <= mailed
    assert refusable == {
        *(("agreement_complete", "contact"), ("agreement_complete", "guardian")),
        *(("application_closed", "contact"), ("application_parked", "contact")),
        *(("teacher_replaced", "contact"), ("teacher_back", "contact")),
        *(("absence_reported", "guardian"), ("absence_closed", "guardian")),
        ("absence_withdrawn", "guardian"),
    }
