"""Whom a school knows at one member of a family, and what is left of it after an undo."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from companies import services, trust
from companies.models import Company, Contact, Trust
from companies.services.contacts import line_at
from stage.core.models import AuditEntry
from stage.core.tenants.tenancy import SYSTEM, school_scope, use
from stage.core.who.policies import Conflict
from tests.abuse.mailbox import letters_to, link_in, open_link
from tests.clients import client_of_contact
from tests.companies.test_merging import merge, unmerge


def test_a_device_sees_more_at_the_next_request_and_less_after_the_undo(world):
    bakery, garage = world.noord.companies
    contact = world.noord.contacts[1]
    with use(SYSTEM):
        Trust.objects.filter(contact=contact).exclude(school=world.berk.school).delete()
    phone = client_of_contact(contact)
    address = reverse("placements:placement_show", args=[world.berk.placement.public_id])
    other = reverse("placements:placement_show", args=[world.els.placement.public_id])
    assert phone.get(address).status_code == 404
    merge(world, garage, bakery)
    assert phone.get(address).status_code == 200
    assert phone.get(other).status_code == 404
    assert "Garage Noord" not in phone.get("/").content.decode()
    unmerge(world, garage)
    assert phone.get(address).status_code == 404


def test_the_predicates_take_the_family(world):
    bakery, garage = world.noord.companies
    contact, placement = world.noord.contacts[1], world.berk.placement
    merge(world, bakery, garage)
    actor = world.company_actor(contact)
    assert trust.is_contact(actor, placement)
    assert trust.guides(actor, placement)
    assert trust.reads_agreement(actor, placement)
    assert trust.keeps_company(actor, bakery.pk)
    assert actor.contact_at(placement) == contact.pk
    # Who has a line at both is known at each by its own.
    baker = world.noord.contacts[0]
    with use(SYSTEM):
        Contact.objects.filter(pk=contact.pk).update(email=baker.email)
        Trust.objects.filter(contact=contact).update(address=baker.email)
    actor = world.company_actor(baker)
    assert actor.contact_at(placement) == baker.pk
    assert set(actor.contacts_at(placement)) == {baker.pk, contact.pk}


# --- what was vouched for while they were one ---------------------------------------------------


def live(school) -> set[str]:
    with use(SYSTEM):
        rows = Trust.objects.live().filter(school=school)
        return set(rows.values_list("address", flat=True))


def new_at(company, name: str) -> Contact:
    with use(SYSTEM):
        return Contact.objects.create(
            region=company.region, company=company, name=name, email=f"{name}@nieuw.test".lower()
        )


def vouch(actor, contact, roles=("contact",)):
    with use(actor.scope):
        return services.vouch(contact, roles, source="named", actor=actor)


def test_whom_one_named_at_the_other_ends_with_the_undo(world):
    bakery, garage = world.noord.companies
    merge(world, garage, bakery)
    before = live(world.berk.school)
    rows = vouch(world.company_actor(world.noord.contacts[1]), new_at(bakery, "Anna"))
    assert {r.school_id for r in rows} == {world.berk.school.pk, world.els.school.pk}
    unmerge(world, garage)
    for sw in (world.berk, world.els):
        assert live(sw.school) == before
    with use(SYSTEM):
        ended = Trust.objects.filter(address="anna@nieuw.test")
        assert {(t.ended_why, t.until is None) for t in ended} == {("unmerged", False)}
        trail = AuditEntry.objects.filter(verb="address_ended", object_id__in=ended.values("pk"))
        assert set(trail.values_list("school_id", "actor_role")) == {
            (world.berk.school.pk, "bureau"),
            (world.els.school.pk, "bureau"),
        }


def test_so_does_whom_staff_ticked_meanwhile_at_either(world):
    bakery, garage = world.noord.companies
    merge(world, garage, bakery)
    before = live(world.berk.school)
    for company in (bakery, garage):
        vouch(world.actor(world.berk.coordinator), new_at(company, f"Bo{company.pk}"))
    assert len(live(world.berk.school)) == len(before) + 2
    unmerge(world, garage)
    assert live(world.berk.school) == before


def test_a_role_that_was_added_meanwhile_ends_the_word_it_was_added_to(world):
    bakery, garage = world.noord.companies
    guide = world.noord.supervisors[0]
    merge(world, garage, bakery)
    vouch(world.company_actor(world.noord.contacts[1]), guide)
    unmerge(world, garage)
    assert guide.email not in live(world.berk.school)
    assert world.noord.supervisors[1].email in live(world.berk.school)


def test_what_stood_before_the_merge_stands_after_the_undo(world):
    bakery, garage = world.noord.companies
    with use(SYSTEM):
        Trust.objects.update(since=timezone.now() - timedelta(days=1))
    vouch(world.company_actor(world.noord.contacts[0]), new_at(bakery, "Cor"))
    before = live(world.berk.school)
    merge(world, garage, bakery)
    unmerge(world, garage)
    assert live(world.berk.school) == before
    assert "cor@nieuw.test" in before


def test_nobody_gives_oneself_more_by_a_line_at_the_other(world):
    bakery, garage = world.noord.companies
    contact = world.noord.contacts[1]
    with use(SYSTEM):
        Trust.objects.filter(contact=contact).update(roles=["contact"])
    merge(world, garage, bakery)
    line = new_at(bakery, "zelf")
    with use(SYSTEM):
        Contact.objects.filter(pk=line.pk).update(email=contact.email)
        line.refresh_from_db()
    for row in vouch(world.company_actor(contact), line, ("contact", "supervisor", "signatory")):
        assert row.roles == ["contact"]


def test_the_word_of_an_undone_merge_counts_no_more_even_in_a_request_under_way(world):
    """The scope was read before the undo; what it would write now is refused."""
    bakery, garage = world.noord.companies
    merge(world, garage, bakery)
    actor, stranger = world.company_actor(world.noord.contacts[1]), new_at(bakery, "Dirk")
    unmerge(world, garage)
    with pytest.raises(Conflict), transaction.atomic():
        vouch(actor, stranger)
    assert "dirk@nieuw.test" not in live(world.berk.school)


def test_of_three_the_undo_of_one_ends_what_was_vouched_since_that_one_joined(world):
    bakery, garage = world.noord.companies
    with use(SYSTEM):
        third = Company.objects.create(region=world.noord.region, name="Kapper Noord")
    merge(world, third, bakery)
    earlier = new_at(third, "Evi")
    vouch(world.company_actor(world.noord.contacts[0]), earlier)
    merge(world, garage, bakery)
    vouch(world.company_actor(world.noord.contacts[1]), new_at(third, "Fien"))
    unmerge(world, garage)
    known = live(world.berk.school)
    assert ("evi@nieuw.test" in known, "fien@nieuw.test" in known) == (True, False)
    with use(school_scope(world.berk.school)):
        assert set(Company.objects.families([bakery.pk])) == {bakery.pk, third.pk}


# --- one address is one person ------------------------------------------------------------------


@pytest.fixture
def with_two_lines(world):
    """The mechanic, whom Berk knows at the garage and by a line at the bakery too."""
    bakery, garage = world.noord.companies
    merge(world, garage, bakery)
    contact, actor = world.noord.contacts[1], world.actor(world.berk.coordinator)
    with use(actor.scope):
        line = line_at(contact, bakery.pk, actor=actor)
        services.vouch(line, ["contact"], source="ticked", actor=actor)
    return contact, actor


def test_who_left_one_left_both(world, with_two_lines):
    contact, actor = with_two_lines
    with use(actor.scope):
        services.set_contact_active(contact, active=False, actor=actor)
    assert contact.email not in live(world.berk.school)
    assert contact.email in live(world.els.school)


def test_who_is_stopped_is_stopped_at_both(world, with_two_lines):
    contact, actor = with_two_lines
    with use(actor.scope):
        services.end_trust(contact, actor=actor)
    assert contact.email not in live(world.berk.school)


def test_a_second_line_of_oneself_is_no_other_contact(world, with_two_lines):
    contact, _actor = with_two_lines
    with use(SYSTEM):
        Trust.objects.filter(school=world.berk.school).exclude(address=contact.email).delete()
        Trust.objects.exclude(school=world.berk.school).delete()
    actor = world.company_actor(contact)
    with use(actor.scope), pytest.raises(Conflict), transaction.atomic():
        services.set_contact_active(contact, active=False, actor=actor)


def test_a_new_address_moves_both(world, with_two_lines):
    contact, _actor = with_two_lines
    phone, new = client_of_contact(contact), "nieuw@garage-noord.test"
    garage = world.noord.companies[1]
    own = f"/bedrijven/{garage.public_id}/contactpersonen/{contact.public_id}/"
    phone.post(own, {"name": contact.name, "email": new})
    [letter] = letters_to(new)
    open_link(Client(), link_in(letter), new)
    for sw in (world.berk, world.els):
        assert (contact.email in live(sw.school), new in live(sw.school)) == (False, True)
