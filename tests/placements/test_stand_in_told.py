"""Students and companies hear who stands in for the teacher: once each, and when it ended early."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from placements.models import Placement
from stage.core.models import Membership
from stage.core.tenants.tenancy import SYSTEM, use
from stage.schools.models import Student
from stage.schools.services import stand_ins
from tests.attendance.helpers import another_placement, at
from tests.clients import client_of, client_of_contact
from tests.placements.taking_back import sent, waiting
from tests.placements.test_stand_ins import FRIDAY, SATURDAY, TUESDAY, as_coordinator, begin, of

OURS = ("teacher_replaced", "teacher_back")


@pytest.fixture(autouse=True)
def on_tuesday(before_the_period):
    with at(TUESDAY, "10:00"):
        yield


@pytest.fixture
def two(world):
    """Two students of the teacher at one company, which knows of both."""
    other = another_placement(world.berk, world.noord, 1)
    with use(SYSTEM):
        Placement.objects.filter(school=world.berk.school).update(briefed_at=timezone.now())
        Membership.objects.filter(pk=world.berk.colleague.pk).update(telephone="06 87654321")
        Student.objects.filter(pk=world.berk.students[1].pk).update(email="bo@berk.test")
    return [world.berk.placement, other]


def told(settings, **span) -> dict[str, str]:
    """Address -> text of the mails to others than staff; one each."""
    mails = [(to, text) for to, text in sent(settings, **span) if "Beste Collega" not in text]
    assert len(mails) == len(dict(mails))
    return dict(mails)


def people(world) -> set[str]:
    students = {world.berk.students[0].email, "bo@berk.test"}
    return students | {world.noord.contacts[0].email, world.noord.supervisors[0].email}


def test_each_is_mailed_once_with_whom_to_call(world, two, settings):
    begin(world)
    mails = told(settings)
    assert set(mails) == people(world)
    for text in mails.values():
        assert world.berk.teacher.name in text
        assert "15 januari" in text
        assert "06 87654321" in text
    company = mails[world.noord.contacts[0].email]
    assert "U hoeft niets te doen" in company
    # A mail to a company names no student.
    assert "Aya" not in company
    assert "je stage" in mails["bo@berk.test"]


def test_who_is_not_concerned_hears_nothing(world, two, settings):
    """A student who is not chosen, a company that knows nothing yet, days after the placement."""
    with use(SYSTEM):
        Placement.objects.filter(pk=two[1].pk).update(briefed_at=None)
    begin(world, chosen=[two[1].student_id])
    assert set(told(settings)) == {"bo@berk.test"}
    with use(SYSTEM):
        Placement.objects.filter(pk=two[0].pk).update(ends=FRIDAY)
    begin(world, chosen=[two[0].student_id], starts=SATURDAY, until=date(2027, 1, 20))
    assert told(settings) == {}


def test_pressed_by_mistake_nobody_hears_of_it(world, two, settings):
    row = begin(world)
    as_coordinator(world, lambda actor: stand_ins.end(of(row, world), actor=actor))
    assert sent(settings) == []


def test_back_earlier_is_told_to_who_was_told(world, two, settings):
    row = begin(world)
    assert set(told(settings)) == people(world)
    with use(SYSTEM):  # a company that heard of the student since then was not told
        Student.objects.filter(pk=world.berk.students[1].pk).update(email="")
    with at(date(2027, 1, 13), "09:00"):
        as_coordinator(world, lambda actor: stand_ins.end(of(row, world), actor=actor))
        mails = told(settings)
    assert set(mails) == people(world) - {"bo@berk.test"}
    assert all("is er weer" in text for text in mails.values())


def test_ended_before_a_mail_left_nobody_is_told_either(world, two, settings):
    row = begin(world, starts=FRIDAY)
    assert {event for event, _kind, _pk in waiting()} >= {"teacher_replaced"}
    # The minutes of undoing are over, and the worker was away.
    with at(TUESDAY, "10:30"):
        as_coordinator(world, lambda actor: stand_ins.end(of(row, world), actor=actor))
        assert [event for event, _kind, _pk in waiting() if event in OURS] == []


def test_another_last_day_is_told_again(world, two, settings):
    row = begin(world)
    told(settings)
    with at(date(2027, 1, 13), "09:00"):
        as_coordinator(
            world,
            lambda actor: stand_ins.prolong(of(row, world), until=date(2027, 1, 22), actor=actor),
        )
        mails = told(settings)
    assert set(mails) == people(world)
    assert all("22 januari" in text for text in mails.values())


def test_the_companys_list_says_whom_to_call_while_it_lasts(world, two):
    begin(world, chosen=[two[0].student_id])
    url = reverse("placements:trainee_list")
    page = client_of_contact(world.noord.contacts[0]).get(url).content.decode()
    # The other student is guided by the teacher all the same.
    assert page.count("vervangt t/m vr 15 januari") == 1
    assert page.count("Bel Collega, 06 87654321") == 1
    with at(SATURDAY, "09:00"):
        page = client_of_contact(world.noord.contacts[0]).get(url).content.decode()
        assert "vervangt t/m" not in page


def test_the_home_of_a_coordinator_who_stands_in_says_so_too(world):
    begin(world, to=world.berk.coordinator)
    home = client_of(world.berk.coordinator).get(reverse("web:home")).content.decode()
    assert f"Je vervangt {world.berk.teacher.name} t/m vr 15 januari" in home
    with at(SATURDAY, "09:00"):
        home = client_of(world.berk.coordinator).get(reverse("web:home")).content.decode()
        assert "Je vervangt" not in home
