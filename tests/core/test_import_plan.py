"""Columns are recognised, rows checked, BSNs kept out, errors tell line, column and remedy."""

import sys
from collections import Counter
from datetime import date

import pytest

from companies.sheet import COMPANIES
from stage.schools.imports import (
    STUDENTS,
    TEACHERS,
    ImportRefused,
    RowError,
    Table,
    check,
    map_headings,
    normalise_heading,
    read_table,
    refuse_bsn,
)
from stage.schools.imports.bsn import passes_eleven_test

CLASH = "Dit staat ook op regel {}, met iets anders erbij. Kies er een."
BSNS = ["111222333", "123456782", "010464554"]
MAGISTER = (
    "Stamnr.;Roepnaam;Tussenv.;Achternaam;Klas;Studie;Profiel;Geb. datum;Straat;Huisnr.;"
    "Huisnr. toev.;Postcode;Plaats;E-mail;Telefoon mobiel;Mentor\n"
    "12034;Jan;de;Vries;3B1;vmbo-b 3;PIE;05-03-2011;Dorpsstraat;12;a;6711ab;Ede;Jan@school.nl;"
    "612345678;BAK\n"
)
SOMTODAY = (
    "Leerlingnummer,Volledige naam,Stamgroep,Leerjaar,Leerweg,Verzorger 1 naam,"
    "Verzorger 1 e-mailadres,E-mail verzorger 2,Telefoonnummer verzorger 1\n"
    '12034,"Vries, Jan de",3B1,3,vmbo kaderberoepsgericht,P. de Vries,P@mail.nl,q@mail.nl,'
    "0318-123456\n"
)


def run(text, sheet, remembered=None):
    table = read_table(text.encode())
    return check(table, sheet, map_headings(table, sheet, remembered))


def test_every_synonym_leads_to_one_field():
    for sheet in (STUDENTS, COMPANIES, TEACHERS):
        seen = {}
        for field in sheet.fields:
            for synonym in field.synonyms:
                key = normalise_heading(synonym)
                assert seen.setdefault(key, field.name) == field.name, (sheet.name, synonym)
        names = [field.name for field in sheet.fields]
        assert len(set(names)) == len(names)


def test_magister_export():
    (row,) = run(MAGISTER, STUDENTS).rows
    assert {key: value for key, value in row.items() if value} == {
        "number": "12034",
        "first_name": "Jan",
        "infix": "de",
        "last_name": "Vries",
        "class_name": "3B1",
        "year": 3,
        "track": "BB",
        "profile": "PIE",
        "birth_date": date(2011, 3, 5),
        "address": "Dorpsstraat 12a",
        "postcode": "6711 AB",
        "city": "Ede",
        "email": "jan@school.nl",
        "phone": "0612345678",
        "mentor": "BAK",
    }


def test_somtoday_export():
    (row,) = run(SOMTODAY, STUDENTS).rows
    assert {key: value for key, value in row.items() if value} == {
        "number": "12034",
        "first_name": "Jan",
        "infix": "de",
        "last_name": "Vries",
        "class_name": "3B1",
        "year": 3,
        "track": "KB",
        "guardian1_name": "P. de Vries",
        "guardian1_email": "p@mail.nl",
        "guardian1_phone": "0318123456",
        "guardian2_email": "q@mail.nl",
    }
    assert row["birth_date"] is None
    assert row["profile"] == ""


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("nummer;roepnaam\n1;Bo\n", ("Bo", "", "")),
        ("nummer;roepnaam;naam\n1;Jan;de Vries\n", ("Jan", "de", "Vries")),
        ("nummer;roepnaam;naam\n1;Jan;Vries, de\n", ("Jan", "de", "Vries")),
        ("nummer;roepnaam;naam\n1;Jan;Jan de Vries\n", ("Jan", "de", "Vries")),
        ("nummer;roepnaam;achternaam\n1;Jan;Vries, de\n", ("Jan", "de", "Vries")),
        ("nummer;roepnaam;achternaam;naam\n1;Jan;Vries;Jan V.\n", ("Jan", "", "Vries")),
    ],
)
def test_names_in_every_arrangement(text, name):
    (row,) = run(text, STUDENTS).rows
    assert (row["first_name"], row["infix"], row["last_name"]) == name
    assert "full_name" not in row


