"""What waits for coordinators and companies."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from companies import addresses, asking, letters_out, services
from companies.enums import ANSWERED, CampaignState, ChangeKind, Shown
from companies.models import Campaign, FollowUp, Invitation, Nomination
from stage.core.dutch.calendar import school_today
from stage.core.enums import Audience
from stage.core.ui import todo
from stage.core.ui.counting import count_all
from stage.core.ui.todo import Todo, Urgency, Weight, urgency_by

# So long before the first day companies have to be asked, if students are to find a place.
PLACES_TAKE = timedelta(days=56)
MOST_COUNTED = 100  # of what is overdue


@todo.source(Audience.COORDINATOR, uses="letters")
def letters_to_do(actor, letters: letters_out.Letters | None = None):
    """Letters that were written and not sent, and those that did not arrive."""
    letters = letters or letters_out.of_school(actor)
    today = school_today()
    coming = [c for c in letters.campaigns if c.period.starts >= today]
    for campaign in coming:
        if campaign.state == CampaignState.PAUSED:
            yield _paused(campaign)
        elif campaign.state == CampaignState.DRAFT:
            yield _draft(campaign, letters.forgotten(campaign))
    for row in letters.out:
        if row.campaign.period.starts >= today:
            yield from _not_arrived(row)


def _paused(campaign: Campaign) -> Todo:
    return Todo(
        title=_("Ga verder met versturen"),
        text=_about(campaign),
        url=reverse("companies:campaign_show", args=[campaign.public_id]),
        urgency=urgency_by(campaign.period.starts - PLACES_TAKE, at_least=Urgency.SOON),
        due=campaign.period.starts - PLACES_TAKE,
        icon="send",
        button=_("Ga verder"),
    )


def _draft(campaign: Campaign, forgotten: str) -> Todo:
    """A draft is never more urgent than soon; one that was forgotten can go on lying there."""
    title, text = _("Verstuur de uitnodigingen"), _about(campaign)
    if forgotten:
        title, text = _("Kijk of deze brief nog weg moet"), f"{text}. {forgotten}"
    return Todo(
        title=title,
        text=text,
        url=reverse("companies:campaign_show", args=[campaign.public_id]),
        urgency=Urgency.WHENEVER if forgotten else Urgency.SOON,
        due=campaign.period.starts - PLACES_TAKE,
        icon="send",
        weight=Weight.TIDY if forgotten else Weight.STEP,
        button=_("Bekijk") if forgotten else _("Bekijk en verstuur"),
    )


def _about(campaign: Campaign) -> str:
    names = {"group": campaign.group.name, "period": campaign.period.name}
    return _("%(group)s, %(period)s") % names


def _not_arrived(row: letters_out.LetterOut):
    """A company that got no letter was not asked; in the weeks before, that cannot wait."""
    due = row.campaign.period.starts - PLACES_TAKE
    words = {
        Shown.BOUNCED: (_("Verbeter e-mailadressen: uitnodiging niet aangekomen"), _("Verbeter")),
        Shown.UNCERTAIN: (_("Kijk na of de uitnodiging aankwam"), _("Kijk na")),
    }
    for shown, (title, button) in words.items():
        if many := row.counts[shown]:
            yield Todo(
                title=title,
                text=_about(row.campaign),
                url=f"{row.url}?show={shown.value}",
                urgency=urgency_by(due, at_least=Urgency.SOON),
                count=many,
                due=due,
                weight=Weight.BROKEN,
                button=button,
                icon="mail",
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
            weight=Weight.PERSON,
            button=_("Geef antwoord"),
            icon="briefcase",
        )


@todo.source(Audience.COORDINATOR)
def others_at_our_companies(actor):
    """Whom to ask again; addresses others typed; who left; what others changed or named."""
    news = services.changes_for(actor)
    gone = Q(kind=ChangeKind.LEFT)
    again, unknown, left, changed, named = count_all(
        asking.promised(actor.school_id),
        addresses.waiting(actor),
        news.filter(gone),
        news.exclude(gone),
        Nomination.objects.visible_to(actor).named(),
    )
    if again:
        yield _again(again)
    if named:
        yield _named(named)
    if unknown:
        yield Todo(
            title=_("Kijk of deze e-mailadressen kloppen"),
            text=_("Anderen vulden ze in. Tot jullie ja zeggen, zien deze mensen geen leerling."),
            url=reverse("companies:address_list"),
            urgency=Urgency.NOW,
            count=unknown,
            weight=Weight.BROKEN,
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
            weight=Weight.TIDY,
            button=_("Bekijk"),
            icon="history",
        )


def _again(many: int) -> Todo:
    """Companies that said "not now until": the day has come."""
    return Todo(
        title=_("Vraag deze bedrijven weer"),
        text=_("Zij zeiden: nu niet, vraag het later. Het is nu zover."),
        url=reverse("companies:promised_list"),
        count=many,
        due=school_today(),
        weight=Weight.PERSON,
        button=_("Bekijk"),
        icon="clock",
    )


def _named(many: int) -> Todo:
    """Companies that a teacher, student or parent knows: who named one hears what becomes of it."""
    return Todo(
        title=_("Kijk naar bedrijven die mensen noemden"),
        text=_("Pak ze op, of zeg waarom niet. Wie ze noemde, hoort het."),
        url=reverse("companies:nomination_list"),
        count=many,
        weight=Weight.PERSON,
        button=_("Kijk"),
        icon="building",
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


@todo.source(Audience.COORDINATOR, Audience.TEACHER, Audience.BUREAU)
def to_follow_up(actor):
    """What one wanted to do at companies, of which the day has come."""
    due = FollowUp.objects.own(actor).due().filter(who=actor.membership)
    rows = list(due.select_related("company__merged_into").order_by("due", "pk")[:MOST_COUNTED])
    if not rows:
        return
    first, many = rows[0], len(rows)
    yield Todo(
        title=_("Volg op bij %(company)s") % {"company": first.company.stays.name}
        if many == 1
        else _("Volg bedrijven op"),
        text=first.text if many == 1 else _("Het oudste staat bovenaan."),
        url=reverse("companies:follow_up_list"),
        urgency=Urgency.NOW,
        count=many,
        due=first.due,
        weight=Weight.PERSON,
        button=_("Volg op"),
        icon="phone",
    )
