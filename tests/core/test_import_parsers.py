"""One cell: what is understood, what is refused, and what the message says."""

from datetime import date

import pytest

from stage.schools.imports import parsers, vmbo
from stage.schools.imports.parsers import FieldError


def check_all(parse, good, bad):
    for written, value in good.items():
        assert (written, parse(written)) == (written, value)
    for written in bad:
        with pytest.raises(FieldError) as error:
            parse(written)
        assert error.value.message, written


def test_dates():
    born = date(2011, 3, 5)
    assert parsers.day(born) == born
    check_all(
        parsers.day,
        dict.fromkeys(
            ["05-03-2011", "5-3-2011", "05/03/2011", "5.3.2011", "2011-03-05", "05032011"]
            + ["2011-03-05T00:00:00", "2011-03-05 00:00", "5 maart 2011", "5-mrt-2011", "40607"],
            born,
        ),
        ["31-02-2011", "29-02-2011", "13-13-2011", "2011", "gisteren", "05-03-2011 14:00"],
    )
    assert parsers.day("29-02-2012") == date(2012, 2, 29)
    with pytest.raises(FieldError, match="vier cijfers"):
        parsers.day("5-3-11")


def test_a_question_mark_in_a_name_is_taken_and_told():
    """Where a list was kept without the letter, as "Y?ld?z"."""
    read = parsers.name(80)("Y?ld?z")
    assert (read.value, str(read.remark)) == ("Y?ld?z", "een vraagteken in een naam")
    assert parsers.name(80)("Yıldız") == "Yıldız"


def test_birth_dates_lie_in_the_past():
    check_all(parsers.birth_date, {"05-03-2011": date(2011, 3, 5)}, ["05-03-1911", "05-03-2999"])


def test_postcodes():
    check_all(
        parsers.postcode,
        {
            "1234AB": "1234 AB",
            "1234 ab": "1234 AB",
            " 1234\u00a0Ab ": "1234 AB",
            "D-48599": "D-48599",
            "de 48599": "D-48599",
            "B2300": "B-2300",
        },
        ["0234 AB", "1234 SS", "1234", "12345 AB", "B-48599", "AB 1234"],
    )


def test_emails():
    check_all(
        parsers.email,
        {
            "Jan@Voorbeeld.NL": "jan@voorbeeld.nl",
            "mailto:a@b.nl": "a@b.nl",
            "Jan de Vries <jan@b.nl>": "jan@b.nl",
        },
        ["jan", "jan@", "a@b.nl; c@d.nl", "a@b.nl,c@d.nl", "a b@c.nl", "jan@voorbeeld,nl", "a@b"],
    )


def test_phones():
    check_all(
        parsers.phone,
        {
            "06-12345678": "0612345678",
            "06 12 34 56 78": "0612345678",
            "(0318) 12 34 56": "0318123456",
            "612345678": "0612345678",
            "+31 6 12345678": "+31612345678",
            "+31 (0)6 12345678": "+31612345678",
            "0031612345678": "+31612345678",
            "+310612345678": "+31612345678",
            "31612345678": "+31612345678",
            "+49 30 1234567": "+49301234567",
            "0800-1234": "08001234",
            "088 1234567": "0881234567",
            "14 0318": "140318",
        },
        ["06-1234567", "061234567890", "+3161234567", "geen", "0612345678 (moeder)", "12345"],
    )


def test_kvk_numbers():
    check_all(
        parsers.kvk,
        {"12345678": "12345678", "1234567": "01234567", "12.34.56.78": "12345678"},
        ["123456", "123456789", "000012345678", "12 34 AB 78"],
    )
    with pytest.raises(FieldError, match="vestigingsnummer"):
        parsers.kvk("000012345678")


def test_numbers_years_and_yes_or_no():
    check_all(parsers.integer(1, 9), {"1": 1, "9": 9}, ["0", "10", "1,5", "een", "9" * 30])
    check_all(
        parsers.year, {"3": 3, "leerjaar 4": 4, "3e": 3, "vmbo-b3": 3}, ["0", "7", "34", "drie"]
    )
    check_all(
        parsers.yes_no,
        {"Ja": True, "x": True, "1": True, "WAAR": True, "nee": False, "N": False, "0": False},
        ["misschien", "2"],
    )


