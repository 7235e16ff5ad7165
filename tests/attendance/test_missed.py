"""A day that was missed or did not go through: caught up, excused, written off, taken back."""

from datetime import date, time

import pytest

from attendance import services
from attendance.queries import days_of
from attendance.queries.hours import lines_of
from attendance.queries.missed import missed_of, undecided
from attendance.services.missed import wanted_for
from placements import services as placing
from placements.changes.wanted import Wanted
from placements.enums import ChangeKind
from placements.models import Placement, PlacementChange, PlannedDay
from stage.core.models import OutboxMail
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.who.policies import Conflict, NotAllowed
from stage.schools.models import Period
from tests.attendance.helpers import (
    FRIDAY,
    MONDAY,
    TUESDAY,
    another_placement,
    at,
    checked_in,
    confirmed,
    ill,
)
from tests.clients import client_of
from tests.placements.changes import current, in_state, rows_of, undo
from tests.placements.changes import days_of as dates_of

WEDNESDAY, THURSDAY, SATURDAY = (date(2027, 1, n) for n in (13, 14, 16))
LATER = date(2027, 1, 25)


@pytest.fixture
def running(world):
    """Monday there, Tuesday ill, Wednesday unknown, Thursday said to be absent; it is Friday."""
    placement = in_state(world.berk.placement, "running", created_at="2026-12-01T09:00:00+00:00")
    checked_in(placement, MONDAY)
    ill(placement, TUESDAY, ends=TUESDAY)
    confirmed(placement, {MONDAY: 390, THURSDAY: 0})
    return world


def missed(world, placement=None) -> dict[date, tuple[str, str]]:
    actor = world.actor(world.berk.coordinator)
    with use(actor.scope):
        row = Placement.objects.get(pk=(placement or world.berk.placement).pk)
        return {m.date: (m.day.state, str(m.word.label)) for m in missed_of(actor, [row])[row.pk]}


def open_days(world, member=None) -> list[date]:
    actor = world.actor(member or world.berk.coordinator)
    with use(actor.scope):
        return [day for day, _pk in undecided(actor, Placement.objects.visible_to(actor))]


def decide(world, day, outcome, *, member=None, **values) -> PlacementChange:
    actor = world.actor(member or world.berk.teacher)
    if outcome == "caught_up":
        values = {"day_from": time(9), "day_to": time(15), **values}
    with use(actor.scope):
        row = Placement.objects.get(pk=world.berk.placement.pk)
        return services.decide_missed(row, wanted_for(day, outcome, **values), actor=actor)


def call_off(world, first, last, *placements, again=None, weekdays=(), run="R"):
    actor = world.actor(world.berk.coordinator)
    wanted = Wanted(
        kind=ChangeKind.CALLED_OFF,
        from_on=first,
        until_on=last,
        reason="school_day",
        again_from=again,
        weekdays=weekdays,
        run=run,
    )
    with use(actor.scope):
        period = Period.objects.get(pk=world.berk.period.pk)
        ids = [p.pk for p in placements or [world.berk.placement]]
        return placing.change_many(period, ids, wanted, actor=actor)


def test_what_was_missed(running):
    with at(FRIDAY, "12:00"):
        assert missed(running) == {
            TUESDAY: ("ill", "Nog niet besloten"),
            WEDNESDAY: ("unknown", "Nog niet besloten"),
            THURSDAY: ("absent", "Nog niet besloten"),
        }
        assert open_days(running) == [THURSDAY, WEDNESDAY, TUESDAY]
        assert open_days(running, running.berk.teacher) == [THURSDAY, WEDNESDAY, TUESDAY]
        assert open_days(running, running.berk.colleague) == []


def test_a_day_is_caught_up_after_the_last_day(running):
    with at(FRIDAY, "12:00"):
        row = decide(running, TUESDAY, "caught_up", on=LATER, words="Met Baas.")
        assert missed(running)[TUESDAY] == ("ill", "Wordt ingehaald op ma 25 januari")
        assert TUESDAY not in open_days(running)
        with use(SYSTEM):
            mails = OutboxMail.objects.filter(event="placement_changed", about_id=row.pk)
            kinds = sorted(mails.values_list("person_kind", flat=True))
            day = PlannedDay.objects.get(placement=running.berk.placement, date=LATER)
    assert kinds == ["contact", "contact", "student"]
    assert (day.instead_of, day.day_from, day.day_to) == (TUESDAY, time(9), time(15))
    assert current(running.berk.placement).ends == LATER
    checked_in(running.berk.placement, LATER)
    with at(LATER, "16:00"):
        assert missed(running)[TUESDAY] == ("ill", "Ingehaald op ma 25 januari")
        with pytest.raises(Conflict):
            decide(running, TUESDAY, "written_off", words="Toch niet.")


