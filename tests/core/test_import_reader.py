"""Reading uploaded lists: encodings, separators, workbooks, and everything that is refused."""

import struct
import zipfile
from datetime import date, datetime
from io import BytesIO

import pytest
from openpyxl import Workbook

from stage.core.ui.exports import csv_bytes, xlsx_bytes
from stage.schools.imports import ImportRefused, Table, read_table

TEXT = "Leerlingnummer;Roepnaam;Plaats\r\n12034;Zoë;'s-Hertogenbosch\r\n12035;José;Ede\r\n"
TABLE = Table(
    ("Leerlingnummer", "Roepnaam", "Plaats"),
    (("12034", "Zoë", "'s-Hertogenbosch"), ("12035", "José", "Ede")),
    (2, 3),
)


def workbook(*rows, title="Blad1", before=()):
    book = Workbook()
    book.remove(book.active)
    for name in before:
        book.create_sheet(name)
    sheet = book.create_sheet(title)
    for row in rows:
        sheet.append(row)
    return saved(book)


def saved(book):
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def with_entry(data, name, content, method=zipfile.ZIP_DEFLATED):
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(out, "w", method) as new:
        for entry in old.namelist():
            if entry != name:
                new.writestr(entry, old.read(entry))
        new.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("newline", ["\r\n", "\n", "\r"])
def test_csv_in_every_dialect(encoding, separator, newline):
    text = TEXT.replace(";", separator).replace("\r\n", newline)
    assert read_table(text.encode(encoding)) == TABLE


def test_big_endian_utf16_and_the_separator_line_of_excel():
    assert read_table(b"\xfe\xff" + TEXT.encode("utf-16-be")) == TABLE
    table = read_table(b"sep=,\r\na;x,b\r\n1,2\r\n")
    assert (table.headings, table.rows, table.line_numbers) == (("a;x", "b"), (("1", "2"),), (3,))


def test_quoted_cells_with_newlines_keep_the_line_numbers():
    data = b'Naam;Omschrijving\r\n"Bos; BV";"een\r\ntwee ""drie"""\r\n\r\n;;\r\nDam;vier\r\n'
    table = read_table(data)
    assert table.rows == (("Bos; BV", 'een\r\ntwee "drie"'), ("Dam", "vier"))
    assert table.line_numbers == (2, 6)


def test_a_title_above_the_headings_and_empty_columns_are_skipped():
    data = b"Leerlingen 2026-2027\n\nNummer;;Naam;Naam;;\n1;;Bo;Dam;;extra\n"
    table = read_table(data)
    assert table.headings == ("Nummer", "Naam", "Naam (2)", "Kolom 6")
    assert table.rows == (("1", "Bo", "Dam", "extra"),)
    assert table.line_numbers == (4,)


def test_workbook_cells_are_read_as_people_see_them():
    data = workbook(
        ["Nummer", "Datum", "Actief", "Cijfer", "Tekst", "Leeg"],
        [12034.0, datetime(2011, 3, 5), True, 7.5, "  a\u00a0b ", None],
        [],
        [12035, date(2011, 3, 6), False, -1, "'+31612345678", None],
        before=("Leeg blad",),
    )
    table = read_table(data)
    assert table.headings == ("Nummer", "Datum", "Actief", "Cijfer", "Tekst", "Leeg")
    assert table.rows[0] == ("12034", date(2011, 3, 5), "ja", "7,5", "a b", "")
    assert table.rows[1] == ("12035", date(2011, 3, 6), "nee", "-1", "+31612345678", "")
    assert table.line_numbers == (2, 4)


def test_formulas_are_not_evaluated():
    data = workbook(["Nummer", "Naam"], ["1", "=1+1"], ["2", '=HYPERLINK("http://evil.example")'])
    assert read_table(data).rows == (("1", ""), ("2", ""))


