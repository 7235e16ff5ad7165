"""Following a campaign that was sent."""

from __future__ import annotations

from django.db.models import Prefetch
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies import asking, queries, services
from companies.enums import AnsweredVia, CampaignState, Shown
from companies.filters import SHOWN, InvitationFilters, PhoneListFilters
from companies.models import Call, Campaign, Invitation
from companies.services.asking import OUT
from companies.views.campaigns import COORDINATOR, TONES
from companies.views.common import campaign_or_404
from companies.views.pool import TONES as SHOWN_TONES
from companies.workflow import CAMPAIGN
from stage.core.dutch.calendar import school_today
from stage.core.record import audit
from stage.core.ui.download import list_file
from stage.core.ui.filters import reads
from stage.core.ui.notices import notice
from stage.core.ui.paging import page_of
from stage.core.ui.tones import Word
from stage.core.who.access import allow
from stage.core.who.policies import Conflict

# What to do about letters that did not come through, above a list of them.
ADVICE: dict[str, Word] = {
    Shown.BOUNCED: Word(
        "wrong",
        Shown.BOUNCED.label,
        gettext_lazy(
            "De mailserver van het bedrijf weigerde de mail, of er is geen adres. Verbeter het"
            " adres en stuur opnieuw, of bel."
        ),
    ),
    Shown.UNCERTAIN: Word(
        "attention",
        Shown.UNCERTAIN.label,
        gettext_lazy(
            "De verbinding viel weg tijdens het versturen. We sturen niet vanzelf opnieuw, anders"
            " krijgt het bedrijf de mail misschien dubbel."
        ),
    ),
}


@allow(COORDINATOR)
@reads(InvitationFilters)
def campaign_show(request, public_id):
    campaign = campaign_or_404(request, public_id)
    campaign.tone = TONES[CampaignState(campaign.state)]
    counts = queries.counts_of(campaign)
    filters = request.filters
    shown = filters.chosen["show"]
    rows = filters.narrow(invitations_of(request, campaign, [shown] if shown else []))
    page = page_of(rows.order_by("company__sort_name", "pk"), filters)
    resendable = services.resendable(campaign, page, actor=request.actor)
    for row in page:
        word = Shown(row.shown)
        row.tone, row.label = SHOWN_TONES[word], word.label
        row.can_be_resent = row.pk in resendable
        row.can_be_asked = word == Shown.HELD and campaign.state in OUT
        row.by_hand = _by_hand(row.asked)
        row.reminded_in_vain_at = row.reminded_at if word == Shown.SENT else None
    total = sum(counts.values())
    return render(
        request,
        "companies/campaign_show.html",
        {
            "campaign": campaign,
            "possible": CAMPAIGN.possible(campaign, request.actor),
            "page_obj": page,
            "total": total,
            "left": total - counts["queued"],
            "parts": [(Shown(s), counts[s], s == shown) for s in SHOWN],
            "waiting": asking.waiting_number(campaign) if campaign.state in OUT else 0,
            "may_join": campaign.state in OUT,
            "over": campaign.period.ends < school_today(),
            "answered": counts["yes"] + counts["no"] + counts["later"],
            "shown": shown,
            "only_new": filters.chosen["nieuw"],
            "advice": ADVICE.get(shown),
            "q": filters.shown["q"],
            "is_moving": campaign.state == CampaignState.SENDING and counts["queued"] > 0,
        },
    )


def _by_hand(question: Invitation) -> str:
    """Who entered the answer and how it was given, where the company did not do so itself."""
    if not question.entered_by:
        return ""
    via = AnsweredVia(question.answered_via)
    return _("%(via)s, ingevuld door %(name)s") % {
        "via": str(via.label),
        "name": question.entered_by,
    }


