"""Assessments as company people give them: the list, and one student's form."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from assessments import policies
from assessments.enums import ASSESSABLE
from assessments.judging_forms import JudgementForm, initial_of
from assessments.models import Assessment, Criterion
from assessments.queries import (
    LOOKING,
    AssessedTrainee,
    assessed_trainee,
    assessed_trainees,
    lines_of,
    outcome_words,
)
from assessments.services import judging as services
from placements.models import Placement
from stage.core.enums import Audience
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.who.access import allow
from stage.core.who.policies import Conflict, require


@allow(Audience.COMPANY)
def assessment_list(request):
    """Who still needs an assessment, who has one, who has not begun."""
    proven = request.actor.proven
    trainees = assessed_trainees(request.actor) if proven else []
    waiting = [t for t in trainees if not t.is_given and t.has_started]
    context = {
        "proven": proven,
        "waiting": waiting,
        "several": len(waiting) > 1,
        "given": [t for t in trainees if t.is_given],
        "later": [t for t in trainees if not t.is_given and not t.has_started],
    }
    return render(request, "assessments/assessment_list.html", context)


@allow(Audience.COMPANY, methods=("GET", "POST"))
def assessment_fill(request, public_id):
    """One student: did it run, eight judgements, three questions. Draft or give."""
    rows = Placement.objects.visible_to(request.actor).filter(state__in=ASSESSABLE)
    rows = rows.exclude(**LOOKING)
    placement = get_object_or_404(rows.select_related("company"), public_id=public_id)
    require(policies.assess, request.actor, placement)
    trainee = assessed_trainee(request.actor, placement)
    if not trainee.has_started or not services.is_editable(placement, trainee.assessment):
        return _read_only(request, trainee)
    form_row = services.form_for(placement, trainee.assessment)
    criteria = list(Criterion.objects.visible_to(request.actor).filter(form=form_row))
    if request.method != "POST":
        form = JudgementForm(criteria=criteria, initial=initial_of(trainee.assessment))
        return _page(request, trainee, form)
    form = JudgementForm(request.POST, criteria=criteria)
    form.give = "give" in request.POST or trainee.is_given
    if not form.is_valid():
        return _page(request, trainee, form)
    return _save(request, trainee, form)


def _save(request, trainee: AssessedTrainee, form: JudgementForm) -> HttpResponse:
    try:
        services.save_assessment(
            trainee.placement,
            form.cleaned_judgement,
            version=form.cleaned_data["version"],
            give=form.give,
            actor=request.actor,
        )
    except Conflict as error:
        # What was typed stays on the page, so that it can be copied; the newest is a click away.
        form.add_error(None, str(error))
        return _page(request, trainee, form, conflict=True)
    if form.give:
        words = _("Dank u wel. %(name)s en de school kunnen de beoordeling nu lezen.")
        notice(request, words % {"name": trainee.name})
        return redirect("assessments:assessment_list")
    notice(request, _("Bewaard als concept. Alleen uw bedrijf ziet het nog."))
    return redirect("assessments:assessment_fill", trainee.placement.public_id)


def _page(
    request, trainee: AssessedTrainee, form: JudgementForm, conflict: bool = False
) -> HttpResponse:
    context = {"trainee": trainee, "form": form, "conflict": conflict}
    return form_page(request, "assessments/assessment_fill.html", context)


def _read_only(request, trainee: AssessedTrainee) -> HttpResponse:
    """Not yet, or no longer: the page says why, and shows what was given."""
    row: Assessment | None = trainee.assessment
    context = {
        "trainee": trainee,
        "lines": lines_of(request.actor, row) if row else [],
        "outcome": outcome_words(row) if row else "",
    }
    status = 409 if request.method == "POST" else 200
    return render(request, "assessments/assessment_read.html", context, status=status)
