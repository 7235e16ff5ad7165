"""For the school: what stands out in the days of the students one guides."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from attendance import services
from attendance.enums import PatternKind
from attendance.queries.patterns import patterns
from attendance.views.staff import own_placement
from placements.models import Placement
from stage.core.enums import STAFF
from stage.core.ui.filters import ListFilters, reads
from stage.core.ui.notices import notice
from stage.core.ui.paging import page_of
from stage.core.who.access import allow


@allow(*STAFF)
@reads(ListFilters)
def pattern_list(request) -> HttpResponse:
    """Per student what, and on which days; the newest first."""
    page = page_of(patterns(request.actor), request.filters)
    return render(request, "attendance/pattern_list.html", {"page_obj": page})


@allow(*STAFF, methods=("POST",))
def pattern_seen(request, public_id: str, kind: str, day: date) -> HttpResponse:
    """Seen up to this day; something newer is shown again."""
    placement = _placement(request, public_id, kind)
    services.see_pattern(placement, kind, day, actor=request.actor)
    undo = reverse("attendance:pattern_unseen", args=[public_id, kind, day])
    notice(request, _("Gezien. Gebeurt het weer, dan staat het hier opnieuw."), undo_url=undo)
    return redirect("attendance:pattern_list")


@allow(*STAFF, methods=("POST",))
def pattern_unseen(request, public_id: str, kind: str, day: date) -> HttpResponse:
    """It was pressed by mistake."""
    placement = _placement(request, public_id, kind)
    services.unsee_pattern(placement, kind, day, actor=request.actor)
    notice(request, _("Het staat er weer."))
    return redirect("attendance:pattern_list")


def _placement(request, public_id: str, kind: str) -> Placement:
    if kind not in PatternKind.values:
        raise Http404
    return own_placement(request, public_id)
