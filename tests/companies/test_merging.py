"""Two companies that are one: what is shown, who is told, and that no row moves."""

import json

import pytest
from django.core import serializers
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.urls import reverse

from assessments.services.judging import _contact_of
from attendance.models import CheckIn
from companies import addresses, queries, services, trust
from companies.asks import CompaniesByAsks
from companies.enums import AttendanceMode
from companies.models import (
    Campaign,
    Company,
    CompanyChange,
    CompanyNote,
    CompanyOwner,
    Contact,
    FollowUp,
    GroupCompany,
    Invitation,
    Location,
    Place,
    Trust,
)
from companies.row_matching import read_pool
from placements.models import Application, Placement, PlannedDay, StudentCard
from placements.services import assign
from stage.core.models import AuditEntry
from stage.core.tenants.tenancy import SYSTEM, school_scope, use
from stage.core.who.policies import Conflict, NotAllowed
from tests.attendance.helpers import MONDAY, at
from tests.clients import client_of, client_of_contact
from tests.companies.conftest import draft_of

MOVABLE = (
    *(Contact, Location, Trust, Invitation, Place, GroupCompany, Campaign, CompanyNote),
    *(CompanyOwner, FollowUp),
    *(Application, Placement, PlannedDay, StudentCard),
)


@pytest.fixture
def bakery(world):
    return world.noord.companies[0]


@pytest.fixture
def garage(world):
    """Where Berk asked and got no answer yet; it is merged into the bakery, mostly."""
    return world.noord.companies[1]


def by_bureau(world, service, company, **more):
    actor = world.actor(world.noord.bureau)
    with use(actor.scope):
        service(company, actor=actor, **more)


def merge(world, company, into):
    by_bureau(world, services.merge, company, into=into)


def unmerge(world, company):
    by_bureau(world, services.unmerge, company)


def rows() -> str:
    with use(SYSTEM):
        found = [row for model in MOVABLE for row in model.objects.order_by("pk")]
        return serializers.serialize("json", found)


def at_school(sw):
    return use(school_scope(sw.school))


# --- merging and its undo -----------------------------------------------------------------------


def test_no_row_moves_and_an_undo_leaves_everything_as_it_was(world, bakery, garage):
    before = rows()
    merge(world, garage, bakery)
    assert rows() == before
    with use(SYSTEM):
        assert set(bakery.family) == set(Company.objects.get(pk=garage.pk).family)
        assert set(bakery.family) == {bakery, garage}
    unmerge(world, garage)
    assert rows() == before
    with use(SYSTEM):
        assert list(Company.objects.get(pk=garage.pk).family) == [garage]
    assert (garage.merged_into, garage.merged_at, garage.family_id) == (None, None, garage.pk)


def test_who_else_than_the_regions_bureau_merges_nothing(world, bakery, garage):
    for actor in (
        world.actor(world.berk.coordinator),
        world.actor(world.zuid.bureau),
        world.company_actor(world.noord.contacts[0]),
    ):
        for service, more in ((services.merge, {"into": bakery}), (services.unmerge, {})):
            with use(actor.scope), pytest.raises(NotAllowed):
                service(garage, actor=actor, **more)


def test_a_school_cannot_write_it_past_the_services_either(world, bakery, garage):
    sql = "UPDATE companies_company SET merged_into_id = %s, merged_at = now() WHERE id = %s"
    refused = pytest.raises(ProgrammingError, match="permission denied")
    with at_school(world.berk), refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, [bakery.pk, garage.pk])


def test_there_are_no_chains_no_rings_and_no_merging_with_oneself(world, bakery, garage):
    with use(SYSTEM):
        third = Company.objects.create(region=world.noord.region, name="Kapper Noord")
    merge(world, garage, bakery)
    for company, into in (
        *((garage, bakery), (garage, third), (bakery, garage), (third, garage)),
        *((bakery, third), (third, third)),
    ):
        with pytest.raises(Conflict):
            merge(world, company, into)
    merge(world, third, bakery)
    with use(SYSTEM):
        assert set(bakery.family) == {bakery, garage, third}
    with pytest.raises(Conflict):
        unmerge(world, bakery)


