"""The answer to a form: its page, and whether it was refused."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render


def form_page(
    request, template: str, context: dict[str, Any], *, refused: bool | None = None
) -> HttpResponse:
    """The page of a form: 200 when it is opened, 422 when what was sent comes back.

    A form that is taken redirects, so what comes back of a POST was refused. `refused` says so
    itself on a page that a POST may open too, as with the rows ticked on a list.
    """
    came_back = request.method == "POST" if refused is None else refused
    return render(request, template, context, status=422 if came_back else 200)
