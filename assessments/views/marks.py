"""Marks: the list of own students, and one student's page."""

from __future__ import annotations

from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments import policies, queries
from assessments.filters import MARK_STATES, MarkFilters
from assessments.forms import FinalMarkForm, LockForm, MarkForm
from assessments.models import Assessment, Mark
from assessments.services import marks as services
from assessments.words import mark_words
from placements.models import Placement
from stage.core.dutch.calendar import school_today
from stage.core.enums import STAFF
from stage.core.record import audit
from stage.core.ui.download import list_file
from stage.core.ui.filters import reads
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.ui.paging import page_of
from stage.core.ui.parts import render_page
from stage.core.who.access import allow
from stage.core.who.policies import Conflict, NotAllowed, require
from stage.schools.guidance import guides


@allow(*STAFF)
@reads(MarkFilters, kept_as=gettext_lazy("Cijfers"))
def mark_list(request):
    """Own students (the coordinator: all) with their mark, or that it is missing; also a file."""
    filters, own = request.filters, queries.placements_with_mark(request.actor)
    classes = own.exclude(student__school_class="").order_by("student__school_class")
    classes = classes.values_list("student__school_class", flat=True).distinct()
    rows = filters.narrow(own).order_by(*filters.order())
    rows = rows.select_related("student", "company", "period").prefetch_related(
        Prefetch("mark", Mark.objects.visible_to(request.actor)),
        Prefetch("assessment", Assessment.objects.visible_to(request.actor)),
    )
    if filters.chosen["export"] and not filters.errors:
        return _export(request, rows, filters.chosen["export"])
    page_obj = page_of(rows, filters)
    for row in page_obj:
        row.found_mark, row.found_assessment = _one(row, "mark"), _one(row, "assessment")
        row.mark_words = mark_words(row.found_mark.value if row.found_mark else None)
    context = {
        "page_obj": page_obj,
        "classes": classes,
        "q": filters.shown["q"],
        "state": filters.shown["state"],
        "states": MARK_STATES,
        "chosen_class": filters.shown["klas"],
        "query": filters.query(),
        "today": school_today(),
    }
    return render_page(request, "assessments/mark_list.html", context)


def _one(row, name: str):
    """The other side of a one-to-one that may not be there (or not for this actor)."""
    return getattr(row, name, None)


def _export(request, rows, kind: str) -> HttpResponse:
    headings = [
        _("Leerlingnummer"),
        _("Leerling"),
        _("Klas"),
        _("Bedrijf"),
        _("Periode"),
        _("Cijfer"),
        _("Definitief op"),
    ]
    table = [_line(row) for row in rows]
    audit.record(request.actor, "marks_exported")
    return list_file(kind, f"cijfers-{school_today()}", _("Cijfers"), headings, table)


def _line(row: Placement) -> list:
    mark = _one(row, "mark")
    student = row.student
    return [
        student.number,
        student.full_name,
        student.school_class,
        row.company.name,
        row.period.name,
        mark.value if mark else "",
        mark.locked_at.date() if mark and mark.locked_at else "",
    ]


@allow(*STAFF, methods=("GET", "POST"))
def mark_give(request, public_id):
    """The supervisor's judgement beside the mark: keep it, make it final, correct a final one.

    Who guides the student and is not the placement's teacher reads it.
    """
    # By name: who does not guide it is told so, as on its page.
    rows = Placement.objects.by_name(request.actor)
    rows = rows.select_related("student", "company", "period", "supervisor", "teacher")
    placement = get_object_or_404(rows, public_id=public_id)
    require(guides, request.actor, placement)
    found = Mark.objects.visible_to(request.actor).filter(placement=placement)
    mark = found.select_related("placement__student").first()
    if request.method != "POST":
        return _page(request, placement, mark, _form(request.actor, placement, mark))
    require(policies.give_mark, request.actor, placement)
    if mark is not None and mark.locked_at:
        return _correct(request, placement, mark)
    if "lock" in request.POST:
        return _lock(request, placement, mark)
    form = MarkForm(request.POST)
    if not form.is_valid():
        return _page(request, placement, mark, form)
    act = lambda: services.give_mark(placement, **form.cleaned_data, actor=request.actor)  # noqa: E731
    _try(request, act, _("Het cijfer is bewaard. De leerling ziet het nog niet."))
    return _again(placement)


def _lock(request, placement: Placement, mark: Mark | None):
    form = LockForm(request.POST)
    if mark is None or not form.is_valid():
        notice(request, _("Geef eerst een cijfer."), tone="attention")
        return _again(placement)
    _try(
        request,
        lambda: services.lock_mark(mark, seen=form.cleaned_data["seen"], actor=request.actor),
        _("Het cijfer ligt vast. De leerling ziet het nu."),
    )
    return _again(placement)


def _correct(request, placement: Placement, mark: Mark):
    if not request.actor.is_coordinator:
        raise NotAllowed(_("Dit cijfer ligt vast. Vraag de coördinator om het te wijzigen."))
    form = FinalMarkForm(request.POST)
    if not form.is_valid():
        return _page(request, placement, mark, form)
    _try(
        request,
        lambda: services.change_final_mark(mark, **form.cleaned_data, actor=request.actor),
        _("Het definitieve cijfer is gewijzigd."),
    )
    return _again(placement)


def _try(request, act, done: str) -> None:
    try:
        act()
        notice(request, done)
    except Conflict as error:
        notice(request, str(error), tone="attention")


def _again(placement: Placement):
    return redirect("assessments:mark_give", placement.public_id)


def _form(actor, placement: Placement, mark: Mark | None):
    """The form for who gives the mark; None for who reads it."""
    if not policies.give_mark(actor, placement):
        return None
    if mark is None:
        return MarkForm()
    initial = {"value": mark.value, "remark": mark.remark, "seen": mark.value}
    if not mark.locked_at:
        return MarkForm(initial=initial)
    return FinalMarkForm(initial=initial) if actor.is_coordinator else None


def _page(request, placement: Placement, mark: Mark | None, form) -> HttpResponse:
    given = Assessment.objects.visible_to(request.actor).filter(placement=placement)
    assessment = given.select_related("contact").first()
    context = {
        "placement": placement,
        "mark": mark,
        "mark_words": mark_words(mark.value if mark else None),
        "form": form,
        "leads": policies.give_mark(request.actor, placement),
        "lock_form": LockForm(initial={"seen": mark.value})
        if form is not None and mark and not mark.locked_at
        else None,
        "assessment": assessment,
        "lines": queries.lines_of(request.actor, assessment) if assessment else [],
        "outcome": queries.outcome_words(assessment) if assessment else "",
        "back_url": reverse("assessments:mark_list"),
    }
    return form_page(request, "assessments/mark_give.html", context)
