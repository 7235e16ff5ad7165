"""Typing an address makes nobody somebody: who plants one sees what its planter could see anyway.

Played over HTTP, from the form to the mailbox to the code. Berk and Els share a region and the
bakery; each has a student there. The words looked for are the schools' names, which all their
students carry as a surname.
"""

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.urls import reverse

from companies import services, trust
from companies.models import CompanyChange, Contact, Trust
from placements.agreements.models import Agreement, Signature
from placements.models import Application
from placements.services import submit_application
from stage.core.models import AuditEntry, Mandate
from stage.core.record.frozen import freezing
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.ui import todo
from tests.abuse.mailbox import get_in, letters_to, reads
from tests.clients import client_of, client_of_contact
from tests.companies.conftest import invitation_of, path_of, sent_campaign, yes
from tests.world import let_be

EVIL = "evil@elders.test"
EVERY_ROLE = ["contact", "supervisor", "signatory"]


def page(world, *more) -> str:
    return "/".join(["/bedrijven", world.noord.companies[0].public_id, *more, ""])


def plant(client, world, **values):
    """Add somebody to the bakery, with every role."""
    data = {"name": "Eva Evil", "email": EVIL, "roles": EVERY_ROLE, **values}
    return client.post(page(world, "contactpersonen", "nieuw"), data)


@pytest.fixture
def els(world):
    return client_of(world.els.coordinator)


@pytest.fixture
def berk(world):
    return client_of(world.berk.coordinator)


def test_another_schools_coordinator_plants_an_address(world, els):
    assert plant(els, world).status_code == 302
    evil = get_in(EVIL)
    text = reads(evil)
    assert "Els" in text  # its own school vouched: that is what it may
    assert "Berk" not in text


def test_it_decides_and_signs_nothing_of_the_other_school(world, els):
    plant(els, world)
    evil = get_in(EVIL)
    wish = world.berk.applications[1]
    with use(SYSTEM):
        agreement = Agreement.objects.create(
            school=world.berk.school,
            student=world.berk.placement.student,
            company=world.noord.companies[0],
            placement=world.berk.placement,
            state="signing",
            **freezing({}, actor=world.actor(world.berk.coordinator)),
        )
    decide = reverse("placements:application_decide", args=[wish.public_id])
    assert evil.post(decide, {"answer": "yes"}).status_code == 404
    for name in ("agreement_show", "agreement_fill", "agreement_sign", "agreement_pdf"):
        address = reverse(f"agreements:{name}", args=[agreement.public_id])
        assert evil.get(address).status_code == 404
    sign = reverse("agreements:agreement_sign", args=[agreement.public_id])
    assert evil.post(sign, {"whole_hash": agreement.whole_hash, "code": "1"}).status_code == 404
    with use(SYSTEM):
        assert Application.objects.get(pk=wish.pk).state == "with_company"
        assert Signature.objects.count() == 0


def test_whom_it_concerns_hears_of_it(world, els, berk):
    plant(els, world)
    services.tell_changes()
    assert services.tell_changes() == 0  # told once
    [told] = [m for m in letters_to(world.noord.contacts[0].email) if "Eva Evil" in m.body]
    assert EVIL in told.body
    with use(SYSTEM):
        trail = AuditEntry.objects.filter(verb="company_change_told", school=world.berk.school)
        assert trail.count() == 1
    shown = berk.get(reverse("companies:change_list")).content.decode()
    assert EVIL in shown
    assert "Els" in shown
    actor = world.actor(world.berk.coordinator)
    with use(actor.scope):
        titles = [item.title for item in todo.for_actor(actor)]
    assert "Bekijk wat anderen bij jullie bedrijven wijzigden" in titles


def test_the_bureau_plants_itself(world):
    bureau = client_of(world.noord.bureau)
    plant(bureau, world, email=world.noord.bureau.email)
    plant(bureau, world)
    with use(SYSTEM):
        assert not Trust.objects.filter(address__in=[EVIL, world.noord.bureau.email]).exists()
    evil = get_in(EVIL)
    text = reads(evil)
    assert "Berk" not in text
    assert "Els" not in text
    assert "De school kent dit adres nog niet" in text


@pytest.mark.parametrize("may_vouch", [True, False])
def test_the_bureau_vouches_only_where_a_mandate_says_so(world, may_vouch):
    with use(SYSTEM):
        Mandate.objects.create(
            school=world.berk.school,
            region=world.noord.region,
            task="Bedrijven zoeken",
            starts="2020-01-01",
            ends="2099-01-01",
            may_vouch=may_vouch,
        )
    bureau = client_of(world.noord.bureau)
    plant(bureau, world, name="Bea", email="bea@bakkerij-noord.test")
    plant(bureau, world, email=world.noord.bureau.email)
    with use(SYSTEM):
        known = Trust.objects.filter(address="bea@bakkerij-noord.test")
        assert [t.school for t in known] == ([world.berk.school] if may_vouch else [])
        assert not Trust.objects.filter(address=world.noord.bureau.email).exists()


