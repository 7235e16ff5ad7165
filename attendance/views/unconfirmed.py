"""For the school: days no company confirmed for two weeks, and the telephone call about them."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from attendance import policies, queries, services
from attendance.day_forms import PhonedForm
from attendance.queries.unconfirmed import days_unconfirmed, placements_unconfirmed
from attendance.views.staff import own_placement
from stage.core.enums import STAFF
from stage.core.ui.filters import ListFilters, reads
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.ui.paging import page_of
from stage.core.who.access import allow
from stage.core.who.policies import Conflict, require


@allow(*STAFF)
@reads(ListFilters)
def unconfirmed_list(request) -> HttpResponse:
    """Whose days, how many, and whom to call."""
    page = page_of(placements_unconfirmed(request.actor), request.filters)
    return render(request, "attendance/unconfirmed_list.html", {"page_obj": page})


@allow(*STAFF, methods=("GET", "POST"))
def unconfirmed_confirm(request, public_id) -> HttpResponse:
    """The days of one placement, with the hours as the company says them on the telephone."""
    actor = request.actor
    placement = own_placement(request, public_id)
    require(policies.settle, actor, placement)
    open_days = days_unconfirmed(actor, placement)
    if not open_days and request.method != "POST":
        raise Http404
    found = {}
    if open_days:
        span = (open_days[0], open_days[-1])
        found = {d.date: d for d in queries.days_of(actor, [placement], *span)[placement.pk]}
    supervisor = placement.supervisor_now
    form = PhonedForm(
        request.POST or None,
        days=[found[day] for day in open_days],
        initial={"spoken_to": supervisor.name if supervisor else ""},
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.note_phoned(
                placement, form.minutes, actor=actor, spoken_to=form.cleaned_data["spoken_to"]
            )
        except Conflict as conflict:
            form.add_error(None, str(conflict))
        else:
            notice(request, _("Bewaard. Het bedrijf kan het nog veranderen."))
            return redirect("attendance:unconfirmed_list")
    context = {"form": form, "placement": placement, "supervisor": supervisor}
    return form_page(request, "attendance/unconfirmed_confirm.html", context)
