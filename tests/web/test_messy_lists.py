"""Lists as people keep them come in with one upload and a handful of choices on the page."""

from datetime import date
from io import BytesIO

from django.urls import reverse
from openpyxl import Workbook, load_workbook

from companies.models import Company, CompanyNote, Contact
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.work import long_jobs
from stage.schools.imports.plan import REASON_HEADING
from stage.schools.models import ImportJob, Student
from tests.clients import client_of
from tests.web.test_imports import page_of, upload, url


def pupil(n, born=date(2012, 2, 16), mail="", name=None):
    return [str(9000 + n), name or f"Zand{n}, Piet", "3B", "BB", born, f"Ouder {n}", mail, "let op"]


def students_list() -> bytes:
    """Sixty students, with all that a list of a school has beside them."""
    book = Workbook()
    sheet = book.active
    sheet.append(["Leerlingen leerjaar 3", "november 2026"])
    sheet.append([])
    sheet.append(
        ["Leerlingnummer", "Naam", "Klas", "Niv.", "Geboortedatum", "Ouder/verz."]
        + ["E-mail ouder 1", "Opmerkingen"]
    )
    for n in range(60):
        born = (date(2012, 2, 16), "16/2/12", "16-02-2012", "16 februari 2012")[n % 4]
        sheet.append(pupil(n, born, "geen" if n < 12 else f"o{n}@mail.test"))
    sheet.append(pupil(59, "16 februari 2012", "o59@mail.test"))  # the same once more
    sheet.append(pupil(58, "16-02-2012", "ander@mail.test"))  # says something else
    sheet.append([])
    sheet.append(["Totaal", "", "", "", "", "", "", ""])
    sheet.append(["Aantal: 60"])
    sheet.append(["Totaal", "60 leerlingen"])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def companies_list() -> bytes:
    lines = ["Stagebedrijven 2026", "", "Bedrijf;Plaats;E-mail;Sector;Opmerkingen;Erkend door SBB"]
    lines += [
        f"Café Zoë {n};Ede;info@zoe{n}.test;{'Techniek' if n < 9 else 'HBR'};bel eerst;ja"
        for n in range(40)
    ]
    return "\r\n".join([*lines, lines[-1], "Totaal: 40 bedrijven"]).encode("cp1252")


def result(code) -> dict:
    long_jobs.run_waiting()
    with use(SYSTEM):
        return ImportJob.objects.get(public_id=code).result


def choose(client, code, **said):
    assert client.post(url("import_mend", code), said).status_code == 302
    return result(code)


def columns_of(client, code) -> dict:
    """What the columns page proposes, as pressing its button sends it."""
    page = client.get(url("import_show", code))
    assert "Niet elke kolom" not in page.content.decode()
    fields = [*page.context["needed"], *page.context["others"]]
    chosen = {field["name"]: field["chosen"] for field in fields}
    return chosen | {column["key"]: column["chosen"] for column in page.context["unknown"]}


def test_sixty_students_come_in_with_one_upload(world):
    client = client_of(world.berk.coordinator)
    code = upload(client, students_list()).url.split("/")[-2]
    page = page_of(client, code)
    for words in ("Niv.", "Ouder/verz.", "Opmerkingen", "let op", "bewaren we niet"):
        assert words in page
    client.post(url("import_show", code), columns_of(client, code))
    told = result(code)
    assert told["unused"] == ["Opmerkingen"]
    assert (len(told["totals"]), len(told["same_lines"])) == (3, 1)
    (kind,) = told["kinds"]
    assert (kind["label"], kind["count"]) == ("E-mail ouder/verzorger 1", 12)
    (clash,) = told["clashes"]
    told = choose(client, code, blank=f"{kind['field']}|{kind['message']}", pick=clash["lines"][0])
    assert told["errors"] == []
    assert [(r["count"], r["now"]) for r in told["remarks"]] == [(15, "16-02-2012")]
    counted = [n for n, _word in client.get(url("import_show", code)).context["sums"]]
    assert sum(counted) == told["file_lines"] == 65
    client.post(url("import_confirm", code))
    long_jobs.run_waiting()
    page = page_of(client, code)
    assert "Alle regels staan erin" not in page
    with use(SYSTEM):
        there = Student.objects.filter(number__startswith="90")
        assert there.count() == 60
        assert set(there.values_list("birth_date", flat=True)) == {date(2012, 2, 16)}
        assert set(there.values_list("leerweg", flat=True)) == {"BB"}
        assert there.get(number="9058").full_name == "Piet Zand58"


def test_forty_companies_come_in_with_one_upload_and_keep_their_notes(world):
    client = client_of(world.berk.coordinator)
    for again in range(2):
        code = upload(client, companies_list(), "companies").url.split("/")[-2]
        if not again:
            page = page_of(client, code)
            assert "Of een bedrijf erkend is, bewaren we niet." in page
            client.post(url("import_show", code), columns_of(client, code))
        (kind,) = result(code)["kinds"]
        assert (kind["label"], kind["count"]) == ("Profielen", 9)
        told = choose(client, code, blank=f"{kind['field']}|{kind['message']}")
        assert (told["new"], told["same"]) == ((0, 40) if again else (40, 0))
        client.post(url("import_confirm", code))
        assert result(code)["same_lines"] == [[44, 43]]
    with use(SYSTEM):
        assert Company.objects.filter(name__startswith="Café Zoë").count() == 40
        assert CompanyNote.objects.filter(school=world.berk.school, text="bel eerst").count() == 40