def test_text_and_websites():
    assert parsers.text(10)(" a \n b ") == "a b"
    assert parsers.text(10)(date(2026, 2, 1)) == "01-02-2026"
    assert parsers.long_text(10)("a\r\nb") == "a\nb"
    for parse in (parsers.text(10), parsers.long_text(10)):
        with pytest.raises(FieldError, match="10 tekens"):
            parse("x" * 11)
    check_all(
        parsers.website,
        {"www.bos.nl": "https://www.bos.nl", "http://bos.nl/a": "http://bos.nl/a"},
        ["javascript:alert(1)", "geen website", "ftp://bos.nl"],
    )


@pytest.mark.parametrize(
    ("code", "spellings"),
    [
        (
            "BB",
            "BB;bbl;b;basis;vmbo-b;VMBO BB;vmbo basis;vmbo basisberoepsgericht;3 vmbo-bbl;"
            "Basisberoepsgerichte leerweg;vmbo-b lwoo;lwt;vmbo-b3;vmbo bl",
        ),
        (
            "KB",
            "KB;kbl;k;kader;vmbo-k;VMBO kaderberoepsgericht;vmbo-kb 4;Kaderberoepsgerichte leerweg",
        ),
        ("GL", "GL;g;gemengd;gemengde leerweg;vmbo-gl"),
        ("TL", "TL;t;mavo;vmbo-t;theoretische leerweg;VMBO-TL 3"),
    ],
)
def test_tracks(code, spellings):
    for spelling in spellings.split(";"):
        assert (spelling, vmbo.track(spelling)) == (spelling, code)


def test_tracks_that_are_two_or_none():
    for spelling in ("vmbo-gt", "GL/TL", "vmbo-bk", "BB/KB"):
        with pytest.raises(FieldError, match="twee leerwegen"):
            vmbo.track(spelling)
    for spelling in ("havo", "vmbo", "3", "?"):
        with pytest.raises(FieldError, match="kennen we niet"):
            vmbo.track(spelling)


def test_study_tells_what_it_can():
    assert vmbo.study("vmbo-b 3") == {"track": "BB", "year": 3}
    assert vmbo.study("VMBO 3/4 kader") == {"track": "KB"}
    assert vmbo.study("havo") == {}


@pytest.mark.parametrize(
    ("code", "spellings"),
    [
        ("PIE", "PIE;pie;Produceren, installeren en energie;Profiel PIE;PIE (vmbo)"),
        ("Z&W", "Z&W;ZW;z en w;Zorg en welzijn;Zorg & Welzijn;ZenW;Profiel Zorg en Welzijn (Z&W)"),
        ("M&T", "M&T;MT;Mobiliteit en transport;M en T"),
        ("MaT", "MaT;mat;Maritiem en techniek"),
        ("E&O", "E&O;EO;Economie & Ondernemen;E en O"),
        ("D&P", "D&P;dp;Dienstverlening en Producten;DenP"),
        ("MVI", "MVI;Media, vormgeving en ICT"),
        ("Groen", "groen;GROEN"),
    ],
)
def test_profiles_by_code_and_name(code, spellings):
    for spelling in spellings.split(";"):
        assert (spelling, vmbo.profile(spelling)) == (spelling, code)


def test_several_profiles_and_an_unknown_one():
    assert vmbo.profiles("PIE; Z&W / pie") == ("PIE", "Z&W")
    assert vmbo.profiles("Bouwen, wonen en interieur; Groen") == ("BWI", "Groen")
    assert vmbo.profiles("PIE, BWI") == ("PIE", "BWI")
    assert vmbo.profiles("Media, vormgeving en ICT") == ("MVI",)
    with pytest.raises(FieldError, match="BWI, D&P"):
        vmbo.profiles("PIE; raketten")


def test_a_whole_name_is_written_as_it_is_said():
    check_all(
        parsers.person(160),
        {
            "Jansen, Piet": "Piet Jansen",
            "Vries, J. de": "J. de Vries",
            "Fam. Jansen": "Fam. Jansen",
            "mevr. A. de Wit, eigenaar": "mevr. A. de Wit, eigenaar",
            "Jansen, HR": "Jansen, HR",
            "-": "",
            "?": "",
            "Geen": "",
            "n.v.t.": "",
            "onbekend": "",
        },
        ["x" * 161],
    )
