"""The mails around invitations, and the links in them."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies import answered, letters
from companies.enums import AnsweredVia, CampaignState, InvitationState, NoReason, Standing
from companies.field_words import lines_of
from companies.identity import find_contacts
from companies.models import (
    Campaign,
    Company,
    CompanyChange,
    FollowUp,
    Invitation,
    Nomination,
    Place,
)
from companies.queries import mail_contacts
from companies.services.answers import version_of
from companies.services.standing import stopped_by, stops_of
from stage.core import mail
from stage.core.enums import NoticeKind, Pace, PersonKind
from stage.core.files import store as files
from stage.core.mail import ahead
from stage.core.ui.dates import month_words
from stage.core.who import link_rows, links
from stage.core.who.link_rows import Occasion

RELATED = (
    *("campaign__school", "campaign__created_by", "campaign__attachment"),
    *("period", "company", "contact", "school", "answered_by"),
)

FOLLOW_UPS_TOLD = 10
SETTLED = {
    PersonKind.MEMBERSHIP: "nomination_settled_for_membership",
    PersonKind.STUDENT: "nomination_settled_for_student",
    PersonKind.GUARDIAN: "nomination_settled_for_guardian",
}

links.purpose("invitation", page="companies:invitation_answer", needs_code=False)
links.purpose(
    "nomination", page="companies:nominate", label=gettext_lazy("een bedrijf dat u noemde")
)
links.purpose("leave", page="companies:own_leave", label=gettext_lazy("uw vertrek"))
links.purpose(
    "colleague", page="companies:contact_add", label=gettext_lazy("een collega die u toevoegt")
)
links.purpose(
    "pass_on", page="companies:invitation_pass_on", label=gettext_lazy("een vraag doorgeven")
)


def _invitation_of(row) -> Invitation | None:
    return ahead.of(
        ("invitation", row.about_id),
        lambda: Invitation.objects.select_related(*RELATED).filter(pk=row.about_id).first(),
    )


def _address(invitation: Invitation, person_id: int) -> str:
    return links.link_for(**vars(_occasion(invitation, person_id)))


def _occasion(invitation: Invitation, person_id: int) -> Occasion:
    return Occasion(
        person_kind="contact",
        person_id=person_id,
        purpose="invitation",
        target=invitation.public_id,
        region_id=invitation.region_id,
        school_id=invitation.school_id,
    )


@ahead.reads_ahead("invitation", "invitation_reminder")
def read_letters(rows) -> None:
    """What letters of one school need, in a handful of reads for all of them."""
    numbers = [row.about_id for row in rows]
    asked = Invitation.objects.filter(pk__in=numbers).order_by("pk")
    found = {i.pk: i for i in asked.select_related(*RELATED)}
    campaigns = {i.campaign_id: i.campaign for i in found.values()}
    for invitation in found.values():
        invitation.campaign = campaigns[invitation.campaign_id]  # its period is read once
    unanswered = set(asked.unanswered().values_list("pk", flat=True))
    ahead.keep({("invitation", pk): found.get(pk) for pk in numbers})
    ahead.keep({("unanswered", pk): pk in unanswered for pk in numbers})
    people = find_contacts({row.person_id for row in rows} | {_reader(i) for i in found.values()})
    ahead.keep({("person", PersonKind.CONTACT, pk): who for pk, who in people.items()})
    stopped = stopped_by(found.values())
    for invitation in found.values():
        who = people[_reader(invitation)]
        if who is not None:
            key = (invitation.company_id, who.email.strip().lower())
            ahead.keep({("stopped", invitation.school_id, *key): key in stopped})
    link_rows.read_ahead(
        (_occasion(found[r.about_id], r.person_id) for r in rows if r.about_id in found),
        links.LINK_DAYS,
    )


def _reader(invitation: Invitation) -> int:
    return invitation.contact_id or 0


def letter_context(campaign: Campaign, company: Company, contact, address: str) -> dict:
    """What the mail's templates need; also for the preview and the test."""
    merged = letters.merge(campaign, company, contact)
    return {
        "subject": merged.subject,
        "letter": merged.letter,
        "button_label": _("Ja, nee of nu niet"),
        "button_url": address,
        "sender_name": campaign.school.name,
        "school": campaign.school.name,
    }


def trial_address(campaign: Campaign, company: Company) -> str:
    """Where the writer of a letter tries the page that its button opens for the company."""
    args = [campaign.public_id, company.public_id]
    return settings.SITE_URL + reverse("companies:campaign_trial", args=args)


