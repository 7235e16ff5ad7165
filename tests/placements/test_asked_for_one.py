"""A company is asked for one student alone: by mail, by telephone, and nobody else takes it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from companies.enums import PlaceState
from companies.models import Company, Contact, Offer, Place, Trust
from placements import board, services
from placements.enums import ApplicationState, OwnState
from placements.models import Application, OwnCompany
from placements.services import Asking
from stage.core.mail.letters import HANDLERS, resolve_person, sender_of, write
from stage.core.tenants.tenancy import SYSTEM, school_scope, use
from stage.core.who.actors import job_at
from stage.core.who.policies import Conflict
from stage.schools.models import Student
from tests.clients import client_of, client_of_contact
from tests.placements.helpers import card_exists, mails, state_of
from tests.placements.own import (
    GARAGE,
    N,
    approve,
    as_company,
    asked,
    contact_at,
    fresh,
    name,
    student_of,
)


@pytest.fixture
def page():
    return reverse("placements:own_company")


# --- the question


def test_a_new_company_comes_into_the_pool_and_is_asked_by_its_teacher(world):
    application = asked(world, who=world.berk.teacher)
    with use(SYSTEM):
        company = Company.objects.get(name="Garage De Vries")
        assert company.locations.get().city == "Arnhem"
        known = Trust.objects.live().get(company=company)
        place = Place.objects.get(pk=application.place_id)
    assert (known.school_id, known.address) == (world.berk.school.pk, "kees@devries.test")
    assert (place.state, place.for_one, place.how_many) == (PlaceState.ASKED, True, 1)
    assert state_of(application) == ApplicationState.WITH_COMPANY
    assert [m.about_id for m in mails("application_sent")] == [application.pk]
    assert card_exists(world.berk.students[N], company)


def test_where_the_school_knows_somebody_the_students_address_does_not_count(world):
    own = name(world, known=world.noord.companies[1])
    application = approve(world, own, company=world.noord.companies[1])
    with use(SYSTEM):
        assert not Contact.objects.filter(email="kees@devries.test").exists()
    assert [m.person_id for m in mails("application_sent")] == [world.noord.contacts[1].pk]
    assert application.company_id == world.noord.companies[1].pk


def test_without_an_address_nobody_is_mailed_by_mistake(world):
    with pytest.raises(Conflict, match="nog geen e-mailadres"):
        asked(world, email="")
    with use(SYSTEM):
        assert not Company.objects.filter(name="Garage De Vries").exists()


def test_the_mail_names_no_student_and_the_page_shows_one_after_a_code(world):
    application = asked(world)
    (row,) = mails("application_sent")
    with use(school_scope(world.berk.school)):
        letter = HANDLERS["application_sent"](row)
        student = Student.objects.get(pk=world.berk.students[N].pk)
        person = resolve_person("contact", row.person_id)
        sender = sender_of(school_id=row.school_id, region_id=row.region_id)
        message = write(letter, person, "<x@stage.test>", sender)
    assert message.to == ["kees@devries.test"]
    assert "alleen voor deze ene leerling" in message.body
    assert student.first_name not in message.body
    path = reverse("placements:application_decide", args=[application.public_id])
    assert Client().get(path).status_code == 302
    shown = client_of_contact(contact_at(application)).get(path).content.decode()
    assert student.first_name in shown
    assert "Helpen met banden wisselen" in shown


def test_a_yes_makes_the_place_and_is_ready_to_match(world):
    application = asked(world)
    as_company(world, application, services.accept_application)
    place = fresh(Place.objects.model(pk=application.place_id))
    assert (place.state, place.for_one) == (PlaceState.OPEN, True)
    assert state_of(application) == ApplicationState.ACCEPTED
    actor = world.actor(world.berk.coordinator)
    with use(actor.scope):
        student = Student.objects.get(pk=world.berk.students[N].pk)
        placement = services.match(student, Place.objects.get(pk=place.pk), actor=actor)
    assert placement.company_id == application.company_id


def test_a_match_on_the_companys_word_opens_the_place(world):
    application = asked(world)
    actor = world.actor(world.berk.coordinator)
    with use(actor.scope):
        student = Student.objects.get(pk=world.berk.students[N].pk)
        services.match(student, Place.objects.get(pk=application.place_id), actor=actor)
    assert state_of(application) == ApplicationState.ACCEPTED
    assert fresh(Place(pk=application.place_id)).state == PlaceState.OPEN


def test_the_offer_grows_with_a_yes_and_not_with_a_question(world):
    with use(SYSTEM):
        first = world.noord.companies[0]
        offer = Offer.objects.get(pk=world.berk.places[0].offer_id)
        offer.location = first.locations.first()
        offer.save()
    own = name(world, known=first)
    before = fresh(offer).how_many
    application = approve(world, own, company=first)
    assert fresh(Place(pk=application.place_id)).offer_id == offer.pk
    assert fresh(offer).how_many == before
    as_company(world, application, services.accept_application)
    assert fresh(offer).how_many == before + 1


def test_a_no_is_the_students_answer_and_another_company_can_be_named(world, page):
    application = asked(world)
    as_company(world, application, services.decline_application, reason="Te druk.")
    text = client_of(world.berk.logins[N]).get(page).content.decode()
    assert "Het bedrijf zegt nee" in text
    assert name(world, name="Een ander").state == OwnState.NAMED


def test_no_answer_expires_and_another_company_can_be_named(world):
    application = asked(world)
    job = job_at(world.berk.school)
    with use(job.scope):
        services.expire_applications(now=timezone.now() + timedelta(days=15), actor=job)
    assert state_of(application) == ApplicationState.EXPIRED
    assert name(world, name="Een ander").state == OwnState.NAMED


def test_a_general_no_does_not_stand_in_the_way_and_stays(world):
    with use(SYSTEM):
        question = world.berk.campaign.invitations.get(company=world.noord.companies[1])
        type(question).objects.filter(pk=question.pk).update(
            state="no", no_reason="full", answered_at=timezone.now()
        )
    own = name(world, known=world.noord.companies[1])
    application = approve(world, own, company=world.noord.companies[1])
    assert state_of(application) == ApplicationState.WITH_COMPANY
    assert fresh(question).state == "no"


# --- by telephone


def test_a_teacher_who_called_enters_the_yes(world):
    application = asked(world, who=world.berk.teacher, by_phone=True, email="")
    assert mails("application_sent") == []
    client = client_of(world.berk.teacher)
    path = reverse("placements:one_call", args=[application.public_id])
    assert client.post(path, {"answer": "no", "reason": ""}).status_code == 422
    assert client.post(path, {"answer": "yes"}).status_code == 302
    assert state_of(application) == ApplicationState.ACCEPTED
    assert fresh(Place(pk=application.place_id)).state == PlaceState.OPEN


def test_the_yes_parks_the_students_other_application(world):
    """The teacher takes that step too, at a row of another company."""
    application = asked(world, 1, who=world.berk.teacher)
    actor = world.actor(world.berk.teacher)
    with use(actor.scope):
        row = Application.objects.select_related("place", "company").get(pk=application.pk)
        services.note_yes(row, actor=actor)
    assert state_of(world.berk.applications[1]) == ApplicationState.PARKED


def test_what_a_company_told_is_not_entered_for_an_ordinary_application(world):
    path = reverse("placements:one_call", args=[world.berk.applications[1].public_id])
    client = client_of(world.berk.coordinator)
    assert client.post(path, {"answer": "yes"}).status_code == 403
    assert state_of(world.berk.applications[1]) == ApplicationState.WITH_COMPANY


def test_a_no_by_telephone_reaches_the_student(world, page):
    application = asked(world)
    client = client_of(world.berk.coordinator)
    path = reverse("placements:one_call", args=[application.public_id])
    client.post(path, {"answer": "no", "reason": "Ze hebben geen tijd."})
    assert state_of(application) == ApplicationState.DECLINED
    listed = client_of(world.berk.logins[N]).get("/stages/sollicitaties/").content.decode()
    assert "Ze hebben geen tijd." in listed


# --- the school asks for one student (B20)


def test_the_school_asks_a_company_for_one_student(world):
    client = client_of(world.berk.coordinator)
    student, company = world.berk.students[N], world.noord.companies[1]
    path = reverse("placements:one_ask", args=[student.public_id])
    choose = reverse("placements:one_choose", args=[company.public_id])
    assert f"{path}?bedrijf={company.public_id}" in client.get(choose).content.decode()
    found = client.get(path, {"q": company.name[:6]}).content.decode()
    assert f"?bedrijf={company.public_id}" in found
    sent = {"company": company.public_id, "what": "Meekijken", "how": "mail"}
    answer = client.post(f"{path}?bedrijf={company.public_id}", sent)
    assert answer.status_code == 302
    with use(SYSTEM):
        application = Application.objects.select_related("place").get(student=student)
        assert not OwnCompany.objects.exists()
    assert application.company_id == company.pk
    assert application.place.for_one
    shown = client.get(reverse("schools:student_show", args=[student.public_id]))
    assert reverse("placements:one_call", args=[application.public_id]) in shown.content.decode()


def test_the_school_brings_in_a_new_company_for_one_student(world):
    client = client_of(world.berk.coordinator)
    path = reverse("placements:one_ask", args=[world.berk.students[N].public_id])
    sent = {"company": "nieuw", "how": "mail", "sure": "on", **GARAGE}
    client.post(f"{path}?naam=Garage De Vries&plaats=Arnhem", sent)
    with use(SYSTEM):
        assert Company.objects.get(name="Garage De Vries").locations.get().city == "Arnhem"


def test_a_teacher_asks_for_the_own_students_only(world):
    path = reverse("placements:one_ask", args=[world.berk.students[N].public_id])
    assert client_of(world.berk.colleague).get(path).status_code == 404
    assert client_of(world.berk.teacher).get(path).status_code == 200


def test_the_same_company_is_not_asked_twice_for_one_student(world):
    asked(world)
    with use(SYSTEM):
        company = Company.objects.get(name="Garage De Vries")
        student = Student.objects.get(pk=world.berk.students[N].pk)
        period = (
            type(world.berk.period).objects.select_related("school").get(pk=world.berk.period.pk)
        )
    actor = world.actor(world.berk.coordinator)
    with use(actor.scope), pytest.raises(Conflict, match="al gevraagd"):
        services.ask_company(student, period, Asking(what="x", company=company), actor=actor)
    assert len(mails("application_sent")) == 1


# --- nobody else's


def test_no_other_student_sees_or_takes_the_place(world):
    application = asked(world)
    as_company(world, application, services.accept_application)
    with use(SYSTEM):
        place = Place.objects.select_related("period").get(pk=application.place_id)
        # Room, so that nothing but whose it is stands in the way.
        Place.objects.filter(pk=place.pk).update(how_many=3)
    classmate = client_of(world.berk.logins[1])
    assert "Garage De Vries" not in classmate.get("/stages/plekken/").content.decode()
    at = f"/stages/plekken/{place.public_id}/"
    assert classmate.get(at).status_code == 404
    words = {"motivation": "Ik wil hier heel graag werken omdat het leuk is.", "submit": "1"}
    assert classmate.post(f"{at}solliciteren/", words).status_code == 404
    actor, student = student_of(world, 1)
    with use(actor.scope):
        own = Student.objects.get(pk=student.pk)
        with pytest.raises(Conflict, match="andere leerling"):
            services.submit_application(place, student=own, motivation="x", actor=actor)
        # The wall: a student's own role does not read the row at all.
        assert not Place.objects.filter(pk=place.pk).exists()
    own_client = client_of(world.berk.logins[N])
    assert own_client.get(at).status_code == 200


def test_the_board_offers_it_to_nobody_else(world):
    application = asked(world)
    as_company(world, application, services.accept_application)
    actor = world.actor(world.berk.coordinator)
    with use(actor.scope):
        Place.objects.filter(pk=application.place_id).update(how_many=3)
        found = board.board_of(world.berk.group, actor)
        assert application.place_id not in [o.place.pk for o in found.options]
        student = Student.objects.get(pk=world.berk.students[1].pk)
        place = Place.objects.get(pk=application.place_id)
        with pytest.raises(Conflict, match="andere leerling"):
            services.match(student, place, actor=actor)
