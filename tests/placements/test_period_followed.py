"""What changes in a period reaches the placements that are made, and everybody once."""

from datetime import date, time

import pytest
from django.urls import reverse

from placements import services
from placements.changes import following
from placements.models import Placement, PlacementChange, PlannedDay
from stage.core.mail import delivery
from stage.core.models import Job, OutboxMail
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.who.policies import Conflict
from stage.core.work import long_jobs
from stage.schools.models import Period, PeriodException
from tests.attendance.helpers import MONDAY, TUESDAY, another_placement, at, checked_in
from tests.clients import client_of
from tests.placements.changes import change, current, days_of, in_state, rows_of, undo

BEFORE = date(2027, 1, 4)
WEDNESDAY, THURSDAY = date(2027, 1, 13), date(2027, 1, 14)
LAST = date(2027, 1, 22)


def free(world, *days: date, reason: str = "Studiedag") -> None:
    with use(SYSTEM):
        for day in days:
            PeriodException.objects.create(
                school=world.berk.school, period=world.berk.period, date=day, reason=reason
            )


def reads(world, **values) -> None:
    with use(SYSTEM):
        Period.objects.filter(pk=world.berk.period.pk).update(**values)


def behind(world):
    coordinator = world.actor(world.berk.coordinator)
    with use(coordinator.scope):
        return following.behind(coordinator, Period.objects.get(pk=world.berk.period.pk))


def follow(world, *placements, run="R1"):
    coordinator = world.actor(world.berk.coordinator)
    with use(coordinator.scope):
        period = Period.objects.get(pk=world.berk.period.pk)
        ids = [p.pk for p in placements or [world.berk.placement]]
        return services.change_many(
            period, ids, following.as_the_period(run=run), actor=coordinator
        )


def test_a_new_placement_follows_its_period(world):
    with at(BEFORE):
        assert behind(world) == []


@pytest.mark.parametrize("state", ["concept", "agreement", "signed", "running"])
def test_free_days_go_and_the_dates_stay(world, state):
    placement = in_state(world.berk.placement, state)
    free(world, TUESDAY, LAST)
    with at(BEFORE):
        (plan,) = behind(world)
        assert [d.date for d in plan.removed] == [TUESDAY, LAST]
        assert (plan.values, plan.added) == ({}, ())
        assert not following.says_otherwise(plan)
        assert follow(world).done == 1
        assert behind(world) == []
    assert TUESDAY not in days_of(placement)
    assert current(placement).ends == LAST


def test_a_day_that_was_worked_stays_and_yesterday_is_over(world):
    placement = in_state(world.berk.placement, "running")
    checked_in(placement, TUESDAY)
    free(world, MONDAY, TUESDAY, WEDNESDAY)
    with at(TUESDAY, "12:00"):
        (plan,) = behind(world)
        assert [d.date for d in plan.removed] == [WEDNESDAY]
        assert list(plan.kept) == [TUESDAY]
        follow(world)
        assert behind(world) == []
    assert {MONDAY, TUESDAY} <= set(days_of(placement))


def test_other_dates_hours_and_weekdays_are_followed(world):
    placement = world.berk.placement
    reads(
        world,
        ends=date(2027, 1, 29),
        weekdays=[1, 2],
        day_from=time(9),
        day_to=time(15),
        break_minutes=45,
    )
    with at(BEFORE):
        assert follow(world).refused == []
        assert behind(world) == []
    assert rows_of(placement) == [
        (day, time(9), time(15), 45)
        for day in (MONDAY, TUESDAY, *(date(2027, 1, n) for n in (18, 19, 25, 26)))
    ]
    now = current(placement)
    assert (now.starts, now.ends) == (MONDAY, date(2027, 1, 26))
    assert (now.weekdays, now.day_from, now.break_minutes) == ([1, 2], time(9), 45)


def test_own_hours_and_own_dates_stay(world):
    placement = world.berk.placement
    with at(BEFORE):
        change(world, placement, "schedule", day_from=time(10), day_to=time(14))
        change(world, placement, "dates", starts=TUESDAY, ends=date(2027, 1, 21))
        reads(world, day_from=time(8), day_to=time(12), ends=date(2027, 1, 29))
        assert behind(world) == []
        reads(world, starts=date(2027, 1, 6))
        free(world, WEDNESDAY)
        follow(world)
    assert WEDNESDAY not in days_of(placement)
    assert {row[1:3] for row in rows_of(placement)} == {(time(10), time(14))}
    assert (current(placement).starts, current(placement).ends) == (TUESDAY, date(2027, 1, 21))


def test_pauses_and_other_days_for_a_while_do_not_come_back(world):
    placement = world.berk.placement
    with at(BEFORE):
        change(world, placement, "pause", from_on=MONDAY, until_on=TUESDAY, reason="illness")
        friday = date(2027, 1, 22)
        change(
            world,
            placement,
            "schedule",
            from_on=date(2027, 1, 18),
            until_on=friday,
            weekdays=(1, 5),
            day_from=time(9),
            day_to=time(13),
        )
        was = days_of(placement)
        assert behind(world) == []
        free(world, WEDNESDAY, friday)
        (plan,) = behind(world)
        assert [d.date for d in plan.removed] == [WEDNESDAY, friday]
        follow(world)
    assert days_of(placement) == [d for d in was if d not in (WEDNESDAY, friday)]


def test_a_press_can_be_taken_back_and_pressed_twice_is_done_once(world):
    placement = world.berk.placement
    was = rows_of(placement)
    free(world, TUESDAY)
    with at(BEFORE, "12:00"):
        assert follow(world).done == 1
        again = follow(world)
        assert (again.done, again.same, again.refused) == (0, 1, [])
        with use(SYSTEM):
            row = PlacementChange.objects.get(placement=placement, kind="period")
        undo(world, row)
        assert rows_of(placement) == was
        assert len(behind(world)) == 1


