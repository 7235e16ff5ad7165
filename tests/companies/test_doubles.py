"""Likely doubles on a page: found, compared, made one, said to be two, taken apart (B2)."""

from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection, transaction

from companies.models import Company, CompanyNote, CompanyOwner, FollowUp, Location, NotSame
from companies.row_matching import read_pool
from stage.core.models import AuditEntry
from stage.core.tenants.tenancy import SYSTEM, school_scope, use
from tests.clients import client_of
from tests.companies.test_contact_log import words
from tests.companies.test_merging import rows

URL = "/bedrijven/dubbel/"


@pytest.fixture
def bakery(world):
    return world.noord.companies[0]


def double_of(world, company, name="Bakkerij Noord B.V.", **values) -> Company:
    """Another entry of the region's pool."""
    with use(SYSTEM):
        postcode = values.pop("postcode", "")
        made = Company.objects.create(region=world.noord.region, name=name, **values)
        Location.objects.create(
            region=world.noord.region, company=made, postcode=postcode, city="Noord"
        )
        return made


def put(company, **values):
    with use(SYSTEM):
        Company.objects.filter(pk=company.pk).update(**values)
        Location.objects.filter(company=company).update(postcode="1234 AB")


def pairs(client) -> list[tuple[set[str], list[str]]]:
    found = client.get(URL).context["pairs"]
    return [({p.one.name, p.other.name}, [way.value for way in p.by]) for p in found]


@pytest.mark.parametrize(
    ("other", "by"),
    [
        ({"name": "Bakkerij Noord B.V.", "postcode": "1234AB"}, ["name"]),
        ({"name": "BAKKERIJ  NOORD", "postcode": "1234 ab"}, ["name"]),
        ({"name": "Brood van Noord", "telephone": "+31 (0)20-123 45 67"}, ["telephone"]),
        ({"name": "Brood van Noord", "website": "http://bakkerij.test/contact"}, ["website"]),
        (
            {"name": "Bakkerij Noord BV", "postcode": "1234AB", "telephone": "0201234567"},
            ["name", "telephone"],
        ),
        ({"name": "Bakkerij Noord", "postcode": "9999 ZZ"}, None),
        ({"name": "Brood van Noord", "telephone": "0201234568"}, None),
        ({"name": "Brood van Noord", "website": "https://brood.test"}, None),
    ],
)
def test_who_is_alike_by_name_and_postcode_telephone_or_site_is_proposed(
    world, bakery, bureau, other, by
):
    put(bakery, telephone="020 1234567", website="https://www.bakkerij.test/")
    name = other.pop("name")
    double_of(world, bakery, name, **other)
    assert pairs(bureau) == ([({"Bakkerij Noord", name}, by)] if by else [])


def test_en_and_the_sign_are_one_word(world, bureau):
    for name in ("Jansen & Zn.", "Jansen en Zn BV"):
        double_of(world, None, name, postcode="1111 AA")
    assert pairs(bureau) == [({"Jansen & Zn.", "Jansen en Zn BV"}, ["name"])]


def test_another_regions_companies_are_not_proposed(world, bakery, coordinator):
    put(bakery, telephone="0201234567")
    with use(SYSTEM):
        Company.objects.filter(region=world.zuid.region).update(telephone="0201234567")
    assert pairs(coordinator) == []
    far = world.zuid.companies[0]
    page = f"{URL}{bakery.public_id}/{far.public_id}/"
    for client in (coordinator, client_of(world.noord.bureau)):
        assert client.get(page).status_code == 404


