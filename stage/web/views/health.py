"""For who watches over the product: does everything run?"""

from __future__ import annotations

from django.db import transaction
from django.http import JsonResponse
from django.shortcuts import render

from stage.core.ui.filters import Choice, Filters, reads
from stage.core.who.access import public
from stage.core.work.health import measure


class HealthFilters(Filters):
    """For a monitor."""

    instead = ""
    format = Choice(choices=[("json", "json")])


@public("counts and names of jobs, nothing about anybody")
@reads(HealthFilters)
@transaction.non_atomic_requests
def health(request):
    """503 when the database is away; JSON for a monitor (`?format=json`), a page for a person."""
    found = measure()
    status = 200 if found.database else 503
    wants_json = "application/json" in request.headers.get("Accept", "")
    if wants_json or request.filters.chosen["format"] == "json":
        return JsonResponse(found.as_dict(), status=status)
    return render(request, "web/health.html", {"health": found}, status=status)
