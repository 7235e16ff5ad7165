"""Exports are read back with the tools that open them."""

import csv
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook

from stage.core.ui.exports import csv_bytes, neutralised, xlsx_bytes

HOSTILE = ["=1+1", "+31612345678", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1"]


def read_csv(data):
    return list(csv.reader(StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))


@pytest.mark.parametrize("text", HOSTILE)
def test_formulas_are_neutralised_in_csv_and_xlsx(text):
    assert read_csv(csv_bytes([text], [[text]])) == [["'" + text], ["'" + text]]
    sheet = load_workbook(BytesIO(xlsx_bytes("x", [text], [[text]]))).active
    for row in (1, 2):
        cell = sheet.cell(row, 1)
        assert cell.data_type == "s"
        assert cell.value.startswith("'")


def test_ordinary_text_is_left_alone():
    assert neutralised("Bakkerij 't Hoekje; 3+4=7") == "Bakkerij 't Hoekje; 3+4=7"
    assert neutralised("") == ""


def test_csv_opens_in_a_dutch_excel():
    moment = datetime(2026, 7, 1, 6, 15, tzinfo=UTC)
    data = csv_bytes(
        ["Naam", "Datum"],
        [["Zoë; de Bruin", date(2026, 2, 9), moment, 7.5, -3, Decimal("60.00"), True, None]],
    )
    assert data.startswith(b"\xef\xbb\xbfNaam;Datum\r\n")
    assert read_csv(data)[1] == [
        "Zoë; de Bruin",
        "09-02-2026",
        "01-07-2026 08:15",
        "7,5",
        "-3",
        "60,00",
        "ja",
        "",
    ]


def test_xlsx_keeps_types_and_freezes_the_headings():
    moment = datetime(2026, 7, 1, 6, 15, tzinfo=UTC)
    data = xlsx_bytes(
        "Leerlingen: 3/4 [PIE]",
        ["Naam", "Datum", "Tijd", "Uren"],
        [["Zoë\x00", date(2026, 2, 9), moment, 7.5]],
    )
    sheet = load_workbook(BytesIO(data)).active
    assert sheet.title == "Leerlingen  3 4  PIE"
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:D2"
    assert [cell.value for cell in sheet[2]] == [
        "Zoë",
        datetime(2026, 2, 9),
        datetime(2026, 7, 1, 8, 15),
        7.5,
    ]
    assert sheet["B2"].number_format == "dd-mm-yyyy"


def test_empty_lists_are_files_too():
    assert read_csv(csv_bytes(["Naam"], [])) == [["Naam"]]
    assert load_workbook(BytesIO(xlsx_bytes("", [], []))).active.title == "Lijst"
