"""The coordinator's side: list, start, remind, fix the text, note a signature on paper."""

from __future__ import annotations

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from placements.agreements import mails
from placements.agreements.forms import FreezeForm, PaperForm
from placements.agreements.queries import checking, listing, reading, signers
from placements.agreements.services import freezing, papers, starting
from placements.agreements.views.common import find, frame
from stage.core.enums import Audience
from stage.core.files.media import FileRefused
from stage.core.ui import chosen
from stage.core.ui.filters import reads
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.ui.paging import PER_PAGE_OF_CHOICES, page_of
from stage.core.ui.parts import render_page
from stage.core.who.access import allow
from stage.core.who.policies import Conflict
from stage.schools.models import Group, Student

MANY = 200  # agreements in one go: each is some mails


@allow(Audience.COORDINATOR)
@reads(listing.AgreementFilters, kept_as=gettext_lazy("Overeenkomsten"))
def agreement_list(request):
    """All agreements in force, by state, group and class, with what each waits for."""
    filters = request.filters
    rows = filters.narrow(listing.in_force(request.actor)).order_by(*filters.order())
    page = page_of(rows, filters)
    context = {
        "page_obj": page,
        "lines": listing.lines(list(page.object_list)),
        "states": listing.STATES,
        "wanted": filters.shown,
        "query": filters.query(),
        "many": MANY,
        **_choices(request),
        "to_start": listing.without_agreement(request.actor).filter(state="concept").count(),
    }
    return render_page(request, "agreements/list.html", context)


def _choices(request) -> dict:
    """Groups and classes to filter by."""
    students = Student.objects.visible_to(request.actor).exclude(school_class="")
    classes = students.order_by("school_class").values_list("school_class", flat=True).distinct()
    groups = Group.objects.visible_to(request.actor).select_related("period")
    return {"groups": groups, "classes": list(classes)}


@allow(Audience.COORDINATOR, methods=("GET", "POST"))
@reads(listing.StartFilters)
def agreement_start(request):
    """Start agreements for one or many placements."""
    waiting = listing.without_agreement(request.actor)
    if request.method == "POST":
        rows = _chosen(request, waiting, "placement", listing.StartFilters)
        return _start(request, list(rows.select_related(*STARTED_WITH)[:MANY]))
    filters = request.filters
    rows = filters.narrow(waiting).select_related("student", "company", "period")
    rows = rows.order_by("student__sort_name", "pk")
    context = {
        "page_obj": page_of(rows, filters, PER_PAGE_OF_CHOICES),
        "wanted": filters.shown,
        "query": filters.query(),
        "many": MANY,
        "gaps": checking.school_gaps(request.actor.school_id),
        # The agreement would be the first that a company hears of the student.
        "untold": waiting.filter(briefed_at=None).count(),
        **_choices(request),
    }
    return render(request, "agreements/start.html", context)


STARTED_WITH = (
    *("student", "company", "school", "period", "location", "teacher", "supervisor"),
    "place__offer",
)


def _chosen(request, rows, name: str, form):
    """Those of these rows that were ticked, or all that the list found."""
    try:
        if found := chosen.found(request, form):
            return found.narrow(rows).order_by("student__sort_name", "pk")
    except chosen.NotUnderstood:
        return rows.none()
    return rows.filter(public_id__in=request.POST.getlist(name))


def _start(request, placements):
    if not placements:
        notice(request, _("Kies eerst voor wie."), tone="attention")
        return redirect("agreements:agreement_start")
    try:
        made = starting.start_agreements(placements, actor=request.actor)
    except Conflict as conflict:
        notice(request, str(conflict), tone="attention")
        return redirect("agreements:agreement_start")
    text = ngettext(
        "De overeenkomst is begonnen. Leerling en bedrijf krijgen een mail.",
        "%(n)s overeenkomsten zijn begonnen. Leerlingen en bedrijven krijgen een mail.",
        len(made),
    )
    notice(request, text % {"n": len(made)} if len(made) > 1 else text)
    if len(made) == 1:
        return redirect("agreements:agreement_show", made[0].public_id)
    return redirect("agreements:agreement_list")