WRONG = (
    b"Leerlingnummer;Roepnaam;Geboortedatum;E-mail\n"
    b"701;Aya;1-2-2011;aya@x.test\n702;Bo;31-2-2011;geen\n703;Cy;;cy@x.test\n"
)


def test_a_wrong_cell_is_mended_on_the_page_and_what_was_typed_stays(world):
    client = client_of(world.berk.coordinator)
    code = upload(client, WRONG).url.split("/")[-2]
    told = result(code)
    # All at once: what cannot be read, and what only the database knows.
    assert [(e["line"], e["column_label"]) for e in told["errors"]] == [
        (3, "Geboortedatum"),
        (3, "E-mail"),
        (4, "Geboortedatum"),
    ]
    page = page_of(client, code)
    assert 'name="cell-3-birth_date" value="31-2-2011"' in page
    typed = {"cell-3-birth_date": "28-2-2011", "cell-3-email": "bo@", "cell-4-birth_date": ""}
    told = choose(client, code, **typed)
    assert [(e["line"], e["cell"]) for e in told["errors"]] == [(3, "bo@"), (4, "")]
    assert 'value="bo@"' in page_of(client, code)
    # An older page says what it showed, and undoes nothing.
    choose(client, code, **{"cell-3-birth_date": "31-2-2011x", "cell-9-email": "x@x.test"})
    told = choose(client, code, **{"cell-3-birth_date": "28-2-2011", "cell-3-email": ""})
    told = choose(client, code, **{"cell-4-birth_date": "1-3-2011"})
    assert told["errors"] == []
    with use(SYSTEM):
        assert not Student.objects.filter(number__startswith="70").exists()
    client.post(url("import_confirm", code))
    long_jobs.run_waiting()
    assert "Alle regels staan erin." in page_of(client, code)
    with use(SYSTEM):
        bo = Student.objects.get(number="702")
        assert (bo.birth_date, bo.email) == (date(2011, 2, 28), "")


def test_the_good_rows_come_in_and_the_others_come_back_as_a_list(world):
    client = client_of(world.berk.coordinator)
    code = upload(client, WRONG).url.split("/")[-2]
    result(code)
    assert client.post(url("import_confirm", code)).status_code == 409
    client.post(url("import_confirm", code), {"good": "only"})
    assert result(code)["rest"] == [3, 4]
    with use(SYSTEM):
        numbers = Student.objects.filter(number__startswith="70").values_list("number", flat=True)
        assert list(numbers) == ["701"]
    data = client.get(url("import_rest", code)).content
    rows = list(load_workbook(BytesIO(data)).active.values)
    assert rows[0][-1] == REASON_HEADING
    assert [row[0] for row in rows[1:]] == ["702", "703"]
    assert "Deze datum bestaat niet." in rows[1][-1]
    again = upload(client, data).url.split("/")[-2]
    assert result(again)["rest"] == [2, 3]  # no column is asked about
    other = client_of(world.els.coordinator)
    assert other.get(url("import_rest", code)).status_code == 404


def test_a_line_is_left_out_by_a_tick_and_taken_back(world):
    client = client_of(world.berk.coordinator)
    code = upload(client, WRONG).url.split("/")[-2]
    result(code)
    told = choose(client, code, shown=["3", "4"], out=["3", "4"])
    assert ([o["line"] for o in told["out"]], told["rest"], told["new"]) == ([3, 4], [], 1)
    told = choose(client, code, shown=["3", "4"], out=["4"])
    assert ([o["line"] for o in told["out"]], told["rest"]) == ([4], [3])


def test_corrections_survive_other_columns_unless_it_is_their_column(world):
    client = client_of(world.berk.coordinator)
    code = upload(client, WRONG).url.split("/")[-2]
    result(code)
    choose(client, code, **{"cell-3-birth_date": "28-2-2011", "cell-3-email": "bo@x.test"})
    columns = {"number": "Leerlingnummer", "first_name": "Roepnaam", "birth_date": "Geboortedatum"}
    client.post(url("import_show", code), columns)
    assert [m["field"] for m in result(code)["mended"]] == ["birth_date"]


def test_the_page_of_companies_names_no_school_system(world):
    client = client_of(world.berk.coordinator)
    assert "Magister" not in client.get(url("import_start", "companies")).content.decode()
    assert "Magister" in client.get(url("import_start", "students")).content.decode()
    assert reverse("schools:import_start", args=["companies"])
    with use(SYSTEM):
        assert not ImportJob.objects.exists()


def test_words_that_say_nothing_are_left_empty_in_one_press_and_are_nobodys_name(world):
    client = client_of(world.berk.coordinator)
    lines = ["Bedrijf;Plaats;E-mail;Contactpersoon"]
    lines += ["Bakker Zwart;Ede;geen;-", "Kapper Wit;Ede;niet bekend;Jansen, Piet"]
    code = upload(client, "\n".join(lines).encode(), "companies").url.split("/")[-2]
    (kind,) = result(code)["kinds"]
    assert (kind["label"], kind["count"]) == ("E-mail", 2)
    choose(client, code, blank=f"{kind['field']}|{kind['message']}")
    client.post(url("import_confirm", code))
    result(code)
    with use(SYSTEM):
        people = Contact.objects.filter(company__name__in=["Bakker Zwart", "Kapper Wit"])
        assert [person.name for person in people] == ["Piet Jansen"]


def test_a_list_with_whole_names_is_asked_about_those(world):
    client = client_of(world.berk.coordinator)
    code = upload(client, students_list()).url.split("/")[-2]
    page = client.get(url("import_show", code))
    needed = [(field["name"], field["chosen"]) for field in page.context["needed"]]
    assert needed == [("number", "Leerlingnummer"), ("full_name", "Naam")]
