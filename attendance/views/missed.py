"""Missed days: the list for the school, and what becomes of each."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from attendance import services
from attendance.filters import MissedFilters
from attendance.forms import MissedForm
from attendance.queries.missed import MissedDay, missed_day, missed_of, undecided
from attendance.services.missed import wanted_for
from attendance.views.company import only_proven
from placements.enums import Missed
from placements.models import Placement, PlacementChange
from placements.policies import asks_change, leads
from placements.views.folder import LAYOUTS, who_of
from stage.core.enums import STAFF, Audience
from stage.core.ui.filters import reads
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.ui.paging import page_of
from stage.core.who.access import allow
from stage.core.who.policies import Conflict, require
from stage.schools.models import Group

CONCERNED = (*STAFF, Audience.STUDENT, Audience.GUARDIAN, Audience.COMPANY)


@allow(*STAFF)
@reads(MissedFilters, kept_as=gettext_lazy("Gemiste dagen"))
def missed_list(request) -> HttpResponse:
    """Days nobody decided about yet, the newest first."""
    actor, filters = request.actor, request.filters
    placements = filters.narrow(Placement.objects.visible_to(actor))
    page = page_of(undecided(actor, placements), filters)
    ids = {placement for _day, placement in page.object_list}
    rows = Placement.objects.visible_to(actor).filter(pk__in=ids)
    rows = rows.select_related("student", "company", "teacher")
    by_key = {
        (found.date, pk): found for pk, days in missed_of(actor, rows).items() for found in days
    }
    context = {
        "page_obj": page,
        "rows": [by_key[key] for key in page.object_list if key in by_key],
        "filters": filters.shown,
        "groups": Group.objects.visible_to(actor).select_related("period"),
    }
    return render(request, "attendance/missed_list.html", context)


@allow(*CONCERNED, methods=("GET", "POST"))
@reads(MissedFilters)
def missed_decide(request, public_id: str, day: date) -> HttpResponse:
    """One missed day: who leads decides, the others may name a day to catch up."""
    placement = _placement(request, public_id)
    actor = request.actor
    found = missed_day(actor, placement, day)
    if found is None:
        raise Http404
    asking = not leads(actor, placement)
    asked = None if asking else request.filters.chosen["verzoek"]
    if asked is not None and (asked.placement_id != placement.pk or asked.from_on != day):
        asked = None
    if "back" in request.POST and not asking:
        return _done(request, placement, found, wanted_for(day, Missed.OPEN), None)
    form = MissedForm(
        request.POST or None,
        placement=placement,
        day=day,
        asking=asking,
        initial=_initial(found, asked or found.asked),
    )
    if request.method == "POST" and form.is_valid():
        try:
            if asking:
                services.propose_catch_up(placement, form.wanted, actor=actor)
                notice(request, _("Verstuurd. De school kijkt ernaar en laat het weten."))
                return redirect("placements:placement_show", placement.public_id)
            return _done(request, placement, found, form.wanted, asked or found.asked)
        except Conflict as conflict:
            form.add_error("on" if form.wanted.on else None, str(conflict))
    context = {
        "layout": LAYOUTS.get(actor.role, "layouts/desk.html"),
        "placement": placement,
        "who": "" if actor.is_student else who_of(placement, actor)["name"],
        "found": found,
        "asked": asked or found.asked,
        "asking": asking,
        "form": form,
        "back_url": reverse("placements:placement_show", args=[placement.public_id]),
    }
    return form_page(request, "attendance/missed_decide.html", context)


def _done(request, placement: Placement, found: MissedDay, wanted, asked) -> HttpResponse:
    try:
        change = services.decide_missed(placement, wanted, asked=asked, actor=request.actor)
    except Conflict as conflict:
        if wanted.outcome != Missed.OPEN:
            raise
        notice(request, str(conflict), tone="info")
    else:
        notice(
            request,
            _("Gedaan. Over twee minuten krijgt iedereen bericht."),
            undo_url=reverse("placements:change_undo", args=[change.public_id]),
        )
    return redirect("placements:placement_show", placement.public_id)


def _initial(found: MissedDay, asked: PlacementChange | None) -> dict:
    """The form as it was proposed, or as it was decided before."""
    if asked is not None:
        return {**{n: asked.wanted[n] for n in ("on", "day_from", "day_to") if n in asked.wanted}}
    begin: dict = {"outcome": str(found.outcome)} if not found.is_open else {}
    planned = found.instead.planned if found.instead else None
    if planned is not None:
        begin |= {"on": planned.date, "day_from": planned.day_from, "day_to": planned.day_to}
    return begin


def _placement(request, public_id: str) -> Placement:
    if request.actor.is_company or request.actor.role == Audience.GUARDIAN:
        only_proven(request.actor)
    rows = Placement.objects.visible_to(request.actor).select_related(
        "company", "school", "teacher", "supervisor", "place", "period"
    )
    placement = get_object_or_404(rows, public_id=public_id)
    require(asks_change, request.actor, placement)
    return placement
