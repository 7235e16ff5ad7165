"""What a company said by telephone, entered by whoever called."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from companies import policies
from companies.enums import ANSWERED, AnsweredVia, CallOutcome, InvitationState
from companies.models import Call, Company, Contact, Invitation
from companies.queries import mail_contacts
from companies.services.answers import Reply, answer_invitation
from companies.services.asking import hold_questions
from companies.services.contacts import line_at
from stage.core.dutch.calendar import school_today
from stage.core.record import audit
from stage.core.tenants.tenancy import as_school_of
from stage.core.who.policies import Conflict, require


@transaction.atomic
def note_call(company: Company, outcome: str, *, question=None, note="", school_id=None, actor):
    """Note a call: the outcome and, in a few words, what was said. Returns the call.

    `school_id`: for which school a bureau called; without it, the actor's own. An answer itself is
    taken by `take_answer`.
    """
    row = Call(
        school_id=question.school_id if question else (school_id or actor.school_id),
        region_id=company.region_id,
        company_id=question.company_id if question else company.pk,
        invitation=question.asked if question else None,
        outcome=outcome,
        note=note,
        by_id=None if actor.is_bureau else actor.membership,
    )
    require(policies.may_call, actor, row)
    with as_school_of(row):
        row.save()
        audit.record(actor, "company_called", row)
    return row


@transaction.atomic
def take_answer(
    invitation: Invitation, reply: Reply, *, via: str = AnsweredVia.PHONE, note: str = "", actor
) -> Invitation:
    """Enter what a company said; a call is noted with it. Raises as `answer_invitation` does.

    The bureau enters first answers only: what was answered is between the company and its school.
    """
    require(policies.may_call, actor, invitation)
    if actor.is_bureau and invitation.asked.state in ANSWERED:
        raise Conflict(_("Dit bedrijf gaf de school al antwoord."))
    row = answer_invitation(invitation, reply, via=via, actor=actor)
    if via == AnsweredVia.PHONE:
        note_call(
            invitation.company, CallOutcome(reply.answer), question=row, note=note, actor=actor
        )
    return row


@transaction.atomic
def open_question(company: Company, period, *, contact: Contact | None = None, actor) -> Invitation:
    """The school's question to a company about a period, without a letter; the one that is there,

    where it was asked before. Nobody is mailed. Raises Conflict when the period is over.
    """
    row = Invitation(
        school_id=period.school_id,
        region_id=company.region_id,
        company=company,
        period=period,
        state=InvitationState.NO_ADDRESS,
    )
    require(policies.may_call, actor, row)
    if period.ends < school_today():
        raise Conflict(_("Deze periode is voorbij."))
    with as_school_of(row):
        hold_questions(period.school_id)
        questions = Invitation.objects.questions().filter(period=period)
        found = questions.filter(company__family_id=company.family_id).order_by("pk").first()
        if found is not None:
            return found
        given = contact or mail_contacts(period.school_id, [company.pk]).get(company.pk)
        row.contact = line_at(given, company.pk, actor=actor) if given else None
        row.created_at = timezone.now()
        row.save(force_insert=True)
        audit.record(actor, "question_opened", row)
    return row
