"""The region in numbers and whom to call, for the bureau; no student is in sight."""

from __future__ import annotations

from django.db.models import Prefetch
from django.shortcuts import render
from django.utils.translation import gettext_lazy

from companies import queries
from companies.asks import CompaniesByAsks
from companies.filters import RegionCallFilters
from companies.models import Call
from stage.core.enums import Audience
from stage.core.ui.filters import ListFilters, reads
from stage.core.ui.paging import page_of
from stage.core.ui.parts import render_page
from stage.core.who.access import allow


@allow(Audience.BUREAU)
@reads(ListFilters)
def region_numbers(request):
    page = page_of(CompaniesByAsks(request.actor), request.filters)
    numbers = queries.region_numbers(request.actor)
    return render(request, "companies/region_numbers.html", {"page_obj": page, **numbers})


@allow(Audience.BUREAU)
@reads(RegionCallFilters, kept_as=gettext_lazy("Bellen"))
def region_calls(request):
    """Questions of all schools that wait for an answer; the bureau may call and enter it."""
    filters = request.filters
    rows = filters.narrow(queries.silent_of_region(request.actor))
    related = rows.select_related("school", "company", "contact")
    page = page_of(related.prefetch_related(Prefetch("calls", Call.objects.all())), filters)
    for row in page:
        row.last_call = next(iter(row.calls.all()), None)
        row.number = (row.contact and row.contact.telephone) or row.company.telephone
    context = {
        "page_obj": page,
        "filters": filters.shown,
        "is_filtered": filters.is_on,
    }
    return render_page(request, "companies/region_calls.html", context)
