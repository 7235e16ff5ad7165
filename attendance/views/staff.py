"""For the school: today, one tap to settle, odd scans."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from urllib.parse import urlencode

from django.db.models import Q
from django.db.models.functions import Left
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from attendance import services
from attendance.filters import DayFilters
from attendance.forms import SettleForm
from attendance.models import CheckIn
from attendance.queries.staff import (
    GROUPS,
    complete,
    failed_scans,
    next_planned,
    odd_check_ins,
    staff_day,
    staff_planned,
)
from companies.models import TYPED_LENGTH, Location
from placements.models import Placement
from stage.core.dutch.calendar import school_today
from stage.core.enums import STAFF
from stage.core.ui.filters import FIRST_DAY, LAST_DAY, ListFilters, reads
from stage.core.ui.notices import notice
from stage.core.ui.paging import page_of
from stage.core.ui.parts import render_page
from stage.core.who.access import allow
from stage.core.who.policies import Conflict

LABELS = {
    "missing": (gettext_lazy("Niet gezien"), "wrong"),
    "late": (gettext_lazy("Te laat"), "attention"),
    "later": (gettext_lazy("Komt later"), "attention"),
    "better": (gettext_lazy("Weer beter"), "info"),
    "ill": (gettext_lazy("Ziek"), "info"),
    "away": (gettext_lazy("Afwezig"), "neutral"),
    "expected": (gettext_lazy("Wordt verwacht"), "neutral"),
    "by_company": (gettext_lazy("Bedrijf vinkt af"), "neutral"),
    "in": (gettext_lazy("Binnen"), "good"),
    "gone": (gettext_lazy("Weg"), "neutral"),
}


@allow(*STAFF)
@reads(DayFilters, kept_as=gettext_lazy("Vandaag"))
def today(request):
    """Who is in, who is late, who is ill, and of whom nobody heard."""
    actor, filters = request.actor, request.filters
    day = filters.chosen["dag"] or school_today()
    planned = staff_planned(actor, day)
    choices = filter_choices(planned) if actor.is_coordinator else {}
    if actor.is_coordinator:
        planned = filters.narrow(planned)
    trainees = staff_day(actor, day, planned)
    counts = Counter(t.group for t in trainees)
    shown = filters.chosen["toon"]
    if shown:
        trainees = [t for t in trainees if t.group == shown]
    page = page_of(trainees, filters)
    complete(actor, page.object_list)
    ahead = None if counts else next_planned(actor, day)
    context = {
        "page_obj": page,
        "rows": [(t, *LABELS[t.group]) for t in page.object_list],
        "counts": [
            (*LABELS[g], counts[g], _with(filters, day, toon=g)) for g in GROUPS if counts[g]
        ],
        "chosen": LABELS[shown][0] if shown else "",
        "all_url": _with(filters, day),
        "total": sum(counts.values()),
        "shown": shown,
        "day": day,
        "is_today": day == school_today(),
        "now": timezone.now(),
        "previous": _with(filters, max(day - timedelta(days=1), FIRST_DAY)),
        "next": _with(filters, min(day + timedelta(days=1), LAST_DAY)),
        "can_settle": day <= school_today(),
        "filters": [(name, options, filters.shown[name]) for name, options in choices.items()],
        "odd": odd_check_ins(actor).count(),
        "ahead": ahead,
        "ahead_url": _with(filters, ahead) if ahead else "",
    }
    return render_page(request, "attendance/today.html", context)


def _with(filters: DayFilters, day: date, toon: str = "") -> str:
    """The query of another day or group, with the filters that are on."""
    kept = {k: filters.shown[k] for k in ("klas", "bedrijf", "begeleider") if filters.shown[k]}
    return "?" + urlencode({"dag": day.isoformat(), **kept, **({"toon": toon} if toon else {})})


def filter_choices(planned) -> dict[str, list[tuple[str, str]]]:
    """Filters that have something to choose from: name -> options."""
    classes = planned.order_by("student__school_class").values_list("student__school_class")
    companies = planned.order_by("placement__company__sort_name").values_list(
        "placement__company__public_id", "placement__company__name"
    )
    teachers = planned.exclude(placement__teacher=None).order_by("placement__teacher__name")
    teachers = teachers.values_list("placement__teacher__public_id", "placement__teacher__name")
    return {
        "klas": [(c, c) for (c,) in dict.fromkeys(classes) if c],
        "bedrijf": list(dict.fromkeys(companies)),
        "begeleider": list(dict.fromkeys(teachers)),
    }


def own_placement(request, public_id) -> Placement:
    # By name: who does not guide it is told so by the policy, as on its page.
    rows = Placement.objects.by_name(request.actor).select_related("company", "student")
    return get_object_or_404(rows, public_id=public_id)


@allow(*STAFF, methods=("POST",))
def settle(request, public_id, day):
    """Present after all, ill, or away with a reason."""
    placement = own_placement(request, public_id)
    form = SettleForm(request.POST)
    name = placement.student.first_name
    if not form.is_valid():
        notice(request, _("Kies wat er was: aanwezig, ziek of afwezig."), tone="attention")
        return redirect(back_to(request, day))
    data = form.cleaned_data
    try:
        services.settle(
            placement,
            actor=request.actor,
            day=day,
            outcome=data["outcome"],
            reason=data["reason"],
            excused=data["excused"] if data["outcome"] == "absent" else None,
        )
    except Conflict as conflict:
        notice(request, str(conflict), tone="attention")
    else:
        words = {
            "present": _("%(name)s staat op aanwezig."),
            "ill": _("%(name)s staat op ziek. Het bedrijf krijgt een mail."),
            "absent": _("%(name)s staat op afwezig. Het bedrijf krijgt een mail."),
        }
        undo = reverse("attendance:settle_undo", args=[placement.public_id, day])
        notice(request, words[data["outcome"]] % {"name": name}, undo_url=undo)
    return redirect(back_to(request, day))


def back_to(request, day) -> str:
    """The list the tap came from: same day and filters."""
    return f"{reverse('attendance:today')}?dag={day.isoformat()}"


@allow(*STAFF, methods=("POST",))
def settle_undo(request, public_id, day):
    """Take back what the school settled."""
    placement = own_placement(request, public_id)
    try:
        services.undo_settle(placement, actor=request.actor, day=day)
    except Conflict as conflict:
        notice(request, str(conflict), tone="attention")
    else:
        notice(request, _("Teruggedraaid."))
    return redirect(back_to(request, day))


@allow(*STAFF)
@reads(ListFilters)
def flags(request):
    """Arrivals that were kept and are odd, and scans that were not accepted."""
    actor = request.actor
    rows = (
        odd_check_ins(actor)
        .select_related("student", "placement__company")
        .order_by("-date", "-at", "pk")
    )
    page = page_of(rows, request.filters)
    codes = [c.poster for c in page.object_list if c.poster]
    places = _places_of(actor, codes)
    since = school_today() - timedelta(days=14)
    failed = failed_scans(actor).filter(at__date__gte=since).select_related("student")[:50]
    context = {
        "page_obj": page,
        "rows": [(c, places.get(c.poster)) for c in page.object_list],
        "failed": [(f, f.get_reason_display()) for f in failed],
    }
    return render(request, "attendance/flags.html", context)


def _places_of(actor, codes) -> dict[str, Location]:
    """Whose posters these are, by the code that was scanned or typed."""
    typed = Left("poster_code", TYPED_LENGTH)
    rows = Location.objects.visible_to(actor).annotate(typed_as=typed)
    rows = rows.filter(Q(poster_code__in=codes) | Q(typed_as__in=codes)).select_related("company")
    return {code: place for place in rows for code in (place.poster_code, place.typed_as)}


@allow(*STAFF, methods=("POST",))
def flag_seen(request, nonce):
    """Looked at, all right."""
    rows = CheckIn.objects.visible_to(request.actor).standing().select_related("placement")
    services.mark_seen(get_object_or_404(rows, nonce=nonce), actor=request.actor)
    notice(request, _("Gezien. De aanmelding blijft staan."))
    return redirect("attendance:flags")
