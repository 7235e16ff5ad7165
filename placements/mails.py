"""Puts the mails of applications and placements in the outbox; run in the school's scope."""

from __future__ import annotations

from datetime import datetime

from companies import trust
from companies.models import Contact
from placements.models import Application, ApplicationQuestion, OwnCompany, Placement
from placements.queries import contact_of
from stage.core import mail
from stage.core.enums import PersonKind, Role
from stage.core.models import Membership, School
from stage.schools.models import Student


def application_sent(application: Application) -> None:
    """A student applies: to the company's contact."""
    _to_contact("application_sent", to_whom(application), _sent_key(application), application)


def application_handed(application: Application, contact: Contact) -> None:
    """The same to who takes over from somebody that left; kept back until the school knows them."""
    key = f"{_sent_key(application)}:{contact.pk}"
    _to_contact("application_sent", contact, key, application)


def application_parked(application: Application) -> None:
    """Another company said yes first: to the company's contact, if it was mailed before."""
    _tell_again("application_parked", application)


def application_closed(application: Application) -> None:
    """The student goes elsewhere: to the contact of a company that was asked and said nothing."""
    _tell_again("application_closed", application)


def _tell_again(event: str, application: Application) -> None:
    """A mail to who knows of the application: where the first one has not left, neither does."""
    if application.submitted_at is None or mail.withdraw(_sent_key(application)):
        return
    if mail.withdraw_about(application, "application_back"):
        return
    key = f"{event}:{application.public_id}:{_stamp(application.submitted_at)}"
    _to_contact(event, to_whom(application), key, application)


def application_back(application: Application) -> None:
    """A parked or closed application asks again: to the company's contact.

    Where the mail that it rests has not left, neither does this one.
    """
    resting = ("application_parked", "application_closed", "application_off")
    if not mail.withdraw_about(application, *resting):
        _to_contact("application_back", to_whom(application), _back_key(application), application)


def application_off(application: Application) -> None:
    """A student the company said yes to does not come: to the company's contact."""
    key = f"application-off:{application.public_id}:{_stamp(application.decided_at)}"
    _to_contact("application_off", to_whom(application), key, application)


def application_answered(application: Application) -> None:
    """The company answered, or did not in time: to the student, who may have no address.

    Of an answer that changed before it was told, only the last one is.
    """
    mail.withdraw_about(application, "application_answered")
    stamp = _stamp(application.decided_at)
    key = f"application-answer:{application.public_id}:{application.state}:{stamp}"
    _to_student("application_answered", key, application)


def own_company_checked(own: OwnCompany) -> None:
    """The school asked the company a student brought, or will not: to the student."""
    _to_student("own_company_checked", f"own-company:{own.public_id}", own)


def question_asked(question: ApplicationQuestion, student: Student) -> None:
    """A company asks: to the student, who may have no address, or to the school's coordinators."""
    if question.is_to_student:
        people = [(PersonKind.STUDENT, student.pk)] if student.email else []
    else:
        staff = Membership.objects.active().filter(
            school_id=question.school_id, role=Role.COORDINATOR
        )
        people = [(PersonKind.MEMBERSHIP, pk) for pk in staff.values_list("pk", flat=True)]
    for kind, person_id in people:
        key = f"question:{question.public_id}:{person_id}"
        _queue("question_asked", kind, person_id, key, question)


def question_answered(question: ApplicationQuestion) -> None:
    """The answer: to who asked, else to whom the school mails there."""
    application = question.application
    contact = question.asked_by or to_whom(application)
    _to_contact("question_answered", contact, f"answer:{question.public_id}", question)


def placement_made(placement: Placement) -> None:
    """The student has a place: to the student, who may have no address."""
    _to_student("placement_made", f"placement:{placement.public_id}", placement)


def placement_undone(placement: Placement) -> None:
    """The school undid the match: to the student, who may have no address."""
    _to_student("placement_undone", f"placement-undone:{placement.public_id}", placement)


def brief_recipients(placement: Placement) -> list[Contact]:
    """Who gets the placement brief: the contact and the supervisor, as far as the school knows

    them, each address once.
    """
    school_id, company_id = placement.school_id, placement.company_id
    known = trust.known_people(school_id, [company_id]).get(company_id, [])
    guides = [c for c in known if c.pk == placement.supervisor_now_id]
    people = [contact_of(school_id, company_id, place=placement.place), *guides]
    by_address = {p.address: p for p in reversed(people) if p is not None}
    return list(reversed(by_address.values()))


def placement_brief(placement: Placement, people: list[Contact]) -> int:
    """Queue the placement brief; returns how many."""
    stamp = _stamp(placement.briefed_at)
    for person in people:
        key = f"brief:{placement.public_id}:{person.pk}:{stamp}"
        _to_contact("placement_brief", person, key, placement)
    return len(people)


def to_whom(application: Application) -> Contact | None:
    """Whom the school mails about an application."""
    return contact_of(application.school_id, application.company_id, place=application.place)


def _stamp(moment: datetime | None) -> float:
    """What tells one time from the next in the key of a mail."""
    return moment.timestamp() if moment else 0


def _sent_key(application: Application) -> str:
    return f"application:{application.public_id}:{_stamp(application.submitted_at)}"


def _back_key(application: Application) -> str:
    return f"application-back:{application.public_id}:{_stamp(application.submitted_at)}"


def _to_contact(event: str, contact: Contact | None, key: str, row) -> None:
    """To somebody of a company, if the school knows anybody there."""
    if contact:
        _queue(event, PersonKind.CONTACT, contact.pk, key, row, region_id=contact.region_id)


def _to_student(event: str, key: str, row) -> None:
    """To the student whom a row is about, who may have no address."""
    if row.student.email:
        _queue(event, PersonKind.STUDENT, row.student_id, key, row)


def _queue(event, kind, person_id, key, row, *, region_id: int | None = None) -> None:
    if region_id is None:
        region_id = School.objects.values_list("region_id", flat=True).get(pk=row.school_id)
    mail.queue(
        event,
        person_kind=kind,
        person_id=person_id,
        key=key,
        region_id=region_id,
        school_id=row.school_id,
        about=row,
    )
