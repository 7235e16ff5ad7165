"""The student or the coordinator answers what a company asked."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from placements import services
from placements.forms import AnswerForm
from placements.models import ApplicationQuestion
from placements.policies import answers_question
from stage.core.enums import Audience
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.who.access import allow
from stage.core.who.policies import Conflict, require

LAYOUTS = {Audience.STUDENT: "layouts/phone.html", Audience.COORDINATOR: "layouts/desk.html"}


@allow(Audience.STUDENT, Audience.COORDINATOR, methods=("GET", "POST"))
def question_answer(request, public_id: str) -> HttpResponse:
    """One question of a company, and one box for the answer."""
    question = get_object_or_404(
        ApplicationQuestion.objects.visible_to(request.actor).select_related(
            "application", "company", "student"
        ),
        public_id=public_id,
    )
    require(answers_question, request.actor, question)
    form = AnswerForm(request.POST or None, key=question.public_id)
    back = _back(request, question)
    if request.method == "POST" and form.is_valid():
        try:
            services.answer_question(
                question, answer=form.cleaned_data["answer"], actor=request.actor
            )
        except Conflict as conflict:
            notice(request, str(conflict), tone="info")
        else:
            words = {"company": question.company.name}
            notice(request, _("Verstuurd. %(company)s krijgt je antwoord.") % words)
        return redirect(back)
    return form_page(
        request,
        "placements/question_answer.html",
        {
            "question": question,
            "form": form,
            "back_url": back,
            "layout": LAYOUTS[Audience(request.actor.role)],
        },
    )


def _back(request, question: ApplicationQuestion) -> str:
    if request.actor.is_student:
        return reverse("placements:application_list")
    return reverse("placements:application_overview", args=[question.student.public_id])
