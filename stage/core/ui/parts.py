"""A page whose lists htmx swaps: one template and one context, with or without the frame around.

A view calls `render_page` instead of `render`, and its template extends `layout`. Asked by htmx it
answers the same blocks without head, menu and foot, and the browser takes out what it swaps
(`hx-select`). So a part can never show what the page would not: it is the page.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

WHOLE = "layouts/desk.html"
PART = "layouts/part.html"
# What the answer depends on, for every cache between here and there.
VARY = ("HX-Request", "HX-Boosted", "HX-History-Restore-Request")


def wants_part(request: HttpRequest) -> bool:
    """Whether htmx asks to swap something; going back in the history needs the whole page."""
    htmx = getattr(request, "htmx", None)
    if not htmx:
        return False
    return not (htmx.boosted or htmx.history_restore_request)


def render_page(
    request: HttpRequest, template: str, context: dict, *, status: int = 200
) -> HttpResponse:
    """The page, or for htmx the page without its frame. The template extends `layout`."""
    layout = PART if wants_part(request) else WHOLE
    response = render(request, template, {**context, "layout": layout}, status=status)
    patch_vary_headers(response, VARY)
    return response
