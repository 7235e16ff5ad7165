"""Who may read, fill, freeze and sign an agreement, and open a signed sheet."""

from __future__ import annotations

from django.utils.translation import gettext as _

from companies import trust
from placements.agreements.enums import FileKind, Party
from stage.core.files import kinds
from stage.core.who.policies import (
    ALLOWED,
    Answer,
    Denied,
    any_of,
    coordinator_of,
    own_guardian,
    own_student,
)
from stage.schools.guidance import guides

__all__ = [
    "a_party",
    "coordinator_of",
    "may_fill",
    "may_object",
    "may_open_paper",
    "may_read",
    "may_settle",
    "may_sign",
    "party_of",
]


def party_of(actor) -> str | None:
    """As which party somebody acts; None for those who are none."""
    if actor.is_student:
        return Party.STUDENT
    if actor.is_guardian:
        return Party.GUARDIAN
    if actor.is_company:
        return Party.COMPANY
    return Party.SCHOOL if actor.is_coordinator else None


a_party = any_of(coordinator_of, own_student, own_guardian, trust.reads_agreement)


def may_read(actor, agreement) -> Answer:
    """The parties, and who guides the student from school."""
    return any_of(a_party, guides)(actor, agreement)


def may_fill(actor, agreement, party: str) -> Answer:
    """Each party its own part; the coordinator also that of who cannot do it here."""
    if party not in (Party.STUDENT, Party.COMPANY, Party.SCHOOL):
        return Denied(_("Dit deel bestaat niet."))
    if coordinator_of(actor, agreement):
        return ALLOWED
    if party == party_of(actor) and a_party(actor, agreement):
        return ALLOWED
    return Denied(_("Dit deel vult iemand anders in."))


def may_sign(actor, agreement) -> Answer:
    """One of the parties; whether it is this person's turn is in `signers`."""
    return a_party(actor, agreement)


def may_settle(actor, refusal) -> Answer:
    """Who can call about it: the coordinator, and who guides the student from school."""
    return any_of(coordinator_of, guides)(actor, refusal)


def may_object(actor, agreement) -> Answer:
    """Any party may say that the text is not right."""
    return a_party(actor, agreement)


@kinds.register(FileKind.PAPER, takes=("image", "pdf"), of_signatories=True)
def may_open_paper(actor, file) -> Answer:
    """Staff of the school: the sheet shows other people's handwriting."""
    if actor.is_staff and actor.school_id == file.school_id:
        return ALLOWED
    return Denied(_("Dit kan alleen een medewerker van de school."))
