"""Companies from a sheet: updated instead of doubled, all or nothing, fast."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from companies import loading
from companies.loading import load_companies, preview_companies
from companies.models import Company, Contact, GroupCompany, Location
from stage.core.models import StoredFile
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.who.policies import NotAllowed
from stage.schools.imports.loaders import list_named
from stage.schools.models import ImportJob


def row(name="Kapper Kees", **values) -> dict:
    """A checked row of the sheet; what is not said is empty, as the reader gives it."""
    empty = dict.fromkeys(
        ["kvk", "address", "postcode", "city", "phone", "email", "website", "description"]
        + ["contact_name", "contact_function", "contact_email", "contact_phone"],
        "",
    )
    return {**empty, "profiles": (), "name": name, **values}


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
    assert list_named("companies").load is load_companies


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
        ({"kvk": "12345678"}, {"name": "KAPPER Kees B.V.", "kvk": "12345678"}),
        ({"postcode": "9711 AA"}, {"name": "KAPPER  kees", "postcode": "9711aa"}),
        ({"city": "Groningen"}, {"name": "Kapper Kées", "city": "groningen"}),
        ({"postcode": "9711 AA", "city": "X"}, {"postcode": "9711 AA", "kvk": "12345678"}),
    ],
)
def test_a_known_company_is_updated_not_doubled(load, first, again):
    load(row(**first))
    with use(SYSTEM):
        before = Company.objects.count()
    outcome = load(row(**{**again, "phone": "0501234567"}))
    assert {key: outcome[key] for key in counts()} == counts(changed=1)
    with use(SYSTEM):
        assert Company.objects.count() == before
        assert Company.objects.filter(name="Kapper Kees").count() == 1
        assert Company.objects.filter(telephone="0501234567").count() == 1


def double(index, ours, **more):
    """What is told of a possible double: a row of another name, left out unless said otherwise."""
    told = {"row": index, "yours": "Heel Anders", "yours_place": "", "ours": ours.name}
    return {**told, "ours_place": "", "company": ours.public_id, "same": False, **more}


def the_company() -> Company:
    with use(SYSTEM):
        return Company.objects.get(kvk_number="12345678")


def parts_of(company) -> tuple[set[str], set[str]]:
    with use(SYSTEM):
        places, people = company.locations.all(), company.contacts.all()
        return {p.city for p in places}, {p.email for p in people}


HIJACK = {
    "name": "Heel Anders",
    "kvk": "12345678",
    "city": "Assen",
    "phone": "0509999999",
    "website": "https://anders.test",
    "contact_email": "anders@anders.test",
    "contact_name": "Anders",
    "profiles": ("PIE",),
}


def test_a_row_with_a_known_kvk_number_and_another_name_is_left_out(world, load, job):
    with use(SYSTEM):
        job.group = world.berk.group
        job.save()
    load(row(kvk="12345678", city="Groningen", email="info@kapper.test"))
    ours = the_company()
    with use(SYSTEM):
        GroupCompany.objects.filter(company=ours).delete()
    told = double(1, ours, yours_place="Assen", ours_place="Groningen")
    outcome = load(row(name="Bakker Bas", city="Assen"), row(**HIJACK))
    assert outcome == {**counts(new=1), "doubles": [told], "double_count": 1, "left_out": 1}
    after = the_company()
    assert (after.name, after.telephone, after.website) == ("Kapper Kees", "", "")
    assert after.profiles == []
    assert parts_of(after) == ({"Groningen"}, {"info@kapper.test"})
    with use(SYSTEM):
        assert not Company.objects.filter(name="Heel Anders").exists()
        assert not GroupCompany.objects.filter(company=ours).exists()


def test_a_possible_double_that_is_the_same_company_joins_it_and_it_keeps_its_name(load, job):
    load(row(kvk="12345678", city="Groningen"))
    ours = the_company()
    job.choices = {"same": {"0": ours.public_id}}
    told = double(0, ours, yours_place="Assen", ours_place="Groningen", same=True)
    outcome = load(row(**HIJACK))
    assert outcome == {**counts(changed=1), "doubles": [told], "double_count": 1, "left_out": 0}
    after = the_company()
    assert (after.name, after.sort_name) == ("Kapper Kees", "kapper kees")
    assert after.telephone == "0509999999"
    assert parts_of(after) == ({"Groningen", "Assen"}, {"anders@anders.test"})


def test_a_choice_is_about_the_company_that_was_shown(load, job):
    load(row(kvk="12345678"))
    job.choices = {"same": {"0": "EENANDER12"}}
    assert load(row(**HIJACK))["left_out"] == 1
    assert the_company().telephone == ""


def test_twenty_names_with_one_kvk_number_are_one_company_and_nineteen_possible_doubles(load, job):
    rows = [
        row(name=f"Bedrijf {n} B.V.", kvk="12345678", city=f"Stad {n}", contact_email=f"{n}@x.test")
        for n in range(20)
    ]
    outcome = load(*rows)
    assert (outcome["new"], outcome["double_count"], outcome["left_out"]) == (1, 19, 19)
    assert [(d["row"], d["ours"], d["company"]) for d in outcome["doubles"]] == [
        (n, "Bedrijf 0 B.V.", "row 0") for n in range(1, 20)
    ]
    assert parts_of(the_company()) == ({"Stad 0"}, {"0@x.test"})


def test_a_choice_holds_for_a_company_that_the_same_sheet_brings(load, job):
    job.choices = {"same": {"2": "row 0"}}
    rows = [row(name=f"Bedrijf {n}", kvk="12345678", contact_email=f"{n}@x.test") for n in range(3)]
    assert (load(*rows)["new"], the_company().name) == (1, "Bedrijf 0")
    assert parts_of(the_company())[1] == {"0@x.test", "2@x.test"}


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Jansen & Zn. B.V.", "Jansen en Zn"),
        ("Bakkerij Noord", "BAKKERIJ NOORD VOF"),
        ("Stichting De Zorg", "de zorg"),
        ("Garage Zuid N.V.", "Garage Zuid V.O.F."),
        ("Café ’t Hoekje", "Cafe 't Hoekje"),
    ],
)
def test_a_name_written_otherwise_is_no_double_and_renames_nothing(load, name, other):
    load(row(name=name, kvk="12345678"))
    assert "doubles" not in load(row(name=other, kvk="12345678"))
    assert the_company().name == name


def test_facts_that_differ_stay_and_are_told(load):
    first = {
        "email": "info@kapper.test",
        "phone": "0501234567",
        "website": "https://kapper.test",
        "description": "Knippen",
        "contact_name": "Kees",
        "contact_email": "kees@kapper.test",
        "contact_phone": "0611111111",
        "contact_function": "Baas",
        "address": "Weg 1",
        "postcode": "9711 AA",
        "city": "Groningen",
    }
    load(row(kvk="12345678", **first))
    again = {
        "email": "info@ander.test",
        "phone": "0509999999",
        "website": "https://ander.test",
        "description": "Scheren",
        "contact_name": "Karel",
        "contact_email": "kees@kapper.test",
        "contact_phone": "0622222222",
        "contact_function": "Knecht",
        "address": "Weg 1",
        "postcode": "9711 AA",
        "city": "Assen",
    }
    outcome = load(row(kvk="12345678", **again))
    assert outcome["kept_count"] == 8
    assert {(k["field"], k["yours"], k["ours"]) for k in outcome["kept"]} == {
        (name, again[name], first[name])
        for name in again
        if name not in ("contact_email", "address", "postcode")
    }
    assert {(k["row"], k["company"]) for k in outcome["kept"]} == {(0, "Kapper Kees")}
    assert {key: outcome[key] for key in counts()} == counts(same=1)
    company = the_company()
    with use(SYSTEM):
        person, place = company.contacts.get(), company.locations.get()
    assert (company.email, company.telephone) == (first["email"], first["phone"])
    assert (company.website, company.description) == (first["website"], "Knippen")
    assert (person.name, person.function) == ("Kees", "Baas")
    assert (person.telephone, person.email) == ("0611111111", "kees@kapper.test")
    assert place.city == "Groningen"


def test_what_is_empty_is_filled_in(load):
    load(row(city="Groningen", contact_name="Kees"))
    outcome = load(
        row(
            city="Groningen",
            kvk="12345678",
            phone="0501234567",
            contact_name="kees",
            contact_function="Baas",
            contact_email="kees@kapper.test",
            profiles=("HBR",),
        )
    )
    assert outcome == counts(changed=1)
    company = the_company()
    with use(SYSTEM):
        person = company.contacts.get()
    assert (company.telephone, company.profiles) == ("0501234567", ["HBR"])
    assert (person.name, person.function, person.email) == ("Kees", "Baas", "kees@kapper.test")


def test_the_same_fact_in_other_writing_is_no_difference(load):
    load(row(kvk="12345678", email="info@kapper.test"))
    with use(SYSTEM):
        Company.objects.filter(kvk_number="12345678").update(
            telephone="+31 50 123 45 67", website="http://www.kapper.test/"
        )
    given = {"phone": "0501234567", "website": "https://kapper.test", "email": "INFO@kapper.test"}
    assert load(row(kvk="12345678", **given)) == counts(same=1)


def test_a_contact_at_another_address_is_somebody_else(load):
    load(row(kvk="12345678", contact_name="Kees", contact_email="kees@kapper.test"))
    load(row(kvk="12345678", contact_name="Kees", contact_email="dief@ander.test"))
    assert parts_of(the_company())[1] == {"kees@kapper.test", "dief@ander.test"}


def test_a_bare_town_is_filled_in_by_a_street_in_that_town_only(load):
    load(row(kvk="12345678", city="Groningen"))
    load(row(kvk="12345678", city="Assen", address="Weg 1", postcode="9401 AA"))
    load(row(kvk="12345678", city="Groningen", address="Plein 2", postcode="9711 AA"))
    with use(SYSTEM):
        places = the_company().locations.values_list("street", "city")
        assert sorted(places) == [("Plein 2", "Groningen"), ("Weg 1", "Assen")]


def test_a_row_with_a_town_only_is_about_any_location_there_and_no_other(load):
    load(row(kvk="12345678", city="Groningen", address="Weg 1", postcode="9711 AA"))
    assert load(row(kvk="12345678", city="Groningen")) == counts(same=1)
    assert load(row(kvk="12345678", city="Assen")) == counts(changed=1)
    assert load(row(kvk="12345678", city="Assen")) == counts(same=1)
    assert parts_of(the_company())[0] == {"Groningen", "Assen"}


def test_a_name_or_address_that_changes_meanwhile_is_not_put_back(load, monkeypatch):
    load(row(kvk="12345678", contact_name="Kees", contact_email="kees@kapper.test"))
    write = loading._write

    def meanwhile(work, actor):
        Company.objects.filter(kvk_number="12345678").update(name="Kapper Karel")
        Contact.objects.filter(name="Kees").update(email="nieuw@kapper.test", name="Karel")
        write(work, actor)

    monkeypatch.setattr(loading, "_write", meanwhile)
    more = {"phone": "0501234567", "contact_function": "Baas"}
    load(row(kvk="12345678", contact_name="Kees", contact_email="kees@kapper.test", **more))
    with use(SYSTEM):
        person = the_company().contacts.get()
    assert (the_company().name, the_company().telephone) == ("Kapper Karel", "0501234567")
    assert (person.name, person.email) == ("Karel", "nieuw@kapper.test")
    assert person.function == "Baas"


def test_many_possible_doubles_are_counted_and_the_first_are_told(
    load, django_assert_max_num_queries
):
    rows = [row(name=f"Bedrijf {n}", kvk="12345678", phone=f"05{n:08}") for n in range(5000)]
    with django_assert_max_num_queries(20):
        outcome = load(*rows)
    assert (outcome["double_count"], outcome["left_out"]) == (4999, 4999)
    assert len(outcome["doubles"]) == loading.MAX_TOLD


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
