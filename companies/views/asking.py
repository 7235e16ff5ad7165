"""Whom a letter asks: the page that sends it, and who joins it later."""

from __future__ import annotations

from dataclasses import dataclass

from django.shortcuts import get_object_or_404, redirect
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from companies import addresses, asking, letters, queries, services
from companies.asking import Candidate, Said
from companies.forms.campaigns import SendForm
from companies.models import Campaign, Company, Invitation
from companies.queries import Asks
from companies.services.asking import OUT
from companies.views.campaigns import COORDINATOR
from companies.views.common import campaign_or_404
from companies.workflow import CAMPAIGN
from stage.core.ui.dates import day_time_words
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.who.access import allow
from stage.core.who.policies import Conflict


@dataclass(frozen=True)
class Shown(Candidate):
    """A candidate as the page shows it."""

    ticked: bool = False
    asks: Asks | None = None  # by how many schools of the region it was asked lately


@dataclass(frozen=True)
class CandidateList:
    """One of the lists of the page, with its number in the title."""

    title: str
    rows: list[Shown]
    open: bool


@allow(COORDINATOR, methods=("GET", "POST"))
def campaign_send(request, public_id):
    """Shows what each company said before; sends to whom is ticked, now or later."""
    campaign = campaign_or_404(request, public_id)
    if "schedule" not in CAMPAIGN.possible(campaign, request.actor):
        return redirect("companies:campaign_show", public_id)
    form = SendForm(request.POST or None)
    ticked = _ticked(request)
    if request.method == "POST" and form.is_valid():
        return _send(request, campaign, form.cleaned_data, ticked)
    found = _shown(campaign, ticked)
    return form_page(
        request,
        "companies/campaign_send.html",
        {
            **_lists_context(campaign, found),
            "form": form,
            "number": letters.number_in(campaign),
            "reminded": get_text_list([str(n) for n in campaign.reminder_days], _("en")),
        },
    )


@allow(COORDINATOR, methods=("GET", "POST"))
def campaign_join(request, public_id):
    """Companies of the group that this letter has not asked: let them join it."""
    campaign = campaign_or_404(request, public_id)
    if campaign.state not in OUT:
        return redirect("companies:campaign_show", public_id)
    if request.method == "POST":
        return _join(request, campaign)
    context = _lists_context(campaign, _shown(campaign, None))
    return form_page(request, "companies/campaign_join.html", context)


@allow(COORDINATOR, methods=("POST",))
def invitation_ask(request, public_id):
    """Mail a company all the same that was asked about this period before."""
    rows = Invitation.objects.visible_to(request.actor).select_related("campaign", "company")
    invitation = get_object_or_404(rows, public_id=public_id, campaign__isnull=False)
    try:
        services.ask_anyway(invitation, actor=request.actor)
    except Conflict as conflict:
        notice(request, str(conflict), tone="wrong")
    else:
        words = {"name": invitation.company.name}
        notice(request, _("De uitnodiging gaat naar %(name)s.") % words)
    return redirect("companies:campaign_show", invitation.campaign.public_id)


def _ticked(request) -> set[int] | None:
    """The companies that are ticked on the page, by number; None where it was not sent."""
    if "lists" not in request.POST:
        return None
    codes = request.POST.getlist("company")
    rows = Company.objects.visible_to(request.actor).filter(public_id__in=codes)
    return set(rows.values_list("family_id", flat=True))


def _shown(campaign: Campaign, ticked: set[int] | None) -> list[Shown]:
    """The candidates, ticked as they were sent, else as they usually are."""
    asks = queries.asked_recently()
    return [
        Shown(
            **vars(one),
            ticked=asking.goes(campaign, one) if ticked is None else one.number in ticked,
            asks=asks.get(one.number),
        )
        for one in asking.candidates_of(campaign)
    ]


def _lists_context(campaign: Campaign, found: list[Shown]) -> dict:
    lists = {said: [one for one in found if one.said == said] for said in Said}
    going = [one for one in found if one.ticked and not one.barred]
    return {
        "campaign": campaign,
        "total": len(found),
        "many": sum(not one.by_phone for one in going),
        "no_address": [one.company for one in going if one.by_phone],
        "named": addresses.described(
            campaign.school_id, [one.contact for one in going if one.contact]
        ),
        "lists": [
            CandidateList(f"{said.label} ({len(rows)})", rows, any(one.ticked for one in rows[:30]))
            for said, rows in lists.items()
        ],
    }


def _send(request, campaign: Campaign, data: dict, ticked: set[int] | None):
    actor, back = request.actor, redirect("companies:campaign_show", campaign.public_id)
    try:
        if data["when"] == "later":
            services.schedule_campaign(campaign, at=data["at"], ticked=ticked, actor=actor)
            moment = day_time_words(data["at"])
            notice(request, _("De brief gaat weg op %(at)s.") % {"at": moment})
        else:
            many = services.send_campaign(campaign, ticked=ticked, actor=actor)
            notice(request, _going(many))
    except Conflict as conflict:
        notice(request, str(conflict), tone="wrong")
    return back


def _going(many: int) -> str:
    return ngettext(
        "%(many)s uitnodiging gaat nu weg.", "%(many)s uitnodigingen gaan nu weg.", many
    ) % {"many": many}


def _join(request, campaign: Campaign):
    try:
        many = services.ask_more(campaign, numbers=_ticked(request) or (), actor=request.actor)
    except Conflict as conflict:
        notice(request, str(conflict), tone="wrong")
    else:
        notice(request, _going(many))
    return redirect("companies:campaign_show", campaign.public_id)
