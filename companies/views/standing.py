"""Whether a company of the pool may be asked at all."""

from __future__ import annotations

from django.shortcuts import redirect
from django.utils.translation import gettext as _

from companies import policies, services
from companies.enums import Standing
from companies.forms.calls import StandingForm
from companies.views.common import company_or_404, home_of
from stage.core.enums import Audience
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.who.access import allow
from stage.core.who.policies import NotAllowed


@allow(Audience.COORDINATOR, Audience.BUREAU, Audience.COMPANY, methods=("GET", "POST"))
def company_standing(request, public_id):
    """Open, wants no questions, gone or put away; as far as the actor may say so.

    The company itself: whether it wants to be asked at all.
    """
    company = company_or_404(request, public_id)
    actor = request.actor
    choices = [
        one for one in Standing if one == company.standing or policies.may_bar(actor, company, one)
    ]
    if len(choices) < 2:
        raise NotAllowed(_("Alleen het bedrijf zelf of het stagebureau kan dit veranderen."))
    back = home_of(actor, company)
    start = {"standing": company.standing, "why": company.standing_why}
    form = StandingForm(request.POST or None, choices=choices, initial=start)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        services.set_standing(company, data["standing"], why=data["why"], actor=actor)
        notice(request, _("Bewaard. Scholen die hier leerlingen hebben, horen het."))
        return redirect(back)
    own, desk = "companies/standing_own.html", "companies/standing.html"
    context = {"company": company, "form": form, "back_url": back}
    return form_page(request, own if actor.is_company else desk, context)
