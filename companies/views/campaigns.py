"""Campaigns of the coordinator: write, look, test."""

from __future__ import annotations

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from companies import beginnings, letters, services
from companies.enums import CampaignState
from companies.filters import NewCampaignFilters, PreviewFilters
from companies.forms.campaigns import CampaignForm
from companies.models import Campaign, Company
from companies.notifications import letter_context, trial_address
from companies.queries import mail_contacts
from companies.services import texts
from companies.services.campaigns import companies_of
from companies.views.common import campaign_or_404
from stage.core.enums import Audience
from stage.core.files.media import FileRefused
from stage.core.mail.letters import as_text
from stage.core.ui.filters import ListFilters, reads
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.ui.paging import page_of
from stage.core.who.access import allow
from stage.core.who.policies import Conflict

COORDINATOR = Audience.COORDINATOR
TONES = {
    CampaignState.DRAFT: "neutral",
    CampaignState.SCHEDULED: "info",
    CampaignState.SENDING: "info",
    CampaignState.PAUSED: "attention",
    CampaignState.SENT: "good",
}


@allow(COORDINATOR)
@reads(ListFilters)
def campaign_list(request):
    rows = (
        Campaign.objects.visible_to(request.actor)
        .select_related("group", "period")
        .annotate(
            asked=Count("invitations"),
            said_yes=Count("invitations", filter=Q(invitations__state="yes")),
        )
        .order_by("-created_at", "pk")
    )
    page = page_of(rows, request.filters)
    for campaign in page:
        campaign.tone = TONES[CampaignState(campaign.state)]
    return render(request, "companies/campaign_list.html", {"page_obj": page})


@allow(COORDINATOR, methods=("GET", "POST"))
@reads(NewCampaignFilters)
def campaign_add(request):
    """Start with ?group=<public id> to have the group chosen already.

    With ?voorbeeld= or ?kopie= it begins with those words instead of the usual ones.
    """
    actor, chosen = request.actor, request.filters.chosen
    draft = Campaign(school_id=actor.school_id, created_by_id=actor.membership)
    draft.attachment = beginnings.file_of(chosen["kopie"])
    start = {"group": chosen["group"]}
    start |= beginnings.words_of(chosen["voorbeeld"], chosen["kopie"])
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = CampaignForm(*sent, instance=draft, actor=actor, initial=start)
    if form.is_valid() and (campaign := _added(form, actor)):
        if chosen["voorbeeld"]:
            texts.note_use(chosen["voorbeeld"], actor=actor)
        notice(request, _("Het concept is bewaard. Bekijk de brief voordat je die verstuurt."))
        return redirect("companies:campaign_preview", campaign.public_id)
    more = {"begin": beginnings.beginnings(actor, chosen["group"])}
    context = {"form": form, "fields": letters.FIELDS, **more}
    return form_page(request, "companies/campaign_edit.html", context)


def _added(form: CampaignForm, actor) -> Campaign | None:
    campaign = form.save(commit=False)
    campaign.period_id = campaign.group.period_id
    if form.cleaned_data.get("drop_attachment"):
        campaign.attachment = None
    try:
        return services.add_campaign(campaign, upload=form.cleaned_data["upload"], actor=actor)
    except FileRefused as refused:
        form.add_error("upload", refused.message)
        return None


@allow(COORDINATOR, methods=("GET", "POST"))
def campaign_edit(request, public_id):
    campaign = campaign_or_404(request, public_id)
    if campaign.state != CampaignState.DRAFT:
        notice(request, _("Deze brief is geen concept meer. Wijzigen kan niet."), tone="attention")
        return redirect("companies:campaign_show", public_id)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = CampaignForm(*sent, instance=campaign, actor=request.actor)
    if form.is_valid():
        file = {"upload": form.cleaned_data["upload"]}
        file["drop_attachment"] = form.cleaned_data.get("drop_attachment", False)
        try:
            services.change_campaign(campaign, actor=request.actor, **file, **form.values())
        except FileRefused as refused:
            form.add_error("upload", refused.message)
        except Conflict as conflict:
            notice(request, str(conflict), tone="wrong")
            return redirect("companies:campaign_show", public_id)
        else:
            notice(request, _("Het concept is bewaard."))
            return redirect("companies:campaign_preview", public_id)
    context = {"form": form, "campaign": campaign, "fields": letters.FIELDS, "begin": None}
    return form_page(request, "companies/campaign_edit.html", context)


