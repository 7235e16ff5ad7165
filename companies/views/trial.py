"""The page on which a company answers, as the writer of the letter tries it: nothing is kept."""

from __future__ import annotations

from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from companies.enums import InvitationState
from companies.filters import AnswerFilters
from companies.forms.answers import FORMS
from companies.models import Campaign, Company, Invitation
from companies.queries import mail_contacts
from companies.school_line import line_of
from companies.services.campaigns import companies_of
from companies.views.answering import facts_of, ground_of, initial_of
from companies.views.common import campaign_or_404
from stage.core.dutch.calendar import school_today
from stage.core.enums import Audience
from stage.core.ui.filters import reads
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.who.access import allow


@allow(Audience.COORDINATOR, methods=("GET", "POST"))
@reads(AnswerFilters)
def campaign_trial(request, public_id, company):
    """The test mail's button leads here. Whatever is sent, only says that it was a trial."""
    campaign = campaign_or_404(request, public_id)
    found = get_object_or_404(companies_of(campaign), public_id=company)
    if request.method == "POST":
        text = _("Dit is een proef. Er is niets verstuurd. Het bedrijf leest nu een bedankje.")
        notice(request, text, tone="info")
        return redirect(request.path)
    invitation = invitation_as_if(campaign, found)
    context = {
        "campaign": campaign,
        "invitation": invitation,
        "facts": facts_of(invitation),
        "over": campaign.period.ends < school_today(),
        "school_line": line_of(invitation),
        "is_trial": True,
        "frame": "companies/answer.html",
    }
    wanted = request.filters.chosen["antwoord"]
    if wanted and not context["over"]:
        context |= {
            "form": _form(invitation, wanted, request.actor),
            "frame": "companies/answer_form.html",
        }
    return form_page(request, "companies/answer_trial.html", context)


def invitation_as_if(campaign: Campaign, company: Company) -> Invitation:
    """The question a company would get by this letter; never saved."""
    return Invitation(
        region_id=company.region_id,
        school=campaign.school,
        campaign=campaign,
        period=campaign.period,
        company=company,
        contact=mail_contacts(campaign.school_id, [company.pk]).get(company.pk),
        state=InvitationState.SENT,
    )


def _form(invitation: Invitation, wanted: str, actor):
    start = initial_of(invitation, None, wanted)
    ground = ground_of(invitation, None, wanted, actor)
    return FORMS[wanted](invitation=invitation, ground=ground, initial=start)
