"""Reads an uploaded list, CSV or XLSX, into one table of texts and dates."""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from io import StringIO

from django.utils.translation import gettext as _

from stage.schools.imports.parsers import Cell
from stage.schools.imports.refusal import ImportRefused
from stage.schools.imports.workbook import read_workbook

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 20_000
MAX_COLUMNS = 200
MAX_CELL = 5_000
HEADING_SEARCH = 10  # rows in which the headings may stand, below a title

NumberedRow = tuple[int, list[Cell]]

_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MANY_CONTROL = 200  # one such sign in so many
_CONTROL = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True)
class Table:
    """Headings, rows of the same width, and for each row its number in the file, from 1.

    `empty`: how many lines between them held nothing.
    """

    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    line_numbers: tuple[int, ...]
    empty: int = 0


def read_table(data: bytes) -> Table:
    """The table in a CSV (UTF-8, UTF-16 or Windows-1252; `;` `,` or tab) or XLSX file.

    The content decides, not the name of the file. Empty rows and columns are left out, cells
    trimmed. Raises `ImportRefused` with what is wrong and how to mend it.
    """
    if not data.strip():
        raise ImportRefused(_("Dit bestand is leeg. Kies een bestand met leerlingen of bedrijven."))
    if len(data) > MAX_BYTES:
        raise ImportRefused(
            _("Dit bestand is groter dan 10 MB. Verwijder kolommen die niet nodig zijn.")
        )
    if data.startswith(b"PK"):
        return _table(read_workbook(data))
    _refuse_other_kinds(data)
    return _table(_csv_rows(_decoded(data)))


def _refuse_other_kinds(data: bytes) -> None:
    if data.startswith(_OLD_OFFICE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise ImportRefused(
                _("Dit bestand heeft een wachtwoord. Bewaar het zonder wachtwoord.")
            )
        raise ImportRefused(
            _("Dit is een oud Excel-bestand (xls). Open het in Excel en bewaar het als xlsx.")
        )
    if data.startswith(b"%PDF-"):
        raise ImportRefused(_("Dit is een PDF. Exporteer de lijst als Excel (xlsx) of als CSV."))
    start = data[:2000].lower().replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t")
    if start.startswith((b"<!doctype", b"<html", b"<?xml", b"<table", b"<meta")):
        raise ImportRefused(
            _(
                "Dit is een webpagina die als Excel-bestand is bewaard. Open het in Excel en bewaar"
                " het als xlsx."
            )
        )


def _decoded(data: bytes) -> str:
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    # Windows-1252 reads nearly every byte, so it comes last.
    for encoding in ["utf-16"] if wide else ["utf-8-sig", "cp1252"]:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        # One in a name is told beside its cell; many are no list at all.
        if "\0" in text or len(_CONTROL.findall(text)) * MANY_CONTROL > len(text):
            break
        return text
    raise ImportRefused(_unreadable())


def _unreadable() -> str:
    return _(
        "Dit bestand kunnen we niet lezen. Bewaar de lijst in Excel als xlsx, of als CSV UTF-8."
    )


def _csv_rows(text: str) -> Iterator[NumberedRow]:
    text, skipped, delimiter = _delimiter(text)
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    started = skipped + 1
    try:
        for row in reader:
            yield started, list(row)
            started = skipped + reader.line_num + 1
    except csv.Error:
        message = _("Regel %(line)s kunnen we niet lezen. Staat er een los aanhalingsteken?")
        raise ImportRefused(message % {"line": started}) from None


def _delimiter(text: str) -> tuple[str, int, str]:
    """The text without Excel's own `sep=` line, how many lines that were, and the separator."""
    first, _newline, rest = text.partition("\n")
    told = re.fullmatch(r"sep=([;,\t|])\s*", first)
    if told:
        return rest, 1, told.group(1)
    lines = [line for line in text[:20_000].splitlines() if line.strip()][:HEADING_SEARCH]
    unquoted = [re.sub(r'"[^"]*"', "", line) for line in lines]
    counts = {sign: max((line.count(sign) for line in unquoted), default=0) for sign in ";\t,|"}
    return text, 0, max(counts, key=lambda sign: counts[sign])


def _table(rows: Iterable[NumberedRow]) -> Table:
    empty: list[int] = []
    filled = _filled(rows, empty)
    if not filled:
        raise ImportRefused(_("Dit bestand heeft geen gevulde regels."))
    at = _line_of_headings([row for _line, row in filled[:HEADING_SEARCH]])
    body = filled[at + 1 :]
    if not body:
        raise ImportRefused(_("Er staan geen regels onder de kolomkoppen in dit bestand."))
    width = max(len(row) for _line, row in filled[at:])
    columns = [column for column in range(width) if _has_content(filled[at:], column)]
    headings = _headings(filled[at][1], columns)
    table_rows = tuple(
        tuple(row[column] if column < len(row) else "" for column in columns) for _line, row in body
    )
    between = sum(body[0][0] < line < body[-1][0] for line in empty)
    return Table(headings, table_rows, tuple(line for line, _row in body), between)


def _line_of_headings(rows: list[list[Cell]]) -> int:
    """Below a title, which fills a cell or two of a wide list."""
    counts = [sum(bool(cell) for cell in row) for row in rows]
    least = max(2, -(-max(counts) // 3))
    return next((index for index, count in enumerate(counts) if count >= least), 0)


def _filled(rows: Iterable[NumberedRow], empty: list[int]) -> list[NumberedRow]:
    """The rows that hold something, trimmed and within the limits; `empty` gets the others."""
    filled: list[NumberedRow] = []
    for line, row in rows:
        cells = [_trimmed(cell) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            empty.append(line)
            continue
        if len(cells) > MAX_COLUMNS:
            message = _(
                "Regel %(line)s heeft meer dan %(max)s kolommen. Verwijder wat niet nodig is."
            )
            raise ImportRefused(message % {"line": line, "max": MAX_COLUMNS})
        if any(isinstance(cell, str) and len(cell) > MAX_CELL for cell in cells):
            message = _("Op regel %(line)s staat een cel met meer dan %(max)s tekens. Kort die in.")
            raise ImportRefused(message % {"line": line, "max": MAX_CELL})
        filled.append((line, cells))
        if len(filled) > MAX_ROWS + HEADING_SEARCH:
            message = _("Dit bestand heeft meer dan %(max)s regels. Splits het in delen.")
            raise ImportRefused(message % {"max": MAX_ROWS})
    return filled


def _trimmed(cell: Cell) -> Cell:
    if isinstance(cell, date):
        return cell
    cell = cell.replace("\u00a0", " ").strip()
    # Our own exports put an apostrophe before what looks like a formula.
    return cell[1:] if cell[:2] in ("'+", "'-", "'=", "'@") else cell


def _has_content(rows: list[NumberedRow], column: int) -> bool:
    return any(column < len(row) and row[column] for _line, row in rows)


def _headings(row: list[Cell], columns: list[int]) -> tuple[str, ...]:
    """A name for every column, each once: "Kolom 3" for a column without, "E-mail (2)"."""
    headings: list[str] = []
    for column in columns:
        cell = row[column] if column < len(row) else ""
        name = " ".join(str(cell).split()) or _("Kolom %(number)s") % {"number": column + 1}
        unique, number = name, 2
        while unique in headings:
            unique, number = f"{name} ({number})", number + 1
        headings.append(unique)
    return tuple(headings)
