"""One press for all yeses: first what will happen, then it is done."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from placements import services
from placements.accepted import yeses_of
from placements.filters import ChosenFilters
from placements.models import Application, Placement
from placements.services.accepted import Outcome
from stage.core.enums import Audience
from stage.core.ui.filters import reads
from stage.core.ui.notices import notice
from stage.core.who.access import allow
from stage.schools.models import Group

# In one press: a match is some thirty statements, and who answers or withdraws waits meanwhile.
MANY = 50


@allow(Audience.COORDINATOR, methods=("GET", "POST"))
def match_accepted(request, public_id: str) -> HttpResponse:
    """Match every student of a group whom a company said yes to and who has no place yet."""
    group = get_object_or_404(
        Group.objects.visible_to(request.actor).select_related("period"), public_id=public_id
    )
    board_url = f"{reverse('placements:board')}?{urlencode({'groep': group.public_id})}"
    if request.method == "POST":
        outcome = services.match_accepted(_shown(request, group), actor=request.actor)
        _tell(request, outcome)
        return redirect(board_url)
    found = yeses_of(group, request.actor)
    ready = [yes for yes in found if not yes.pair.obstacle]
    return render(
        request,
        "placements/match_accepted.html",
        {
            "group": group,
            "ready": ready[:MANY],
            "later": len(ready[MANY:]),
            "stuck": [yes for yes in found if yes.pair.obstacle],
            "board_url": board_url,
        },
    )


@allow(Audience.COORDINATOR, methods=("POST",))
@reads(ChosenFilters)
def matches_undo(request) -> HttpResponse:
    """Take back what one press matched, before anybody was told."""
    codes = request.filters.chosen["row"]
    rows = Placement.objects.visible_to(request.actor).live().filter(public_id__in=codes)
    chosen = list(rows.order_by("pk"))
    undone = services.undo_matches(chosen, actor=request.actor)
    if undone:
        text = ngettext(
            "%(n)s leerling losgemaakt. Niemand heeft bericht gekregen.",
            "%(n)s leerlingen losgemaakt. Niemand heeft bericht gekregen.",
            undone,
        )
        notice(request, text % {"n": undone})
    if len(chosen) > undone or not chosen:
        notice(request, _("Ongedaan maken kan niet meer. Maak leerlingen zelf los."), tone="wrong")
    return redirect("placements:board")


def _shown(request, group: Group) -> list[Application]:
    """The pairs the page listed: nobody is matched who was not on it. 404 for any other code."""
    codes = set(request.POST.getlist("application"))
    if len(codes) > MANY:
        raise Http404
    rows = Application.objects.visible_to(request.actor).filter(
        public_id__in=codes,
        period_id=group.period_id,
        student__in=group.members.values("student_id"),
    )
    found = list(rows.order_by("pk"))
    if len(found) != len(codes):
        raise Http404
    return found


def _tell(request, outcome: Outcome) -> None:
    done, already = len(outcome.placements), len(outcome.already)
    if done:
        text = ngettext("%(n)s leerling gekoppeld.", "%(n)s leerlingen gekoppeld.", done)
        codes = [("row", p.public_id) for p in outcome.placements]
        undo_url = f"{reverse('placements:matches_undo')}?{urlencode(codes)}"
        notice(request, text % {"n": done}, undo_url=undo_url)
    if already:
        text = ngettext(
            "%(n)s leerling was al gekoppeld.", "%(n)s leerlingen waren al gekoppeld.", already
        )
        notice(request, text % {"n": already}, tone="info")
    for wish, reason in outcome.refused:
        words = {"name": wish.student.full_name, "reason": reason}
        notice(request, _("%(name)s is niet gekoppeld. %(reason)s") % words, tone="wrong")
    if not (done or already or outcome.refused):
        notice(request, _("Er is geen leerling om te koppelen."), tone="info")
