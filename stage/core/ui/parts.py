"""A page whose lists htmx swaps: one template and one context, with or without the frame around.

A view calls `render_page` instead of `render`, and its template extends `layout`. Asked by htmx it
answers the same blocks without head, menu and foot, and the browser takes out what it swaps
(`hx-select`). So a part can never show what the page would not: it is the page. A page behind a row
of a list is shown beside that list in the same way: its blocks in a panel.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

WHOLE = "layouts/desk.html"
PART = "layouts/part.html"
PANEL = "layouts/panel.html"
PANEL_ID = "panel"  # where the panel stands: in layouts/desk.html
# What the answer depends on, for every cache between here and there.
VARY = ("HX-Request", "HX-Boosted", "HX-History-Restore-Request", "HX-Target")


def wants_part(request: HttpRequest) -> bool:
    """Whether htmx asks to swap something; going back in the history needs the whole page."""
    htmx = getattr(request, "htmx", None)
    if not htmx:
        return False
    return not (htmx.boosted or htmx.history_restore_request)


def _layout(request: HttpRequest) -> str:
    if not wants_part(request):
        return WHOLE
    return PANEL if request.htmx.target == PANEL_ID else PART  # type: ignore[attr-defined]


def render_page(
    request: HttpRequest, template: str, context: dict, *, status: int = 200
) -> HttpResponse:
    """The page, or for htmx the page without its frame. The template extends `layout`.

    A page with a layout of its own, as a student's, keeps it.
    """
    own = context.get("layout", WHOLE)
    layout = _layout(request) if own == WHOLE else own
    response = render(request, template, {**context, "layout": layout}, status=status)
    patch_vary_headers(response, VARY)
    return response
