"""Lists of students: name -> how to make its bytes."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from io import BytesIO

from tests.core.test_import_reader import (
    entity_bomb,
    far_away,
    locked_zip,
    macro_book,
    plain_zip,
    with_entry,
    workbook,
    zip_bomb,
)

HEAD = ["Stamnr.", "Roepnaam", "Achternaam", "Klas", "Geb. datum"]
ROW = ["9009", "Aya", "Berk", "3B", "15-01-2011"]
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
SHEET = "xl/worksheets/sheet1.xml"
FORMULAS = ("=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(1)", "\t=1", '=HYPERLINK("http://x")')


def book() -> bytes:
    return workbook(HEAD, ROW)


def text(rows, sign: str = ";", end: str = "\r\n") -> str:
    return end.join(sign.join(row) for row in rows) + end


def named(name: str) -> list[str]:
    return [ROW[0], name, *ROW[2:]]


def formulas() -> list[list[str]]:
    return [HEAD, *([str(9100 + n), f, f, "3B", ROW[4]] for n, f in enumerate(FORMULAS))]


def xxe() -> bytes:
    return with_entry(
        book(),
        SHEET,
        '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        f'<worksheet {MAIN}><sheetData><row r="1"><c t="inlineStr"><is><t>&x;</t></is></c></row>'
        "</sheetData></worksheet>",
    )


def outside_link() -> bytes:
    return with_entry(
        book(),
        "xl/externalLinks/_rels/externalLink1.xml.rels",
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="x" Target="http://192.0.2.1/" TargetMode="External"/>'
        "</Relationships>",
    )


def claims_much() -> bytes:
    """Two rows that say they are seventeen thousand million cells."""
    cells = "".join(f'<c t="inlineStr"><is><t>{v}</t></is></c>' for v in HEAD)
    return with_entry(
        book(),
        SHEET,
        f'<worksheet {MAIN}><dimension ref="A1:XFD1048576"/><sheetData>'
        f"<row>{cells}</row><row>{cells}</row></sheetData></worksheet>",
    )


def wide(columns: int = 1_000_000) -> bytes:
    cells = "<c><v>1</v></c>" * columns
    return with_entry(
        book(), SHEET, f"<worksheet {MAIN}><sheetData><row>{cells}</row></sheetData></worksheet>"
    )


def far_cell() -> bytes:
    """A cell beyond the last column that exists."""
    return with_entry(
        book(),
        SHEET,
        f'<worksheet {MAIN}><sheetData><row r="1"><c r="ZZZZZZ1"><v>1</v></c></row></sheetData>'
        "</worksheet>",
    )


def swollen(part: str, start: str, piece: str, end: str, megabytes: int = 50) -> bytes:
    """A workbook of which one part is huge, yet below what an archive may hold."""
    return with_entry(book(), part, start + piece * (megabytes * 1_000_000 // len(piece)) + end)


def lying() -> bytes:
    """An archive whose table of contents says a sheet of 50 MB is small."""
    data = bytearray(swollen(SHEET, f"<worksheet {MAIN}><sheetData>", "<row/>", ""))
    real = (50_000_000).to_bytes(4, "little")
    with zipfile.ZipFile(BytesIO(bytes(data))) as archive:
        real = archive.getinfo(SHEET).file_size.to_bytes(4, "little")
    return bytes(data.replace(real, (100).to_bytes(4, "little")))


WORKBOOKS: dict[str, Callable[[], bytes]] = {
    "zipbom.xlsx": zip_bomb,
    "eenheden.xlsx": entity_bomb,
    "xxe.xlsx": xxe,
    "koppeling.xlsx": outside_link,
    "formules.xlsx": lambda: workbook(*formulas()),
    "ver-weg.xlsx": far_away,
    "beweert-veel.xlsx": claims_much,
    "breed.xlsx": wide,
    "buiten-het-blad.xlsx": far_cell,
    "liegt.xlsx": lying,
    "macro.xlsx": macro_book,
    "slot.xlsx": locked_zip,
    "zip.xlsx": plain_zip,
    "half.xlsx": lambda: book()[:-300],
    "stijlbom.xlsx": lambda: swollen(
        "xl/styles.xml", f"<styleSheet {MAIN}><cellXfs>", "<xf/>", "</cellXfs></styleSheet>"
    ),
    "tekstbom.xlsx": lambda: swollen(
        "xl/sharedStrings.xml", f"<sst {MAIN}>", "<si><t>ab</t></si>", "</sst>"
    ),
    "celbom.xlsx": lambda: swollen(
        SHEET,
        f'<worksheet {MAIN}><sheetData><row><c t="inlineStr"><is><t>',
        "a",
        "</t></is></c></row></sheetData></worksheet>",
    ),
    "diep.xlsx": lambda: swollen(SHEET, f"<worksheet {MAIN}>", "<a>", "", megabytes=20),
    "bladenbom.xlsx": lambda: swollen(
        "xl/workbook.xml", f"<workbook {MAIN}><sheets>", "<sheet/>", "</sheets></workbook>"
    ),
    "vele-delen.xlsx": lambda: _many_parts(),
}


def _many_parts() -> bytes:
    out = BytesIO(book())
    with zipfile.ZipFile(out, "a") as archive:
        for n in range(2000):
            archive.writestr(f"xl/x{n}.xml", "<a/>")
    return out.getvalue()


LISTS: dict[str, Callable[[], bytes]] = {
    "formules.csv": lambda: text(formulas()).encode(),
    "nul.csv": lambda: text([HEAD, named("A\0ya")]).encode(),
    "een-regel-50-mb.csv": lambda: b"a" * 50_000_000,
    "een-regel-9-mb.csv": lambda: b"Naam;" + b"a" * 9_000_000,
    "veel-kolommen.csv": lambda: b"a;" * 1_000_000 + b"\n" + b"b;" * 1_000_000,
    "veel-regels.csv": lambda: text([HEAD, *[ROW] * 200_000]).encode(),
    "open-aanhaling.csv": lambda: b'Naam;Klas\n"' + b"a;\n" * 2_000_000,
    "utf16-zonder-bom.csv": lambda: text([HEAD, ROW]).encode("utf-16-le"),
    "cp1252.csv": lambda: text([HEAD, named("José")]).encode("cp1252"),
    "kapot-utf8.csv": lambda: text([HEAD, named("Jos")]).encode() + b"\xc3\x28\xff\xfe",
    "utf7.csv": lambda: text([HEAD, named("+ADw-script+AD4-")]).encode(),
    "zonder-regeleinde.csv": lambda: b"Stamnr.;Roepnaam",
    "omgekeerd.csv": lambda: text([HEAD, named("\u202egnp.exe")]).encode(),
    "script.csv": lambda: text([HEAD, named("<script>alert(1)</script>")]).encode(),
    "alleen-nul.csv": lambda: b"\0" * 1_000_000,
    "leeg.csv": lambda: b"",
    "pagina.xls": lambda: b"<html><table><tr><td>1</td></tr></table></html>",
    "bsn.csv": lambda: text([["BSN", *HEAD], ["111222333", *ROW]]).encode(),
    "programma.csv": lambda: b"MZ\x90\0" + b"\0\1" * 1000,
}
SHEETS = WORKBOOKS | LISTS
