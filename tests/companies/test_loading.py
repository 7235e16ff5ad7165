"""Companies from a sheet: updated instead of doubled, all or nothing, fast."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from companies.loading import load_companies, preview_companies
from companies.models import Company, Contact, GroupCompany, Location
from stage.core.imports.loaders import loader_of
from stage.core.models import ImportJob, StoredFile
from stage.core.policies import NotAllowed
from stage.core.tenancy import SYSTEM, use


def row(name="Kapper Kees", **values) -> dict:
    """A checked row of the sheet; what is not said is empty, as the reader gives it."""
    empty = dict.fromkeys(
        ["kvk", "address", "postcode", "city", "phone", "email", "website", "description"]
        + ["contact_name", "contact_function", "contact_email", "contact_phone"],
        "",
    )
    return {**empty, "profiles": (), "sbb_recognised": None, "name": name, **values}


@pytest.fixture
def job(world):
    with use(SYSTEM):
        file = StoredFile.objects.create(
            region=world.noord.region,
            school=world.berk.school,
            kind="import",
            name="x.csv",
            path="x",
            content_type="text/csv",
            size=1,
            digest="0" * 64,
        )
        return ImportJob.objects.create(
            region=world.noord.region,
            school=world.berk.school,
            sheet="companies",
            file=file,
            created_by=world.berk.coordinator,
        )


@pytest.fixture
def load(world, job):
    actor = world.actor(world.berk.coordinator)

    def run(*rows, said=None):
        with use(actor.scope), transaction.atomic():
            heard = said if said is not None else []
            return load_companies(list(rows), job=job, actor=actor, progress=heard.append)

    return run


def counts(new=0, changed=0, same=0) -> dict:
    return {"new": new, "changed": changed, "same": same}


def test_the_loader_is_registered():
    assert loader_of("companies") is load_companies


def test_a_new_company_comes_with_location_and_contact(load):
    given = row(
        kvk="12345678",
        address="Kerkstraat 1",
        postcode="9711 AA",
        city="Groningen",
        contact_name="Kees",
        contact_email="Kees@kapper.test",
        profiles=("HBR",),
    )
    assert load(given) == counts(new=1)
    with use(SYSTEM):
        company = Company.objects.get(kvk_number="12345678")
        place, person = company.locations.get(), company.contacts.get()
    assert (company.name, company.sort_name) == ("Kapper Kees", "kapper kees")
    assert company.profiles == ["HBR"]
    assert (place.street, place.postcode, place.city) == ("Kerkstraat 1", "9711 AA", "Groningen")
    assert (person.name, person.email) == ("Kees", "kees@kapper.test")
    assert person.roles == ["contact"]


def test_the_same_sheet_again_changes_nothing(load):
    given = row(kvk="12345678", address="Kerkstraat 1", city="Groningen", email="info@kapper.test")
    load(given)
    assert load(given) == counts(same=1)


@pytest.mark.parametrize(
    ("first", "again"),
    [
        ({"kvk": "12345678"}, {"name": "Heel Anders", "kvk": "12345678"}),
        ({"postcode": "9711 AA"}, {"name": "KAPPER  kees", "postcode": "9711aa"}),
        ({"city": "Groningen"}, {"name": "Kapper Kées", "city": "groningen"}),
        ({"postcode": "9711 AA", "city": "X"}, {"postcode": "9711 AA", "kvk": "12345678"}),
    ],
)
def test_a_known_company_is_updated_not_doubled(load, first, again):
    load(row(**first))
    with use(SYSTEM):
        before = Company.objects.count()
    assert load(row(**{**again, "phone": "0501234567"})) == counts(changed=1)
    with use(SYSTEM):
        assert Company.objects.count() == before
        assert Company.objects.filter(telephone="0501234567").count() == 1


def test_another_kvk_number_is_another_company(load):
    load(row(kvk="12345678", city="Groningen"))
    assert load(row(kvk="87654321", city="Groningen")) == counts(new=1)


def test_two_rows_of_one_company_make_one_with_two_contacts_and_locations(load):
    both = [
        row(kvk="12345678", contact_email="a@k.test", contact_name="A", address="Weg 1"),
        row(kvk="12345678", contact_email="b@k.test", contact_name="B", address="Weg 2"),
    ]
    assert load(*both) == counts(new=1)
    with use(SYSTEM):
        company = Company.objects.get(kvk_number="12345678")
        assert {c.email for c in company.contacts.all()} == {"a@k.test", "b@k.test"}
        assert {place.street for place in company.locations.all()} == {"Weg 1", "Weg 2"}


def test_an_empty_cell_empties_nothing(load):
    load(row(kvk="12345678", phone="0501234567", description="Knippen"))
    load(row(kvk="12345678"))
    with use(SYSTEM):
        company = Company.objects.get(kvk_number="12345678")
    assert (company.telephone, company.description) == ("0501234567", "Knippen")


def test_the_companies_join_the_group_of_the_job(world, load, job):
    with use(SYSTEM):
        job.group = world.berk.group
        job.save()
    load(row(), row(name="Bakkerij Noord", city="Noord"))
    load(row())
    with use(SYSTEM):
        rows = GroupCompany.objects.filter(group=world.berk.group)
        names = sorted(rows.values_list("company__name", flat=True))
    assert names == ["Bakkerij Noord", "Garage Noord", "Kapper Kees"]


def test_the_preview_foresees_the_counts_and_writes_nothing(world, job, load):
    rows = [
        row(kvk="12345678", city="Groningen"),
        row(name="Bakker Bas", city="Assen", contact_name="Bas"),
        row(name="Bakker Bas", city="Assen", contact_email="bas@bakker.test"),
    ]
    load(rows[0])
    changed = row(kvk="12345678", city="Groningen", phone="0501234567")
    for given, outcome in (
        (rows, counts(new=1, same=1)),
        ([changed, *rows[1:]], counts(new=1, changed=1)),
        ([rows[0]], counts(same=1)),
    ):
        actor = world.actor(world.berk.coordinator)
        with use(actor.scope), CaptureQueriesContext(connection) as queries:
            assert preview_companies(given, job=job, actor=actor) == outcome
        verbs = {q["sql"].split()[0] for q in queries if "set_config" not in q["sql"]}
        assert verbs == {"SELECT"}
        with transaction.atomic():
            assert load(*given) == outcome
            transaction.set_rollback(True)


def test_another_regions_company_is_left_alone(world, load):
    assert load(row(name="Bakkerij Zuid", city="Zuid")) == counts(new=1)
    with use(SYSTEM):
        rows = Company.objects.filter(name="Bakkerij Zuid")
        regions = set(rows.values_list("region_id", flat=True))
    assert regions == {world.noord.region.pk, world.zuid.region.pk}


def test_a_teacher_cannot_load(world, job):
    actor = world.actor(world.berk.teacher)
    with use(actor.scope), pytest.raises(NotAllowed):
        load_companies([row()], job=job, actor=actor, progress=print)


def test_five_thousand_rows_take_few_queries(load, django_assert_max_num_queries):
    rows = [
        row(
            name=f"Bedrijf {n}",
            kvk=f"{n:08}",
            address=f"Weg {n}",
            postcode="9711 AA",
            city="Groningen",
            contact_name=f"Jan {n}",
            contact_email=f"jan{n}@bedrijf.test",
        )
        for n in range(5000)
    ]
    heard = []
    with django_assert_max_num_queries(60):
        assert load(*rows, said=heard) == counts(new=5000)
    assert heard[-1] == 5000
    assert len(heard) >= 10
    assert load(*rows[:1000]) == counts(same=1000)
    with use(SYSTEM):
        assert Location.objects.filter(city="Groningen").count() == 5000
        assert Contact.objects.filter(email__endswith="@bedrijf.test").count() == 5000
