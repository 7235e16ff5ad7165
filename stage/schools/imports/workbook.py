"""Reads the first filled sheet of an XLSX file, with every size checked beforehand."""

import warnings
from collections.abc import Iterator
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

from openpyxl import DEFUSEDXML, load_workbook

from stage.schools.imports.archive import check_archive, damaged, too_large
from stage.schools.imports.refusal import ImportRefused

MAX_LINE = 40_000
MAX_CELLS = 2_000_000


def read_workbook(data: bytes) -> Iterator[tuple[int, list[str | date]]]:
    """Row number and cells of each row. Formulas are never evaluated: their last result is read.

    Raises `ImportRefused`.
    """
    assert DEFUSEDXML, "openpyxl must read XML through defusedxml"
    check_archive(data)
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
        raise ImportRefused(damaged()) from error
    yield from rows


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
                raise ImportRefused(too_large())
            if any(value is not None for value in values):
                rows.append((number, [_cell(value) for value in values]))
            elif rows:
                rows.append((number, []))
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
