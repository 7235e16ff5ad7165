"""A company that somebody of a school knows: said, taken on by the school, or not and why."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from companies import policies
from companies.enums import NominationState, NoteKind
from companies.models import Company, Location, Nomination
from companies.services.pool import add_company
from companies.services.relations import Said, add_note, set_owner
from stage.core import mail
from stage.core.enums import PersonKind
from stage.core.models import Membership
from stage.core.record import audit
from stage.core.who.policies import Conflict, require
from stage.schools.models import Student

MOST_OPEN = 5  # of one student or parent at a time: no list to fill for fun


@dataclass(frozen=True)
class Nominated:
    """What somebody says of a company."""

    name: str
    city: str
    why: str = ""
    who: str = ""
    telephone: str = ""
    email: str = ""


@transaction.atomic
def nominate(words: Nominated, *, actor) -> Nomination:
    """Tell the own school of a company. Raises NotAllowed; Conflict when too many wait already."""
    row = Nomination(
        school_id=actor.school_id,
        region_id=actor.scope.regions[0],
        by_name=actor.name,
        **asdict(words),
    )
    if actor.is_student or actor.is_guardian:
        row.student_id = actor.student_id
        if actor.is_student:  # a log-in holds no name
            row.by_name = Student.objects.visible_to(actor).get(pk=actor.student_id).full_name
        row.by_kind = PersonKind.GUARDIAN if actor.is_guardian else PersonKind.STUDENT
        row.guardian_id = actor.id if actor.is_guardian else None
    else:
        row.by_kind, row.by_id = PersonKind.MEMBERSHIP, actor.membership
    require(policies.may_nominate, actor, row)
    waiting = Nomination.objects.visible_to(actor).named()
    if not actor.is_staff and waiting.count() >= MOST_OPEN:
        raise Conflict(_("Je school kijkt nog naar de bedrijven die je noemde."))
    row.save()
    audit.record(actor, "nomination_made", row)
    return row


@transaction.atomic
def withdraw_nomination(row: Nomination, *, actor) -> None:
    """Who said it takes it back. Raises NotAllowed; Conflict once the school looked."""
    require(policies.may_nominate, actor, row)
    rows = Nomination.objects.visible_to(actor).named().filter(pk=row.pk)
    if not rows.update(state=NominationState.WITHDRAWN):
        raise Conflict(_("Je school heeft er al naar gekeken."))
    audit.record(actor, "nomination_withdrawn", row, fields=("state",))


@transaction.atomic
def take_on(row: Nomination, *, known: Company | None, owner: Membership | None, actor) -> Company:
    """The school takes it on: as a company of the pool, or as a new one, with what was said.

    What was said becomes the first line of the school's own log. Raises NotAllowed; Conflict when
    a colleague was first.
    """
    require(policies.may_settle, actor, row)
    _hold(row)
    company = known or add_company(
        Company(region_id=row.region_id, name=row.name, telephone=row.telephone),
        location=Location(city=row.city),
        contact=None,
        actor=actor,
    )
    company = company.stays
    _settle(row, NominationState.TAKEN, known_as=company, actor=actor)
    add_note(company, Said(_words_of(row), kind=NoteKind.NOTE), actor=actor)
    if owner is not None:
        set_owner(company, owner, actor=actor)
    audit.record(actor, "nomination_taken", row, fields=("state", "known_as"))
    return company


def _words_of(row: Nomination) -> str:
    """As the first line of the log: whom to ask for, and no name of a student or parent."""
    said = {
        PersonKind.STUDENT: _("Genoemd door een leerling."),
        PersonKind.GUARDIAN: _("Genoemd door een ouder of verzorger."),
    }
    colleague = _("Genoemd door %(name)s.") % {"name": row.by_name}
    lines = [said.get(PersonKind(row.by_kind), colleague), row.why]
    reach = ", ".join(filter(None, [row.who, row.telephone, row.email]))
    return "\n".join(filter(None, [*lines, reach]))


@transaction.atomic
def refuse_nomination(row: Nomination, *, answer: str, actor) -> None:
    """The school does not take it on, and says why. Raises as `take_on` does."""
    require(policies.may_settle, actor, row)
    _hold(row)
    _settle(row, NominationState.REFUSED, answer=answer, actor=actor)
    audit.record(actor, "nomination_refused", row, fields=("state", "answer"))


def _hold(row: Nomination) -> None:
    """One at a time: of two colleagues the second reads what the first did."""
    held = Nomination.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if not held.is_named:
        words = {"state": str(held.get_state_display()).lower()}
        raise Conflict(_("Hier is al naar gekeken: %(state)s.") % words)


def _settle(row: Nomination, state: str, *, actor, **values) -> None:
    for name, value in {
        "state": state,
        "settled_at": timezone.now(),
        "settled_by_id": actor.membership,
        **values,
    }.items():
        setattr(row, name, value)
    row.save()
    person = {
        PersonKind.MEMBERSHIP: row.by_id,
        PersonKind.STUDENT: row.student_id,
        PersonKind.GUARDIAN: row.guardian_id,
    }[PersonKind(row.by_kind)]
    if person is not None and row.by_id != actor.membership:
        mail.queue(
            "nomination_settled",
            person_kind=row.by_kind,
            person_id=person,
            key=f"nomination_settled:{row.pk}",
            region_id=row.region_id,
            school_id=row.school_id,
            about=row,
        )
