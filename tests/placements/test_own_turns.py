"""What may happen while a company is asked for one student."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from companies import services as company_services
from companies.enums import PlaceState
from companies.models import Company, Place
from placements import services
from placements.enums import ApplicationState
from placements.models import Application, OwnCompany, PlacementSettings
from stage.core.models import OutboxMail
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.who.policies import Conflict, NotAllowed
from stage.schools.models import Student
from tests.clients import client_of
from tests.placements.helpers import card_exists, mails, state_of
from tests.placements.own import (
    N,
    approve,
    as_company,
    asked,
    asking,
    fresh,
    name,
    student_of,
)
from tests.races import at_once


@pytest.fixture
def page():
    return reverse("placements:own_company")


# --- turns


def test_taking_it_back_while_the_company_thinks_tells_the_company(world):
    application = asked(world)
    with use(SYSTEM):
        OutboxMail.objects.filter(event="application_sent").update(state="sent")
    actor, _student = student_of(world)
    with use(actor.scope):
        row = Application.objects.select_related("place").get(pk=application.pk)
        services.withdraw_application(row, actor=actor)
    assert [m.about_id for m in mails("application_closed")] == [application.pk]
    assert not card_exists(world.berk.students[N], application.company)


def test_a_yes_after_the_student_was_placed_elsewhere_does_nothing(world):
    application = asked(world)
    actor = world.actor(world.berk.coordinator)
    with use(SYSTEM):
        Place.objects.filter(pk=world.berk.places[0].pk).update(how_many=5)
    with use(actor.scope):
        student = Student.objects.get(pk=world.berk.students[N].pk)
        services.match(student, Place.objects.get(pk=world.berk.places[0].pk), actor=actor)
    assert state_of(application) == ApplicationState.CLOSED
    with pytest.raises((Conflict, NotAllowed)):
        as_company(world, application, services.accept_application)
    assert fresh(Place(pk=application.place_id)).state == PlaceState.ASKED


def test_a_yes_after_the_period_does_nothing(world):
    application = asked(world)
    with use(SYSTEM):
        period = type(world.berk.period).objects.filter(pk=world.berk.period.pk)
        day = timezone.localdate() - timedelta(days=1)
        period.update(starts=day - timedelta(days=9), ends=day)
    with pytest.raises(Conflict, match="voorbij"):
        as_company(world, application, services.accept_application)
    assert state_of(application) == ApplicationState.WITH_COMPANY


def test_a_student_who_left_is_asked_for_nowhere(world):
    own = name(world)
    with use(SYSTEM):
        Student.objects.filter(pk=world.berk.students[N].pk).update(left_on=timezone.localdate())
    with pytest.raises(Conflict, match="van school"):
        approve(world, own)
    home = client_of(world.berk.coordinator).get("/").content.decode()
    assert "eigen bedrijf van" not in home


def test_beside_a_yes_nothing_is_asked_unless_the_school_lets_it(world):
    own = name(world)
    with use(SYSTEM):
        Place.objects.filter(pk=world.berk.places[0].pk).update(how_many=5)
        Application.objects.create(
            school=world.berk.school,
            student=world.berk.students[N],
            company=world.noord.companies[0],
            place=world.berk.places[0],
            period=world.berk.period,
            state=ApplicationState.ACCEPTED,
        )
    with pytest.raises(Conflict, match="zei al ja"):
        approve(world, own)
    with use(SYSTEM):
        PlacementSettings.objects.filter(school=world.berk.school).update(after_yes="leave")
    assert state_of(approve(world, own)) == ApplicationState.WITH_COMPANY


@pytest.mark.django_db(transaction=True)
def test_two_who_look_at_once_ask_once(world):
    own = name(world)
    coordinator = world.actor(world.berk.coordinator)
    teacher = world.actor(world.berk.teacher)

    def look(actor):
        row = OwnCompany.objects.select_related("student", "period__school").get(pk=own.pk)
        services.approve_own(row, asking(), actor=actor)

    assert sorted(at_once((coordinator, look), (teacher, look), rows=[world.berk.students[N]])) == [
        "conflict",
        "ok",
    ]
    with use(SYSTEM):
        assert Application.objects.filter(student=world.berk.students[N]).count() == 1
        assert Company.objects.filter(name="Garage De Vries").count() == 1


def test_a_merge_meanwhile_asks_the_one_that_stays(world):
    own = name(world, known=world.noord.companies[1])
    first, second = world.noord.companies[:2]
    bureau = world.actor(world.noord.bureau)
    with use(bureau.scope):
        company_services.merge(
            Company.objects.get(pk=second.pk),
            into=Company.objects.get(pk=first.pk),
            actor=bureau,
        )
    application = approve(world, own, company=second)
    with use(SYSTEM):
        assert application.company_id == Company.objects.get(pk=second.pk).stays.pk


def test_what_a_student_named_is_between_that_student_and_the_school(world):
    own = name(world)
    for n, seen in ((N, 1), (1, 0)):
        actor, _student = student_of(world, n)
        with use(actor.scope):
            # In the database too, without any filter of ours.
            assert OwnCompany.objects.filter(pk=own.pk).count() == seen
    guardian = world.guardian_actor(world.berk.guardians[N], world.noord.region)
    with use(guardian.scope):
        assert not OwnCompany.objects.visible_to(guardian).exists()
    contact = world.company_actor(world.noord.contacts[0])
    with use(contact.scope):
        assert not OwnCompany.objects.visible_to(contact).exists()