def test_side_by_side_then_one_and_apart_again_with_every_row_as_it_was(world, bakery, bureau):
    garage = world.noord.companies[1]
    put(bakery, telephone="0201234567")
    with use(SYSTEM):
        Company.objects.filter(pk=garage.pk).update(telephone="0201234567")
        side = {"region": world.noord.region, "school": world.berk.school, "company": garage}
        CompanyNote.objects.create(**side, text="Bel na tien", written_by=world.berk.coordinator)
        FollowUp.objects.create(
            **side, text="Ga langs", due=garage.created_at, who=world.berk.teacher
        )
        CompanyOwner.objects.create(**side, who=world.berk.teacher, who_name="Docent Berk")
    before = rows()
    page = f"{URL}{bakery.public_id}/{garage.public_id}/"
    text = words(bureau.get(page))
    for part in ("Bakkerij Noord", "Garage Noord", "Dorpsstraat 2", "0201234567"):
        assert part in text
    ask = f"{URL}{garage.public_id}/in/{bakery.public_id}/"
    assert ask in bureau.get(page).content.decode()
    told = words(bureau.get(ask))
    assert "Is Garage Noord hetzelfde bedrijf als Bakkerij Noord?" in told
    assert "1 locaties" in told
    assert rows() == before

    bureau.post(ask)
    assert rows() == before
    assert pairs(bureau) == []
    school = client_of(world.berk.coordinator)
    shown = words(school.get(f"/bedrijven/{bakery.public_id}/"))
    for part in ("Bel na tien", "Ga langs", "Contact namens onze school Docent Berk"):
        assert part in shown
    undo = f"{URL}{garage.public_id}/terug/"
    assert undo in bureau.get(URL).content.decode()
    assert undo in bureau.get(f"/bedrijven/{bakery.public_id}/").content.decode()
    assert undo not in school.get(f"/bedrijven/{bakery.public_id}/").content.decode()

    bureau.post(undo)
    assert rows() == before
    assert "Bel na tien" not in words(school.get(f"/bedrijven/{bakery.public_id}/"))
    own = words(school.get(f"/bedrijven/{garage.public_id}/"))
    assert "Bel na tien" in own
    assert "Contact namens onze school Docent Berk" in own
    assert len(pairs(bureau)) == 1


def test_it_is_undone_for_thirty_days_and_not_after(world, bakery, bureau):
    garage = world.noord.companies[1]
    bureau.post(f"{URL}{garage.public_id}/in/{bakery.public_id}/")
    undo = f"{URL}{garage.public_id}/terug/"
    for days, there in ((29, True), (31, False)):
        with use(SYSTEM):
            garage.refresh_from_db()
            at = garage.merged_at - timedelta(days=days)
            Company.objects.filter(pk=garage.pk).update(merged_at=at)
        assert (undo in bureau.get(URL).content.decode()) is there
        assert bureau.get(undo).status_code == (200 if there else 404)
        with use(SYSTEM):
            Company.objects.filter(pk=garage.pk).update(merged_at=garage.merged_at)


def test_what_is_said_to_be_two_is_not_proposed_again(world, bakery, bureau):
    put(bakery, telephone="0201234567")
    other = double_of(world, bakery, "Brood van Noord", telephone="0201234567")
    apart = f"{URL}{bakery.public_id}/{other.public_id}/twee/"
    for _twice in range(2):
        assert bureau.post(apart).status_code == 302
    assert pairs(bureau) == []
    page = f"{URL}{other.public_id}/{bakery.public_id}/"
    assert "Er is gezegd dat dit twee bedrijven zijn." in words(bureau.get(page))
    with use(SYSTEM):
        assert NotSame.objects.count() == 1
        assert AuditEntry.objects.filter(verb="company_not_the_same").count() == 1


def test_a_coordinator_reads_and_the_bureau_decides(world, bakery, coordinator):
    put(bakery, telephone="0201234567")
    other = double_of(world, bakery, "Brood van Noord", telephone="0201234567")
    page = f"{URL}{bakery.public_id}/{other.public_id}/"
    assert len(pairs(coordinator)) == 1
    text = words(coordinator.get(page))
    assert "Samenvoegen doet het stagebureau." in text
    assert "Niet hetzelfde bedrijf" not in text
    for address in (f"{page}twee/", f"{URL}{other.public_id}/in/{bakery.public_id}/"):
        assert coordinator.post(address).status_code == 403
    sql = (
        "INSERT INTO companies_notsame (region_id, first_id, second_id, at)"
        " VALUES (%s, %s, %s, now())"
    )
    at_school, refused = use(school_scope(world.berk.school)), pytest.raises(ProgrammingError)
    with at_school, refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, [world.noord.region.pk, bakery.pk, other.pk])


def test_a_list_finds_a_company_again_however_its_legal_form_is_written(world, bakery):
    put(bakery)
    with use(school_scope(world.berk.school)):
        known = read_pool(world.noord.region.pk)
    for name, postcode, found in (
        ("Bakkerij Noord B.V.", "1234AB", bakery),
        ("BAKKERIJ NOORD", "1234 ab", bakery),
        ("Bakkerij Noord B.V.", "1234AC", None),
        ("Bakkerij Zuid B.V.", "1234AB", None),
    ):
        assert known.find({"name": name, "postcode": postcode, "city": ""})[0] == found, name