MOST = 500  # companies to read a letter as


def chosen_company(request, campaign: Campaign, rows: list[Company]) -> Company | None:
    """The company that was sent or stands in the address, else the first that gets a mail."""
    asked = PreviewFilters(request.POST or request.GET, actor=request.actor).chosen["company"]
    if asked is not None and (found := companies_of(campaign).filter(pk=asked.pk).first()):
        return found
    known = mail_contacts(campaign.school_id, [row.pk for row in rows])
    return next((row for row in rows if row.pk in known), rows[0] if rows else None)


def companies_to_read(campaign: Campaign) -> list[Company]:
    """The companies of the letter's group, by name."""
    return list(companies_of(campaign).order_by("sort_name", "pk")[:MOST])


def _beside(rows: list[Company], company: Company) -> dict[str, Company | None]:
    """The company before and after this one, where there is one."""
    around = [None, *rows, None]
    found = {row.pk: (around[n], around[n + 2]) for n, row in enumerate(rows)}
    before, after = found.get(company.pk, (None, None))
    return {"before": before, "after": after}


@allow(COORDINATOR)
@reads(PreviewFilters)
def campaign_preview(request, public_id):
    """The mail as one company gets it; with ?vorm=html as a mail program draws it."""
    campaign = campaign_or_404(request, public_id)
    rows = companies_to_read(campaign)
    company = chosen_company(request, campaign, rows)
    if company is None:
        notice(request, _("Kies eerst bedrijven voor deze groep."), tone="attention")
        return redirect("companies:group_companies", campaign.group.public_id)
    contact = mail_contacts(campaign.school_id, [company.pk]).get(company.pk)
    address = trial_address(campaign, company)
    context = {"person": contact, **letter_context(campaign, company, contact, address)}
    if request.filters.chosen["vorm"] == "html":
        return _as_mail(request, context)  # type: ignore[call-arg]
    text = as_text("email/invitation_for_contact.txt", context)
    return render(
        request,
        "companies/campaign_preview.html",
        {
            "campaign": campaign,
            "company": company,
            "contact": contact,
            "companies": rows,
            **_beside(rows, company),
            "subject": context["subject"],
            "text": text,
            "is_draft": campaign.state == CampaignState.DRAFT,
            "number": letters.number_in(campaign),
        },
    )


# The decorator passes on whatever it is given, but its types know a bare view only.
@csp_replace({"style-src": [SELF, UNSAFE_INLINE]})  # type: ignore[arg-type]
def _as_mail(request, context: dict) -> HttpResponse:
    # Mail programs know no style sheets, so a mail carries its styles in attributes.
    return HttpResponse(render_to_string("email/invitation_for_contact.html", context))


@allow(COORDINATOR, methods=("POST",))
def campaign_test(request, public_id):
    campaign = campaign_or_404(request, public_id)
    rows = companies_to_read(campaign)
    company = chosen_company(request, campaign, rows)
    if company is None:
        notice(request, _("Kies eerst bedrijven voor deze groep."), tone="attention")
        return redirect("companies:group_companies", campaign.group.public_id)
    services.send_test(campaign, company=company, actor=request.actor)
    address = request.actor.email
    notice(request, _("De proefmail gaat naar %(address)s.") % {"address": address})
    url = reverse("companies:campaign_preview", args=[public_id])
    return redirect(f"{url}?company={company.public_id}")