def test_hours_tell_worked_missed_and_caught_up(running):
    placement = running.berk.placement
    with at(FRIDAY, "12:00"):
        decide(running, TUESDAY, "caught_up", on=SATURDAY, day_to=time(12))
    checked_in(placement, SATURDAY)
    actor = running.actor(running.berk.teacher)
    with at(SATURDAY, "20:00"), use(actor.scope):
        row = Placement.objects.get(pk=placement.pk)
        (line,) = lines_of(actor, [row], row.starts, row.ends)
    # 390 on a usual day; three days were missed, and Friday nobody was heard of.
    assert (line.worked, line.missed, line.caught_up) == (390 + 150, 4 * 390, 150)
    assert line.confirmed == 390


@pytest.mark.parametrize(
    ("outcome", "word"), [("excused", "Geoorloofd"), ("written_off", "Wordt niet ingehaald")]
)
def test_a_day_need_not_be_caught_up_and_that_is_taken_back(running, outcome, word):
    was = rows_of(running.berk.placement)
    with at(FRIDAY, "12:00"):
        decide(running, WEDNESDAY, outcome, words="Uitvaart.")
        assert missed(running)[WEDNESDAY] == ("unknown", word)
        assert WEDNESDAY not in open_days(running)
    with at(FRIDAY, "15:00"):
        decide(running, WEDNESDAY, "open")
        assert WEDNESDAY in open_days(running)
        with pytest.raises(Conflict):
            decide(running, WEDNESDAY, "open")
    assert rows_of(running.berk.placement) == was


def test_a_catch_up_is_moved_and_taken_back_and_the_last_day_with_it(running):
    placement = running.berk.placement
    was, ends = rows_of(placement), current(placement).ends
    with at(FRIDAY, "12:00"):
        decide(running, TUESDAY, "caught_up", on=SATURDAY)
        decide(running, TUESDAY, "caught_up", on=LATER)
        assert SATURDAY not in dates_of(placement)
    with at(FRIDAY, "15:00"):
        decide(running, TUESDAY, "open")
    assert rows_of(placement) == was
    assert current(placement).ends == ends
    with at(FRIDAY, "16:00"):
        undo(running, decide(running, TUESDAY, "caught_up", on=LATER))
    assert rows_of(placement) == was
    assert current(placement).ends == ends


def test_a_day_that_is_taken_or_was_not_missed_is_refused(running):
    with at(FRIDAY, "12:00"):
        with pytest.raises(Conflict, match="al op stage"):
            decide(running, TUESDAY, "caught_up", on=date(2027, 1, 18))
        with pytest.raises(Conflict, match="niet gemist"):
            decide(running, MONDAY, "written_off", words="x")
        with pytest.raises(NotAllowed):
            decide(running, TUESDAY, "excused", words="x", member=running.berk.colleague)


def test_called_off_days_are_no_absence_and_give_no_alarm(running):
    placement = running.berk.placement
    thursday, friday = date(2027, 1, 21), date(2027, 1, 22)
    with at(FRIDAY, "12:00"):
        assert call_off(running, thursday, friday).done == 1
    actor = running.actor(running.berk.teacher)
    with at(LATER, "12:00"), use(actor.scope):
        row = Placement.objects.get(pk=placement.pk)
        days = {d.date: d.state for d in days_of(actor, [row], thursday, friday)[row.pk]}
        (line,) = lines_of(actor, [row], thursday, friday)
    assert days == dict.fromkeys((thursday, friday), "called_off")
    assert (line.called_off, line.away, line.unknown, line.missed) == (2, 0, 0, 780)
    assert current(placement).ends == friday
    with at(LATER, "12:00"):
        assert {thursday, friday} <= set(open_days(running))


