"""The pool: list, profile, parts, posters, notes, groups and the bureau's numbers."""

import re
from datetime import timedelta
from io import BytesIO

import pypdfium2
import pytest
import zxingcpp
from django.db import connection
from django.utils import timezone
from openpyxl import load_workbook

from companies import queries
from companies.documents import poster_address
from companies.models import (
    Campaign,
    Company,
    CompanyNote,
    Contact,
    Department,
    GroupCompany,
    Invitation,
    Trust,
)
from stage.core.dutch.calendar import school_today
from stage.core.models import AuditEntry
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.ui import todo
from tests.clients import client_of, client_of_contact
from tests.markup import tight

LIST = "/bedrijven/"


def names(response) -> list[str]:
    return [c.name for c in response.context["page_obj"]]


def page_of(company) -> str:
    return f"{LIST}{company.public_id}/"


def test_the_list_searches_filters_and_sorts(world, coordinator):
    assert names(coordinator.get(LIST)) == ["Bakkerij Noord", "Garage Noord"]
    assert names(coordinator.get(f"{LIST}?q=bàkker")) == ["Bakkerij Noord"]
    assert names(coordinator.get(f"{LIST}?profile=M%26T")) == ["Garage Noord"]
    assert names(coordinator.get(f"{LIST}?city=Noord&sort=-name")) == [
        "Garage Noord",
        "Bakkerij Noord",
    ]
    assert names(coordinator.get(f"{LIST}?status=yes")) == ["Bakkerij Noord"]
    assert names(coordinator.get(f"{LIST}?status=asked")) == ["Garage Noord"]
    assert names(coordinator.get(f"{LIST}?status=never")) == []
    assert names(coordinator.get(f"{LIST}?status=no_address")) == []


def test_another_regions_pool_is_invisible(world, coordinator):
    far = world.zuid.companies[0]
    assert "Zuid" not in coordinator.get(LIST).content.decode()
    assert coordinator.get(page_of(far)).status_code == 404
    assert coordinator.post(f"{page_of(far)}notities/", {"text": "x"}).status_code == 404
    assert "Zuid" not in coordinator.get(f"{LIST}lijst/?format=csv").content.decode()


def test_more_companies_need_no_more_queries(world, coordinator, django_assert_max_num_queries):
    with django_assert_max_num_queries(20) as first:
        coordinator.get(LIST)
    with use(SYSTEM):
        for n in range(3):
            Company.objects.create(region=world.noord.region, name=f"Extra {n}")
    with django_assert_max_num_queries(len(first)):
        assert len(names(coordinator.get(LIST))) == 5


def test_the_export_holds_what_the_filter_finds(world, coordinator):
    data = coordinator.get(f"{LIST}lijst/?q=garage").content
    rows = list(load_workbook(BytesIO(data)).active.values)
    assert [r[0] for r in rows] == ["Naam", "Garage Noord"]
    assert rows[1][7:9] == ("Contact Garage Noord", "contact@garage-noord.test")


def test_a_new_company_comes_with_its_address_and_contact(world, bureau):
    response = bureau.post(
        f"{LIST}nieuw/",
        {
            "name": "Kapper Kees",
            "kvk_number": "12345678",
            "street": "Kerkstraat 1",
            "postcode": "9711aa",
            "city": "Groningen",
            "contact_name": "Kees",
            "contact_email": "kees@kapper.test",
            "attendance_mode": "qr",
            "day_end": "planned",
        },
    )
    with use(SYSTEM):
        company = Company.objects.get(name="Kapper Kees")
        assert company.region_id == world.noord.region.pk
        assert company.locations.get().postcode == "9711 AA"
        assert company.contacts.get().email == "kees@kapper.test"
    assert response["Location"] == page_of(company)


def test_a_kvk_number_is_given_once(world, coordinator):
    data = {"name": "Een", "kvk_number": "12345678", "attendance_mode": "qr", "day_end": "planned"}
    coordinator.post(f"{LIST}nieuw/", data)
    response = coordinator.post(f"{LIST}nieuw/", {**data, "name": "Twee"})
    assert response.status_code == 422
    assert "Er is al een bedrijf" in str(response.context["form"].errors["kvk_number"])
    assert coordinator.post(f"{LIST}nieuw/", {**data, "kvk_number": "12"}).status_code == 422