def test_our_own_exports_are_read_back():
    rows = [["1", "+31612345678", date(2011, 3, 5)]]
    headings = ["Nummer", "Telefoon", "Datum"]
    assert read_table(xlsx_bytes("x", headings, rows)).rows == (
        ("1", "+31612345678", date(2011, 3, 5)),
    )
    assert read_table(csv_bytes(headings, rows)).rows == (("1", "+31612345678", "05-03-2011"),)


def far_away():
    book = Workbook()
    book.active["A1"], book.active["B1"] = "Nummer", "Naam"
    book.active["XFD1048576"] = "x"
    return saved(book)


def macro_book():
    return with_entry(workbook(["a", "b"], ["1", "2"]), "xl/vbaProject.bin", b"x")


def entity_bomb():
    names = "abcdefgh"
    entities = '<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">'
        for before, name in zip(names, names[1:], strict=False)
    )
    return with_entry(
        workbook(["a", "b"], ["1", "2"]),
        "xl/worksheets/sheet1.xml",
        f'<?xml version="1.0"?><!DOCTYPE worksheet [{entities}]>'
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        + '<row><c t="inlineStr"><is><t>&h;</t></is></c></row>' * 2
        + "</sheetData></worksheet>",
    )


def zip_bomb():
    return with_entry(workbook(["a"]), "xl/worksheets/sheet1.xml", b"\0" * (61 * 1024 * 1024))


def plain_zip():
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "x")
    return out.getvalue()


def locked_zip():
    data = bytearray(workbook(["a", "b"], ["1", "2"]))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(signature)
        while at != -1:
            data[at + offset] |= 1
            at = data.find(signature, at + 4)
    return bytes(data)


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + struct.pack("<Q", 0) * 8


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "leeg"),
        (b" \r\n\t\r\n", "leeg"),
        (b"\xef\xbb\xbf;;;\r\n;;\r\n", "geen gevulde regels"),
        (b"Nummer;Naam\r\n", "geen regels onder"),
        (b"x" * (10 * 1024 * 1024 + 1), "10 MB"),
        (b"a;b\n1;\x002\n", "niet lezen"),
        ("a;b\n1;2\n".encode("utf-16-le"), "niet lezen"),
        (b"\xff\xfea", "niet lezen"),
        (bytes(range(1, 256)), "niet lezen"),
        (b"a;b\n1;\x81\x8d\n", "niet lezen"),
        (b";" * 1_000_000 + b"\na", "geen regels onder"),
        (b"a" + b";a" * 1_000_000 + b"\n1;2\n", "200 kolommen"),
        (b"a;b\n1;" + b"x" * 5001 + b"\n", "5000 tekens"),
        (b'a;b\n1;"' + b"x" * 200_000, "Regel 2"),
        (b"a;b\n" + b"1;2\n" * 20_011, "20000 regels"),
        (OLE, "xls"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "wachtwoord"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "webpagina"),
        (b"\xef\xbb\xbf\r\n<!DOCTYPE html><table>", "webpagina"),
        (b'<?xml version="1.0"?><Workbook>', "webpagina"),
        (b"%PDF-1.7", "PDF"),
        (b"PK\x03\x04kapot", "beschadigd"),
        (workbook(["a", "b"], ["1", "2"])[:-300], "beschadigd"),
        (plain_zip(), "geen Excel"),
        (locked_zip(), "wachtwoord"),
        (macro_book(), "macro"),
        (entity_bomb(), "beschadigd"),
        (zip_bomb(), "te groot"),
        (far_away(), "te groot"),
        (workbook(), "geen gevulde regels"),
        (workbook(["a"] * 201, ["1"] * 201), "200 kolommen"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_refused_files_say_why(data, words):
    with pytest.raises(ImportRefused, match=words):
        read_table(data)


def test_twenty_thousand_rows_are_read():
    table = read_table(b"a;b\n" + b"1;2\n" * 20_000)
    assert (len(table.rows), table.line_numbers[-1]) == (20_000, 20_001)
