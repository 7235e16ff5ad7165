"""What waits for coordinators and companies."""

from __future__ import annotations

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from companies import addresses, asking, services
from companies.enums import ANSWERED, CampaignState, ChangeKind, Shown
from companies.models import Campaign, Invitation
from stage.core.dutch.calendar import school_today
from stage.core.enums import Audience
from stage.core.ui import todo
from stage.core.ui.counting import count_all
from stage.core.ui.todo import Todo, Urgency


@todo.source(Audience.COORDINATOR)
def drafts(actor):
    """Campaigns that were written and not sent."""
    rows = Campaign.objects.visible_to(actor).filter(
        state__in=[CampaignState.DRAFT, CampaignState.PAUSED], period__starts__gte=school_today()
    )
    for campaign in rows.select_related("group", "period")[:20]:
        paused = campaign.state == CampaignState.PAUSED
        title = _("Ga verder met versturen") if paused else _("Verstuur de uitnodigingen")
        yield Todo(
            title=title,
            text=_("%(group)s, %(period)s")
            % {"group": campaign.group.name, "period": campaign.period.name},
            url=reverse("companies:campaign_show", args=[campaign.public_id]),
            urgency=Urgency.SOON,
            due=campaign.period.starts,
            icon="send",
            button=_("Ga verder") if paused else _("Bekijk en verstuur"),
        )


@todo.source(Audience.COORDINATOR)
def not_arrived(actor):
    """Invitations that were refused, or of which nobody knows whether they arrived."""
    rows = (
        Invitation.objects.visible_to(actor)
        .filter(period__starts__gte=school_today())
        .with_delivery()
        .filter(shown__in=[Shown.BOUNCED, Shown.UNCERTAIN])
        .values("campaign__public_id", "campaign__group__name", "shown")
        .annotate(n=Count("pk"))
        .order_by("campaign__group__name", "campaign__public_id", "shown")
    )
    titles = {
        Shown.BOUNCED: _("Verbeter e-mailadressen: uitnodiging niet aangekomen"),
        Shown.UNCERTAIN: _("Kijk na of de uitnodiging aankwam"),
    }
    for row in rows:
        address = reverse("companies:campaign_show", args=[row["campaign__public_id"]])
        yield Todo(
            title=titles[Shown(row["shown"])],
            text=row["campaign__group__name"],
            url=f"{address}?show={row['shown']}",
            count=row["n"],
            button=_("Verbeter") if row["shown"] == Shown.BOUNCED else _("Kijk na"),
            icon="mail",
        )


@todo.source(Audience.COORDINATOR)
def ask_again(actor):
    """Companies that said "not now until": the day has come."""
    many = asking.promised(actor.school_id).count()
    if many:
        yield Todo(
            title=_("Vraag deze bedrijven weer"),
            text=_("Zij zeiden: nu niet, vraag het later. Het is nu zover."),
            url=reverse("companies:promised_list"),
            count=many,
            button=_("Bekijk"),
            icon="clock",
        )


@todo.source(Audience.COMPANY)
def unanswered(actor):
    """Schools that wait for this company's answer."""
    today = school_today()
    rows = (
        Invitation.objects.visible_to(actor)
        .mailed()
        .unanswered()
        .filter(period__ends__gte=today)
        # A question that was asked twice stands there once.
        .filter(Q(question__isnull=True) | Q(question__state__in=ANSWERED))
        .exclude(Q(campaign__state=CampaignState.DRAFT))
        .select_related("school", "period", "campaign")
    )
    for invitation in rows[:20]:
        yield Todo(
            title=_("Geef antwoord aan %(school)s") % {"school": invitation.school.name},
            text=invitation.period.name,
            url=reverse("companies:invitation_own", args=[invitation.public_id]),
            due=invitation.campaign.answer_before if invitation.campaign else None,
            button=_("Geef antwoord"),
            icon="briefcase",
        )


@todo.source(Audience.COORDINATOR)
def others_at_our_companies(actor):
    """Addresses others typed, for which something waits; who left; and what others changed."""
    news = services.changes_for(actor)
    gone = Q(kind=ChangeKind.LEFT)
    unknown, left, changed = count_all(
        addresses.waiting(actor), news.filter(gone), news.exclude(gone)
    )
    if unknown:
        yield Todo(
            title=_("Kijk of deze e-mailadressen kloppen"),
            text=_("Anderen vulden ze in. Tot jullie ja zeggen, zien deze mensen geen leerling."),
            url=reverse("companies:address_list"),
            urgency=Urgency.NOW,
            count=unknown,
            button=_("Kijk"),
            icon="shield",
        )
    if left:
        yield Todo(
            title=_("Kijk wie je nu vraagt: een contactpersoon ging weg"),
            text=_("Bij een bedrijf waar jullie mee werken. Niemand nam het over."),
            url=reverse("companies:change_list"),
            urgency=Urgency.NOW,
            count=left,
            button=_("Kijk"),
            icon="user",
        )
    if changed:
        yield Todo(
            title=_("Bekijk wat anderen bij jullie bedrijven wijzigden"),
            text=_("Klopt het niet? Zet het terug."),
            url=reverse("companies:change_list"),
            urgency=Urgency.WHENEVER,
            count=changed,
            button=_("Bekijk"),
            icon="history",
        )


@todo.source(Audience.COMPANY)
def named_colleagues(actor):
    """People whom somebody named at the company: does the contact know them?"""
    many = addresses.colleagues_of(actor).count() if actor.proven else 0
    if many:
        yield Todo(
            title=_("Kent u deze mensen?"),
            text=_("Iemand noemde hen bij uw bedrijf. Zegt u ja, dan doen zij mee."),
            url=reverse("companies:colleague_list"),
            count=many,
            button=_("Bekijk"),
            icon="users",
        )
