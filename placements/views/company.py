"""A company reads applications, answers them, and sees who comes."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from placements import company_view, queries, services
from placements.enums import ApplicationState
from placements.forms import DecisionForm
from placements.models import Application
from placements.words import COMPANY_WORDS, PLACEMENT_WORDS
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
    """Say yes or no to one applicant; may be changed until the school matched."""
    applicant = _applicant(request, public_id)
    answer = request.POST.get("answer", "")
    saying_no = answer == "no"
    form = DecisionForm(request.POST if saying_no else None)
    conflict = ""
    if answer == "yes" or (saying_no and form.is_valid()):
        try:
            _answer(request, applicant.application, form if saying_no else None)
        except Conflict as refused:
            conflict = str(refused)
        else:
            return redirect("placements:company_inbox")
    application = applicant.application
    # A refused answer leaves the row as it was; the page tells how it stands now.
    application.refresh_from_db(fields=["state"])
    if application.state not in company_view.SHOWN:
        notice(request, _("Deze sollicitatie loopt niet meer. U hoeft niets te doen."), tone="info")
        return redirect("placements:company_inbox")
    used = queries.used_places([application.place_id]).get(application.place_id, 0)
    free = max(application.place.how_many - used, 0)
    # The school has the last word: once it matched, nobody's answer counts.
    possible = [] if applicant.matched else APPLICATIONS.possible(application, request.actor)
    return form_page(
        request,
        "placements/application_decide.html",
        {
            "applicant": applicant,
            "application": application,
            "word": COMPANY_WORDS[ApplicationState(application.state)],
            "form": form,
            "conflict": conflict,
            "saying_no": saying_no,
            "free": free,
            "is_full": "accept" in possible and not free,
            # Without a free place the answer would be refused.
            "possible": [name for name in possible if name != "accept" or free],
        },
    )


def _applicant(request, public_id: str) -> company_view.Applicant:
    rows = Application.objects.visible_to(request.actor).select_related(
        "company", "place", "school"
    )
    application = get_object_or_404(rows, public_id=public_id)
    found = company_view.applicants([application], request.actor)
    if not found:
        raise Http404
    return found[0]


def _answer(request, application: Application, form: DecisionForm | None) -> None:
    if form:
        services.decline_application(application, reason=form.reason, actor=request.actor)
        notice(request, _("Dank u. De leerling krijgt uw antwoord."))
        return
    services.accept_application(application, actor=request.actor)
    notice(
        request,
        _("Dank u. De plek is bewaard. De school beslist en laat het u weten."),
    )


@allow(Audience.COMPANY)
def trainee_list(request) -> HttpResponse:
    """Who comes when, and who guides from school."""
    rows = company_view.trainees_of(request.actor)
    return render(
        request,
        "placements/trainee_list.html",
        {"trainees": [(t, PLACEMENT_WORDS[t.placement.state]) for t in rows]},
    )
