"""The import's pages, from the upload to the rows."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from companies.models import Company
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.who.policies import NotAllowed
from stage.core.work import long_jobs
from stage.schools.imports import check, loaders, map_headings, read_table
from stage.schools.imports import jobs as import_jobs
from stage.schools.models import ImportJob, Student
from tests.clients import client_of
from tests.markup import tight

LIST = b"Leerlingnummer;Roepnaam;Achternaam;Geboortedatum;Klas\n7007;Zoe;Zand;1-2-2011;3B\n"


WEB = ("file_open", "audit_list", "card_open")


def url(name, *args):
    space = "web" if name in WEB else "schools"
    return reverse(f"{space}:{name}", args=args)


def upload(client, data=LIST, sheet="students", query=""):
    file = SimpleUploadedFile("lijst.csv", data)
    return client.post(url("import_start", sheet) + query, {"file": file})


def the_job():
    with use(SYSTEM):
        return ImportJob.objects.get()


def test_from_upload_to_rows(world):
    client = client_of(world.berk.coordinator)
    upload(client)
    job = the_job()
    assert "Controleren" in client.get(url("import_show", job.public_id)).content.decode()
    assert client.get(url("import_progress", job.public_id)).json()["done"] is False
    long_jobs.run_waiting()
    page = client.get(url("import_show", job.public_id)).content.decode()
    assert "01-02-2011" in page
    assert "Lees in" in page
    # Aya, Bram and Cem are of that class and not in the list.
    assert "Cem Berk" in page
    client.post(url("import_confirm", job.public_id))
    assert client.post(url("import_confirm", job.public_id)).status_code == 409
    long_jobs.run_waiting()
    assert client.get(url("import_progress", job.public_id)).json() == {
        "value": 1,
        "max": 1,
        "text": "Ingelezen",
        "done": True,
    }
    assert (
        "Alle regels staan erin." in client.get(url("import_show", job.public_id)).content.decode()
    )
    with use(SYSTEM):
        assert Student.objects.get(number="7007").school == world.berk.school


def test_a_list_that_is_there_already_asks_for_nothing(world):
    client = client_of(world.berk.coordinator)
    upload(client)
    long_jobs.run_waiting()
    client.post(url("import_confirm", the_job().public_id))
    long_jobs.run_waiting()
    code = upload(client).url.split("/")[-2]
    long_jobs.run_waiting()
    page = client.get(url("import_show", code)).content.decode()
    assert "Er verandert niets" in page
    assert "Lees in" not in page
    recent = client.get(url("import_start", "students")).content.decode()
    assert recent.index("Niets nieuws") < recent.index("Ingelezen")
    assert "1 regel<" in recent


def test_a_list_with_errors_is_not_called_checked(world):
    client = client_of(world.berk.coordinator)
    upload(client, LIST.replace(b"1-2-2011", b"31-2-2011").replace(b"Zoe", b""))
    long_jobs.run_waiting()
    page = client.get(url("import_show", the_job().public_id)).content.decode()
    assert "Er zitten fouten in" in page
    # Both at once: mending one does not bring up the other.
    assert "Deze datum bestaat niet." in page
    assert "Vul de roepnaam in." in page


def test_wrong_rows_are_shown_with_line_column_and_remedy(world):
    client = client_of(world.berk.coordinator)
    upload(client, LIST + b"7008;Yep;Ypma;31-31-2011;3B\n")
    long_jobs.run_waiting()
    page = client.get(url("import_show", the_job().public_id)).content.decode()
    assert "Er is 1 fout." in page
    assert "31-31-2011" in page
    assert "Lees in</span>" not in page
    assert client.post(url("import_confirm", the_job().public_id)).status_code == 409


def test_home_asks_to_finish_only_the_newest_list_and_only_when_it_can_go_on(world):
    client = client_of(world.berk.coordinator)

    def asked():
        return client.get(reverse("web:home")).content.decode().count('href="/import/')

    upload(client)
    long_jobs.run_waiting()
    assert asked() == 1
    upload(client)
    long_jobs.run_waiting()
    assert asked() == 1
    upload(client, LIST + b"7008;Yep;Ypma;31-31-2011;3B\n")
    long_jobs.run_waiting()
    assert asked() == 0


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"Naam;BSN\nAya;111222333\n", "voor het BSN"),
        (b"", "leeg"),
        (b"%PDF-1.4 x", "Dit is een PDF"),
        (b"Leerlingnummer;Roepnaam\n", "Er staan geen regels"),
    ],
)
def test_a_file_that_cannot_be_is_refused_beside_the_field(world, data, sentence):
    response = upload(client_of(world.berk.coordinator), data)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    with use(SYSTEM):
        assert not ImportJob.objects.exists()


def test_columns_are_asked_and_wrong_choices_explained(world):
    client = client_of(world.berk.coordinator)
    upload(client, LIST.replace(b"Leerlingnummer", b"Kenmerk"))
    job = the_job()
    page = client.get(url("import_show", job.public_id)).content.decode()
    assert "Welke kolom is wat?" in page
    assert "Niet elke kolom die nodig is, hebben we herkend." in page
    assert client.post(url("import_show", job.public_id), {}).status_code == 422
    twice = {"number": "Kenmerk", "first_name": "Kenmerk"}
    assert client.post(url("import_show", job.public_id), twice).status_code == 422
    chosen = {
        "number": "Kenmerk",
        "first_name": "Roepnaam",
        "last_name": "Achternaam",
        "birth_date": "Geboortedatum",
    }
    assert client.post(url("import_show", job.public_id), chosen).status_code == 302
    long_jobs.run_waiting()
    with use(SYSTEM):
        assert ImportJob.objects.get().result["new"] == 1


def test_only_a_column_that_is_needed_and_not_known_is_called_missing(world):
    """One that is not needed is asked about, and that is all the page says."""
    client = client_of(world.berk.coordinator)
    odd = b"Leerlingnummer;Roepnaam;Achternaam;Geboortedatum;Zwemdiploma\n7;Zoe;Zand;1-2-2011;B\n"
    upload(client, odd)
    page = client.get(url("import_show", the_job().public_id)).content.decode()
    assert "Zwemdiploma" in page
    assert "Deze kolommen kennen we niet. Wat is dit?" in page
    assert "Niet elke kolom die nodig is" not in page


def test_the_sample_reads_without_a_question(world):
    client = client_of(world.berk.coordinator)
    for sheet in [kind.sheet for kind in loaders.LISTS.values()]:
        table = read_table(client.get(url("import_sample", sheet.name)).content)
        mapping = map_headings(table, sheet)
        assert (mapping.missing_required, mapping.unknown) == ([], [])
        assert check(table, sheet, mapping).errors == []


def test_the_bureau_brings_in_companies_only(world):
    client = client_of(world.noord.bureau)
    page = client.get(url("import_start", "companies"))
    assert page.status_code == 200
    # The menu is open at the list it came from.
    current = [item for item in page.context["nav"] if item.current]
    assert [item.url for item in current] == [reverse("companies:company_list")]
    for sheet in ("students", "teachers"):
        assert client.get(url("import_start", sheet)).status_code == 403
    assert client.get(url("import_start", "iets")).status_code == 404
    upload(client, b"Bedrijfsnaam;Plaats\nBakker Bart;Ede\n", "companies")
    assert (the_job().school_id, the_job().region_id) == (None, world.noord.region.pk)
    # It is the bureau's: no school of the region sees it.
    school = client_of(world.berk.coordinator)
    assert school.get(url("import_show", the_job().public_id)).status_code == 404


DOUBLES = (
    b"Bedrijfsnaam;KvK-nummer;Plaats;Telefoon\n"
    b"Kapper Kees;12345678;Ede;0318111111\n"
    b"Bakker Bas;87654321;Ede;0318222222\n"
    b"Slager Sjaak;12345678;Wageningen;0318333333\n"
    b"Groenteman;12345678;Rhenen;0318444444\n"
)


def checked_doubles(client) -> str:
    """The public id of a list with two possible doubles, ready to be brought in."""
    code = upload(client, DOUBLES, "companies").url.split("/")[-2]
    long_jobs.run_waiting()
    return code


def page_of(client, code) -> str:
    return tight(client.get(url("import_show", code)).content.decode())


def names_and_phones():
    with use(SYSTEM):
        rows = Company.objects.exclude(kvk_number="").order_by("name")
        return list(rows.values_list("name", "telephone"))


def towns_of(name):
    with use(SYSTEM):
        return set(Company.objects.get(name=name).locations.values_list("city", flat=True))


def test_possible_doubles_are_shown_and_left_out_unless_somebody_says_otherwise(world):
    client = client_of(world.berk.coordinator)
    code = checked_doubles(client)
    page = page_of(client, code)
    assert "Mogelijk dubbel" in page
    assert "2 regels hebben het KvK-nummer van een bedrijf met een andere naam." in page
    # The lines of the file, where the headings are the first; both names; both towns.
    for line, name, town in ((4, "Slager Sjaak", "Wageningen"), (5, "Groenteman", "Rhenen")):
        assert f"</span>{line}</th>" in page
        assert f"{name}, {town}</td>" in page
    assert page.count("Kapper Kees, Ede</td>") == 2
    client.post(url("import_confirm", code))
    long_jobs.run_waiting()
    page = page_of(client, code)
    assert "2 regels zijn weggelaten. De andere regels staan erin." in page
    assert names_and_phones() == [("Bakker Bas", "0318222222"), ("Kapper Kees", "0318111111")]
    assert towns_of("Kapper Kees") == {"Ede"}


def test_a_choice_per_row_is_kept_shown_and_done(world):
    client = client_of(world.berk.coordinator)
    code = checked_doubles(client)
    client.post(url("import_doubles", code), {"row-2": "same", "row-3": "out"})
    assert names_and_phones() == []
    long_jobs.run_waiting()
    page = page_of(client, code)
    assert page.count('<option value="same" selected>') == 1
    client.post(url("import_confirm", code), {"row-2": "same", "row-3": "out"})
    long_jobs.run_waiting()
    assert "1 regel is weggelaten." in page_of(client, code)
    assert names_and_phones() == [("Bakker Bas", "0318222222"), ("Kapper Kees", "0318111111")]
    assert towns_of("Kapper Kees") == {"Ede", "Wageningen"}


def test_all_possible_doubles_can_be_chosen_at_once_and_taken_back(world):
    client = client_of(world.berk.coordinator)
    code = checked_doubles(client)
    for answer, count in (("same", 2), ("out", 0), ("same", 2)):
        client.post(url("import_doubles", code), {"all": answer})
        long_jobs.run_waiting()
        assert page_of(client, code).count('<option value="same" selected>') == count
    client.post(url("import_confirm", code))
    long_jobs.run_waiting()
    assert "Alle regels staan erin." in page_of(client, code)
    assert towns_of("Kapper Kees") == {"Ede", "Wageningen", "Rhenen"}


def test_a_choice_that_was_not_looked_at_is_shown_before_anything_comes_in(world):
    client = client_of(world.berk.coordinator)
    code = checked_doubles(client)
    client.post(url("import_confirm", code), {"row-2": "same", "row-3": "out"})
    long_jobs.run_waiting()
    assert names_and_phones() == []
    page = page_of(client, code)
    assert "Er is nog niets ingelezen. Bekijk eerst wat je keuze doet." in page
    assert page.count('<option value="same" selected>') == 1


def test_other_columns_forget_the_choice(world):
    client = client_of(world.berk.coordinator)
    code = checked_doubles(client)
    client.post(url("import_doubles", code), {"all": "same"})
    long_jobs.run_waiting()
    chosen = {"name": "Bedrijfsnaam", "kvk": "KvK-nummer", "city": "Plaats"}
    client.post(url("import_show", code), chosen)
    long_jobs.run_waiting()
    assert '<option value="same" selected>' not in page_of(client, code)


def test_differences_that_stay_are_listed_before_and_after(world):
    with use(SYSTEM):
        Company.objects.create(
            region=world.noord.region, name="Kapper Kees", kvk_number="12345678", telephone="0101"
        )
    client = client_of(world.berk.coordinator)
    code = checked_doubles(client)
    for _n in range(2):
        page = page_of(client, code)
        assert "1 verschil: wat er stond, blijft staan" in page
        for cell in ("Telefoon", "0318111111", "0101"):
            assert f">{cell}</td>" in page
        client.post(url("import_confirm", code))
        long_jobs.run_waiting()
    assert names_and_phones() == [("Bakker Bas", "0318222222"), ("Kapper Kees", "0101")]


def test_what_is_written_is_what_was_shown_or_nothing(world):
    client = client_of(world.berk.coordinator)
    code = checked_doubles(client)
    client.post(url("import_confirm", code))
    with use(SYSTEM):  # between the press and the worker
        Company.objects.create(
            region=world.noord.region, name="Iemand Anders", kvk_number="87654321"
        )
    long_jobs.run_waiting()
    assert names_and_phones() == [("Iemand Anders", "")]
    page = page_of(client, code)
    assert "Intussen veranderde er iets aan de bedrijven." in page
    assert "3 regels hebben het KvK-nummer" in page
    client.post(url("import_confirm", code))
    long_jobs.run_waiting()
    assert names_and_phones() == [("Iemand Anders", ""), ("Kapper Kees", "0318111111")]


def test_a_colleague_of_another_school_chooses_nothing(world):
    code = checked_doubles(client_of(world.berk.coordinator))
    other = client_of(world.els.coordinator)
    assert other.post(url("import_doubles", code), {"all": "same"}).status_code == 404
    actor, job = world.actor(world.els.coordinator), the_job()
    with use(actor.scope), pytest.raises(NotAllowed):
        import_jobs.choose_doubles(job, same={2}, actor=actor)
    assert the_job().choices == {}


def test_possible_doubles_are_asked_also_when_nothing_else_changes(world):
    client = client_of(world.berk.coordinator)
    client.post(url("import_confirm", checked_doubles(client)))
    long_jobs.run_waiting()
    page = page_of(client, checked_doubles(client))
    assert "Mogelijk dubbel" in page
    assert "Er verandert niets" not in page


def test_a_list_for_a_group_of_another_school_is_not_found(world):
    client = client_of(world.berk.coordinator)
    response = upload(client, query=f"?groep={world.els.group.public_id}")
    assert response.status_code == 404


def test_an_import_file_cannot_be_opened(world):
    client = client_of(world.berk.coordinator)
    upload(client)
    with use(SYSTEM):
        file = ImportJob.objects.select_related("file").get().file
    assert client.get(url("file_open", file.public_id)).status_code == 403
