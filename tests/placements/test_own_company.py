"""A student brings a company, and the school looks at it."""

import pytest
from django.urls import reverse

from companies.enums import Standing
from companies.models import Company, Place
from placements import own as reads_own
from placements import services
from placements.enums import OwnState
from placements.models import OwnCompany
from stage.core.models import Membership
from stage.core.tenants.tenancy import SYSTEM, school_scope, use
from stage.core.who.policies import Conflict, NotAllowed
from stage.schools.models import Guardian, Student
from tests.clients import client_of
from tests.placements.own import (
    GARAGE,
    N,
    approve,
    asked,
    asking,
    fresh,
    name,
)


@pytest.fixture
def page():
    return reverse("placements:own_company")


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


def test_where_only_one_company_can_be_meant_it_is_chosen(world):
    own = name(world)
    client = client_of(world.berk.coordinator)
    form = client.get(reverse("placements:own_check", args=[own.public_id])).context["form"]
    ((only, _label),) = form.fields["company"].choices
    assert form["company"].value() == only


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
