"""A student brings a company, and a company is asked for one student alone."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from companies import services as company_services
from companies.enums import PlaceState, Standing
from companies.models import Company, Contact, Offer, Place, Trust
from placements import board, services
from placements import own as reads_own
from placements.enums import ApplicationState, OwnState
from placements.models import Application, OwnCompany, PlacementSettings
from placements.services import Asking, Words
from stage.core.mail.letters import HANDLERS, resolve_person, sender_of, write
from stage.core.models import Membership, OutboxMail
from stage.core.tenants.tenancy import SYSTEM, school_scope, use
from stage.core.who.actors import job_at
from stage.core.who.policies import Conflict, NotAllowed
from stage.schools.models import Guardian, Student
from tests.clients import client_of, client_of_contact
from tests.placements.helpers import at_once, card_exists, mails, state_of

GARAGE = {
    "name": "Garage De Vries",
    "city": "Arnhem",
    "what": "Helpen met banden wisselen",
    "who": "Kees de Vries",
    "telephone": "026-1234567",
    "email": "kees@devries.test",
}
N = 2  # the student without an application


@pytest.fixture
def page():
    return reverse("placements:own_company")


def student_of(world, n=N):
    return world.actor(world.berk.logins[n]), world.berk.students[n]


def name(world, n=N, known=None, **values) -> OwnCompany:
    actor, student = student_of(world, n)
    with use(actor.scope):
        own = Student.objects.get(pk=student.pk)
        words = Words(**{**GARAGE, **values})
        return services.name_company(own, world.berk.period, words, known=known, actor=actor)


def asking(**values) -> Asking:
    return Asking(**{**GARAGE, **values})


def approve(world, own, who=None, **values) -> Application:
    actor = world.actor(who or world.berk.coordinator)
    with use(actor.scope):
        row = OwnCompany.objects.select_related("student", "period__school").get(pk=own.pk)
        return services.approve_own(row, asking(**values), actor=actor)


def asked(world, n=N, who=None, **values) -> Application:
    """A company that was asked for the student."""
    return approve(world, name(world, n), who, **values)


def fresh(row):
    with use(SYSTEM):
        return type(row).objects.get(pk=row.pk)


def as_company(world, application, step, **values):
    with use(SYSTEM):
        contact = Contact.objects.filter(company=application.company_id).first()
    actor = world.company_actor(contact)
    with use(actor.scope):
        row = Application.objects.get(pk=application.pk)
        return step(row, actor=actor, **values)


# --- the student


def test_a_student_names_a_company_on_the_phone(world, page):
    client = client_of(world.berk.logins[N])
    assert "Heb je zelf een bedrijf?" in client.get("/stages/plekken/").content.decode()
    answer = client.post(page, GARAGE, follow=True)
    text = answer.content.decode()
    assert "Garage De Vries, Arnhem" in text
    assert "Je school kijkt ernaar" in text
    with use(SYSTEM):
        own = OwnCompany.objects.get(student=world.berk.students[N])
    assert (own.state, own.known_as, own.email) == (OwnState.NAMED, None, "kees@devries.test")


def test_what_is_missing_stands_beside_its_field_and_the_rest_is_kept(world, page):
    client = client_of(world.berk.logins[N])
    answer = client.post(page, {**GARAGE, "name": ""})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Schrijf de naam van het bedrijf." in text
    assert "Helpen met banden wisselen" in text
    with use(SYSTEM):
        assert not OwnCompany.objects.exists()


def test_a_company_of_the_pool_is_asked_about_first_without_its_people(world, page):
    client = client_of(world.berk.logins[N])
    with use(SYSTEM):
        bakery = world.noord.companies[1]
        town = bakery.locations.get().city
    known = {**GARAGE, "name": bakery.name.lower(), "city": town, "email": ""}
    text = client.post(page, known).content.decode()
    assert f"Ja, {bakery.name} in {town}" in text
    assert world.noord.contacts[1].name not in text
    assert world.noord.contacts[1].email not in text
    with use(SYSTEM):
        assert not OwnCompany.objects.exists()
    changed = client.post(page, {**known, "change": "1"}).content.decode()
    assert "Ja, " not in changed
    assert f'value="{bakery.name.lower()}"' in changed
    client.post(page, {**known, "same": bakery.public_id})
    with use(SYSTEM):
        assert OwnCompany.objects.get().known_as == bakery


def test_another_company_of_nearly_that_name_is_kept_as_another(world, page):
    client = client_of(world.berk.logins[N])
    with use(SYSTEM):
        other = world.noord.companies[1]
        town = other.locations.get().city
    client.post(page, {**GARAGE, "name": other.name, "city": town, "same": "nieuw"})
    with use(SYSTEM):
        assert OwnCompany.objects.get().known_as is None


def test_a_company_of_another_region_is_not_found(world, page):
    client = client_of(world.berk.logins[N])
    with use(SYSTEM):
        far = world.zuid.companies[0]
        town = far.locations.get().city
    text = client.post(page, {**GARAGE, "name": far.name, "city": town}).content.decode()
    assert "Bedoel je" not in text


def test_a_company_with_a_place_leads_to_that_place(world, page):
    client = client_of(world.berk.logins[N])
    with use(SYSTEM):
        Place.objects.filter(pk=world.berk.places[0].pk).update(how_many=5)
        bakery = world.noord.companies[0]
        town = bakery.locations.get().city
    answer = client.post(
        page, {**GARAGE, "name": bakery.name, "city": town, "same": bakery.public_id}
    )
    assert answer["Location"] == f"/stages/plekken/{world.berk.places[0].public_id}/"
    with use(SYSTEM):
        assert not OwnCompany.objects.exists()


def test_naming_again_changes_the_one_that_waits(world, page):
    client = client_of(world.berk.logins[N])
    client.post(page, GARAGE)
    client.post(page, {**GARAGE, "what": "Auto's wassen"})
    with use(SYSTEM):
        assert [own.what for own in OwnCompany.objects.all()] == ["Auto's wassen"]


def test_it_is_taken_back_while_the_school_has_not_looked(world, page):
    own = name(world)
    client = client_of(world.berk.logins[N])
    client.post(reverse("placements:own_company_withdraw", args=[own.public_id]))
    assert fresh(own).state == OwnState.WITHDRAWN
    with pytest.raises(Conflict, match="al naar gekeken"):
        approve(world, own)


def test_nobody_takes_back_anothers(world):
    own = name(world)
    classmate = client_of(world.berk.logins[1])
    path = reverse("placements:own_company_withdraw", args=[own.public_id])
    assert classmate.post(path).status_code == 404
    assert fresh(own).state == OwnState.NAMED


def test_who_is_placed_names_nothing(world):
    with pytest.raises(Conflict, match="al een stageplek"):
        name(world, 0)


def test_one_that_is_asked_is_not_named_beside(world):
    asked(world)
    with pytest.raises(Conflict, match="al gevraagd"):
        name(world, name="Een ander")


# --- the school looks


def test_who_guides_the_student_is_asked_to_look(world):
    own = name(world)
    path = reverse("placements:own_check", args=[own.public_id])
    assert path in client_of(world.berk.coordinator).get("/").content.decode()
    colleague = client_of(world.berk.colleague)
    assert path not in colleague.get("/").content.decode()
    assert colleague.get(path).status_code == 404
    teacher = client_of(world.berk.teacher)
    assert path in teacher.get("/").content.decode()
    assert "Garage De Vries" in teacher.get(path).content.decode()


def test_a_teacher_who_does_not_guide_the_student_cannot_ask(world):
    own = name(world)
    actor = world.actor(world.berk.colleague)
    with use(actor.scope), pytest.raises(NotAllowed):
        row = OwnCompany.objects.select_related("student", "period__school").get(pk=own.pk)
        services.approve_own(row, asking(), actor=actor)


@pytest.mark.parametrize(
    ("whose", "words"),
    [
        ("self", "ook van deze leerling zelf"),
        ("other", "ook van een andere leerling"),
        ("parent", "van een ouder of verzorger van deze leerling"),
        ("colleague", "van een medewerker van jullie school"),
    ],
)
@pytest.mark.parametrize("what", ["email", "telephone"])
def test_an_address_or_number_that_is_somebody_elses_is_pointed_out(world, whose, words, what):
    value = {"email": "Kees@devries.test", "telephone": "+31 (0)26 123 45 67"}
    with use(SYSTEM):
        rows = {
            "self": Student.objects.filter(pk=world.berk.students[N].pk),
            "other": Student.objects.filter(pk=world.berk.students[0].pk),
            "parent": Guardian.objects.filter(pk=world.berk.guardians[N].pk),
            "colleague": Membership.objects.filter(pk=world.berk.colleague.pk),
        }[whose]
        rows.update(**{what: value[what]})
    own = name(world)
    path = reverse("placements:own_check", args=[own.public_id])
    text = client_of(world.berk.coordinator).get(path).content.decode()
    assert words in text
    assert text.count("ook van") == 1
    with use(SYSTEM):
        assert rows.get().name not in text if whose in ("parent", "colleague") else True


def test_an_address_of_another_school_is_not_pointed_out(world):
    with use(SYSTEM):
        Student.objects.filter(pk=world.els.students[0].pk).update(email=GARAGE["email"])
        student = Student.objects.get(pk=world.berk.students[N].pk)
    with use(school_scope(world.berk.school)):
        assert reads_own.clashes(student, GARAGE["email"], "") == []


def test_the_check_asks_for_a_tick_before_an_address_counts(world):
    own = name(world)
    path = reverse("placements:own_check", args=[own.public_id])
    client = client_of(world.berk.coordinator)
    sent = {"do": "ask", "company": "nieuw", "how": "mail", **GARAGE}
    answer = client.post(path, sent)
    assert answer.status_code == 422
    assert "zet dan een vinkje" in answer.content.decode()
    assert fresh(own).state == OwnState.NAMED
    assert client.post(path, {**sent, "sure": "on"}).status_code == 302
    assert fresh(own).state == OwnState.ASKED


def test_the_school_says_no_and_the_student_hears_why(world, page):
    own = name(world)
    path = reverse("placements:own_check", args=[own.public_id])
    coordinator = client_of(world.berk.coordinator)
    assert coordinator.post(path, {"do": "refuse", "reason": ""}).status_code == 422
    coordinator.post(path, {"do": "refuse", "reason": "Te ver weg."})
    assert fresh(own).state == OwnState.REFUSED
    student = client_of(world.berk.logins[N])
    assert "Te ver weg." in student.get(page).content.decode()
    assert "Lees wat je school zegt over Garage De Vries" in student.get("/").content.decode()
    assert name(world, name="Een ander").state == OwnState.NAMED


def test_a_company_that_is_barred_is_not_asked(world):
    own = name(world, known=world.noord.companies[1])
    with use(SYSTEM):
        Company.objects.filter(pk=world.noord.companies[1].pk).update(standing=Standing.NEVER)
    with pytest.raises(Conflict, match="niet meer gevraagd"):
        approve(world, own, company=world.noord.companies[1])
    path = reverse("placements:own_check", args=[own.public_id])
    sent = {"do": "ask", "company": world.noord.companies[1].public_id, "how": "mail", "what": "x"}
    answer = client_of(world.berk.coordinator).post(path, sent)
    assert answer.status_code == 422
    assert "kun je niet vragen" in answer.content.decode()


def test_a_place_that_is_free_there_is_said(world):
    with use(SYSTEM):
        Place.objects.filter(pk=world.berk.places[0].pk).update(how_many=5)
    own = name(world, known=world.noord.companies[0])
    path = reverse("placements:own_check", args=[own.public_id])
    text = client_of(world.berk.coordinator).get(path).content.decode()
    assert "Hier is al een plek vrij" in text


def test_recognition_is_told_where_a_leerwerktraject_can_be(world):
    own = name(world)
    path = reverse("placements:own_check", args=[own.public_id])
    client = client_of(world.berk.coordinator)
    for leerweg, told in (("BB", True), ("KB", False)):
        with use(SYSTEM):
            Student.objects.filter(pk=world.berk.students[N].pk).update(leerweg=leerweg)
        assert (reads_own.RECOGNITION_URL in client.get(path).content.decode()) is told


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
    shown = client_of_contact(_contact_at(application)).get(path).content.decode()
    assert student.first_name in shown
    assert "Helpen met banden wisselen" in shown


def _contact_at(application) -> Contact:
    with use(SYSTEM):
        return Contact.objects.get(company=application.company_id)


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

    assert sorted(at_once((coordinator, look), (teacher, look))) == ["conflict", "ok"]
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
