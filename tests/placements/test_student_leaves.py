"""A student leaves school: placements end, applications are withdrawn, everybody is told once."""

from datetime import date

import pytest
from django.urls import reverse

from placements import tasks as placement_tasks
from placements.enums import ApplicationState, PlacementState
from placements.models import Application, Placement, PlacementChange, PlannedDay
from stage.core.models import Membership
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.who.policies import Conflict
from stage.schools import tasks
from stage.schools.models import Period, Student
from stage.schools.services import leaving
from tests.attendance.helpers import at
from tests.clients import client_of
from tests.placements.changes import change, current, days_of, in_state
from tests.placements.changes import undo as undo_change
from tests.placements.helpers import apply_to, card_exists, state_of
from tests.placements.taking_back import sent, waiting
from tests.placements.test_application_services import second_place
from tests.races import at_once

MONDAY, FRIDAY = date(2027, 1, 18), date(2027, 1, 15)


def leave(world, n=0, on=MONDAY, actor=None, **why):
    who = actor or world.actor(world.berk.coordinator)
    with use(who.scope):
        student = Student.objects.get(pk=world.berk.students[n].pk)
        return leaving.student_leaves(student, on=on, actor=who, **why)


def undo(world, n=0) -> None:
    who = world.actor(world.berk.coordinator)
    with use(who.scope):
        leaving.undo_leaving(Student.objects.get(pk=world.berk.students[n].pk), actor=who)


def fresh(world, n=0) -> Student:
    with use(SYSTEM):
        return Student.objects.get(pk=world.berk.students[n].pk)


@pytest.fixture
def running(world):
    return in_state(world.berk.placement, "running")


def test_who_is_at_work_stops_from_that_day(world, running, settings):
    with at(MONDAY, "10:00"):
        leave(world, reason="other_school")
        after = current(running)
        assert (after.state, after.ends) == (PlacementState.STOPPED, FRIDAY)
        assert days_of(running)[-1] == FRIDAY
        with use(SYSTEM):
            (change,) = PlacementChange.objects.filter(placement=running)
            assert (change.kind, change.reason) == ("stop", "other_school")
            assert Membership.objects.get(pk=world.berk.logins[0].pk).ended_at is not None
        told = sorted(to for to, _text in sent(settings))
    # Company, its supervisor, teacher and parent; who left has no log-in and gets no mail.
    assert told == sorted(
        [
            world.noord.contacts[0].email,
            world.noord.supervisors[0].email,
            world.berk.teacher.email,
            world.berk.guardians[0].email,
        ]
    )


def test_what_did_not_begin_is_called_off_and_applications_are_withdrawn(world, settings):
    placement = in_state(world.berk.placement, "signed")
    with use(SYSTEM):
        other = apply_to(
            second_place(world), world.berk.students[0], submitted_at="2026-11-25T10:00:00Z"
        )
        draft = Application.objects.get(pk=world.berk.applications[0].pk)
    leave(world, on=date(2026, 12, 1))
    assert current(placement).state == PlacementState.CANCELLED
    assert days_of(placement) == []
    assert state_of(other) == ApplicationState.WITHDRAWN
    assert state_of(draft) == ApplicationState.WITHDRAWN
    assert not card_exists(world.berk.students[0], world.noord.companies[1])
    told = [to for to, _text in sent(settings)]
    assert sorted(told) == sorted(set(told))
    assert world.noord.contacts[1].email in told


def test_a_yes_is_given_back_and_nothing_rests_any_more(world, settings):
    with use(SYSTEM):
        wish = Application.objects.get(pk=world.berk.applications[1].pk)
        Application.objects.filter(pk=wish.pk).update(
            state="accepted", submitted_at="2026-11-25T10:00:00Z"
        )
        parked = apply_to(
            second_place(world),
            world.berk.students[1],
            ApplicationState.PARKED,
            submitted_at="2026-11-25T10:00:00Z",
        )
    leave(world, 1, on=date(2026, 12, 1))
    assert (state_of(wish), state_of(parked)) == ("withdrawn", "withdrawn")
    assert sorted(to for to, _text in sent(settings)) == sorted(
        [world.noord.contacts[0].email, world.noord.contacts[1].email]
    )
    placement_tasks.bring_back_parked()
    assert state_of(parked) == ApplicationState.WITHDRAWN


def test_two_placements_are_one_mail_to_each_person(world, running, settings):
    with use(SYSTEM):
        later_one = Placement.objects.get(pk=running.pk)
        later_one.pk = None
        later_one.public_id = "TWEEDE2222"
        later_one.state = "signed"
        later_one.company_id = world.noord.companies[1].pk
        later_one.supervisor_id = later_one.place_id = later_one.location_id = None
        later_one.starts, later_one.ends = date(2027, 3, 1), date(2027, 3, 5)
        period = Period.objects.get(pk=running.period_id)
        period.pk, period.public_id = None, "LATER22222"
        period.name, period.starts, period.ends = "Blok 2", later_one.starts, later_one.ends
        period.save(force_insert=True)
        later_one.period = period
        later_one.save(force_insert=True)
    with at(MONDAY, "10:00"):
        leave(world)
        assert current(later_one).state == PlacementState.CANCELLED
        mails = sent(settings)
    told = [to for to, _text in mails]
    assert sorted(told) == sorted(set(told))
    (teacher,) = [text for to, text in mails if to == world.berk.teacher.email]
    assert "Garage Noord" in teacher
    assert "Bakkerij Noord" in teacher
    (bakery,) = [text for to, text in mails if to == world.noord.contacts[0].email]
    assert "Garage" not in bakery