def test_the_database_refuses_another_region_and_oneself(world, garage):
    abroad = world.zuid.companies[0]
    for other in (abroad, garage):
        with use(SYSTEM), pytest.raises(IntegrityError), transaction.atomic():
            Company.objects.filter(pk=garage.pk).update(
                merged_into=other, merged_at=garage.created_at
            )
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_trail_and_the_schools_that_work_there_hear_of_both(world, bakery, garage):
    merge(world, garage, bakery)
    unmerge(world, garage)
    with use(SYSTEM):
        verbs = AuditEntry.objects.filter(object_id=garage.pk, object_type="companies.Company")
        assert set(verbs.values_list("verb", flat=True)) == {"company_merged", "company_unmerged"}
        kinds = CompanyChange.objects.order_by("pk").values_list("kind", "company", "by_name")
        assert list(kinds) == [
            ("merged", garage.pk, "Noord"),
            ("unmerged", garage.pk, "Noord"),
            ("unmerged", bakery.pk, "Noord"),
        ]
    services.tell_changes()
    for sw in (world.berk, world.els):
        actor = world.actor(sw.coordinator)
        with use(actor.scope):
            assert services.changes_for(actor).count() == 3
        page = client_of(sw.coordinator).get(reverse("companies:change_list")).content.decode()
        assert "samengevoegd met een ander bedrijf" in page
        assert "Garage Noord" in page


# --- what lists and pages show ------------------------------------------------------------------


def test_the_page_shows_what_hangs_on_either_under_the_one_that_stays(world, bakery, garage):
    with use(SYSTEM):
        CompanyNote.objects.create(
            region=world.noord.region,
            school=world.berk.school,
            company=garage,
            text="Vraag naar de brug.",
            written_by=world.berk.coordinator,
        )
    merge(world, garage, bakery)
    page = client_of(world.berk.coordinator).get(f"/bedrijven/{bakery.public_id}/")
    text = page.content.decode()
    for part in ("Vraag naar de brug.", "Dorpsstraat 2", world.noord.contacts[1].name):
        assert part in text
    assert len(page.context["history"]) == 2
    listed = client_of(world.berk.coordinator).get("/bedrijven/").content.decode()
    assert "Garage Noord" not in listed
    found = client_of(world.berk.coordinator).get("/bedrijven/?q=garage").content.decode()
    assert "Bakkerij Noord" in found


def test_an_old_address_leads_to_the_one_that_stays(world, bakery, garage):
    merge(world, garage, bakery)
    school = client_of(world.berk.coordinator)
    page = school.get(f"/bedrijven/{garage.public_id}/")
    assert (page.status_code, page["Location"]) == (302, f"/bedrijven/{bakery.public_id}/")
    own = reverse("companies:profile_edit", args=[garage.public_id])
    page = client_of_contact(world.noord.contacts[1]).get(own)
    assert page["Location"] == reverse("companies:profile_edit", args=[bakery.public_id])
    answer = school.get(f"/api/v1/companies/{garage.public_id}/")
    data = json.loads(answer.content)
    assert data["code"] == bakery.public_id
    assert len(data["locations"]) == 2
    assert {c["name"] for c in data["contacts"]} == {
        c.name for c in (*world.noord.contacts, *world.noord.supervisors)
    }


def test_parts_of_both_are_kept_from_the_one_page(world, bakery, garage):
    merge(world, garage, bakery)
    school, location = client_of(world.berk.coordinator), world.noord.locations[1]
    address = f"/bedrijven/{bakery.public_id}/locaties/{location.public_id}/"
    sent = {"name": "Werkplaats", "street": "Brug 2", "postcode": "", "city": "Noord"}
    assert school.post(address, sent).status_code == 302
    contact = world.noord.contacts[1]
    person = f"/bedrijven/{bakery.public_id}/contactpersonen/{contact.public_id}/"
    sent = {"name": "Anna Brug", "email": contact.email, "roles": ["contact"]}
    assert school.post(person, sent).status_code == 302
    with use(SYSTEM):
        location.refresh_from_db()
        contact.refresh_from_db()
        assert (location.name, location.company_id) == ("Werkplaats", garage.pk)
        assert (contact.name, contact.company_id) == ("Anna Brug", garage.pk)


def test_how_often_it_was_asked_counts_both_as_one(world, bakery, garage):
    with use(SYSTEM):
        Invitation.objects.all().update(sent_at=garage.created_at)
    merge(world, garage, bakery)
    bureau = world.actor(world.noord.bureau)
    with use(bureau.scope):
        asks = queries.asked_recently()
        assert {pk: a.schools for pk, a in asks.items()} == {bakery.pk: 2}
        [row] = CompaniesByAsks(bureau)
        assert (row.asked, row.asked_by, row.said_yes) == (4, 2, 2)


def test_a_list_of_the_old_name_and_number_finds_the_one_that_stays(world, bakery, garage):
    with use(SYSTEM):
        Company.objects.filter(pk=garage.pk).update(kvk_number="12345678")
    merge(world, garage, bakery)
    with at_school(world.berk):
        known = read_pool(world.noord.region.pk)
    for row in ({"name": "Garage Noord"}, {"name": "Garage Noord", "kvk": "12345678"}):
        assert known.find(row)[0] == bakery
    assert len(known.contacts) == 4


# --- asking and mailing -------------------------------------------------------------------------


