"""A student's assignments: what to do, the own answer, evidence, handing in."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.enums import TONES, HandInState
from assessments.forms import AnswerForm, EvidenceForm
from assessments.models import Evidence, HandIn
from assessments.services import work as services
from assessments.words import due_words
from stage.core.enums import Audience
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.ui.once import once
from stage.core.who.access import allow
from stage.core.who.policies import Conflict
from stage.schools.models import Student


@allow(Audience.STUDENT)
def my_assignments(request):
    """All my assignments: to do first, then handed in, then done."""
    rows = list(HandIn.objects.visible_to(request.actor).select_related("assignment", "company"))
    for row in rows:
        row.tone = TONES[row.state]
        row.due_words = due_words(row.due) if row.state in services.STUDENTS_TURN else ""
    groups = [
        (_("Te doen"), [r for r in rows if r.state in services.STUDENTS_TURN]),
        (_("Ingeleverd"), [r for r in rows if r.state == HandInState.HANDED_IN]),
        (_("Klaar"), [r for r in rows if r.state == HandInState.DONE]),
    ]
    context = {"groups": [g for g in groups if g[1]]}
    return render(request, "assessments/my_assignments.html", context)


@allow(Audience.STUDENT)
def assignment_show(request, public_id):
    """One assignment."""
    return _page(request, _find(request, public_id))


@allow(Audience.STUDENT, methods=("POST",))
@once
def hand_in(request, public_id):
    """Keep the answer and the chosen files, or with `send` hand them in."""
    row = _find(request, public_id)
    forms = _forms(request, row)
    try:
        if not _keep(request, row, *forms):
            return _page(request, row, *forms)
        if "send" not in request.POST:
            notice(request, _("Bewaard. Je hebt nog niet ingeleverd."))
            return _back(row)
        services.hand_in_work(row, answer=row.answer, actor=request.actor)
    except services.NothingToHandIn:
        forms[0].add_error("answer", _("Schrijf iets op of voeg eerst een foto of PDF toe."))
        return _page(request, row, *forms)
    except Conflict as error:
        notice(request, str(error), tone="attention")
        return _back(row)
    undo = reverse("assessments:hand_in_undo", args=[row.public_id])
    notice(request, _("Ingeleverd. Je stagebegeleider kijkt ernaar."), undo_url=undo)
    return redirect("assessments:my_assignments")


@allow(Audience.STUDENT, methods=("POST",))
@once
def hand_in_undo(request, public_id):
    """Take it back, as long as the teacher did not react."""
    row = _find(request, public_id)
    try:
        services.take_back_work(row, actor=request.actor)
    except Conflict:
        notice(request, _("Je stagebegeleider heeft al gereageerd."), tone="attention")
    else:
        notice(request, _("Teruggehaald. Je kunt weer verder werken."))
    return _back(row)


@allow(Audience.STUDENT, methods=("POST",))
@once
def evidence_add(request, public_id):
    """Add photos or PDFs; refused ones are named with what to do about them."""
    row = _find(request, public_id)
    forms = _forms(request, row, needs_files=True)
    try:
        if not _keep(request, row, *forms):
            return _page(request, row, *forms)
    except Conflict as error:
        notice(request, str(error), tone="attention")
    return _back(row)


def _forms(request, row: HandIn, needs_files: bool = False) -> tuple[AnswerForm, EvidenceForm]:
    """The two halves of the page's one form; without the field the answer stays as it was."""
    data = request.POST if "answer" in request.POST else {"answer": row.answer}
    evidence = EvidenceForm(request.POST, request.FILES, required=needs_files)
    return AnswerForm(data, instance=row), evidence


def _keep(request, row: HandIn, answer: AnswerForm, evidence: EvidenceForm) -> bool:
    """Keep answer and files; False when the page must say what is wrong with one of them."""
    if not (answer.is_valid() and evidence.is_valid()):
        return False
    services.save_answer(row, answer=answer.cleaned_data["answer"], actor=request.actor)
    taken, refused = services.add_evidence(
        row,
        uploads=evidence.cleaned_data["uploads"],
        caption=evidence.cleaned_data["caption"],
        actor=request.actor,
    )
    if taken:
        words = ngettext("%d bestand toegevoegd.", "%d bestanden toegevoegd.", taken)
        notice(request, words % taken)
    for name, why in refused:
        evidence.add_error("uploads", f"{name}: {why}")
    return not refused


@allow(Audience.STUDENT, methods=("GET", "POST"))
def evidence_remove(request, public_id, file_id):
    """Take one piece of evidence away, while it is the student's turn."""
    row = _find(request, public_id)
    rows = Evidence.objects.visible_to(request.actor).select_related("file", "hand_in")
    evidence = get_object_or_404(rows, hand_in=row, file__public_id=file_id)
    if request.method == "POST":
        try:
            services.remove_evidence(evidence, actor=request.actor)
            notice(request, _("Weggehaald."))
        except Conflict as error:
            notice(request, str(error), tone="attention")
        return _back(row)
    context = {
        "title": _("Bewijs weghalen?"),
        "text": evidence.caption or evidence.file.name,
        "confirm_label": _("Haal weg"),
        "back_url": reverse("assessments:assignment_show", args=[row.public_id]),
    }
    return render(request, "ui/confirm_page.html", context)


def _find(request, public_id) -> HandIn:
    rows = HandIn.objects.visible_to(request.actor)
    rows = rows.select_related("assignment__elective", "company")
    return get_object_or_404(rows, public_id=public_id)


def _back(row: HandIn):
    return redirect("assessments:assignment_show", row.public_id)


def _page(request, row: HandIn, answer_form=None, evidence_form=None) -> HttpResponse:
    """The page of one assignment; 422 when one of its forms is handed back."""
    is_open = row.state in services.STUDENTS_TURN
    row.tone = TONES[HandInState(row.state)]
    context = {
        "hand_in": row,
        "is_open": is_open,
        "can_take_back": row.state == HandInState.HANDED_IN,
        "due": due_words(row.due) if is_open else "",
        "evidence": row.evidence.select_related("file"),
        "answer_form": answer_form or AnswerForm(instance=row),
        "evidence_form": evidence_form or EvidenceForm(),
        "photo_consent": Student.objects.visible_to(request.actor)
        .filter(photo_consent=True)
        .exists(),
    }
    return form_page(request, "assessments/assignment_show.html", context)
