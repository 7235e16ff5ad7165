"""A list gives a school people of its own, and nobody else's; it renames and joins nothing."""

from django.db import transaction

from companies.loading import load_companies
from companies.models import Company, CompanyChange, Contact, Trust
from stage.core.models import Membership, StoredFile
from stage.core.tenants.tenancy import SYSTEM, use
from stage.schools.models import ImportJob
from tests.abuse.mailbox import get_in, reads
from tests.companies.test_loading import row

EVIL = "evil@elders.test"


def read_in(world, membership: Membership, *rows) -> None:
    """What the worker does with a list that was confirmed."""
    actor = world.actor(membership)
    with use(SYSTEM):
        file = StoredFile.objects.create(
            region=world.noord.region,
            school=membership.school,
            kind="import",
            name="x.csv",
            path=f"{membership.pk}",
            content_type="text/csv",
            size=1,
            digest="0" * 64,
        )
        job = ImportJob.objects.create(
            region=world.noord.region,
            school=membership.school,
            sheet="companies",
            file=file,
            created_by=membership,
        )
    with use(actor.scope), transaction.atomic():
        load_companies(list(rows), job=job, actor=actor, progress=lambda done: None)


def test_a_list_with_a_public_number_takes_no_company_over(world):
    """F4's way to F1: another school's list with the KvK number of a company of Berk's."""
    bakery = world.noord.companies[0]
    with use(SYSTEM):
        Company.objects.filter(pk=bakery.pk).update(kvk_number="12345678")
    planted = row("Gekaapt BV", kvk="12345678", contact_name="Eva", contact_email=EVIL)
    read_in(world, world.els.coordinator, planted)
    with use(SYSTEM):
        assert Company.objects.get(pk=bakery.pk).name == "Bakkerij Noord"
        assert not Contact.objects.filter(email=EVIL).exists()


def test_nor_one_with_its_right_name(world):
    bakery = world.noord.companies[0]
    with use(SYSTEM):
        Company.objects.filter(pk=bakery.pk).update(kvk_number="12345678")
    planted = row("Bakkerij Noord", kvk="12345678", contact_name="Eva", contact_email=EVIL)
    read_in(world, world.els.coordinator, planted)
    evil = get_in(EVIL)
    text = reads(evil)
    assert "Els" in text  # the list's own school
    assert "Berk" not in text
    with use(SYSTEM):
        assert CompanyChange.objects.get().contact.email == EVIL  # whom it concerns hears it


def test_the_bureaus_list_vouches_for_nobody(world):
    read_in(
        world,
        world.noord.bureau,
        row("Bakkerij Noord", city="Noord", contact_name="Eva", contact_email=EVIL),
        row("Nieuw Bedrijf", city="Noord", contact_name="Nico", contact_email="nico@nieuw.test"),
    )
    with use(SYSTEM):
        assert Contact.objects.filter(email__in=[EVIL, "nico@nieuw.test"]).count() == 2
        assert not Trust.objects.filter(address__in=[EVIL, "nico@nieuw.test"]).exists()


def test_a_schools_list_vouches_for_that_school_once(world):
    known = world.noord.contacts[0]
    with use(SYSTEM):
        Trust.objects.filter(contact=known, school=world.berk.school).delete()
    rows = [
        row("Bakkerij Noord", city="Noord", contact_name=known.name, contact_email=known.email),
        row("Nieuw Bedrijf", city="Noord", contact_name="Nico", contact_email="nico@nieuw.test"),
    ]
    for _again in range(2):
        read_in(world, world.berk.coordinator, *rows)
    with use(SYSTEM):
        mine = Trust.objects.live().filter(address__in=[known.email, "nico@nieuw.test"])
        found = sorted(mine.values_list("school__name", "address", "source"))
    assert found == [
        ("Berk", known.email, "typed"),
        ("Berk", "nico@nieuw.test", "typed"),
        ("Els", known.email, "typed"),
    ]


def test_a_list_moves_no_address(world):
    """Another address for somebody the pool knows by name: named beside, not instead."""
    known = world.noord.contacts[0]
    other = row("Bakkerij Noord", city="Noord", contact_name=known.name, contact_email=EVIL)
    read_in(world, world.els.coordinator, other)
    with use(SYSTEM):
        assert Contact.objects.get(pk=known.pk).email == known.email
        rows = Trust.objects.live().filter(contact=known)
        assert {t.address for t in rows} == {known.email}
