"""A company's answer to an invitation, and changing it later."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from datetime import date, time

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from companies import capacity, policies, trust
from companies.enums import AnsweredVia, ContactRole, InvitationState, TrustSource
from companies.models import (
    Contact,
    Department,
    Invitation,
    Location,
    Place,
    PollDay,
    Trust,
)
from companies.queries import mail_contacts
from companies.school_line import line_of
from companies.services import offers
from companies.services.contacts import name_supervisor
from companies.services.trust import vouch
from companies.workflow import INVITATION
from stage.core import mail
from stage.core.dutch.calendar import school_today
from stage.core.enums import PersonKind
from stage.core.record import workflow
from stage.core.tenants.tenancy import as_school_of
from stage.core.who.policies import Conflict, require


@dataclass(frozen=True)
class NewPerson:
    """A supervisor whom we do not know yet."""

    name: str
    email: str
    telephone: str = ""


@dataclass(frozen=True)
class Reply:
    """What the company filled in. `answer` is yes, no or later.

    `seen` is what `version_of` gave when the form was made: an answer that somebody else gave
    meanwhile is never overwritten unseen.
    """

    answer: str
    seen: str
    how_many: int = 0
    weekdays: list[int] = field(default_factory=list)
    not_on: list[date] = field(default_factory=list)
    day_from: time | None = None
    day_to: time | None = None
    tasks: str | None = ""  # None: as the offer says already
    location: Location | None = None
    department: Department | None = None
    keeps_department: bool = True  # where none is given: the one it has
    supervisor: Contact | NewPerson | None = None
    no_reason: str = ""
    reason: str = ""
    ask_again_on: date | None = None


def version_of(invitation: Invitation) -> str:
    """Changes with every answer to the question."""
    row = invitation.asked
    return row.answered_at.isoformat() if row.answered_at else ""


@transaction.atomic
def answer_invitation(
    invitation: Invitation, reply: Reply, *, via: str = AnsweredVia.ITSELF, actor
) -> Invitation:
    """Take an answer, first or changed; returns the question as it is now.

    A letter that asks again what was asked before leads to the same question, the same answer and
    the same place. Staff enter what a company said (`via`). Raises Conflict when somebody answered
    meanwhile, when the period is over, or when fewer places are offered than students are counting
    on.
    """
    require(policies.may_answer, actor, invitation)
    with contextlib.ExitStack() as stack:
        if not actor.is_company:
            stack.enter_context(as_school_of(invitation))
        number = invitation.question_id or invitation.pk
        row = Invitation.objects.select_for_update(of=("self",)).get(pk=number)
        if version_of(row) != reply.seen:
            raise Conflict(_changed_meanwhile(actor))
        if row.period.ends < school_today():
            raise Conflict(_("Deze stageperiode is voorbij. Antwoorden kan niet meer."))
        place = offers.lock_place_of(row)
        _check_in_use(place, reply, actor=actor)
        if reply.answer == InvitationState.YES:
            _offer(row, place, reply, actor=actor)
        elif place is not None:
            offers.withdraw_place(place, actor=actor)
        step = {"yes": "accept", "no": "decline", "later": "postpone"}[reply.answer]
        workflow.apply(
            row,
            INVITATION[step],
            actor=actor,
            no_reason=reply.no_reason,
            reason=reply.reason,
            ask_again_on=reply.ask_again_on,
            answered_at=timezone.now(),
            answered_via=via,
            answered_by_id=actor.membership if actor.is_coordinator or actor.is_teacher else None,
        )
        _copy(row, actor)
    return row


def _changed_meanwhile(actor) -> str:
    if actor.is_company:
        return _("Iemand van uw bedrijf gaf net ook antwoord. Hieronder ziet u welk.")
    return _("Er kwam net een ander antwoord binnen. Hieronder zie je welk.")


def _check_in_use(place: Place | None, reply: Reply, *, actor) -> None:
    offered = reply.how_many if reply.answer == InvitationState.YES else 0
    used = capacity.in_use(place) if place is not None else 0
    if place is None or offered >= used:
        return
    told = ngettext(
        "Er rekent al %(used)s leerling op een plek.",
        "Er rekenen al %(used)s leerlingen op een plek.",
        used,
    ) % {"used": used}
    if actor.is_company:
        more = _("Wilt u minder plekken? %(call)s") % {"call": line_of(place).words}
    else:
        more = _("Geef die leerling eerst een andere plek.")
    raise Conflict(f"{told} {more}")


def _offer(invitation: Invitation, place: Place | None, reply: Reply, *, actor) -> None:
    """A letter asks for places in one period of one school: its share of what is offered."""
    terms = offers.Terms(
        starts=invitation.period.starts,
        ends=invitation.period.ends,
        how_many=reply.how_many,
        weekdays=reply.weekdays,
        day_from=reply.day_from,
        day_to=reply.day_to,
        tasks=reply.tasks,
        supervisor=_supervisor(invitation, reply.supervisor, actor=actor),
        location=reply.location or _usual_location(invitation, place),
        department=_department(place, reply),
    )
    if place is None:
        offers.make_offer(invitation, terms, actor=actor)
    else:
        offers.change_offer(place, terms, actor=actor)
    _keep_poll(invitation, reply)


def _department(place: Place | None, reply: Reply) -> Department | None:
    if reply.department is None and reply.keeps_department and place is not None:
        return place.offer.department
    return reply.department


def _usual_location(invitation: Invitation, place: Place | None) -> Location | None:
    """Where the place is already, else the company's first address."""
    if place is not None:
        return place.offer.location
    return Location.objects.filter(company_id=invitation.company_id).first()


