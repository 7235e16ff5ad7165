"""Lists as files a Dutch Excel opens with one click, in which no cell can act as a formula."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

from django.utils.formats import number_format
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from stage.core.dutch.calendar import AMSTERDAM

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
MAX_WIDTH = 60


def neutralised(text: str) -> str:
    """The text with an apostrophe before it when a spreadsheet would take it for a formula."""
    text = ILLEGAL_CHARACTERS_RE.sub("", text)
    return "'" + text if text.startswith(FORMULA_STARTS) else text


def csv_bytes(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """UTF-8 with BOM, semicolons, CRLF, dates as dd-mm-jjjj, a decimal comma."""
    out = StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([neutralised(heading) for heading in headings])
    for row in rows:
        writer.writerow([_csv_value(value) for value in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")


def _csv_value(value: Any) -> str:
    value = _plain(value)
    if isinstance(value, datetime):
        return value.strftime("%d-%m-%Y %H:%M")
    if isinstance(value, date):
        return value.strftime("%d-%m-%Y")
    if isinstance(value, int | float | Decimal):
        # A negative number is a number: only text is neutralised.
        return number_format(value, use_l10n=True, force_grouping=False)
    return neutralised(value)


def xlsx_bytes(title: str, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """One sheet with a bold, frozen, filterable heading row; dates and numbers keep their type."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_sheet_title(title))
    table = [[_plain(value) for value in row] for row in rows]
    for index, heading in enumerate(headings):
        shown = [str(heading), *(_shown(row[index]) for row in table if index < len(row))]
        width = min(MAX_WIDTH, max(map(len, shown)) + 3)
        sheet.column_dimensions[get_column_letter(index + 1)].width = width
    sheet.freeze_panes = "A2"
    if headings:
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(headings))}{len(table) + 1}"
    sheet.append([_cell(sheet, str(heading), bold=True) for heading in headings])
    for row in table:
        sheet.append([_cell(sheet, value) for value in row])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _plain(value: Any) -> str | int | float | Decimal | date | datetime:
    """What a cell can hold: yes and no as words, moments on the Dutch clock, the rest as text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, datetime):
        return value.astimezone(AMSTERDAM).replace(tzinfo=None) if value.tzinfo else value
    if isinstance(value, int | float | Decimal | date):
        return value
    return str(value)


def _shown(value: Any) -> str:
    return "00-00-0000" if isinstance(value, date) else str(value)


def _cell(sheet: Any, value: Any, *, bold: bool = False) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet)
    if isinstance(value, str):
        cell.value = neutralised(value)
        cell.data_type = "s"
    else:
        cell.value = value
        if isinstance(value, date):
            has_time = isinstance(value, datetime)
            cell.number_format = "dd-mm-yyyy hh:mm" if has_time else "dd-mm-yyyy"
    if bold:
        cell.font = Font(bold=True)
    return cell


def _sheet_title(title: str) -> str:
    """At most 31 characters, without those that Excel refuses in the name of a sheet."""
    kept = "".join(" " if char in "[]:*?/\\" else char for char in title)
    return ILLEGAL_CHARACTERS_RE.sub("", kept).strip(" '")[:31] or "Lijst"