def test_a_group_that_chose_either_asks_it_once(world, bakery, garage):
    merge(world, garage, bakery)
    with use(SYSTEM):
        GroupCompany.objects.filter(company=bakery).delete()
        Contact.objects.filter(company=bakery).update(active=False)
        Trust.objects.filter(company=bakery).delete()
    actor, campaign = world.actor(world.berk.coordinator), draft_of(world.berk)
    with use(actor.scope):
        assert services.send_campaign(campaign, actor=actor) == 1
    with use(SYSTEM):
        [invitation] = Invitation.objects.filter(campaign=campaign)
        # Who is asked stands at the garage, and so does the question; no key is stretched.
        assert (invitation.company, invitation.contact) == (garage, world.noord.contacts[1])
    with use(actor.scope):
        taken_out = services.choose_companies(
            world.berk.group, shown=[bakery.pk], chosen=[], actor=actor
        )
        assert taken_out == (0, 1)


def test_mail_about_a_row_of_one_reaches_who_is_known_at_the_other(world, bakery, garage):
    with use(SYSTEM):
        Trust.objects.filter(company=bakery, school=world.berk.school).delete()
    with at_school(world.berk):
        assert trust.first_contacts(world.berk.school.pk, [bakery.pk]) == {}
    merge(world, bakery, garage)
    with at_school(world.berk):
        found = trust.first_contacts(world.berk.school.pk, [bakery.pk, garage.pk])
        assert found == dict.fromkeys((bakery.pk, garage.pk), world.noord.contacts[1])
        [signs] = trust.who_signs(world.berk.school.pk, [bakery.pk])[bakery.pk]
        assert signs == world.noord.contacts[1]
    unmerge(world, bakery)
    with at_school(world.berk):
        assert trust.first_contacts(world.berk.school.pk, [bakery.pk]) == {}


def test_one_address_at_both_is_one_person_with_the_sum_of_its_roles(world, bakery, garage):
    first, second = world.noord.supervisors[0], world.noord.contacts[1]
    with use(SYSTEM):
        Contact.objects.filter(pk=second.pk).update(email=first.email)
        Trust.objects.filter(contact=second).update(address=first.email)
    merge(world, garage, bakery)
    with at_school(world.berk):
        known = trust.known_people(world.berk.school.pk, [bakery.pk])[bakery.pk]
        assert [c.address for c in known].count(first.email) == 1
        [person] = [c for c in known if c.address == first.email]
        assert (person, person.may) == (first, ["contact", "signatory", "supervisor"])


# --- working there ------------------------------------------------------------------------------


def test_somebody_of_one_guides_a_placement_of_the_other_by_a_line_there(world, bakery, garage):
    actor, mechanic = world.actor(world.berk.coordinator), world.noord.supervisors[1]
    placement = world.berk.placement
    with use(actor.scope), pytest.raises(Conflict), transaction.atomic():
        assign(placement, teacher=placement.teacher, supervisor=mechanic, actor=actor)
    merge(world, garage, bakery)
    with use(actor.scope):
        placement = Placement.objects.get(pk=placement.pk)
        assign(placement, teacher=placement.teacher, supervisor=mechanic, actor=actor)
    with use(SYSTEM):
        line = Placement.objects.select_related("supervisor").get(pk=placement.pk).supervisor
        assert (line.company, line.email) == (bakery, mechanic.email)
    assert placement.pk in world.company_actor(mechanic).scope.reach.placements
    with use(actor.scope):  # the line is no stranger to anybody
        assert addresses.at_companies(world.berk.school.pk, [bakery.pk]) == []
        assert not assign(placement, teacher=placement.teacher, supervisor=mechanic, actor=actor)
    unmerge(world, garage)
    assert world.company_actor(mechanic).scope.reach.placements == ()


def test_who_judges_at_the_other_does_so_as_somebody_of_that_company(world, bakery, garage):
    merge(world, garage, bakery)
    person = world.noord.contacts[1]
    actor = world.company_actor(person)
    with use(actor.scope):
        line = _contact_of(actor, world.berk.placement)
        assert (line.company, line.email) == (bakery, person.email)
        assert _contact_of(actor, world.berk.placement) == line


def test_the_poster_of_one_checks_in_at_the_other(world, bakery, garage):
    with use(SYSTEM):
        Company.objects.filter(pk=garage.pk).update(attendance_mode=AttendanceMode.STUDENT)
        Placement.objects.filter(pk=world.berk.placement.pk).update(location=None)
    merge(world, bakery, garage)
    with at(MONDAY):
        client_of(world.berk.logins[0]).post(
            reverse("attendance:check_in"),
            {"code": world.noord.locations[1].poster_code, "method": "poster"},
        )
    with use(SYSTEM):
        row = CheckIn.objects.get(placement=world.berk.placement)
    assert (row.company_id, row.flags) == (bakery.pk, [])
