"""A company reads applications, answers them, and sees who comes."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from companies.school_line import line_of
from placements import company_view, queries, services
from placements.enums import ApplicationState
from placements.forms import DecisionForm, QuestionForm
from placements.models import Application, ApplicationQuestion
from placements.words import COMPANY_WORDS, placement_word
from placements.workflow import APPLICATIONS
from stage.core.enums import Audience
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.who.access import allow
from stage.core.who.policies import Conflict


@allow(Audience.COMPANY)
def company_inbox(request) -> HttpResponse:
    """Who wants to come, of all schools and companies, and what was answered."""
    inbox = company_view.inbox_of(request.actor)
    return render(
        request,
        "placements/company_inbox.html",
        {
            "inbox": inbox,
            "decided": [(a, COMPANY_WORDS[a.application.state]) for a in inbox.decided],
        },
    )


@allow(Audience.COMPANY, methods=("GET", "POST"))
def application_decide(request, public_id: str) -> HttpResponse:
    """Say yes or no to one applicant, or ask first; may be changed until the school matched."""
    applicant = _applicant(request, public_id)
    if applicant is None:
        return _over(request)
    application = applicant.application
    answer = request.POST.get("answer", "")
    forms = _forms(request, answer)
    bound = {"no": forms["form"], "ask": forms["question_form"]}.get(answer)
    conflict = ""
    if answer == "yes" or (bound is not None and bound.is_valid()):
        try:
            return redirect(_STEPS[answer](request, application, bound))
        except Conflict as refused:
            conflict = str(refused)
    # A refused answer leaves the row as it was; the page tells how it stands now.
    application.refresh_from_db(fields=["state"])
    if application.state not in company_view.SHOWN:
        return _over(request)
    return form_page(
        request,
        "placements/application_decide.html",
        {
            **_standing(applicant, request.actor),
            **forms,
            "conflict": conflict,
            "saying_no": answer == "no",
            "asking": answer in ("ask", "meet"),
        },
        refused=False if answer == "meet" else None,
    )


def _forms(request, answer: str) -> dict:
    """The no and the question, each with what was typed in it."""
    if answer == "meet":
        question = QuestionForm.suggesting(request.POST.get("put_to", ""))
    else:
        question = QuestionForm(request.POST if answer == "ask" else None)
    return {
        "form": DecisionForm(request.POST if answer == "no" else None),
        "question_form": question,
    }


def _standing(applicant: company_view.Applicant, actor) -> dict:
    """How it stands with this applicant, and what may be done."""
    application = applicant.application
    used = queries.used_places([application.place_id]).get(application.place_id, 0)
    free = max(application.place.how_many - used, 0)
    # The school has the last word: once it matched, nobody's answer counts.
    possible = [] if applicant.matched else APPLICATIONS.possible(application, actor)
    return {
        "applicant": applicant,
        "application": application,
        "word": COMPANY_WORDS[ApplicationState(application.state)],
        "free": free,
        "is_full": "accept" in possible and not free,
        # Without a free place the answer would be refused.
        "possible": [name for name in possible if name != "accept" or free],
        "questions": ApplicationQuestion.objects.visible_to(actor).filter(application=application),
        "desk": queries.desk_of(application) if application.is_accepted else None,
        "school_line": line_of(application),
    }


def _applicant(request, public_id: str) -> company_view.Applicant | None:
    """The applicant, or None where the application is over; 404 for what never was theirs."""
    rows = Application.objects.visible_to(request.actor).select_related(
        "company", "place", "school"
    )
    application = get_object_or_404(rows, public_id=public_id)
    return next(iter(company_view.applicants([application], request.actor)), None)


def _over(request) -> HttpResponse:
    """A mail of before may lead here: say that nothing has to be done, and nothing of whom."""
    notice(request, _("Deze sollicitatie loopt niet meer. U hoeft niets te doen."), tone="info")
    return redirect("placements:company_inbox")


def _say_yes(request, application: Application, form) -> str:
    services.accept_application(application, actor=request.actor)
    notice(request, _("Dank u. De plek is bewaard. De school beslist en laat het u weten."))
    return _page_of(application)


def _say_no(request, application: Application, form: DecisionForm) -> str:
    services.decline_application(application, reason=form.reason, actor=request.actor)
    notice(request, _("Dank u. De leerling krijgt uw antwoord."))
    return reverse("placements:company_inbox")


def _ask(request, application: Application, form: QuestionForm) -> str:
    services.ask_question(
        application,
        text=form.cleaned_data["question"].strip(),
        put_to=form.cleaned_data["put_to"],
        actor=request.actor,
    )
    notice(request, _("Uw vraag is verstuurd. U krijgt het antwoord per mail."))
    return _page_of(application)


_STEPS = {"yes": _say_yes, "no": _say_no, "ask": _ask}


def _page_of(application: Application) -> str:
    return reverse("placements:application_decide", args=[application.public_id])


@allow(Audience.COMPANY)
def trainee_list(request) -> HttpResponse:
    """Who comes when, and who guides from school."""
    rows = company_view.trainees_of(request.actor)
    return render(
        request,
        "placements/trainee_list.html",
        {"trainees": [(t, placement_word(t.placement)) for t in rows]},
    )
