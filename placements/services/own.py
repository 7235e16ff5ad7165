"""A company that a student brings: named by the student, looked at by the school."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from companies.models import Company
from placements import mails
from placements.models import Application, OwnCompany
from placements.policies import guides, own_student
from placements.queries import live_placement
from placements.services.locks import lock_student
from placements.services.one import Asking, ask_company
from placements.workflow import OWN_COMPANIES
from stage.core.dutch.calendar import school_today
from stage.core.record import audit, workflow
from stage.core.tenants import tenancy
from stage.core.who.policies import Conflict, require
from stage.schools.models import GroupStudent, Period, Student


@dataclass(frozen=True)
class Words:
    """What the student says of a company."""

    name: str
    city: str
    what: str
    who: str = ""
    telephone: str = ""
    email: str = ""


@transaction.atomic
def name_company(
    student: Student, period: Period, words: Words, *, known: Company | None = None, actor
) -> OwnCompany:
    """Name a company for a period, or say it in other words while the school has not looked.

    Raises Conflict when one is being asked already, or the student cannot go anywhere any more.
    """
    own = OwnCompany(school_id=student.school_id, student=student, period=period)
    require(own_student, actor, own)
    values = {**asdict(words), "email": words.email.lower(), "known_as": known}
    with tenancy.as_school_of(own):
        lock_student(student.pk)
        _check_possible(student, period)
        running = OwnCompany.objects.running().filter(student=student, period=period)
        if found := running.first():
            return _change(found, values, actor=actor)
        for name, value in values.items():
            setattr(own, name, value)
        own.save()
        audit.record(actor, "own_company_named", own, fields=tuple(values))
    return own


def _change(own: OwnCompany, values: dict, *, actor) -> OwnCompany:
    if not own.is_named:
        raise Conflict(
            _(
                "Je school heeft %(name)s al gevraagd. Wacht op antwoord, of trek die sollicitatie"
                " in."
            )
            % {"name": own.name}
        )
    changed = [name for name, value in values.items() if getattr(own, name) != value]
    if changed:
        for name in changed:
            setattr(own, name, values[name])
        own.save(update_fields=changed)
        audit.record(actor, "own_company_changed", own, fields=tuple(changed))
    return own


def _check_possible(student: Student, period: Period) -> None:
    if period.ends < school_today():
        raise Conflict(_("Deze periode is voorbij."))
    if not GroupStudent.objects.filter(student=student, group__period=period).exists():
        raise Conflict(_("Je zit niet in een groep van deze periode."))
    if live_placement(student.pk, period.pk):
        raise Conflict(_("Je hebt al een stageplek in deze periode."))


@transaction.atomic
def withdraw_own(own: OwnCompany, *, actor) -> None:
    """The student takes it back before the school looked. Raises Conflict once it did."""
    require(own_student, actor, own)
    with tenancy.as_school_of(own):
        lock_student(own.student_id)
        workflow.apply(own, OWN_COMPANIES["withdraw"], actor=actor)


@transaction.atomic
def approve_own(own: OwnCompany, asking: Asking, *, actor) -> Application:
    """The school looked, and asks the company for this student alone.

    Raises Conflict when a colleague was first, the student took it back, or as `ask_company`.
    """
    require(guides, actor, own)
    _check_waits(own)
    application = ask_company(own.student, own.period, asking, actor=actor)
    workflow.apply(
        own,
        OWN_COMPANIES["ask"],
        actor=actor,
        known_as=application.company,
        application=application,
        checked_at=timezone.now(),
        checked_by_id=actor.membership,
    )
    mails.own_company_checked(own)
    return application


@transaction.atomic
def refuse_own(own: OwnCompany, *, reason: str, actor) -> None:
    """The school says no, with a reason the student reads."""
    require(guides, actor, own)
    _check_waits(own)
    workflow.apply(
        own,
        OWN_COMPANIES["refuse"],
        actor=actor,
        reason=reason,
        checked_at=timezone.now(),
        checked_by_id=actor.membership,
    )
    mails.own_company_checked(own)


def _check_waits(own: OwnCompany) -> None:
    """One at a time per student: of two colleagues the second reads what the first did."""
    lock_student(own.student_id)
    own.refresh_from_db()
    if not own.is_named:
        words = {"state": str(own.get_state_display()).lower()}
        raise Conflict(_("Hier is al naar gekeken: %(state)s.") % words)
