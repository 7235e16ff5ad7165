"""Called: what a company said by telephone, entered with the company's own answer form."""

from __future__ import annotations

from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from companies import policies, services
from companies.enums import ANSWERED, CallOutcome
from companies.filters import CallFilters
from companies.forms.answers import FORMS
from companies.forms.calls import NoAnswerForm, PeriodForm, ViaForm
from companies.models import Call, Invitation, Place
from companies.services.answers import version_of
from companies.views.answering import ground_of, initial_of
from companies.views.common import allowed_or_403, company_or_404
from stage.core.dutch.calendar import school_today
from stage.core.enums import Audience
from stage.core.tenants.tenancy import as_school_of
from stage.core.ui.back import next_of
from stage.core.ui.filters import reads
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.who.access import allow
from stage.core.who.policies import Conflict
from stage.schools.models import Period

RELATED = (
    *("campaign", "company", "school", "period", "contact", "answered_by"),
    *("question__period", "question__company", "question__school"),
    *("question__contact", "question__answered_by"),
)


@allow(Audience.COORDINATOR, Audience.TEACHER, Audience.BUREAU, methods=("GET", "POST"))
@reads(CallFilters)
def invitation_call(request, public_id):
    """Yes, not now, no or nobody there; with ?antwoord=yes the company's own form.

    The bureau enters first answers; what was answered, and why not, is between company and school.
    """
    invitation = get_object_or_404(
        Invitation.objects.visible_to(request.actor), public_id=public_id
    )
    allowed_or_403(policies.may_call, request.actor, invitation)
    with as_school_of(invitation):  # the bureau reads no periods
        invitation = Invitation.objects.select_related(*RELATED).get(pk=invitation.pk)
    question = invitation.asked
    if request.actor.is_bureau and question.state in ANSWERED:
        return _answered_already(request, invitation)
    wanted = request.POST.get("answer") or request.filters.chosen["antwoord"]
    if request.method == "POST" and wanted == CallOutcome.NO_ANSWER:
        return _nobody_there(request, invitation)
    over = question.period.ends < school_today()
    form, via = None, ViaForm(request.POST or None)
    with as_school_of(invitation):
        calls = list(Call.objects.filter(invitation=question).select_related("by"))
        if wanted in FORMS and not over:
            form = _form(request, question, wanted)
        is_filled = form is not None and form.is_bound and form.is_valid() and via.is_valid()
    if is_filled:
        answer = _take(request, invitation, form, via.cleaned_data["via"])
        if answer is not None:
            return answer
    context = {
        "invitation": invitation,
        "question": question,
        "form": form,
        "via": via if request.method == "POST" else ViaForm(),
        "no_answer": NoAnswerForm(),
        "calls": calls,
        "over": over,
        "back_url": next_of(request, _home(invitation)),
        "number": _number_of(invitation),
    }
    return form_page(
        request, "companies/call.html", context, refused=form is not None and form.is_bound
    )


@allow(Audience.COORDINATOR, Audience.TEACHER, methods=("GET", "POST"))
def company_call(request, public_id):
    """Choose the period where no letter went; then the form of that question."""
    company = company_or_404(request, public_id)
    periods = Period.objects.visible_to(request.actor).filter(ends__gte=school_today())
    form = PeriodForm(request.POST or None, periods=periods.order_by("starts", "pk"))
    if request.method == "POST" and form.is_valid():
        period = form.cleaned_data["period"]
        row = services.open_question(company, period, actor=request.actor)
        return redirect("companies:invitation_call", row.public_id)
    context = {"company": company, "form": form, "any": periods.exists()}
    return form_page(request, "companies/call_period.html", context)


def _form(request, question: Invitation, wanted: str):
    """The company's own form, with what is known already; in the school's scope."""
    place = Place.objects.filter(invitation=question).first()
    ground = ground_of(question, place, wanted, request.actor)
    given = {"initial": initial_of(question, place, wanted)}
    if request.method == "POST":
        given = {"data": request.POST}
    return FORMS[wanted](invitation=question, ground=ground, **given)


def _answered_already(request, invitation: Invitation):
    words = {"name": invitation.company.name, "school": invitation.school.name}
    notice(request, _("%(name)s gaf %(school)s al antwoord.") % words, tone="attention")
    return redirect(next_of(request, _home(invitation)))


def _home(invitation: Invitation) -> str:
    return reverse("companies:company_show", args=[invitation.company.public_id])


def _number_of(invitation: Invitation) -> str:
    contact = invitation.contact
    return (contact.telephone if contact else "") or invitation.company.telephone


def _nobody_there(request, invitation: Invitation):
    form = NoAnswerForm(request.POST)
    note = form.cleaned_data["note"] if form.is_valid() else ""
    services.note_call(
        invitation.company,
        CallOutcome.NO_ANSWER,
        question=invitation,
        note=note,
        actor=request.actor,
    )
    notice(request, _("Genoteerd: geen gehoor bij %(name)s.") % {"name": invitation.company.name})
    return redirect(next_of(request, _home(invitation)))


def _take(request, invitation: Invitation, form, via: str):
    try:
        services.take_answer(invitation, form.reply(), via=via, actor=request.actor)
    except Conflict as conflict:
        fresh = Invitation.objects.get(pk=invitation.pk)
        if version_of(fresh) != form.cleaned_data["seen"]:
            notice(request, str(conflict), tone="attention")
            return redirect(request.get_full_path())
        form.add_error(None, str(conflict))
        return None
    words = {"name": invitation.company.name}
    notice(request, _("Het antwoord van %(name)s staat erin.") % words)
    return redirect(next_of(request, _home(invitation)))
