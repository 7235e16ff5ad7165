"""Reads the first filled sheet of an XLSX file, with every size checked beforehand."""

import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import DEFUSEDXML, load_workbook

from stage.core.imports.refusal import ImportRefused

MAX_UNPACKED = 60 * 1024 * 1024
MAX_ENTRIES = 500
MAX_LINE = 40_000
MAX_CELLS = 2_000_000


def read_workbook(data: bytes) -> Iterator[tuple[int, list[str | date]]]:
    """Row number and cells of each row. Formulas are never evaluated: their last result is read.

    Raises `ImportRefused`.
    """
    assert DEFUSEDXML, "openpyxl must read XML through defusedxml"
    _check_archive(data)
    try:
        with warnings.catch_warnings():
            # openpyxl warns of every feature of Excel that it does not know.
            warnings.simplefilter("ignore")
            book = load_workbook(
                BytesIO(data), read_only=True, data_only=True, keep_links=False, rich_text=False
            )
            rows = _first_filled(book)
            book.close()
    except ImportRefused:
        raise
    except Exception as error:
        # A parser of hostile bytes raises nearly anything; whatever it is, the file is no good.
        raise ImportRefused(_damaged()) from error
    yield from rows


def _damaged() -> str:
    return _("Dit Excel-bestand is beschadigd. Open het in Excel en bewaar het opnieuw als xlsx.")


def _check_archive(data: bytes) -> None:
    """Refuse by the table of contents of the archive, before anything is unpacked."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise ImportRefused(_damaged()) from None
    names = {entry.filename for entry in entries}
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise ImportRefused(_("Dit bestand heeft een wachtwoord. Bewaar het zonder wachtwoord."))
    too_large = sum(entry.file_size for entry in entries) > MAX_UNPACKED
    if too_large or len(entries) > MAX_ENTRIES:
        raise ImportRefused(_too_large())
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise ImportRefused(
            _("Dit Excel-bestand bevat macro's. Bewaar het als gewone Excel-werkmap (xlsx).")
        )
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise ImportRefused(
            _("Dit is geen Excel-bestand. Bewaar de lijst als Excel (xlsx) of als CSV.")
        )


def _too_large() -> str:
    return _(
        "Dit Excel-bestand is uitgepakt te groot. Kopieer alleen de gevulde regels en kolommen"
        " naar een nieuw bestand."
    )


def _first_filled(book: Any) -> list[tuple[int, list[str | date]]]:
    budget = MAX_CELLS
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        rows: list[tuple[int, list[str | date]]] = []
        # The size a sheet claims may be a lie, or missing.
        sheet.reset_dimensions()
        for number, values in enumerate(sheet.iter_rows(values_only=True), start=1):
            budget -= len(values)
            if budget < 0 or number > MAX_LINE:
                raise ImportRefused(_too_large())
            if any(value is not None for value in values):
                rows.append((number, [_cell(value) for value in values]))
        if rows:
            return rows
    return []


def _cell(value: Any) -> str | date:
    """A number as it is read (12034, not 12034.0), a date as a date, the rest as text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{value:.15g}".replace(".", ",")
    return str(value).replace("\0", "")
