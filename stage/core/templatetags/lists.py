"""Tags of lists in which many are chosen at once; built in, no {% load %}."""

from __future__ import annotations

from django import template
from django.core.paginator import Page

from stage.core.ui import chosen

register = template.Library()


@register.inclusion_tag("ui/choose_found.html")
def choose_found(page_obj: Page, query: str, most: int = chosen.MOST, count: int = 0) -> dict:
    """A box in `.bulk-bar`: all that the list found, not those of this page; see `ui.chosen`.

    `count`, where not all that were found can be chosen.
    """
    total = count or page_obj.paginator.count
    return {
        "query": query,
        "count": total,
        "chosen": min(total, most),
        "cut": total > most,
        "more": page_obj.paginator.num_pages > 1,
    }


@register.inclusion_tag("ui/row_link.html")
def row_link(url: str, code: str, name: str) -> dict:
    """The name in a row of a list, with initials: opens the page behind it, beside the list."""
    return {"url": url, "code": code, "name": name}
