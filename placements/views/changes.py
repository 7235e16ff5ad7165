""" "Er verandert iets": what can change in a placement, what it touches, and doing it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies.models import Company, Contact
from placements import queries, services
from placements.board import options_of
from placements.changes import shown
from placements.changes.afterwards import next_place
from placements.changes.plan import Plan, plan_of
from placements.enums import ABOUT_DAYS, ChangeKind
from placements.filters import ChangeFilters
from placements.forms.changes import FORMS, ChangeForm
from placements.models import Placement, PlacementChange
from placements.policies import asks_change, changes
from placements.services import possible_kinds
from placements.views.folder import LAYOUTS, who_of
from placements.views.placement_desk import of_family
from stage.core.enums import Audience
from stage.core.ui.filters import reads
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.who.access import allow
from stage.core.who.policies import Conflict, require

CONCERNED = (
    Audience.COORDINATOR,
    Audience.TEACHER,
    Audience.STUDENT,
    Audience.GUARDIAN,
    Audience.COMPANY,
)
# What somebody outside the school may ask for.
ASKED_BY = {
    Audience.COMPANY: (
        *ABOUT_DAYS,
        ChangeKind.SUPERVISOR,
        ChangeKind.OFF,
        ChangeKind.STOP,
    ),
    Audience.STUDENT: (
        ChangeKind.SCHEDULE,
        ChangeKind.PAUSE,
        ChangeKind.MOVE,
        ChangeKind.OFF,
        ChangeKind.STOP,
    ),
    Audience.GUARDIAN: (
        ChangeKind.SCHEDULE,
        ChangeKind.PAUSE,
        ChangeKind.MOVE,
        ChangeKind.OFF,
        ChangeKind.STOP,
    ),
}
HINTS = {
    ChangeKind.SCHEDULE: gettext_lazy("Vanaf een dag, of een paar weken."),
    ChangeKind.DATES: gettext_lazy("De stage begint of eindigt op een andere dag."),
    ChangeKind.PAUSE: gettext_lazy("Een paar dagen of weken niet."),
    ChangeKind.SUPERVISOR: gettext_lazy("Iemand anders begeleidt bij het bedrijf."),
    ChangeKind.TEACHER: gettext_lazy("Een collega neemt de begeleiding over."),
    ChangeKind.MOVE: gettext_lazy("Hier stopt het, daar gaat het verder."),
    ChangeKind.OFF: gettext_lazy("Vóór de eerste dag."),
    ChangeKind.STOP: gettext_lazy("Vóór de laatste dag."),
}
ICONS = {
    ChangeKind.SCHEDULE: "clock",
    ChangeKind.DATES: "calendar",
    ChangeKind.PAUSE: "pause",
    ChangeKind.SUPERVISOR: "user-check",
    ChangeKind.TEACHER: "users",
    ChangeKind.MOVE: "swap",
    ChangeKind.OFF: "calendar-x",
    ChangeKind.STOP: "ban",
}


@allow(*CONCERNED)
def change_start(request, public_id: str) -> HttpResponse:
    """What changes? One list, of what this person may do or ask now."""
    placement = _placement(request, public_id)
    rows = [
        {
            "kind": kind,
            "label": ChangeKind(kind).label,
            "hint": HINTS[kind],
            "icon": ICONS[kind],
            "asking": not _decides(request.actor, placement, kind),
            "url": reverse("placements:change_make", args=[placement.public_id, kind]),
        }
        for kind in _kinds(request.actor, placement)
    ]
    beside = next((n for n, r in enumerate(rows, 1) if r["kind"] == ChangeKind.TEACHER), None)
    if beside and request.actor.is_coordinator:
        rows[beside:beside] = _stand_in(placement)
    return render(
        request,
        "placements/change_start.html",
        {
            **page_about(request, placement),
            "rows": rows,
            "waiting": PlacementChange.objects.visible_to(request.actor)
            .asked()
            .filter(placement=placement),
        },
    )


def _stand_in(placement: Placement) -> list[dict]:
    """A colleague who is away for a while is replaced for all its students, or for this one."""
    teacher = placement.teacher
    if teacher is None or teacher.ended_at is not None:
        return []
    return [
        {
            "kind": "stand_in",
            "label": _("Een vervanger voor een tijdje"),
            "hint": _("%(name)s is even weg.") % {"name": teacher.name or teacher.email},
            "icon": "user-plus",
            "asking": False,
            "url": reverse("schools:stand_in_begin", args=[teacher.public_id]),
        }
    ]


@allow(*CONCERNED, methods=("GET", "POST"))
@reads(ChangeFilters)
def change_make(request, public_id: str, kind: str) -> HttpResponse:
    """The form of one kind; the school then sees what it touches, and does it."""
    placement = _placement(request, public_id)
    if kind not in _kinds(request.actor, placement):
        raise Http404
    chosen = ChangeKind(kind)
    asking = not _decides(request.actor, placement, chosen)
    asked = request.filters.chosen["verzoek"] if not asking else None
    if asked is not None and (asked.placement_id != placement.pk or asked.kind != kind):
        asked = None
    form = _form(request, placement, chosen, asking, asked)
    plan = None
    if request.method == "POST" and form.is_valid():
        if asking:
            if done := _ask(request, placement, form):
                return done
        else:
            plan = plan_of(placement, form.wanted)
            if "do" in request.POST and (done := _do(request, placement, form, asked)):
                return done
    if plan is not None and plan.is_nothing:
        form.add_error(None, _("Er verandert niets: zo staat het er al."))
        plan = None
    if "edit" in request.POST:  # back to the form, with what was filled in
        plan = None
    context = {
        **page_about(request, placement),
        "form": form,
        "kind": chosen,
        "label": chosen.label,
        "hint": HINTS[chosen],
        "asking": asking,
        "asked": asked,
        "plan": _shown(plan, asked, request.actor) if plan is not None else None,
        "back_url": reverse("placements:change_start", args=[placement.public_id]),
    }
    refused = bool(form.errors)
    return form_page(request, "placements/change_make.html", context, refused=refused)


def _ask(request, placement: Placement, form: ChangeForm) -> HttpResponse | None:
    try:
        services.ask_change(placement, form.wanted, actor=request.actor)
    except Conflict as conflict:
        form.add_error(None, str(conflict))
        return None
    notice(request, _("Verstuurd. De school kijkt ernaar en laat het weten."))
    return redirect("placements:placement_show", placement.public_id)


def _do(request, placement: Placement, form: ChangeForm, asked) -> HttpResponse | None:
    try:
        change = services.change_placement(placement, form.wanted, asked=asked, actor=request.actor)
    except Conflict as conflict:
        form.add_error(None, str(conflict))
        return None
    notice(
        request,
        _("Gedaan. Over twee minuten krijgt iedereen bericht."),
        undo_url=reverse("placements:change_undo", args=[change.public_id]),
    )
    where = change.moved_to or placement
    return redirect("placements:placement_show", where.public_id)


def _placement(request, public_id: str) -> Placement:
    rows = Placement.objects.visible_to(request.actor).select_related(
        "company", "school", "teacher", "supervisor", "stand_in", "place", "period"
    )
    placement = get_object_or_404(rows, public_id=public_id)
    require(asks_change, request.actor, placement)
    return placement


def _decides(actor, placement: Placement, kind: ChangeKind) -> bool:
    return bool(changes(actor, PlacementChange.about(placement, placement=placement, kind=kind)))


def _kinds(actor, placement: Placement) -> list[ChangeKind]:
    """What this person may do or ask of a placement as it stands."""
    possible = possible_kinds(placement)
    if actor.role in ASKED_BY:
        return [k for k in possible if k in ASKED_BY[actor.role]]
    return possible


def _form(request, placement: Placement, kind: ChangeKind, asking: bool, asked) -> ChangeForm:
    more: dict[str, Any] = {}
    if kind == ChangeKind.SUPERVISOR:
        more["contacts"] = _contacts(request.actor, placement)
    elif kind == ChangeKind.TEACHER:
        more["loads"] = queries.teacher_loads(request.actor, [placement.period_id])
    elif kind == ChangeKind.MOVE and not asking:
        options = options_of(placement.period_id, request.actor)
        more["options"] = [o for o in options if o.free and o.place.pk != placement.place_id]
    initial = _initial(asked) if asked is not None else {}
    if chosen := request.filters.chosen["plek"]:
        initial["place"] = chosen.public_id
    data = request.POST if request.method == "POST" else None
    return FORMS[kind](data, placement=placement, asking=asking, initial=initial, **more)


def _initial(asked: PlacementChange) -> dict:
    """The form as it was asked."""
    names = ("from_on", "until_on", "reason", "words")
    return {**asked.wanted, **{name: getattr(asked, name) for name in names}}


def _contacts(actor, placement: Placement) -> list[Contact]:
    families = Company.objects.families({placement.company_id})
    rows = Contact.objects.visible_to(actor).active().filter(company_id__in=families)
    return of_family(list(rows), families, placement)


def _shown(plan: Plan, asked: PlacementChange | None, actor) -> dict:
    """The plan as the page shows it."""
    placement = plan.placement
    before = shown.values_now(placement, plan.values)
    after = {name: shown.plain(value) for name, value in plan.values.items()}
    return {
        "sides": shown.sides_of(placement, before, after),
        "removed": [d.date for d in plan.removed],
        "removed_words": shown.days_words([d.date for d in plan.removed]),
        "added": [d.date for d in plan.added],
        "added_words": shown.days_words([d.date for d in plan.added]),
        "retimed": len(plan.retimed),
        "kept_words": shown.days_words(list(plan.kept)),
        "gap": plan.gap,
        "gap_words": shown.days_words(list(plan.gap)),
        "clashes": plan.clashes,
        "found": list({f.rule: f for f in plan.found}.values()),
        "blocked": plan.blocked_by,
        "frees_place": plan.frees_place,
        "afterwards": next_place(plan),
        "goes_to": plan.wanted.place.company.name if plan.wanted.place else "",
        "touches": plan.touches,
        "told": services.mailed_by(placement, plan.wanted, asked=asked, actor=actor),
    }


def page_about(request, placement: Placement) -> dict:
    """What every page of a change shows: which placement, and who as this person knows them."""
    return {
        "layout": LAYOUTS.get(request.actor.role, "layouts/desk.html"),
        "placement": placement,
        "who": "" if request.actor.is_student else who_of(placement, request.actor)["name"],
    }
