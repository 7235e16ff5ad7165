"""The coordinator matches students with places."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode, urlsplit

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies.models import Place
from placements import board as boards
from placements import services
from placements.eligibility import examine
from placements.filters import STATES, BoardFilters
from placements.forms import UnmatchForm
from placements.models import Application, ApplicationQuestion, Placement
from placements.progress import ACCEPTED
from placements.words import SCHOOL_WORDS
from stage.core.dutch.calendar import school_today
from stage.core.dutch.names import search_key
from stage.core.enums import Audience
from stage.core.record import audit
from stage.core.ui.back import next_of
from stage.core.ui.filters import reads
from stage.core.ui.notices import notice
from stage.core.ui.paging import page_of
from stage.core.ui.parts import render_page, wants_part
from stage.core.who.access import allow
from stage.core.who.policies import Conflict
from stage.schools.models import Group, Student

OPTIONS = 50  # places beside the board; all of them on asking


@allow(Audience.COORDINATOR)
@reads(BoardFilters, kept_as=gettext_lazy("Matchen"))
def board(request) -> HttpResponse:
    """One group: who has nothing, who waits, who can be matched, who is placed."""
    groups = list(
        Group.objects.visible_to(request.actor)
        .select_related("period")
        .order_by("-period__starts", "name", "pk")
    )
    group = _chosen_group(groups, request.filters)
    if group is None:
        return render_page(request, "placements/board.html", {"group": None})
    found = boards.board_of(group, request.actor)
    lines = _wanted(found, request.filters)
    context = _context(found, lines, request.filters, request.get_full_path())
    return render_page(request, "placements/board.html", {**context, "groups": groups})


def _wanted(found: boards.Board, filters: BoardFilters) -> list[boards.Line]:
    """The lines that the filters leave."""
    state, school_class = filters.chosen["staat"], filters.chosen["klas"]
    key = search_key(filters.chosen["q"])
    return [
        line
        for line in found.lines
        if (not state or line.state == state)
        and (not school_class or line.student.school_class == school_class)
        and (not key or key in line.student.search_name)
    ]


def _context(
    found: boards.Board, lines: list[boards.Line], filters: BoardFilters, here: str
) -> dict[str, Any]:
    """What the board shows at the address `here`, which says `filters`."""
    group = found.group
    shown = page_of(lines, filters)
    every_for = filters.shown["leerling"]
    boards.suggest(found, shown.object_list, every_for=every_for)
    places = found.places_about(search_key(filters.chosen["plek"]))
    every_place = len(places) <= OPTIONS or filters.chosen["plekken"]
    base = f"{reverse('placements:board')}?groep={group.public_id}&staat="
    return {
        "group": group,
        "groups": [],
        "board": found,
        "yeses": found.count(ACCEPTED),
        "page_obj": shown,
        "options": places if every_place else places[:OPTIONS],
        "free": sum(o.free for o in places),
        "more_places": "" if every_place else _with(filters, plekken="alle"),
        "every_for": every_for,
        "more_for": _with(filters, leerling=""),
        "parts": [
            (label, found.count(key), tone, f"{base}{key}")
            for key, label, tone in STATES
            if found.count(key)
        ],
        "states": STATES,
        "classes": sorted({line.student.school_class for line in found.lines} - {""}),
        "state": filters.shown["staat"],
        "school_class": filters.shown["klas"],
        "q": filters.shown["q"],
        "place": filters.shown["plek"],
        "here": here,
        "answered": False,
    }


def _with(filters: BoardFilters, **more: str) -> str:
    """The same page of the board with other parameters, the last of `more` at its end."""
    page = {"page": filters.shown["page"]} if filters.shown["page"] else {}
    return f"{reverse('placements:board')}?{filters.query(**page, **more)}"


def _chosen_group(groups: list[Group], filters: BoardFilters) -> Group | None:
    """The asked one, else the one that starts next, else one that runs; a snuffelstage last."""
    asked = [g for g in groups if g == filters.chosen["groep"]]
    today = school_today()
    by_start = sorted(groups, key=lambda g: (g.period.is_taster, g.period.starts, g.name))
    coming = [g for g in by_start if g.period.starts > today]
    running = [g for g in by_start if g.period.starts <= today <= g.period.ends]
    return next(iter([*asked, *coming, *running, *groups]), None)


@allow(Audience.COORDINATOR, methods=("POST",))
def match(request) -> HttpResponse:
    """Make a placement of a student and a place; htmx gets the student's line as it then is."""
    student = get_object_or_404(
        Student.objects.visible_to(request.actor).select_related("profile"),
        public_id=request.POST.get("student", ""),
    )
    matched = _matched(request, student)
    if wants_part(request):
        return _line(request, student, status=200 if matched else 422)
    return _back(request)