def test_a_press_for_many_is_taken_back_whole_with_one_more(world, mailoutbox):
    other = another_placement(world.berk, world.noord, 1)
    was = [rows_of(world.berk.placement), rows_of(other)]
    free(world, TUESDAY)
    page = reverse("placements:period_follow", args=[world.berk.period.public_id])
    with at(BEFORE, "12:00"):
        client = client_of(world.berk.coordinator)
        ticked = [world.berk.placement.public_id, other.public_id]
        said = client.post(page, {"placement": ticked, "run": "R7"}, follow=True).content.decode()
        undo_url = reverse("placements:period_undo", args=[world.berk.period.public_id, "R7"])
        assert undo_url in said
        assert rows_of(other) != was[1]
        back = client.post(undo_url, follow=True).content.decode()
        assert "2 stages zijn weer zoals ze waren" in back
        assert [rows_of(world.berk.placement), rows_of(other)] == was
        again = client.post(undo_url, follow=True).content.decode()
        assert "kan niet meer" in again
    with at(BEFORE, "12:10"):
        delivery.deliver()
    assert mailoutbox == []


def test_a_press_for_many_is_taken_back_for_all_or_for_none(world):
    other = another_placement(world.berk, world.noord, 1)
    free(world, TUESDAY)
    coordinator = world.actor(world.berk.coordinator)
    with at(BEFORE, "12:00"):
        follow(world, world.berk.placement, other, run="R8")
    with at(BEFORE, "12:01"):
        change(world, other, "pause", from_on=WEDNESDAY, until_on=THURSDAY, reason="illness")
        was = rows_of(world.berk.placement)
        with use(coordinator.scope), pytest.raises(Conflict, match="daarna nog iets"):
            services.undo_many(world.berk.period, "R8", actor=coordinator)
        assert rows_of(world.berk.placement) == was


def test_a_company_with_two_students_gets_one_mail_that_names_nobody(world, settings, mailoutbox):
    other = another_placement(world.berk, world.noord, 1)
    free(world, TUESDAY)
    with at(BEFORE, "12:00"):
        follow(world, world.berk.placement, other)
    with use(SYSTEM):
        rows = list(OutboxMail.objects.filter(event="period_changed"))
    kinds = sorted(row.person_kind for row in rows)
    assert kinds == ["contact", "contact", "membership", "student", "student"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    with at(BEFORE, "12:01"):
        delivery.deliver()
        assert mailoutbox == []
    with at(BEFORE, "12:10"):
        delivery.deliver()
    assert len(mailoutbox) == 5
    for message in mailoutbox:
        text = f"{message.subject} {message.body} {message.alternatives[0][0]}"
        assert "di 12 januari" in text
        if message.to[0] in {c.email for c in (*world.noord.contacts, *world.noord.supervisors)}:
            assert "2 leerlingen" in text
            assert not [s for s in world.berk.students if s.first_name in text]


def test_who_is_elsewhere_on_a_new_day_is_left_and_said(world):
    placement = world.berk.placement
    reads(world, ends=date(2027, 1, 25))
    with use(SYSTEM):
        elsewhere = Placement.objects.get(pk=placement.pk)
        elsewhere.pk, elsewhere.public_id = None, "ELDERS"
        elsewhere.state = "concept"
        elsewhere.period = Period.objects.create(
            school=world.berk.school,
            name="Lint",
            kind="weekdays",
            starts=date(2027, 1, 25),
            ends=date(2027, 1, 25),
            weekdays=[1],
            day_from=time(9),
            day_to=time(15),
        )
        elsewhere.save(force_insert=True)
        PlannedDay.objects.create_about(
            elsewhere,
            date=date(2027, 1, 25),
            day_from=time(9),
            day_to=time(15),
            break_minutes=30,
        )
    was = rows_of(placement)
    with at(BEFORE):
        outcome = follow(world)
    assert outcome.done == 0
    assert "Overlap" in outcome.refused[0][1]
    assert rows_of(placement) == was


def test_many_placements_are_a_workers(world, monkeypatch):
    from placements.services import periods

    monkeypatch.setattr(periods, "AT_ONCE", 1)
    other = another_placement(world.berk, world.noord, 1)
    free(world, TUESDAY)
    with at(BEFORE):
        job = follow(world, world.berk.placement, other)
        assert isinstance(job, Job)
        assert follow(world, world.berk.placement, other).pk == job.pk
        assert len(behind(world)) == 2
        long_jobs.run_waiting()
        with use(SYSTEM):
            job = Job.objects.get(pk=job.pk)
        assert (job.state, job.result["done"]) == ("done", 2)
        assert behind(world) == []


def test_the_period_page_leads_on_and_keeps_saying_so(world):
    code = world.berk.period.public_id
    with at(BEFORE):
        client = client_of(world.berk.coordinator)
        answer = client.post(
            f"/periodes/{code}/vrij/", {"first": "2027-01-12", "reason": "Studiedag"}
        )
        assert answer.url.endswith(f"/periodes/{code}/"), answer.url
        page = client.get(answer.url).content.decode()
        assert "Dit raakt 1 stage: 1 getekend, 0 niet." in page
        period_page = client.get(f"/periodes/{code}/").content.decode()
        assert "1 stage volgt de periode nog niet." in period_page
        done = client.post(answer.url, {"placement": world.berk.placement.public_id, "run": "X"})
        assert done.status_code == 302
        assert "volgt de periode nog niet" not in client.get(done.url).content.decode()
