"""Which mails go out about an agreement, and to whom; `notifications.py` writes them."""

from __future__ import annotations

from collections.abc import Iterable

from companies import trust
from companies.enums import ContactRole
from placements.agreements.enums import Party
from placements.agreements.models import Agreement, SigningRefusal
from placements.agreements.queries import signers
from stage.core import mail
from stage.core.dutch.calendar import school_today


def ask_to_fill(
    agreement: Agreement,
    parties: Iterable[str] = (Party.STUDENT, Party.COMPANY),
    *,
    again: bool = False,
) -> None:
    """Ask student and company for their part; with `again` because an answer changed.

    One mail per person a day at the start, however many agreements were started at once.
    """
    today = school_today()
    key = f"agreement-refill:{agreement.pk}" if again else f"agreement-fill:{agreement.version}"
    for person in fillers(agreement, parties):
        _queue(agreement, "agreement_fill", person, f"{key}:{person.kind}:{person.id}:{today}")


def fillers(agreement: Agreement, parties: Iterable[str]) -> list[signers.Signer]:
    """Who fills in the parts of these parties and can be mailed; the school sees a to-do."""
    people = []
    if Party.STUDENT in parties:
        student = agreement.student
        people.append(signers.Signer("student", student.pk, student.full_name, student.email))
    if Party.COMPANY in parties:
        people += _company_people(agreement)
    return [person for person in people if person.email]


def _company_people(agreement: Agreement) -> list[signers.Signer]:
    known = trust.known_people(agreement.school_id, [agreement.company_id])
    rows = known.get(agreement.company_id, [])
    own = agreement.placement.supervisor_now_id
    for fills in (
        [r for r in rows if ContactRole.CONTACT in r.may],
        [r for r in rows if ContactRole.SIGNATORY in r.may],
        [r for r in rows if r.pk == own],
    ):
        if fills:
            return [signers.Signer("contact", r.pk, r.name, r.address) for r in fills]
    return []


def ask_to_sign(agreement: Agreement) -> None:
    """Ask everybody outside the school whose turn it is; the school sees a to-do.

    Once per person: it may be called again when a signature makes it the turn of others.
    """
    for person in _outside([slot for slot in signers.slots_of(agreement) if slot.waits]):
        key = f"agreement-sign:{agreement.pk}:{person.kind}:{person.id}"
        _queue(agreement, "agreement_sign", person, key)


def remind(agreement: Agreement, slots: list[signers.Slot]) -> int:
    """Remind whose signature can be given now, or the same day not at all; returns how many people.

    One mail per person a day, whoever asks for it; it names all that waits for that person.
    """
    today = school_today()
    people = _outside([slot for slot in slots if slot.waits])
    for person in people:
        key = f"agreement-reminder:{person.kind}:{person.id}:{today}"
        _queue(agreement, "agreement_reminder", person, key)
    return len(people)


def remind_to_fill(agreement: Agreement) -> int:
    """Remind student and company of the parts that wait; one mail per person a day."""
    unchecked = agreement.answers.filter(checked_at__isnull=True).values_list("party", flat=True)
    people = fillers(agreement, set(unchecked))
    for person in people:
        key = f"agreement-fill:{person.kind}:{person.id}:{school_today()}"
        _queue(agreement, "agreement_fill", person, key)
    return len(people)


def _outside(slots: list[signers.Slot]) -> list[signers.Signer]:
    return [
        person
        for slot in slots
        if slot.party != Party.SCHOOL
        for person in slot.people
        if person.email
    ]


def tell_complete(agreement: Agreement) -> None:
    """Everybody who could sign hears that it is done, and where the signed copy is."""
    for slot in signers.slots_of(agreement):
        for person in slot.people:
            signed_here = slot.signature and slot.signature.person_id == person.id
            if person.email and (signed_here or slot.party != Party.SCHOOL):
                key = f"agreement-complete:{agreement.pk}:{person.kind}:{person.id}"
                _queue(agreement, "agreement_complete", person, key)


def tell_objection(agreement: Agreement) -> None:
    """The coordinators hear what a party found wrong; `agreement` is the new version."""
    if agreement.objection_by == Party.SCHOOL:
        return
    school = next(s for s in signers.slots_of(agreement) if s.party == Party.SCHOOL)
    for person in school.people:
        key = f"agreement-objection:{agreement.pk}:{person.id}"
        _queue(agreement, "agreement_objected", person, key)


def tell_refusal(refusal: SigningRefusal) -> None:
    """The coordinators and the student's teacher hear that somebody does not sign."""
    agreement = refusal.agreement
    slots = signers.slots_of(agreement)
    school = next(s for s in slots if s.party == Party.SCHOOL)
    people = {person.id for person in school.people}
    if agreement.placement.teacher_id:
        people.add(agreement.placement.teacher_id)
    for membership in sorted(people):
        mail.queue(
            "agreement_refused",
            person_kind="membership",
            person_id=membership,
            key=f"agreement-refused:{refusal.pk}:{membership}",
            region_id=agreement.school.region_id,
            school_id=agreement.school_id,
            about=refusal,
        )


def _queue(agreement: Agreement, event: str, person: signers.Signer, key: str) -> None:
    mail.queue(
        event,
        person_kind=person.kind,
        person_id=person.id,
        key=key,
        region_id=agreement.school.region_id,
        school_id=agreement.school_id,
        about=agreement,
    )