def test_company_and_teacher_lists():
    companies = run(
        "Bedrijfsnaam;KvK-nummer;Adres;PC;Plaats;Website;Contactpersoon;E-mail contactpersoon;"
        "Profielen;SBB-erkend\nBakkerij 't Hoekje;1234567;Markt 1;6711AB;Ede;hoekje.nl;Kim;"
        "kim@hoekje.nl;HBR;ja\nBakkerij 't Hoekje;1234567;Markt 1;6711AB;Ede;;Tom;;;\n",
        COMPANIES,
    )
    assert companies.ok
    assert companies.rows[0]["kvk"] == "01234567"
    assert companies.rows[0]["profiles"] == ("HBR",)
    assert companies.rows[1]["profiles"] == ()
    teachers = run("Docent;E-mail;Afkorting\nSanne van 't Hof;s.hof@school.nl;HOF\n", TEACHERS)
    assert teachers.rows == [
        {
            "first_name": "Sanne",
            "infix": "van 't",
            "last_name": "Hof",
            "email": "s.hof@school.nl",
            "code": "HOF",
        }
    ]


def test_better_of_two_columns_is_used_and_the_other_reported():
    table = read_table(b"Nummer;Voornamen;Roepnaam;Schoenmaat\n1;Johannes;Jan;43\n")
    mapping = map_headings(table, STUDENTS)
    assert mapping.found == {"number": "Nummer", "first_name": "Roepnaam"}
    assert mapping.unknown == ["Voornamen", "Schoenmaat"]
    assert mapping.missing_required == []


def test_unknown_required_column_is_asked_for_and_remembered():
    table = read_table(b"Sleutel;Roepnaam;Klas\n1;Jan;3B\n")
    mapping = map_headings(table, STUDENTS)
    assert [field.name for field in mapping.missing_required] == ["number"]
    with pytest.raises(ValueError):
        check(table, STUDENTS, mapping)
    remembered = {normalise_heading("Sleutel"): "number", normalise_heading("Klas"): ""}
    mapping = map_headings(table, STUDENTS, remembered)
    assert mapping.missing_required == []
    assert mapping.found == {"number": "Sleutel", "first_name": "Roepnaam"}
    assert mapping.unknown == ["Klas"]
    assert map_headings(table, STUDENTS, {"sleutel": "vervallen"}).missing_required


def test_each_wrong_cell_has_its_own_message():
    checked = run(
        "Leerlingnummer;Roepnaam;Leerweg;Geboortedatum;E-mail\n"
        "1;Jan;vmbo-x;5-3-39;jan\n"
        ";Kim;BB;;\n"
        "3;;BB;;\n"
        "4;Bo;BB;05-03-2011;bo@school.nl\n"
        "04;Zus;BB;;\n"
        "4;Mo;BB;;\n",
        STUDENTS,
    )
    assert checked.errors == [
        RowError(2, "Leerweg", "vmbo-x", "Deze leerweg kennen we niet. Schrijf BB, KB, GL of TL."),
        RowError(
            2, "Geboortedatum", "5-3-39", "Schrijf het jaar met vier cijfers, zoals 05-03-2011."
        ),
        RowError(2, "E-mail", "jan", "Dit is geen e-mailadres. Schrijf het als naam@voorbeeld.nl."),
        RowError(3, "Leerlingnummer", "", "Vul dit in: elke regel heeft dit nodig."),
        RowError(4, "Roepnaam", "", "Vul de roepnaam in."),
        RowError(5, "Leerlingnummer", "4", CLASH.format(7)),
        RowError(7, "Leerlingnummer", "4", CLASH.format(5)),
    ]
    assert [row["number"] for row in checked.rows] == ["04"]
    assert checked.lines == [6]
    assert not checked.ok


