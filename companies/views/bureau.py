"""The region in numbers, for the bureau; no student is in sight."""

from __future__ import annotations

from django.shortcuts import render

from companies import queries
from stage.core.enums import Audience
from stage.core.ui.filters import ListFilters, reads
from stage.core.ui.paging import page_of
from stage.core.who.access import allow


@allow(Audience.BUREAU)
@reads(ListFilters)
def region_numbers(request):
    page = page_of(queries.companies_by_asks(request.actor), request.filters)
    numbers = queries.region_numbers(request.actor)
    return render(request, "companies/region_numbers.html", {"page_obj": page, **numbers})