def attachments_of(campaign: Campaign) -> tuple[tuple[str, bytes, str], ...]:
    """The file that goes along with a letter."""
    file = campaign.attachment
    if file is None or file.removed_at is not None:
        return ()
    content = ahead.of(("file", file.pk), lambda: files.read(file))
    return ((file.name, content, file.content_type),)


def _letter(row, template: str, *, with_file: bool) -> mail.Letter | None:
    """None when there is nothing to ask this person any more, or the campaign is paused."""
    invitation = _invitation_of(row)
    if invitation is None or not _still_asks(invitation):
        return None
    if invitation.contact_id != row.person_id:  # it was passed on since
        return None
    campaign = invitation.campaign
    assert campaign is not None  # only a letter is mailed
    if campaign.state == CampaignState.PAUSED:
        return None
    address = _address(invitation, row.person_id)
    context = letter_context(campaign, invitation.company.stays, invitation.contact, address)
    stop_url = settings.SITE_URL + reverse("companies:letters_stop", args=[links.token_in(address)])
    return mail.Letter(
        template,
        {**context, "stop_url": stop_url},
        reply_to=campaign.created_by.email,
        attachments=attachments_of(campaign) if with_file else (),
        # RFC 8058: the mail program's own button; it posts, so that a scanner's GET stops nothing.
        headers={
            "List-Unsubscribe": f"<{stop_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )


@mail.footer_of_kind(PersonKind.CONTACT)
def ways_out(letter: mail.Letter) -> dict[str, str]:
    """Under every mail to a company that holds a link: it is for somebody else, or I left."""
    token = links.token_in(letter.context.get("button_url", ""))
    if not token:
        return {}
    return {"turns_url": settings.SITE_URL + reverse("companies:mail_turns", args=[token])}


def _still_asks(invitation: Invitation) -> bool:
    """Not when the company answered, is not to be asked any more, or its reader said stop."""
    unanswered = ahead.of(
        ("unanswered", invitation.pk),
        lambda: Invitation.objects.unanswered().filter(pk=invitation.pk).exists(),
    )
    if invitation.company.stays.standing != Standing.OPEN or not unanswered:
        return False
    person = mail.resolve_person(PersonKind.CONTACT, _reader(invitation))
    if person is None:
        return True
    key = (invitation.school_id, invitation.company_id, person.email.strip().lower())
    return not ahead.of(("stopped", *key), lambda: stops_of(invitation, person.email).exists())


@mail.event("invitation", mail.Notice(NoticeKind.COMPANY), to_named=True)
def invitation(row) -> mail.Letter | None:
    return _letter(row, "invitation_for_contact", with_file=True)


@mail.event("invitation_reminder", mail.Notice(NoticeKind.COMPANY), to_named=True)
def reminder(row) -> mail.Letter | None:
    return _letter(row, "invitation_reminder_for_contact", with_file=False)


@mail.event("campaign_test", mail.Notice(NoticeKind.COMPANY, at_night=True))
def test(row) -> mail.Letter | None:
    campaign = (
        Campaign.objects.select_related("school", "created_by", "period", "attachment")
        .filter(pk=row.about_id)
        .first()
    )
    company = Company.objects.filter(pk=row.details["company"]).first()
    if campaign is None or company is None:
        return None
    contact = mail_contacts(campaign.school_id, [company.pk]).get(company.pk)
    context = letter_context(campaign, company, contact, trial_address(campaign, company))
    return mail.Letter(
        "invitation_for_contact",
        {**context, "is_test": True},
        attachments=attachments_of(campaign),
    )


@mail.event("invitation_accepted", mail.Notice(NoticeKind.COMPANY, at_night=True), to_named=True)
def accepted(row) -> mail.Letter | None:
    """A yes in writing, with everything that was filled in."""
    found = _answered(row, InvitationState.YES)
    if found is None:
        return None
    place = Place.objects.select_related(*answered.RELATED).get(invitation=found)
    context = {**_copy(found, row), "given": answered.given(place), "tasks": place.offer.tasks}
    return mail.Letter("invitation_accepted_for_contact", context, reply_to=_writer_of(found))


@mail.event("invitation_noted", mail.Notice(NoticeKind.COMPANY, at_night=True), to_named=True)
def noted(row) -> mail.Letter | None:
    """A no, or not now until some month, in writing."""
    found = _answered(row, InvitationState.NO, InvitationState.LATER)
    if found is None:
        return None
    month = found.ask_again_on if found.state == InvitationState.LATER else None
    context = {
        **_copy(found, row),
        "month": month_words(month) if month else "",
        "no_reason": NoReason(found.no_reason).label if found.no_reason else "",
        "reason": found.reason,
        "wants_none": found.wants_none,
    }
    return mail.Letter("invitation_noted_for_contact", context, reply_to=_writer_of(found))


def _answered(row, *states: str) -> Invitation | None:
    """The answer this copy is of; None where another came after it, which has a copy of its own."""
    found = _invitation_of(row)
    if found is None or found.state not in states:
        return None
    return found if row.details.get("version", version_of(found)) == version_of(found) else None


def _copy(found: Invitation, row) -> dict:
    """What every copy says: of which question, how the answer came, and the way to change it."""
    told = found.answered_via != AnsweredVia.ITSELF and found.answered_by
    return {
        "school": found.school.name,
        "sender_name": found.school.name,
        "period": found.period,
        "told": AnsweredVia(found.answered_via).label if told else "",
        "told_to": found.answered_by.name if told and found.answered_by else "",
        "button_label": _("Bekijk of verander uw antwoord"),
        "button_url": _address(found, row.person_id),
    }


def _writer_of(found: Invitation) -> str:
    return found.campaign.created_by.email if found.campaign else ""


@mail.event("address_moves", mail.Notice(NoticeKind.ACCOUNT, at_night=True), to_named=True)
def address_moves(row) -> mail.Letter | None:
    """To a new address, as its owner typed it: prove that you read this mailbox."""
    address = links.link_for(
        person_kind=row.person_kind,
        person_id=row.person_id,
        purpose="home",
        region_id=row.region_id,
    )
    context = {"button_url": address, "button_label": _("Bevestig dit adres")}
    return mail.Letter("address_moves_for_contact", context)


@mail.event("company_changed", mail.Notice(NoticeKind.COMPANY))
def company_changed(row) -> mail.Letter | None:
    """To a contact: who was added, changed or put away at the company in the last day, and what

    of its facts was changed.
    """
    since = timezone.now() - timedelta(days=1)
    family = Company.objects.of_family([row.about_id])
    changes = CompanyChange.objects.filter(company__in=family, at__gte=since)
    found = list(changes.select_related("company").order_by("pk"))
    if not found:
        return None
    return mail.Letter(
        "company_changed_for_contact",
        {
            "company": found[0].company.name,
            "changes": [(change, lines_of(change)) for change in found],
            "button_label": _("Bekijk uw bedrijf"),
            "button_url": links.link_for(
                person_kind=row.person_kind,
                person_id=row.person_id,
                purpose="home",
                region_id=row.region_id,
                school_id=row.school_id,
            ),
        },
    )


@mail.event("follow_ups_due", mail.Notice(NoticeKind.COMPANY, staff=Pace.DAILY))
def follow_ups_due(row) -> mail.Letter | None:
    """To whoever wanted to call or visit companies: those of today, and what lies there longer."""
    due = FollowUp.objects.due().filter(who=row.person_id).select_related("company__merged_into")
    rows = list(due.order_by("due", "pk")[: FOLLOW_UPS_TOLD + 1])
    if not rows:
        return None
    return mail.Letter(
        "follow_ups_due_for_membership",
        {
            "rows": rows[:FOLLOW_UPS_TOLD],
            "more": len(rows) > FOLLOW_UPS_TOLD,
            "button_label": _("Bekijk wat je opvolgt"),
            "button_url": settings.SITE_URL + reverse("companies:follow_up_list"),
        },
    )


@mail.event(
    "nomination_settled", mail.Notice(NoticeKind.COMPANY, staff=Pace.DAILY, student=Pace.DAILY)
)
def nomination_settled(row) -> mail.Letter | None:
    """To whoever named a company: the school took it on, or did not, and why."""
    found = Nomination.objects.filter(pk=row.about_id).select_related("school").first()
    if found is None or not (found.is_taken or found.is_refused):
        return None
    return mail.Letter(
        SETTLED[PersonKind(row.person_kind)],
        {
            "nomination": found,
            "school": found.school.name,
            "sender_name": found.school.name,
            "button_label": _("Bekijk het"),
            "button_url": _page_of_nominations(row),
        },
    )


def _page_of_nominations(row) -> str:
    """The page for who logs in; for a parent a link that leads there."""
    if row.person_kind != PersonKind.GUARDIAN:
        return settings.SITE_URL + reverse("companies:nominate")
    return links.link_for(
        person_kind="guardian",
        person_id=row.person_id,
        purpose="nomination",
        target="",
        region_id=row.region_id,
        school_id=row.school_id,
    )