def test_an_error_in_a_folded_part_opens_it(world, coordinator):
    def folded(response) -> list[bool]:
        """Of each folding part in turn: is it open?"""
        page = tight(response.content.decode())
        tags = re.findall(r'<details class="form-part"( open)?>', page)
        return [bool(tag) for tag in tags]

    data = {"name": "Kapper Kees", "attendance_mode": "qr", "day_end": "planned"}
    assert folded(coordinator.get(f"{LIST}nieuw/")) == [False, False]
    response = coordinator.post(f"{LIST}nieuw/", {**data, "minimum_age": "9"})
    assert response.status_code == 422
    assert folded(response) == [False, True]
    assert b"Vul een leeftijd tussen 13 en 25 in." in response.content
    # What holds something is not hidden from who comes to change it.
    company = world.noord.companies[0]
    change = f"{page_of(company)}wijzigen/"
    coordinator.post(change, {"name": company.name, **data, "tasks": "Knippen"})
    assert folded(coordinator.get(change)) == [True, False]


def test_every_field_of_a_company_stands_on_its_pages(world, coordinator):
    company = world.noord.companies[0]
    with use(SYSTEM):
        contact = company.contacts.first()
    asked = {
        f"{LIST}nieuw/": coordinator,
        f"{page_of(company)}wijzigen/": coordinator,
        f"/bedrijven/eigen/{company.public_id}/": client_of_contact(contact),
    }
    for path, client in asked.items():
        response = client.get(path)
        html = response.content.decode()
        for form in (response.context["form"], response.context.get("where", [])):
            assert [f.name for f in form if f'name="{f.html_name}"' not in html] == []


def test_what_is_not_known_of_a_company_is_left_out(world, coordinator):
    company = world.noord.companies[0]
    with use(SYSTEM):
        Company.objects.filter(pk=company.pk).update(
            kvk_number="", email="", telephone="0101234567", minimum_age=None, clothing=""
        )
    page = coordinator.get(page_of(company)).content.decode().partition("Gegevens")[2]
    facts = re.search(r'<dl class="facts">.*?</dl>', page, re.S)
    assert re.findall(r"<dt[^>]*>([^<]+)</dt>", facts.group(0)) == [
        "Telefoon",
        "VOG nodig",
        "Aanwezigheid",
        "Einde van de dag",
    ]


def test_a_poster_is_printed_where_a_poster_is_scanned(world, coordinator):
    """A location's own way of attendance counts before the company's."""
    company, location = world.noord.companies[0], world.noord.locations[0]
    poster = f"{page_of(company)}locaties/{location.public_id}/poster/"
    for here, there, shown in (("", "qr", True), ("student", "qr", False), ("qr", "screen", True)):
        with use(SYSTEM):
            Company.objects.filter(pk=company.pk).update(attendance_mode=there)
            type(location).objects.filter(pk=location.pk).update(attendance_mode=here)
        text = coordinator.get(page_of(company)).content.decode()
        assert (poster in text) is shown, (here, there)


def test_renaming_keeps_the_search_key_true(world, coordinator):
    company = world.noord.companies[0]
    coordinator.post(
        f"{page_of(company)}wijzigen/",
        {"name": "Brood & Zo", "attendance_mode": "qr", "day_end": "planned"},
    )
    assert names(coordinator.get(f"{LIST}?q=brood")) == ["Brood & Zo"]


def test_a_teacher_reads_and_changes_nothing(world):
    teacher = client_of(world.berk.teacher)
    text = teacher.get(page_of(world.noord.companies[0])).content.decode()
    assert "Contact Bakkerij Noord" in text
    assert "wijzigen/" not in text
    assert teacher.get(f"{page_of(world.noord.companies[0])}wijzigen/").status_code == 403


