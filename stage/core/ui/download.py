"""What a page hands over as a file: one list as XLSX or CSV, a paper as PDF."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse

from stage.core.ui.exports import csv_bytes, xlsx_bytes

PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"


def download(data: bytes, name: str, content_type: str, *, inline: bool = False) -> HttpResponse:
    """A file under a name: kept by the browser, or with `inline` shown in its own window."""
    response = HttpResponse(data, content_type=content_type)
    disposition = "inline" if inline else "attachment"
    response["Content-Disposition"] = f'{disposition}; filename="{name}"'
    return response


def list_file(
    kind: str,
    name: str,
    title: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[Any]],
) -> HttpResponse:
    """A list as `<name>.csv` where `kind` is "csv", otherwise as `<name>.xlsx`."""
    if kind == "csv":
        return download(csv_bytes(headings, rows), f"{name}.csv", CSV)
    return download(xlsx_bytes(title, headings, rows), f"{name}.xlsx", XLSX)
