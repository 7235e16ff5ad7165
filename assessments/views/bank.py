"""The school's bank of assignments, and handing them out."""

from __future__ import annotations

from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments.filters import ArchiveFilters, AssignmentFilters, HandOutFilters
from assessments.forms import AssignmentForm, HandOutForm
from assessments.models import Assignment, HandIn
from assessments.services import assignments as services
from placements.enums import OPEN_PLACEMENTS
from placements.models import Placement
from stage.core.enums import STAFF
from stage.core.models import School
from stage.core.ui.dates import period_words
from stage.core.ui.filters import reads
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.ui.paging import page_of
from stage.core.who.access import allow
from stage.schools.models import Elective, Group, GroupStudent


@allow(*STAFF)
@reads(AssignmentFilters, kept_as=gettext_lazy("Opdrachten"))
def assignment_list(request):
    """The bank, with search, a filter on keuzevak, and the archive."""
    filters, everything = request.filters, Assignment.objects.visible_to(request.actor)
    rows = filters.narrow(everything).select_related("elective")
    rows = rows.annotate(handed_out=Count("hand_ins")).order_by("title", "pk")
    used = everything.exclude(elective=None).values("elective")
    context = {
        "page_obj": page_of(rows, filters),
        "filters": filters.shown,
        "electives": Elective.objects.visible_to(request.actor).filter(pk__in=used),
        "is_filtered": filters.is_on,
    }
    return render(request, "assessments/assignment_list.html", context)


@allow(*STAFF, methods=("GET", "POST"))
def assignment_add(request):
    """A new assignment."""
    form = AssignmentForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        row = services.add_assignment(
            School.objects.get(pk=request.actor.school_id),
            **form.cleaned_data,
            actor=request.actor,
        )
        notice(request, _("De opdracht staat erin. Deel die nu uit."))
        return redirect("assessments:assignment_hand_out", row.public_id)
    context = {"form": form, "assignment": None}
    return form_page(request, "assessments/assignment_form.html", context)


@allow(*STAFF, methods=("GET", "POST"))
def assignment_edit(request, public_id):
    """Change an assignment."""
    row = _find(request, public_id)
    form = AssignmentForm(request.POST or None, instance=row, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        services.change_assignment(row, **form.cleaned_data, actor=request.actor)
        notice(request, _("De opdracht is gewijzigd."))
        return redirect("assessments:assignment_list")
    context = {"form": form, "assignment": row}
    return form_page(request, "assessments/assignment_form.html", context)


@allow(*STAFF, methods=("GET", "POST"))
@reads(ArchiveFilters)
def assignment_archive(request, public_id):
    """Take an assignment out of the bank, or with ?restore=1 put it back."""
    row = _find(request, public_id)
    back = reverse("assessments:assignment_list")
    restore = request.filters.chosen["restore"]
    if request.method == "POST":
        if restore:
            services.restore_assignment(row, actor=request.actor)
            notice(request, _("De opdracht staat weer in de lijst."))
        else:
            services.archive_assignment(row, actor=request.actor)
            undo = f"{request.path}?restore=1"
            notice(request, _("De opdracht staat in het archief."), undo_url=undo)
        return redirect(back)
    context = {
        "title": _("Terugzetten?") if restore else _("Naar het archief?"),
        "text": _("Wie de opdracht al heeft, houdt die."),
        "confirm_label": _("Zet terug") if restore else _("Archiveer"),
        "back_url": back,
    }
    return render(request, "ui/confirm_page.html", context)


@allow(*STAFF, methods=("GET", "POST"))
@reads(HandOutFilters)
def assignment_hand_out(request, public_id):
    """Choose a group, its students and a date. A second time only reaches who has it not yet."""
    row = _find(request, public_id)
    groups = Group.objects.visible_to(request.actor).select_related("period")
    groups = groups.order_by("-period__starts", "name")
    sent = request.POST if request.POST.get("group") else request.GET
    group = HandOutFilters(sent, actor=request.actor).chosen["group"]
    placements = _placements(request.actor, group) if group else []
    has_it = set(
        HandIn.objects.visible_to(request.actor)
        .filter(assignment=row, placement__in=placements)
        .values_list("placement_id", flat=True)
    )
    waiting = [p for p in placements if p.pk not in has_it]
    form = HandOutForm(
        request.POST if request.method == "POST" else None,
        choices=[(p.public_id, f"{p.student} – {p.company.name}") for p in placements],
        initial={"placements": [p.public_id for p in waiting]},
    )
    if request.method == "POST" and form.is_valid():
        count = services.hand_out_assignment(
            row,
            placements=[p for p in placements if p.public_id in form.cleaned_data["placements"]],
            due=form.cleaned_data["due"],
            actor=request.actor,
        )
        _tell(request, count)
        return redirect("assessments:assignment_list")
    context = {
        "assignment": row,
        "groups": groups[:100],
        "group": group,
        "form": form,
        "has_students": bool(placements),
        "had": len(has_it),
        "period": period_words(group.period.starts, group.period.ends) if group else "",
    }
    return form_page(request, "assessments/assignment_hand_out.html", context)


def _tell(request, count: int) -> None:
    if count:
        words = ngettext("Uitgedeeld aan %d leerling.", "Uitgedeeld aan %d leerlingen.", count)
        notice(request, words % count)
    else:
        notice(request, _("Deze leerlingen hadden de opdracht al."), tone="info")


def _placements(actor, group: Group) -> list[Placement]:
    """Open placements of a group's students, for a teacher only of own students."""
    members = GroupStudent.objects.visible_to(actor).filter(group=group)
    rows = Placement.objects.visible_to(actor).filter(
        period_id=group.period_id,
        student__in=members.values("student"),
        state__in=OPEN_PLACEMENTS,
    )
    return list(rows.select_related("student", "company").order_by("student__sort_name", "pk"))


def _find(request, public_id) -> Assignment:
    rows = Assignment.objects.visible_to(request.actor)
    return get_object_or_404(rows, public_id=public_id)