def test_notes_stay_in_the_school(world, coordinator):
    company = world.noord.companies[0]
    sent = {"kind": "note", "on": school_today(), "text": "Baas is streng"}
    coordinator.post(f"{page_of(company)}contact/nieuw/", sent)
    assert "Baas is streng" in coordinator.get(page_of(company)).content.decode()
    for client in (client_of(world.els.coordinator), client_of(world.noord.bureau)):
        assert "Baas is streng" not in client.get(page_of(company)).content.decode()
    with use(SYSTEM):
        note = CompanyNote.objects.get()
    away = f"{page_of(company)}contact/{note.public_id}/weg/"
    assert client_of(world.els.coordinator).post(away).status_code == 404
    assert "Baas is streng" in coordinator.get(away).content.decode()
    coordinator.post(away)
    with use(SYSTEM):
        assert CompanyNote.objects.count() == 0


def test_a_contact_that_left_gets_no_mail_and_comes_back(world, coordinator):
    company, contact = world.noord.companies[0], world.noord.contacts[0]
    url = f"{page_of(company)}contactpersonen/{contact.public_id}/"
    with use(SYSTEM):
        Trust.objects.filter(school=world.els.school).delete()
        assert whom_to_ask(world, company) == contact
    coordinator.post(f"{url}weg/", {"colleague": "none"})
    with use(SYSTEM):
        assert whom_to_ask(world, company) == world.noord.supervisors[0]
        assert not Contact.objects.get(pk=contact.pk).active
    coordinator.post(url, {"active": "yes"})
    with use(SYSTEM):
        assert Contact.objects.get(pk=contact.pk).active


def whom_to_ask(world, company) -> Contact:
    return queries.mail_contacts(world.berk.school.pk, [company.pk])[company.pk]


def test_mending_an_address_leads_back_to_where_one_came_from(world, coordinator):
    company, contact = world.noord.companies[0], world.noord.contacts[0]
    url = f"{page_of(company)}contactpersonen/{contact.public_id}/"
    data = {"name": "Bas", "email": "bas@bakker.test", "roles": ["contact"]}
    back = "/bedrijven/campagnes/?show=bounced"
    assert coordinator.post(url, {**data, "next": back})["Location"] == back
    evil = coordinator.post(url, {**data, "next": "//evil.example/"})
    assert evil["Location"] == page_of(company)


def test_two_contacts_of_a_company_do_not_share_an_address(world, coordinator):
    data = {"name": "Bas", "email": "CONTACT@bakkerij-noord.test", "roles": ["contact"]}
    url = f"{page_of(world.noord.companies[0])}contactpersonen/nieuw/"
    response = coordinator.post(url, data)
    assert set(response.context["form"].errors) == {"email"}


def test_a_company_keeps_its_own_profile_and_no_other(world, baker):
    company = world.noord.companies[0]
    url = f"{LIST}eigen/{company.public_id}/"
    assert "Wat een leerling hier doet".lower() in baker.get(url).content.decode().lower()
    baker.post(url, {"tasks": "Deeg kneden", "minimum_age": "15", "name": "Gestolen"})
    with use(SYSTEM):
        fresh = Company.objects.get(pk=company.pk)
    assert (fresh.tasks, fresh.minimum_age, fresh.name) == ("Deeg kneden", 15, "Bakkerij Noord")
    assert baker.get(f"{LIST}eigen/{world.noord.companies[1].public_id}/").status_code == 404
    baker.post(f"{page_of(company)}afdelingen/nieuw/", {"name": "Winkel"})
    with use(SYSTEM):
        assert Department.objects.get().company_id == company.pk


def test_the_posters_code_opens_the_scan_page_and_can_be_typed(world, baker):
    company, location = world.noord.companies[0], world.noord.locations[0]
    response = baker.get(f"{page_of(company)}locaties/{location.public_id}/poster/")
    assert response["Content-Type"] == "application/pdf"
    document = pypdfium2.PdfDocument(response.content)
    assert len(document) == 1
    text = document[0].get_textpage().get_text_range()
    image = document[0].render(scale=2).to_pil()
    document.close()
    (code,) = zxingcpp.read_barcodes(image)
    assert code.text == poster_address(location)
    assert code.text.endswith(f"{location.poster_code}/")
    assert location.poster_code[:6] in text.replace("-", "")
    stranger = client_of_contact(world.noord.contacts[1])
    assert stranger.get(response.request["PATH_INFO"]).status_code == 404


