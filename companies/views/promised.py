"""Companies that said "not now until": the day has come."""

from __future__ import annotations

from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from companies import asking, services
from stage.core.enums import Audience
from stage.core.ui.filters import ListFilters, reads
from stage.core.ui.notices import notice
from stage.core.ui.paging import page_of
from stage.core.who.access import allow


@allow(Audience.COORDINATOR, methods=("GET", "POST"))
@reads(ListFilters)
def promised_list(request):
    """Who may be asked again; a POST takes one off the list, since nobody asks it now."""
    rows = asking.promised(request.actor.school_id)
    if request.method == "POST":
        row = rows.filter(public_id=request.POST.get("invitation", "")).first()
        if row is None:  # somebody else was first, or it was pressed twice
            notice(request, _("Dit bedrijf stond al niet meer op de lijst."))
            return redirect("companies:promised_list")
        services.let_be(row, actor=request.actor)
        notice(request, _("%(name)s staat niet meer op de lijst.") % {"name": row.company.name})
        return redirect("companies:promised_list")
    found = rows.select_related("company", "period").order_by("ask_again_on", "pk")
    context = {"page_obj": page_of(found, request.filters)}
    return render(request, "companies/promised_list.html", context)