@allow(Audience.COORDINATOR, methods=("POST",))
def agreement_remind(request):
    """Remind who still must sign, or fill in, the chosen agreements: one mail a person a day."""
    rows = listing.in_force(request.actor).select_related("school")
    rows = list(_chosen(request, rows, "agreement", listing.AgreementFilters)[:MANY])
    slots = signers.slots_of_all(rows)
    people = 0
    for agreement in rows:
        if agreement.is_signing:
            people += mails.remind(agreement, slots[agreement.pk])
        elif agreement.is_filling:
            people += mails.remind_to_fill(agreement)
    text = ngettext("%(n)s herinnering staat klaar.", "%(n)s herinneringen staan klaar.", people)
    if people:
        notice(request, text % {"n": people})
    else:
        notice(request, _("Er is niemand om te herinneren."), tone="info")
    return redirect(reverse("agreements:agreement_list"))


@allow(Audience.COORDINATOR, methods=("GET", "POST"))
def agreement_freeze(request, public_id):
    """Check once more, explain what the law asks to explain, and fix the text."""
    agreement = find(request, public_id)
    if not agreement.is_filling:
        notice(request, _("De tekst staat al vast."), tone="attention")
        return redirect("agreements:agreement_show", agreement.public_id)
    document = reading.compose(agreement)
    slots = signers.slots_of(agreement)
    missing = checking.missing_for(agreement, slots)
    points = checking.points_of(agreement, document)
    form = FreezeForm(request.POST or None, points=points)
    sent = request.method == "POST"
    if sent and (form.is_valid() or not points) and not missing:
        return _freeze(request, agreement, form)
    context = {
        **frame(request, agreement),
        "form": form,
        "missing": missing,
        "gaps": checking.school_gaps(agreement.school_id),
        "slots": slots,
        "student_name": document["student"].get("name", ""),
    }
    return form_page(request, "agreements/freeze.html", context)


def _freeze(request, agreement, form):
    reasons = form.reasons() if form.points else {}
    try:
        freezing.freeze(agreement, reasons=reasons, actor=request.actor)
    except Conflict as conflict:
        notice(request, str(conflict), tone="attention")
    else:
        notice(request, _("De tekst staat vast. Iedereen die tekent, krijgt een mail."))
    return redirect("agreements:agreement_show", agreement.public_id)


@allow(Audience.COORDINATOR, methods=("GET", "POST"))
def signature_paper(request, public_id):
    """Note a signature on paper: who, seen when, with a scan or kept in the file."""
    agreement = find(request, public_id)
    slots = signers.slots_of(agreement)
    if not papers.may_note(request.actor, agreement, slots):
        notice(request, _("Er is nu niets te tekenen."), tone="attention")
        return redirect("agreements:agreement_show", agreement.public_id)
    form = PaperForm(
        request.POST or None,
        request.FILES or None,
        slots=[s for s in slots if not s.done and s.people],
        scan_needed=papers.scan_needed(agreement),
        is_young=papers.is_young(agreement),
    )
    if request.method == "POST" and form.is_valid() and _note_paper(request, agreement, form):
        return redirect("agreements:agreement_show", agreement.public_id)
    context = {**frame(request, agreement), "form": form}
    return form_page(request, "agreements/paper.html", context)


def _note_paper(request, agreement, form) -> bool:
    data = form.cleaned_data
    try:
        papers.sign_on_paper(
            agreement,
            key=data["slot"],
            name=data["name"],
            seen_on=data["seen_on"],
            upload=data["scan"],
            actor=request.actor,
        )
    except (Conflict, FileRefused) as refused:
        form.add_error("scan" if isinstance(refused, FileRefused) else None, str(refused))
        return False
    notice(request, _("De handtekening op papier is genoteerd."))
    return True
