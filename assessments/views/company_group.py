"""All trainees of a company on one page, saved at once."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.judging_forms import JudgementForm, initial_of
from assessments.models import Assessment, Criterion, Form
from assessments.queries import AssessedTrainee, assessed_trainees
from assessments.services import judging as services
from stage.core.enums import Audience
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.who.access import allow
from stage.core.who.policies import Conflict, NotAllowed


@dataclass
class Sheet:
    """The trainees of one school, with its form: columns of one table."""

    school: str
    form: Form
    trainees: list[AssessedTrainee]
    forms: list[JudgementForm]

    @property
    def columns(self) -> list[tuple[AssessedTrainee, JudgementForm]]:
        return list(zip(self.trainees, self.forms, strict=True))

    @property
    def rows(self) -> list[tuple]:
        """(criterion, [(trainee, field), …]) in the order of the form."""
        criteria = self.forms[0].criteria
        return [(c, [(t, f[_name(c)]) for t, f in self.columns]) for c in criteria]


def _name(criterion: Criterion) -> str:
    return f"text_{criterion.pk}" if criterion.is_open else f"points_{criterion.pk}"


@allow(Audience.COMPANY, methods=("GET", "POST"))
def assessment_group(request):
    """The matrix: criteria down, trainees across. Given assessments are changed one by one."""
    if not request.actor.proven:
        raise NotAllowed(_("Vraag eerst een code aan, dan weten wij dat u het bent."))
    trainees = [t for t in assessed_trainees(request.actor) if t.has_started and not t.is_given]
    sheets = _sheets(request, trainees)
    if request.method == "POST" and sheets:
        wrong = _save(request, sheets)
        if not wrong:
            return redirect("assessments:assessment_list")
        context = {"sheets": sheets, "conflict": wrong if isinstance(wrong, str) else ""}
        return form_page(request, "assessments/assessment_group.html", context)
    return render(request, "assessments/assessment_group.html", {"sheets": sheets, "conflict": ""})


def _sheets(request, trainees: list[AssessedTrainee]) -> list[Sheet]:
    """One sheet per form, with a Django form per trainee; the same number of queries for all."""
    saved = Assessment.objects.visible_to(request.actor)
    saved = saved.filter(placement__in=[t.placement for t in trainees])
    by_placement = {
        a.placement_id: a for a in saved.select_related("form").prefetch_related("scores")
    }
    usual = {}
    sheets: dict[int, Sheet] = {}
    for trainee in trainees:
        placement = trainee.placement
        started = by_placement.get(placement.pk)
        if started is None and placement.school_id not in usual:
            usual[placement.school_id] = services.form_for(placement)
        form = started.form if started else usual[placement.school_id]
        sheet = sheets.setdefault(form.pk, Sheet(placement.school.name, form, [], []))
        sheet.trainees.append(trainee)
    criteria = Criterion.objects.visible_to(request.actor).filter(form__in=list(sheets))
    lines: dict[int, list[Criterion]] = {pk: [] for pk in sheets}
    for criterion in criteria:
        lines[criterion.form_id].append(criterion)
    for sheet in sheets.values():
        sheet.forms = [
            JudgementForm(
                request.POST if request.method == "POST" else None,
                criteria=lines[sheet.form.pk],
                compact=True,
                prefix=t.placement.public_id,
                initial=initial_of(by_placement.get(t.placement.pk)),
            )
            for t in sheet.trainees
        ]
    return list(sheets.values())


def _save(request, sheets: list[Sheet]) -> str | bool:
    """Save all or nothing; "" when it went well, True for errors in fields, else a sentence."""
    give = "give" in request.POST
    columns = [column for sheet in sheets for column in sheet.columns]
    # Every form is looked at, so that all errors show at once.
    valid = [_is_valid(form, give) for _trainee, form in columns]
    if not all(valid):
        return True
    touched = [(t, f) for t, f in columns if not f.is_untouched]
    try:
        with transaction.atomic():
            for trainee, form in touched:
                services.save_assessment(
                    trainee.placement,
                    form.cleaned_judgement,
                    version=form.cleaned_data["version"],
                    give=give,
                    actor=request.actor,
                )
    except Conflict as error:
        return str(error)
    _tell(request, len(touched), give)
    return ""


def _is_valid(form: JudgementForm, give: bool) -> bool:
    """Who was left blank is left alone; who was begun must be complete to be given."""
    if not form.is_valid() or not give or form.is_untouched:
        return form.is_valid()
    form.give = True
    form.full_clean()
    return form.is_valid()


def _tell(request, count: int, give: bool) -> None:
    if not count:
        notice(request, _("Er is nog niets ingevuld."), tone="info")
    elif give:
        words = ngettext("%d beoordeling gegeven.", "%d beoordelingen gegeven.", count)
        notice(request, words % count)
    else:
        words = ngettext("%d concept bewaard.", "%d concepten bewaard.", count)
        notice(request, words % count)