def invitations_of(request, campaign: Campaign, shown: list[str]):
    """The campaign's invitations with what became of their mails."""
    rows = Invitation.objects.visible_to(request.actor).filter(campaign=campaign).with_delivery()
    rows = rows.select_related("company", "contact", "place", "campaign", "answered_by")
    rows = rows.select_related("question__place", "question__answered_by")
    return rows.filter(shown__in=shown) if shown else rows


@allow(COORDINATOR)
def campaign_progress(request, public_id):
    """How many mails have left, for the bar on the page."""
    campaign = campaign_or_404(request, public_id)
    counts = queries.counts_of(campaign)
    total = sum(counts.values())
    left = total - counts["queued"]
    return JsonResponse(
        {
            "value": left,
            "max": total,
            "text": _("%(left)s van %(total)s weg") % {"left": left, "total": total},
            "done": campaign.state != CampaignState.SENDING or counts["queued"] == 0,
        }
    )


@allow(COORDINATOR)
@reads(PhoneListFilters)
def campaign_phone_list(request, public_id):
    """Whom to call: silent, not arrived or uncertain; to print, or as CSV with ?format=csv."""
    campaign = campaign_or_404(request, public_id)
    rows = invitations_of(request, campaign, ["sent", "bounced", "uncertain", "no_address"])
    rows = rows.prefetch_related(Prefetch("calls", Call.objects.select_related("by")))
    rows = list(rows.order_by("company__sort_name", "pk"))
    for row in rows:
        row.label = Shown(row.shown).label
        row.last_call = next(iter(row.calls.all()), None)
        row.number = (row.contact and row.contact.telephone) or row.company.telephone
    if request.filters.chosen["format"] == "csv":
        headings = [_("Bedrijf"), _("Contactpersoon"), _("Telefoon"), _("E-mail"), _("Stand")]
        table = [[r.company.name, *_person(r), str(r.label)] for r in rows]
        audit.record(request.actor, "companies_exported")
        return list_file("csv", "bellijst", _("Bellijst"), headings, table)
    return render(
        request, "companies/campaign_phone_list.html", {"campaign": campaign, "rows": rows}
    )


def _person(row: Invitation) -> list[str]:
    """Name, number and address of whom to call; the company's number where nobody is known."""
    contact = row.contact
    return [contact.name if contact else "", row.number, contact.email if contact else ""]


def _act(request, public_id, service, done: str):
    campaign = campaign_or_404(request, public_id)
    try:
        service(campaign, actor=request.actor)
    except Conflict as conflict:
        notice(request, str(conflict), tone="wrong")
    else:
        notice(request, done)
    return redirect("companies:campaign_show", public_id)


@allow(COORDINATOR, methods=("POST",))
def campaign_pause(request, public_id):
    """Stop sending; a planned campaign becomes a draft again."""
    campaign = campaign_or_404(request, public_id)
    if campaign.state == CampaignState.SCHEDULED:
        return _act(
            request, public_id, services.unschedule_campaign, _("De brief is weer een concept.")
        )
    return _act(
        request,
        public_id,
        services.pause_campaign,
        _("Gepauzeerd: wat nog niet weg is, blijft hier."),
    )


@allow(COORDINATOR, methods=("POST",))
def campaign_resume(request, public_id):
    return _act(request, public_id, services.resume_campaign, _("Het versturen gaat verder."))


@allow(COORDINATOR, methods=("POST",))
def invitation_resend(request, public_id):
    rows = Invitation.objects.visible_to(request.actor).select_related("campaign", "company")
    invitation = get_object_or_404(rows, public_id=public_id)
    try:
        services.resend_invitation(invitation, actor=request.actor)
    except Conflict as conflict:
        notice(request, str(conflict), tone="wrong")
    else:
        name = invitation.company.name
        notice(request, _("De uitnodiging gaat opnieuw naar %(name)s.") % {"name": name})
    url = reverse("companies:campaign_show", args=[invitation.campaign.public_id])
    show = request.POST.get("show", "")
    return redirect(f"{url}?show={show}" if show in SHOWN else url)