def test_an_address_another_school_changes_moves_nobody(world, els):
    contact = world.noord.contacts[0]
    old = contact.email
    phone = client_of_contact(contact)
    data = {"name": contact.name, "email": EVIL, "roles": ["contact", "signatory"]}
    assert els.post(page(world, "contactpersonen", contact.public_id), data).status_code == 302
    evil = get_in(EVIL)
    assert "Berk" not in reads(evil)
    assert "Berk" in reads(phone)  # the one whom Berk knows goes on
    actor = world.actor(world.berk.logins[2])
    with use(actor.scope):
        submit_application(
            world.berk.places[0], student=world.berk.students[2], motivation="Graag.", actor=actor
        )
    assert any("wil bij u stage lopen" in m.subject for m in letters_to(old))
    assert not any("Berk" in m.body for m in letters_to(EVIL))


def test_planted_before_the_next_letter_goes_out(world, els, berk):
    """Where Berk knows nobody the letter may go; a student is seen only after Berk's own yes."""
    garage = world.noord.companies[1]
    with use(SYSTEM):
        Trust.objects.filter(company=garage).delete()
        Contact.objects.filter(company=garage).update(active=False)
    els.post(
        f"/bedrijven/{garage.public_id}/contactpersonen/nieuw/",
        {"name": "Eva", "email": EVIL, "roles": ["contact"]},
    )
    campaign = sent_campaign(world, world.berk)
    [letter] = letters_to(EVIL)
    assert "Berk" in letter.subject
    shown = berk.get(reverse("companies:address_list")).content.decode()
    with use(SYSTEM):
        evil_row = Contact.objects.get(email=EVIL)
    assert EVIL not in shown  # nothing waits for it yet: no place, no student
    path = path_of(invitation_of(campaign, garage), evil_row)
    Client().post(path, yes(supervisor=str(evil_row.pk)))
    shown = berk.get(reverse("companies:address_list")).content.decode()
    assert EVIL in shown
    assert "pas toegevoegd" in shown
    assert "Berk" not in reads(get_in(EVIL)).replace("Berk zoekt", "")


def test_where_the_school_knows_somebody_its_letter_does_not_go_elsewhere(world, els):
    plant(els, world, name="Aaa Eerste")
    sent_campaign(world, world.berk)
    assert letters_to(EVIL) == []
    asked = [m for m in letters_to(world.noord.contacts[0].email) if "zoekt" in m.subject]
    assert len(asked) == 1


def test_a_colleague_of_another_school_does_not_displace_the_signatory(world, els):
    plant(els, world)
    with use(world.actor(world.berk.coordinator).scope):
        found = trust.who_signs(world.berk.school.pk, [world.noord.companies[0].pk])
    [who] = found[world.noord.companies[0].pk]
    assert who.address == world.noord.contacts[0].email


def test_one_mailbox_of_two_companies_is_in_each_what_it_is_there(world):
    """Contact of the bakery, supervisor in the garage: no applications of the garage."""
    garage = world.noord.companies[1]
    with use(SYSTEM):
        boss = let_be(world.noord.supervisors[1], ["supervisor"])
        Contact.objects.filter(pk=boss.pk).update(email=world.noord.contacts[0].email)
        Trust.objects.filter(contact=boss).update(address=world.noord.contacts[0].email)
    client = client_of_contact(world.noord.contacts[0])
    assert client.get(page(world).replace("/bedrijven/", "/bedrijven/eigen/")).status_code == 200
    assert client.get(f"/bedrijven/eigen/{garage.public_id}/").status_code == 403
    with use(SYSTEM):
        actor = world.company_actor(world.noord.contacts[0])
    pairs = {(s.school, s.company) for s in actor.standings if "contact" in s.roles}
    assert pairs == {(sw.school.pk, world.noord.companies[0].pk) for sw in (world.berk, world.els)}


def test_facts_another_school_changes_are_shown_and_put_back(world, els, berk):
    company = world.noord.companies[0]
    els.post(
        page(world, "wijzigen"),
        {"name": "Gekaapt BV", "attendance_mode": "student", "day_end": "planned"},
    )
    with use(SYSTEM):
        change = CompanyChange.objects.get()
    shown = berk.get(reverse("companies:change_list")).content.decode()
    assert "Gekaapt BV" in shown
    berk.post(reverse("companies:change_undo", args=[change.public_id]))
    with use(SYSTEM):
        company.refresh_from_db()
    assert (company.name, company.attendance_mode) == ("Bakkerij Noord", "qr")
    services.tell_changes()
    [told] = [m for m in letters_to(world.noord.contacts[0].email) if "Gekaapt BV" in m.body]
    assert "Bakkerij Noord -> Gekaapt BV" in told.body
    again = berk.post(reverse("companies:change_undo", args=[change.public_id]))
    assert again.status_code == 404  # done twice


def test_ones_own_change_is_no_news_to_oneself(world, els, berk):
    els.post(
        page(world, "wijzigen"),
        {"name": "Gekaapt BV", "attendance_mode": "qr", "day_end": "planned"},
    )
    assert "Gekaapt" in berk.get(reverse("companies:change_list")).content.decode()
    assert "Gekaapt" not in els.get(reverse("companies:change_list")).content.decode()
    with use(SYSTEM):
        codes = list(CompanyChange.objects.values_list("public_id", flat=True))
    berk.post(reverse("companies:change_list"), {"change": codes})
    assert "Gekaapt" not in berk.get(reverse("companies:change_list")).content.decode()


def test_a_location_with_work_on_it_cannot_be_removed(world):
    for actor in (world.berk.coordinator, world.noord.bureau):
        with (
            use(world.actor(actor).scope),
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute("DELETE FROM companies_location")
