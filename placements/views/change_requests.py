"""What was asked to change, or was just done: the school answers, and who asked takes it back."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from placements import services
from placements.changes import elsewhere, shown
from placements.enums import OF_THEIR_OWN, ChangeKind
from placements.filters import ChangeListFilters
from placements.forms.changes import RefuseChangeForm
from placements.models import Placement, PlacementChange
from placements.policies import asks_change, changes
from placements.views.changes import CONCERNED, page_about
from stage.core.enums import Audience
from stage.core.ui.filters import reads
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.ui.paging import page_of
from stage.core.ui.parts import render_page
from stage.core.who.access import allow
from stage.core.who.policies import Conflict, require


@allow(Audience.COORDINATOR)
@reads(ChangeListFilters)
def change_list(request) -> HttpResponse:
    """What was asked and waits for the school, the oldest first."""
    rows = (
        PlacementChange.objects.visible_to(request.actor)
        .asked()
        .select_related("student", "company", "placement")
        .order_by("asked_at", "pk")
    )
    page = page_of(rows, request.filters)
    lines = [(row, ChangeKind(row.kind).label) for row in page]
    return render_page(request, "placements/change_list.html", {"page_obj": page, "lines": lines})


@allow(*CONCERNED, methods=("GET", "POST"))
def change_show(request, public_id: str) -> HttpResponse:
    """One change that was asked: the school answers, who asked may take it back."""
    change = _change(request, public_id)
    decides = bool(changes(request.actor, change))
    if not decides:
        require(asks_change, request.actor, change.placement)
    form = RefuseChangeForm(request.POST if "refuse" in request.POST else None)
    if request.method == "POST":
        if "withdraw" in request.POST:
            return _withdraw(request, change)
        if form.is_valid():
            return _refuse(request, change, form)
    return form_page(
        request,
        "placements/change_show.html",
        {
            **page_about(request, change.placement),
            "change": change,
            "title": shown.title_of(change),
            "label": ChangeKind(change.kind).label,
            "asked_for": asked_for(change),
            "decides": decides and change.is_asked,
            "decide_url": decide_url(change),
            "mine": change.is_asked and change.asked_kind == request.actor.role,
            "form": form,
        },
    )


def _withdraw(request, change: PlacementChange) -> HttpResponse:
    try:
        services.withdraw_change(change, actor=request.actor)
    except Conflict as conflict:
        notice(request, str(conflict), tone="info")
    else:
        notice(request, _("Ingetrokken. Er verandert niets."))
    return redirect("placements:placement_show", change.placement.public_id)


def _refuse(request, change: PlacementChange, form: RefuseChangeForm) -> HttpResponse:
    try:
        answer = form.cleaned_data["answer"].strip()
        services.refuse_change(change, answer=answer, actor=request.actor)
    except Conflict as conflict:
        notice(request, str(conflict), tone="info")
    else:
        notice(request, _("Je antwoord is verstuurd. Er verandert niets."))
    return redirect("placements:placement_show", change.placement.public_id)


@allow(Audience.COORDINATOR, Audience.TEACHER, methods=("POST",))
def change_undo(request, public_id: str) -> HttpResponse:
    """Take a change back that nobody was told of yet."""
    change = _change(request, public_id)
    try:
        services.undo_change(change, actor=request.actor)
    except Conflict as conflict:
        notice(request, str(conflict), tone="wrong")
    else:
        notice(request, _("Ongedaan gemaakt. Niemand heeft bericht gekregen."))
    return redirect("placements:placement_show", change.placement.public_id)


def decide_url(change: PlacementChange) -> str:
    """The page with the form, filled in as it was asked."""
    page = elsewhere.page_for(change) or reverse(
        "placements:change_make", args=[change.placement.public_id, change.kind]
    )
    return f"{page}?verzoek={change.public_id}"


def asked_for(change: PlacementChange) -> list[shown.Side]:
    """What a request would change, beside what stands there."""
    wanted = dict(change.wanted)
    if "supervisor" in wanted:
        wanted["supervisor_id"] = wanted.pop("supervisor")
    if change.kind in OF_THEIR_OWN:  # the title says it
        return []
    names = [n for n in wanted if hasattr(Placement, n) or n == "supervisor_id"]
    before = shown.values_now(change.placement, names)
    return shown.sides_of(change.placement, before, {n: wanted[n] for n in names})


def _change(request, public_id: str) -> PlacementChange:
    rows = PlacementChange.objects.visible_to(request.actor).select_related(
        "placement__company", "decided_by"
    )
    return get_object_or_404(rows, public_id=public_id)
