"""For who watches over the product: does everything run?"""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.http import JsonResponse
from django.shortcuts import render
from django.utils.crypto import constant_time_compare

from stage.core.ui.filters import Choice, Filters, reads
from stage.core.who.access import public
from stage.core.work.health import lately


class HealthFilters(Filters):
    """For a monitor."""

    instead = ""
    format = Choice(choices=[("json", "json")])


@public("whether each part is well; counts and names of jobs for the operator and our own monitor")
@reads(HealthFilters)
@transaction.non_atomic_requests
def health(request):
    """503 when the database is away; JSON for a monitor (`?format=json`), a page for a person."""
    found = lately()
    status = 200 if found.database else 503
    counts = _may_count(request)
    wants_json = "application/json" in request.headers.get("Accept", "")
    if wants_json or request.filters.chosen["format"] == "json":
        return JsonResponse(found.as_dict(counts=counts), status=status)
    context = {"health": found, "parts": found.parts, "counts": counts}
    return render(request, "web/health.html", context, status=status)


def _may_count(request) -> bool:
    """The operator, or a monitor with the token of the settings; nobody where there is none."""
    if request.actor is not None and request.actor.is_operator:
        return True
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    wanted = settings.HEALTH_TOKEN
    return bool(wanted) and scheme == "Bearer" and constant_time_compare(given.strip(), wanted)
