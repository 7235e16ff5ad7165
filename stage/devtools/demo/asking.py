"""Campaigns and what companies answer, and what the mail server did with letters of the past."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import F

from companies import letters, services
from companies.enums import ContactRole, InvitationState, NoReason
from companies.identity import actor_of_link
from companies.models import Campaign, Company, Contact, Invitation, Place
from companies.services import Reply
from companies.services.answers import NewPerson, version_of
from stage.core.enums import MailState
from stage.core.models import OutboxMail
from stage.core.tenants.tenancy import Scope, use
from stage.devtools.demo import clock
from stage.devtools.demo.cast import by
from stage.devtools.demo.schools import DemoSchool
from stage.schools.enums import PeriodKind
from stage.schools.models import Group

NO_WORDS = {
    NoReason.NO_TIME: "Wij zitten midden in een verbouwing. Volgend jaar graag weer.",
    NoReason.FULL: "",
    NoReason.BAD_PERIOD: "Dit is voor ons de drukste tijd van het jaar.",
    NoReason.NO_WORK: "",
}


@dataclass(frozen=True)
class Answers:
    """How many companies give which answer, in the order they were asked; the rest is silent."""

    yes: int
    no: int = 0
    later: int = 0
    bounced: int = 0


def was_posted(scope: Scope, before: datetime, *, refused: Sequence[Invitation] = ()) -> None:
    """Letters of the past have left (of `refused`: were refused); they are not sent today."""
    with use(scope):
        waiting = OutboxMail.objects.filter(state=MailState.QUEUED, created_at__lte=before)
        bounced = waiting.about(Invitation).filter(about_id__in=[i.pk for i in refused])
        bounced.update(state=MailState.REFUSED, error="550 unknown user")
        waiting.update(state=MailState.SENT, changed_at=F("created_at"))


def draft(school: DemoSchool, group: Group, *, answer_before: date) -> Campaign:
    """A campaign with the usual letter, kept as a draft."""
    campaign = Campaign(
        school=school.cast.school,
        group=group,
        period=group.period,
        subject=letters.DEFAULT_SUBJECT,
        letter=letters.DEFAULT_LETTER,
        answer_before=answer_before,
        created_by_id=school.coordinator.membership,
    )
    return by(school.coordinator, services.add_campaign, campaign)


def ask(
    school: DemoSchool, group: Group, *, day: date, answers: Answers, places: Sequence[int]
) -> list[Place]:
    """Send a campaign on a day in the past and let companies answer; the places they offer."""
    actor, cast = school.coordinator, school.cast
    with clock.at(clock.on(day, "10:30")):
        campaign = draft(school, group, answer_before=day + timedelta(days=14))
        know(school, group)
        by(actor, services.send_campaign, campaign)
    with use(cast.scope):
        rows = Invitation.objects.filter(campaign=campaign).order_by("pk")
        asked = list(rows.select_related("company", "period"))
    gone = asked[-answers.bounced :] if answers.bounced else []
    with clock.at(clock.on(day, "10:45")) as now:
        was_posted(cast.scope, now, refused=gone)
        by(cast.job, services.note_deliveries)
        by(cast.job, services.finish_sent)
    with use(cast.scope):
        replies = [_reply(index, answers, row, places) for index, row in enumerate(asked)]
    for index, (row, reply) in enumerate(zip(asked, replies, strict=True)):
        if reply is None:
            continue
        when = clock.on(
            day + timedelta(days=index % 5), f"{8 + index % 9:02d}:{7 * index % 60:02d}"
        )
        with clock.at(when):
            company = cast.company(row.company_id, ContactRole.CONTACT)
            by(company, services.answer_invitation, row, reply)
    with use(cast.scope):
        found = Place.objects.filter(invitation__campaign=campaign).order_by("pk")
        return list(found.select_related("company", "period", "supervisor"))


def ask_for_more(school: DemoSchool, group: Group, *, day: date, company: Company) -> None:
    """A letter for a second group of a period, to who was asked already and to `company`.

    Who answered is not asked twice; `company` has no e-mail, so somebody calls in vain.
    """
    with clock.at(clock.on(day, "15:10")) as now:
        campaign = draft(school, group, answer_before=day + timedelta(days=14))
        by(school.coordinator, services.send_campaign, campaign)
        was_posted(school.cast.scope, now)
        by(school.cast.job, services.finish_sent)
    with clock.at(clock.on(day, "15:40")), use(school.cast.scope):
        row = Invitation.objects.get(campaign=campaign, company=company)
        by(school.coordinator, services.note_call, company, "no_answer", question=row)


def know(school: DemoSchool, group: Group) -> None:
    """The coordinator looks at the addresses the bureau typed, and says that they are right."""
    with use(school.cast.scope):
        rows = Contact.objects.named_only(school.cast.school.pk)
        named = list(rows.filter(company__in=group.companies.values("company")).order_by("pk"))
    by(school.coordinator, services.confirm_addresses, named)


def name_through_link(school: DemoSchool, place: Place, *, name: str, email: str) -> None:
    """Somebody opens the letter again and names who will guide; nobody knows that address."""
    with use(school.cast.scope):
        related = ("period", "company", "contact")
        row = Invitation.objects.select_related(*related).get(pk=place.invitation_id)
    reply = Reply(
        "yes",
        version_of(row),
        how_many=place.how_many,
        weekdays=list(place.weekdays),
        tasks=place.offer.tasks,
        supervisor=NewPerson(name, email),
    )
    assert row.contact is not None  # it was mailed
    by(actor_of_link(row.contact, row), services.answer_invitation, row, reply)


def send_anew(school: DemoSchool, group: Group) -> None:
    """The coordinator tries a refused letter once more: it waits for the worker."""
    with use(school.cast.scope):
        refused = Invitation.objects.filter(campaign__group=group, state=InvitationState.BOUNCED)
        row = refused.order_by("pk").first()
    by(school.coordinator, services.resend_invitation, row)


def _reply(index: int, answers: Answers, row: Invitation, places: Sequence[int]) -> Reply | None:
    if index < answers.yes:
        return _yes(index, row, places[index % len(places)])
    if index < answers.yes + answers.no:
        reason, words = list(NO_WORDS.items())[index % len(NO_WORDS)]
        return Reply("no", version_of(row), no_reason=reason, reason=words)
    if index < answers.yes + answers.no + answers.later:
        again = row.period.ends + timedelta(days=30)
        words = "Vraag het ons na de zomer nog eens, dan hebben wij een nieuwe begeleider."
        return Reply("later", version_of(row), reason=words, ask_again_on=again)
    return None


def _yes(index: int, row: Invitation, how_many: int) -> Reply:
    found = Contact.objects.active().with_role(ContactRole.SUPERVISOR)
    weekdays = list(row.period.weekdays)
    return Reply(
        "yes",
        version_of(row),
        how_many=how_many,
        # Now and then a company that cannot on one of the days.
        weekdays=weekdays[:-1]
        if index % 6 == 5 and row.period.kind == PeriodKind.BLOCK
        else weekdays,
        tasks=row.company.tasks,
        supervisor=found.filter(company_id=row.company_id).first(),
    )
