"""How much of a list stands on one page, everywhere the same."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator

from stage.core.ui.filters import Filters

PER_PAGE = 25
PER_PAGE_OF_CHOICES = 100  # where many are ticked at once
PER_PAGE_ON_PAPER = 500
PER_PAGE_OF_API = 50
FILE_LIMIT = 20_000  # rows of one file


def page_of(rows: Any, filters: Filters, size: int = PER_PAGE) -> Page:
    """The page the address asks for; past the end it is the last one."""
    return Paginator(rows, size).get_page(filters.chosen["page"] or 1)