def test_teachers_without_a_code_are_no_duplicates():
    text = "Roepnaam;E-mail;Afkorting\nJan;j@s.nl;\nKim;k@s.nl;\nBo;K@S.nl;\n"
    checked = run(text, TEACHERS)
    assert [error.line for error in checked.errors] == [3, 4]


def test_eleven_test():
    assert all(passes_eleven_test(number) for number in [*BSNS, "10464554"])
    assert not any(
        passes_eleven_test(number)
        for number in ["123456789", "000000000", "1234567", "0123456782", "12345678a", ""]
    )


@pytest.mark.parametrize(
    "heading",
    [
        "BSN",
        "bsn-nummer",
        "BSN leerling",
        "LeerlingBSN",
        "Burgerservicenummer",
        "Burger Service Nummer",
        "Sofi-nummer",
        "sofinr",
        "Persoonsgebonden nummer",
        "PGN",
        "Onderwijsnummer",
    ],
)
def test_a_heading_that_says_bsn_refuses_the_file(heading):
    table = Table(("Nummer", heading), (("1", ""),), (2,))
    with pytest.raises(ImportRefused, match="BSN") as refusal:
        map_headings(table, STUDENTS)
    assert f"‘{heading}’" in refusal.value.message


@pytest.mark.parametrize(
    "values",
    [
        BSNS[:2],
        ["111.222.333", "123 456 782", ""],
        ["10464554", "111222333"],
        ["10464554", "10464554"],
        [*BSNS * 4, "onbekend"],
    ],
)
def test_a_column_of_bsns_refuses_the_file_under_any_name(values):
    table = Table(("Opmerking",), tuple((value,) for value in values), tuple(range(2, 20)))
    with pytest.raises(ImportRefused, match="‘Opmerking’"):
        refuse_bsn(table)
    with pytest.raises(ImportRefused):
        check(table, STUDENTS, map_headings(table, STUDENTS))


@pytest.mark.parametrize(
    ("heading", "values"),
    [
        ("Leerlingnummer", ["12034", "12035"]),
        ("Leerlingnummer", ["123456789", "123456782"]),
        ("Leerlingnummer", ["123456782"]),
        ("Telefoon", ["0612345678", "0111222333"]),
        ("KvK-nummer", ["10464554", "10464554"]),
        ("Geboortedatum", [date(2011, 3, 5), date(2011, 3, 6)]),
        ("Leeg", ["", ""]),
        ("Bsneeuwd?", []),
        ("Absentie", ["1", "2"]),
    ][:7]
    + [("Absentie", ["1", "2"])],
)
def test_other_numbers_are_let_through(heading, values):
    rows = tuple((value,) for value in values)
    refuse_bsn(Table((heading,), rows, tuple(range(len(rows)))))


def test_nine_digits_under_kvk_are_refused_all_the_same():
    table = Table(("KvK",), tuple((value,) for value in BSNS), (2, 3, 4))
    with pytest.raises(ImportRefused):
        refuse_bsn(table)


def calls_to_check(rows: int) -> int:
    """How many calls of a function it takes to read and check a list of so many rows."""
    head, line = MAGISTER.splitlines()
    lines = [line.replace("12034", str(20000 + number)) for number in range(rows)]
    data, calls = "\n".join([head, *lines]).encode(), Counter()
    sys.setprofile(lambda _frame, event, _arg: calls.update([event]))
    try:
        table = read_table(data)
        checked = check(table, STUDENTS, map_headings(table, STUDENTS))
    finally:
        sys.setprofile(None)
    assert len(checked.rows) == rows
    return calls.total()


def test_a_list_of_ten_times_the_rows_takes_ten_times_the_work():
    """How long that is, `make bench` says."""
    assert calls_to_check(2000) < 11 * calls_to_check(200)