def _matched(request, student: Student) -> bool:
    """Match as the form says, and tell how it went."""
    if not request.POST.get("place"):
        notice(request, _("Kies eerst een plek."), tone="wrong")
        return False
    place = get_object_or_404(
        Place.objects.visible_to(request.actor).select_related(
            "company", "offer__location", "period"
        ),
        public_id=request.POST["place"],
    )
    remarks = examine([(student, place)])[0].remarks
    try:
        placement = services.match(student, place, actor=request.actor)
    except Conflict as conflict:
        notice(request, str(conflict), tone="wrong")
        return False
    words = {"name": student.full_name, "company": place.company.name}
    notice(
        request,
        _("%(name)s gaat naar %(company)s.") % words,
        undo_url=reverse("placements:unmatch", args=[placement.public_id]),
    )
    for remark in remarks:
        notice(request, remark.text, tone="attention")
    return True


def _line(request, student: Student, *, status: int) -> HttpResponse:
    """The board with this student's line alone, whatever the filters of the page were."""
    here = next_of(request, reverse("placements:board"))
    params = QueryDict(urlsplit(here).query, mutable=True)
    params["page"] = "1"
    filters = BoardFilters(params, actor=request.actor)
    groups = Group.objects.visible_to(request.actor).filter(members__student=student)
    group = _chosen_group(list(groups.select_related("period")), filters)
    if group is None:
        raise Http404
    found = boards.board_of(group, request.actor)
    lines = [line for line in found.lines if line.student.pk == student.pk]
    context = _context(found, lines, filters, here) | {"answered": True}
    return render_page(request, "placements/board.html", context, status=status)


@allow(Audience.COORDINATOR, methods=("GET", "POST"))
def unmatch(request, public_id: str) -> HttpResponse:
    """Undo a match while nobody has signed."""
    placement = get_object_or_404(
        Placement.objects.visible_to(request.actor).select_related("student", "company"),
        public_id=public_id,
    )
    words = {"name": placement.student.full_name, "company": placement.company.name}
    if request.method == "POST":
        try:
            free = request.POST.get("plek") == "vrij"
            change = services.unmatch(placement, free=free, actor=request.actor)
        except Conflict as conflict:
            notice(request, str(conflict), tone="wrong")
        else:
            if change is None:
                text = _("%(name)s is losgemaakt van %(company)s. Niemand heeft bericht gekregen.")
                notice(request, text % words)
            else:
                notice(
                    request,
                    _("%(name)s is losgemaakt van %(company)s.") % words,
                    undo_url=reverse("placements:change_undo", args=[change.public_id]),
                )
        return redirect(_board_of(request, placement))
    return render(
        request,
        "placements/unmatch.html",
        {
            "placement": placement,
            "form": UnmatchForm(),
            "back_url": reverse("placements:placement_show", args=[placement.public_id]),
        },
    )


def _board_of(request, placement: Placement) -> str:
    """The board on which this placement stood."""
    groups = Group.objects.visible_to(request.actor).filter(
        period=placement.period_id, members__student=placement.student_id
    )
    found = groups.values_list("public_id", flat=True).first()
    return reverse("placements:board") + (f"?{urlencode({'groep': found})}" if found else "")


@allow(Audience.COORDINATOR)
def application_overview(request, public_id: str) -> HttpResponse:
    """All applications of one student, with the motivations."""
    student = get_object_or_404(
        Student.objects.visible_to(request.actor).select_related("profile"), public_id=public_id
    )
    audit.saw(request.actor, student, "saw_applications")
    rows = (
        Application.objects.visible_to(request.actor)
        .filter(student=student)
        .select_related("company", "period")
        .order_by("-period__starts", "rank", "pk")
    )
    return render(
        request,
        "placements/application_overview.html",
        {
            "student": student,
            "rows": [(a, SCHOOL_WORDS[a.state]) for a in rows],
            "questions": ApplicationQuestion.objects.visible_to(request.actor).filter(
                student=student
            ),
            "placements": Placement.objects.visible_to(request.actor)
            .live()
            .filter(student=student)
            .select_related("company", "period"),
        },
    )


def _back(request) -> HttpResponse:
    return redirect(next_of(request, reverse("placements:board")))
