"""What the database itself shows to somebody of a company: one school's word opens one school.

Raw SQL as `stage_company` over every table it may read, with bait of two schools at the very same
company: what is not behind the pair, the placement or the invitation is not there.
"""

import pytest
from django.db import ProgrammingError, connection, transaction

from companies.identity import scope_of
from companies.models import Invitation, Trust
from placements.models import Placement
from stage.core.tenants.tenancy import SYSTEM, Reach, Scope, use
from stage.core.tenants.walls import table_of_walls, tenant_columns
from stage.core.who.actors import Standing

pytestmark = pytest.mark.django_db
CONTACT, SUPERVISOR, SIGNATORY = {"contact"}, {"supervisor"}, {"signatory"}


def tables() -> list[str]:
    """Tables of rows of schools that the role may read, by name; those with shared rows too."""
    return sorted(
        model._meta.db_table
        for model, wall in table_of_walls().items()
        if wall.forced and "r" in wall.company and "school" in tenant_columns(model)
    )


def scope(world, roles: set[str], contact=None) -> Scope:
    """Of somebody at the bakery whom school Berk, and nobody else, trusts with these roles."""
    contact = contact or world.noord.contacts[0]
    row = Standing(world.berk.school.pk, contact.company_id, contact.pk, frozenset(roles))
    with use(SYSTEM):
        return scope_of((row,), (contact.region_id,))


def count(table: str, where: str, *values) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table} WHERE {where}", values)  # noqa: S608
        return cursor.fetchone()[0]


def seen(who: Scope, school) -> dict[str, int]:
    """Per table how many rows of this school raw SQL finds."""
    with use(who), transaction.atomic():
        return {table: count(table, "school_id = %s", school.pk) for table in tables()}


def test_there_is_something_to_find(baited):
    world, _clients, _laid = baited
    with use(SYSTEM):
        empty = [
            (table, sw.school.name)
            for sw in (world.berk, world.els)
            for table in tables()
            if not count(table, "school_id = %s", sw.school.pk)
        ]
    assert empty == []
    assert len(tables()) > 30


@pytest.mark.parametrize("roles", [CONTACT, SUPERVISOR, SIGNATORY, CONTACT | SIGNATORY])
def test_one_schools_word_shows_nothing_of_another_school(baited, roles):
    world, _clients, _laid = baited
    found = seen(scope(world, roles), world.els.school)
    assert {table: n for table, n in found.items() if n} == {}


def test_a_contact_finds_its_own_schools_rows(baited):
    world, _clients, _laid = baited
    found = seen(scope(world, CONTACT), world.berk.school)
    assert {table for table, n in found.items() if not n} == set()


def test_a_supervisor_finds_what_hangs_on_the_placements_it_was_put_on(baited):
    world, _clients, _laid = baited
    with use(SYSTEM):
        other = Placement.objects.create(
            **{
                name: getattr(world.berk.placement, name)
                for name in ("company", "period", "starts", "ends", "day_from", "day_to")
            },
            school=world.berk.school,
            student=world.berk.students[2],
            weekdays=[1],
        )
    who = scope(world, SUPERVISOR, world.noord.supervisors[0])
    assert who.reach.placements == (world.berk.placement.pk,)
    with use(who), transaction.atomic():
        assert count("placements_placement", "true") == 1
        assert count("placements_placement", "id = %s", other.pk) == 0
        assert count("placements_studentcard", "true") == 1
        assert count("placements_application", "true") == 0
        assert count("companies_invitation", "true") == 0
        for table in ("attendance_dayreport", "attendance_checkin", "assessments_assessment"):
            assert count(table, "student_id = %s", world.berk.students[0].pk) > 0, table


def test_a_signatory_finds_agreements_and_no_days(baited):
    world, _clients, _laid = baited
    with use(scope(world, SIGNATORY)), transaction.atomic():
        assert count("agreements_agreement", "true") > 0
        assert count("agreements_signature", "true") > 0
        for table in (
            *("attendance_dayreport", "attendance_absence", "attendance_checkin"),
            *("assessments_assessment", "assessments_score", "assessments_evidence"),
            *("placements_application", "companies_invitation"),
        ):
            assert count(table, "true") == 0, table


def test_a_link_shows_its_one_invitation_and_no_student(baited):
    world, _clients, _laid = baited
    with use(SYSTEM):
        mine = Invitation.objects.get(school=world.berk.school, company=world.noord.companies[0])
        offer = mine.place.offer_id
    who = Scope(
        "company",
        companies=(mine.company_id,),
        regions=(world.noord.region.pk,),
        reach=Reach(invitations=(mine.pk,)),
    )
    with use(who), transaction.atomic():
        assert count("companies_invitation", "true") == 1
        assert count("companies_place", "invitation_id <> %s", mine.pk) == 0
        assert count("companies_offer", "id = %s", offer) == 1
        assert count("companies_offer", "id <> %s", offer) == 0
        assert count("companies_trust", "true") == 0
        students = [
            model._meta.db_table
            for model, wall in table_of_walls().items()
            if "r" in wall.company and "student" in tenant_columns(model)
        ]
        found = {table: count(table, "student_id IS NOT NULL") for table in students}
        assert found == dict.fromkeys(students, 0)


def test_a_pair_of_another_school_at_another_company_opens_neither(baited):
    """Trust of Berk at the garage and of Els at the bakery is no trust of Berk at the bakery."""
    world, _clients, _laid = baited
    garage, bakery = world.noord.companies[1].pk, world.noord.companies[0].pk
    contact = world.noord.contacts[0].pk
    rows = (
        Standing(world.berk.school.pk, garage, contact, frozenset(CONTACT)),
        Standing(world.els.school.pk, bakery, contact, frozenset(CONTACT)),
    )
    with use(SYSTEM):
        who = scope_of(rows, (world.noord.region.pk,))
    with use(who), transaction.atomic():
        assert count("placements_placement", "school_id = %s", world.berk.school.pk) == 0
        assert count("placements_placement", "school_id = %s", world.els.school.pk) > 0


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("companies_company", "description = 'Gekaapt'"),
        ("companies_location", "city = 'Elders'"),
        ("companies_contact", "email = 'evil@elders.test'"),
        ("companies_trust", "roles = '{contact,supervisor,signatory}'"),
    ],
)
def test_by_a_link_or_as_a_supervisor_nothing_of_the_company_is_changed(baited, table, change):
    world, _clients, _laid = baited
    company = world.noord.companies[0].pk
    link = Scope("company", companies=(company,), regions=(world.noord.region.pk,))
    for who in (link, scope(world, SUPERVISOR, world.noord.supervisors[0])):
        with use(who), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET {change}")  # noqa: S608
            assert cursor.rowcount == 0


def test_nobody_vouches_for_a_school_that_does_not_trust_him(baited):
    world, _clients, _laid = baited
    who = scope(world, CONTACT)
    contact = world.noord.supervisors[0]
    with use(who), pytest.raises(ProgrammingError, match="row-level"), transaction.atomic():
        Trust.objects.create(
            school=world.els.school,
            company=world.noord.companies[0],
            contact=contact,
            address="evil@elders.test",
            roles=["contact"],
            source="named",
        )