def test_choosing_companies_for_a_group_keeps_those_not_shown(world, coordinator):
    bakery, garage = world.noord.companies
    url = f"{LIST}groepen/{world.berk.group.public_id}/"
    page = coordinator.get(url)
    assert [c.in_group for c in page.context["page_obj"]] == [True, True]
    coordinator.post(url, {"shown": [bakery.public_id], "row": []})
    with use(SYSTEM):
        assert GroupCompany.objects.get(group=world.berk.group).company_id == garage.pk
    far = world.zuid.companies[0]
    coordinator.post(url, {"shown": [far.public_id], "row": [far.public_id]})
    coordinator.post(f"{url}?q=bakkerij", {"action": "all"})
    with use(SYSTEM):
        rows = GroupCompany.objects.filter(group=world.berk.group)
        assert set(rows.values_list("company_id", flat=True)) == {bakery.pk, garage.pk}


def test_asks_across_schools_are_counts_within_the_region(world, coordinator):
    with use(SYSTEM):
        Invitation.objects.filter(company=world.noord.companies[0]).update(sent_at=timezone.now())
        Invitation.objects.filter(school=world.iep.school).update(sent_at=timezone.now())
        Invitation.objects.filter(company=world.noord.companies[1]).update(
            sent_at=timezone.now() - timedelta(weeks=9)
        )
    page = coordinator.get(f"{LIST}groepen/{world.berk.group.public_id}/")
    text = " ".join(page.content.decode().split())
    assert "2 scholen vroegen dit bedrijf in de laatste 8 weken" in text
    assert "Els" not in text
    with use(world.actor(world.berk.coordinator).scope):
        found = queries.asked_recently()
    assert {c: a.schools for c, a in found.items()} == {world.noord.companies[0].pk: 2}


@pytest.mark.parametrize("who", ["student", "company"])
def test_only_school_and_bureau_may_ask_for_those_counts(world, who):
    from django.db import ProgrammingError, transaction

    scope = (
        world.actor(world.berk.logins[0]).scope
        if who == "student"
        else world.company_actor(world.noord.contacts[0]).scope
    )
    with use(scope), pytest.raises(ProgrammingError, match="denied"), transaction.atomic():
        queries.asked_recently()


def test_no_function_is_made_by_who_owns_those_that_see_through_walls(db):
    # The functions themselves: tests/core/test_doors.py.
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_schema_privilege('stage_system', 'public', 'CREATE')")
        assert cursor.fetchone() == (False,)


def test_the_bureau_counts_its_region_and_sees_no_student(world, bureau):
    page = bureau.get(f"{LIST}regio/")
    assert page.context["companies"] == 2
    assert (page.context["asked"], page.context["yes"], page.context["places"]) == (4, 2, 4)
    assert [(s["name"], s["asked"], s["yes"], s["places"]) for s in page.context["schools"]] == [
        ("Berk", 2, 1, 2),
        ("Els", 2, 1, 2),
    ]
    assert [(c.name, c.asked, c.asked_by, c.said_yes) for c in page.context["page_obj"]] == [
        ("Bakkerij Noord", 2, 2, 2),
        ("Garage Noord", 2, 2, 0),
    ]
    text = page.content.decode() + bureau.get(page_of(world.noord.companies[0])).content.decode()
    for sw in (world.berk, world.els):
        for student in sw.students:
            assert student.first_name not in text
    assert "Zuid" not in text


def test_a_company_is_told_who_waits_for_its_answer(world):
    actor = world.company_actor(world.noord.contacts[1])
    with use(SYSTEM):
        Campaign.objects.update(state="sent")
    with use(actor.scope):
        found = {t.title for t in todo.for_actor(actor)}
    assert found >= {"Geef antwoord aan Berk", "Geef antwoord aan Els"}
    assert "Geef antwoord aan Iep" not in found


def test_a_list_taken_along_is_written_down_and_speaks_the_language_chosen(world, coordinator):
    coordinator.cookies["django_language"] = "en"
    text = coordinator.get(f"{LIST}lijst/?format=csv").content.decode()
    assert text.lstrip("\ufeff").startswith("Name;company number (KvK);Street;")
    with use(SYSTEM):
        entry = AuditEntry.objects.get(verb="companies_exported")
    assert entry.school_id == world.berk.school.pk