def test_a_day_to_come_ends_it_on_that_day(world, running, settings):
    with at(date(2027, 1, 12), "10:00"):
        leave(world)
        student = fresh(world)
        assert (student.left_on, student.leaves_on) == (None, MONDAY)
        assert days_of(running)[-1] == FRIDAY
        with use(SYSTEM):
            assert Membership.objects.get(pk=world.berk.logins[0].pk).ended_at is None
        assert world.berk.students[0].email in [to for to, _text in sent(settings)]
        assert tasks.follow_leaving() == 0
        page = client_of(world.berk.coordinator).get(
            reverse("schools:student_show", args=[student.public_id])
        )
        assert "Gaat van school op" in page.content.decode()
    with at(date(2027, 1, 17), "23:59"):
        assert tasks.follow_leaving() == 0
    with at(MONDAY, "00:01"):
        assert tasks.follow_leaving() == 1
        assert tasks.follow_leaving() == 0
        student = fresh(world)
        assert (student.left_on, student.leaves_on) == (MONDAY, None)
        with use(SYSTEM):
            assert Membership.objects.get(pk=world.berk.logins[0].pk).ended_at is not None
            assert not PlannedDay.objects.filter(student=student, date__gte=MONDAY).exists()


def test_pressed_by_mistake_all_is_as_it_was_and_nobody_is_mailed(world, running, settings):
    with use(SYSTEM):
        other = apply_to(
            second_place(world), world.berk.students[0], submitted_at="2026-11-25T10:00:00Z"
        )
    days = days_of(running)
    with at(MONDAY, "10:00"):
        leave(world)
        undo(world)
        after = current(running)
        assert (after.state, after.ends) == (PlacementState.RUNNING, running.ends)
        assert days_of(running) == days
        assert state_of(other) == ApplicationState.WITH_COMPANY
        assert card_exists(world.berk.students[0], world.noord.companies[1])
        assert fresh(world).leaving_on is None
        with use(SYSTEM):
            assert Membership.objects.get(pk=world.berk.logins[0].pk).ended_at is None
        assert sent(settings) == []


def test_after_two_minutes_a_student_comes_back_without_its_placement(world, running):
    url = reverse("schools:student_leave", args=[world.berk.students[0].public_id])
    with at(MONDAY, "10:00"):
        leave(world)
    with at(MONDAY, "10:03"):
        client = client_of(world.berk.coordinator)
        with pytest.raises(Conflict, match="kan niet meer"):
            undo(world)
        assert "komen niet terug" in client.get(url).content.decode()
        page = client.post(f"{url}?terug=1", follow=True).content.decode()
        assert "Stages en sollicitaties komen niet terug." in page
        assert current(running).state == PlacementState.STOPPED
        assert fresh(world).leaving_on is None


def test_the_page_says_what_ends_and_who_is_mailed(world, running):
    url = reverse("schools:student_leave", args=[world.berk.students[0].public_id])
    with at(MONDAY, "10:00"):
        client = client_of(world.berk.coordinator)
        page = client.get(url).content.decode()
        for words in (
            "Bakkerij Noord",
            "De stage stopt vanaf die dag",
            world.noord.contacts[0].name,
            world.berk.teacher.name,
            world.berk.guardians[0].name,
        ):
            assert words in page
        wrong = client.post(url, {"on": "2027-01-18", "reason": "other", "words": ""})
        assert wrong.status_code == 422
        assert "Schrijf in een zin waarom." in wrong.content.decode()
        assert current(running).state == PlacementState.RUNNING
        done = client.post(url, {"on": "2027-01-18", "reason": "left_school"}, follow=True)
        assert "is van school" in done.content.decode()
        assert "Ongedaan maken" in done.content.decode()
        assert current(running).state == PlacementState.STOPPED
        done = client.post(f"{url}?terug=1", follow=True)
        assert "Niemand heeft bericht gekregen." in done.content.decode()


def test_an_ended_placement_is_not_taken_up_beside_a_student_who_left(world, running):
    with at(MONDAY, "10:00"):
        leave(world)
        with use(SYSTEM):
            row = PlacementChange.objects.get(placement=running)
        with pytest.raises(Conflict, match="gaat van school"):
            undo_change(world, row)


def test_the_home_of_who_stopped_says_what_now(world, running):
    with use(SYSTEM):
        Membership.objects.filter(pk=world.berk.teacher.pk).update(telephone="06 12345678")
    with at(MONDAY, "10:00"):
        change(world, running, "stop", from_on=MONDAY)
        home = client_of(world.berk.logins[0]).get(reverse("web:home")).content.decode()
        assert "Bij Bakkerij Noord was vr 15 januari je laatste dag" in home
        assert 'Bel Docent, <span class="nowrap">06 12345678</span>' in home
        assert 'href="tel:0612345678"' in home


@pytest.mark.django_db(transaction=True)
def test_two_coordinators_who_press_at_once_end_it_once(committed_world):
    world = committed_world
    placement = in_state(world.berk.placement, "running")
    boss = world.actor(world.berk.coordinator)

    def press(actor):
        student = Student.objects.get(pk=world.berk.students[0].pk)
        leaving.student_leaves(student, on=date(2026, 12, 1), actor=actor)

    assert sorted(at_once((boss, press), (boss, press), rows=[world.berk.students[0]])) == [
        "conflict",
        "ok",
    ]
    with use(SYSTEM):
        assert PlacementChange.objects.filter(placement=placement).count() == 1
    told = [(kind, who) for event, kind, who in waiting() if event == "placement_changed"]
    assert sorted(told) == sorted(set(told))