def test_days_are_moved_as_many_and_none_twice(running):
    placement = running.berk.placement
    other = another_placement(running.berk, running.noord, 1)
    with at(FRIDAY, "12:00"):
        outcome = call_off(
            running, date(2027, 1, 18), date(2027, 1, 20), placement, other, again=LATER
        )
        assert (outcome.done, outcome.refused) == (2, [])
        with use(SYSTEM):
            moved = {
                row.date: row.instead_of
                for row in PlannedDay.objects.filter(placement=other, instead_of__isnull=False)
            }
            mails = list(OutboxMail.objects.filter(event="period_changed"))
    assert moved == {date(2027, 1, 25 + n): date(2027, 1, 18 + n) for n in range(3)}
    assert sorted(m.person_kind for m in mails).count("contact") == 2
    with at(FRIDAY, "13:00"):
        assert date(2027, 1, 18) not in open_days(running)


def test_called_off_days_do_not_come_back_with_the_period(running):
    from placements.changes import following

    day = date(2027, 1, 20)
    with at(FRIDAY, "12:00"):
        call_off(running, day, day, again=LATER)
        actor = running.actor(running.berk.coordinator)
        with use(actor.scope):
            period = Period.objects.get(pk=running.berk.period.pk)
            assert following.behind(actor, period) == []
    assert day not in dates_of(running.berk.placement)
    assert LATER in dates_of(running.berk.placement)


def test_a_student_proposes_and_the_teacher_agrees_on_the_page(running):
    url = f"/aanwezig/gemist/{running.berk.placement.public_id}/{TUESDAY}/"
    with at(FRIDAY, "12:00"):
        student = client_of(running.berk.logins[0])
        asked = student.post(url, {"on": "2027-01-25", "day_from": "09:00", "day_to": "15:00"})
        assert asked.status_code == 302, asked.content.decode()
        assert "al gevraagd" not in student.get(url).content.decode()
        teacher = client_of(running.berk.teacher)
        page = teacher.get("/aanwezig/gemist/").content.decode()
        assert "Er is een inhaaldag voorgesteld" in page
        refused = teacher.post(url, {"outcome": "caught_up", "on": "2027-01-25"})
        assert refused.status_code == 422
        data = {
            "outcome": "caught_up",
            "on": "2027-01-25",
            "day_from": "09:00",
            "day_to": "15:00",
            "agreed_with": "Baas",
            "agreed_on": "2027-01-15",
        }
        assert teacher.post(url, data).status_code == 302
        with use(SYSTEM):
            (row,) = PlacementChange.objects.filter(kind="catch_up")
        assert row.state == "done"
        assert "Afgesproken met Baas op" in row.words
        folder = teacher.get(f"/stages/plaatsingen/{running.berk.placement.public_id}/")
        assert "Wordt ingehaald op ma 25 januari" in folder.content.decode()


def test_the_page_of_days_off_shows_before_it_does(running):
    code = running.berk.period.public_id
    url = f"/stages/periodes/{code}/niet-door/"
    with at(FRIDAY, "12:00"):
        client = client_of(running.berk.coordinator)
        assert client.post(url, {"reason": "closed"}).status_code == 422
        data = {"from_on": "2027-01-21", "until_on": "2027-01-22", "reason": "closed"}
        page = client.post(url, data).content.decode()
        assert "Dit raakt 1 stage" in page
        assert date(2027, 1, 21) in dates_of(running.berk.placement)
        done = client.post(
            url, {**data, "do": "1", "run": "X", "placement": running.berk.placement.public_id}
        )
        assert done.status_code == 302
        assert date(2027, 1, 21) not in dates_of(running.berk.placement)
        shown = client.get(done.url).content.decode()
        assert "gaat niet door voor 1 leerling" in shown


def test_the_hour_that_summer_time_takes_counts_as_worked(world):
    """28 March 2027: the clock goes from two to three at night; a day's work keeps its hours."""
    sunday = date(2027, 3, 28)
    placement = in_state(world.berk.placement, "running", created_at="2026-12-01T09:00:00+00:00")
    ill(placement, TUESDAY, ends=TUESDAY)
    with use(SYSTEM):
        type(placement.student).objects.filter(pk=placement.student_id).update(
            birth_date=date(2005, 1, 1)
        )
    with at(FRIDAY, "12:00"):
        decide(world, TUESDAY, "caught_up", on=sunday, day_from=time(1), day_to=time(7))
    checked_in(placement, sunday, "01:00")
    actor = world.actor(world.berk.teacher)
    with at(sunday, "12:00"), use(actor.scope):
        row = Placement.objects.get(pk=placement.pk)
        (day,) = days_of(actor, [row], sunday, sunday)[row.pk]
    assert day.caught_up_minutes == 5 * 60 - 30