def _keep_poll(invitation: Invitation, reply: Reply) -> None:
    PollDay.objects.filter(invitation=invitation).delete()
    period = invitation.period
    if not period.is_short:
        return
    off = set(reply.not_on)
    PollDay.objects.bulk_create(
        [
            PollDay(
                school_id=invitation.school_id,
                region_id=invitation.region_id,
                company_id=invitation.company_id,
                invitation=invitation,
                date=day,
                available=day not in off and day.isoweekday() in reply.weekdays,
            )
            for day in period.days()
        ]
    )


def _supervisor(invitation: Invitation, given, *, actor) -> Contact | None:
    """The contact who guides. Who is known as the company's contact vouches for that person."""
    if given is None:
        return None
    if isinstance(given, NewPerson):
        return name_supervisor(invitation=invitation, actor=actor, **vars(given))
    rows = Contact.objects.active().filter(company_id=invitation.company_id, pk=given.pk)
    found = rows.first()
    if found is not None and (trust.is_contact(actor, invitation) or actor.is_coordinator):
        _let_known_guide(found, invitation, actor)
    return found


def _let_known_guide(contact: Contact, invitation: Invitation, actor) -> None:
    """The form shows names, no addresses: only whom the school knows already may guide at once.

    Anybody else is asked about with the address in sight (`addresses.colleagues_of`).
    """
    known = Trust.objects.visible_to(actor).live()
    if known.filter(school=invitation.school_id, contact=contact).exists():
        vouch(contact, [ContactRole.SUPERVISOR], source=TrustSource.NAMED, actor=actor)


def _copy(invitation: Invitation, actor) -> None:
    """In writing what was answered: to who answered, else to whom the school's letters go."""
    if actor.is_company:
        person_id = actor.id
    else:
        company_id = invitation.company_id
        reader = mail_contacts(invitation.school_id, [company_id]).get(company_id)
        if reader is None:  # entered by hand, for a company without an address
            return
        person_id = reader.pk
    said_yes = invitation.state == InvitationState.YES
    event = "invitation_accepted" if said_yes else "invitation_noted"
    mail.queue(
        event,
        person_kind=PersonKind.CONTACT,
        person_id=person_id,
        key=f"{event}:{invitation.pk}:{version_of(invitation)}",
        region_id=invitation.region_id,
        school_id=invitation.school_id,
        about=invitation,
        details={"version": version_of(invitation)},
    )
