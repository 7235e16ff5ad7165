"""A school asks one company for one student: a place that is the student's or nobody's.

Asked in general, by a letter, is another question: its answer is about any student and stays as it
is. What is asked here is an application at a place `for_one`, so that the company answers as it
answers any student, and all that follows a yes or a no is the same.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from companies.models import Company
from companies.services import offers, one
from placements import mails
from placements.eligibility import examine
from placements.enums import OPEN_APPLICATIONS, AfterYes, ApplicationState
from placements.models import Application, PlacementSettings
from placements.policies import guides
from placements.queries import contact_of
from placements.services.disclosure import disclose
from placements.services.locks import lock_student
from placements.workflow import APPLICATIONS
from stage.core.dutch.calendar import school_today
from stage.core.record import workflow
from stage.core.who.policies import Conflict, require
from stage.schools.models import Period, Student


@dataclass(frozen=True)
class Asking:
    """Whom a school asks and how: a company of the pool, or one to bring in by name and town.

    The address counts only where the school knows nobody at the company. `by_phone`: nobody is
    mailed, somebody of the school calls.
    """

    what: str
    company: Company | None = None
    name: str = ""
    city: str = ""
    who: str = ""
    email: str = ""
    telephone: str = ""
    by_phone: bool = False


@transaction.atomic
def ask_company(student: Student, period: Period, asking: Asking, *, actor) -> Application:
    """Ask for this student: the application as the company gets it.

    Raises Conflict when the company may not be asked or is asked already, there is nobody to mail,
    a yes of another company stands, or the student cannot be placed there.
    """
    require(guides, actor, student)
    if period.ends < school_today():
        raise Conflict(_("Deze periode is voorbij."))
    company = _company(asking, period, actor=actor)
    one.check_may_be_asked(company)
    _name_reader(company, asking, period.school_id, actor=actor)
    student = lock_student(student.pk)
    _check_not_asked(student, company, period)
    _check_no_yes(student, period)
    application = _application(student, company, period, asking, actor=actor)
    (pair,) = examine([(student, application.place)])
    if pair.obstacle:
        raise Conflict(pair.obstacle.text)
    now = timezone.now()
    workflow.apply(application, APPLICATIONS["ask_for"], actor=actor, submitted_at=now)
    disclose(student, company.pk, actor=actor)
    if not asking.by_phone:
        mails.application_sent(application)
    return application


def _company(asking: Asking, period: Period, *, actor) -> Company:
    if asking.company is not None:
        # As it is now: it may have been barred or merged meanwhile.
        rows = Company.objects.select_related("merged_into")
        return rows.get(pk=asking.company.pk).stays
    return one.bring_in(
        name=asking.name,
        city=asking.city,
        telephone=asking.telephone,
        region_id=period.school.region_id,
        school_id=period.school_id,
        actor=actor,
    )


def _name_reader(company: Company, asking: Asking, school_id: int, *, actor) -> None:
    """Who is known there reads it; else the address that somebody of the school looked at."""
    if contact_of(school_id, company.pk) is not None:
        return
    if not asking.by_phone and not asking.email:
        raise Conflict(_("Jullie kennen hier nog geen e-mailadres. Vul er een in, of bel zelf."))
    if asking.email or asking.who:
        one.name_person(
            company,
            name=asking.who,
            email=asking.email,
            telephone=asking.telephone,
            school_id=school_id,
            actor=actor,
        )


def _check_not_asked(student: Student, company: Company, period: Period) -> None:
    running = Application.objects.filter(
        student=student,
        period=period,
        company__family_id=company.family_id,
        state__in=OPEN_APPLICATIONS,
    ).exclude(state=ApplicationState.DRAFT)
    if running.exists():
        words = {"name": student.first_name, "company": company.name}
        raise Conflict(_("%(company)s is voor %(name)s al gevraagd.") % words)


def _check_no_yes(student: Student, period: Period) -> None:
    """What is asked beside a yes would rest at once, so it is not asked."""
    if PlacementSettings.objects.of(student.school_id).after_yes == AfterYes.LEAVE:
        return
    said = Application.objects.filter(
        student=student, period=period, state=ApplicationState.ACCEPTED
    )
    if yes := said.select_related("company").first():
        words = {"name": student.first_name, "company": yes.company.name}
        raise Conflict(
            _(
                "%(company)s zei al ja tegen %(name)s. Koppel daar, of laat %(name)s die"
                " sollicitatie eerst intrekken."
            )
            % words
        )


def _application(
    student: Student, company: Company, period: Period, asking: Asking, *, actor
) -> Application:
    place = offers.ask_for_one(company, period, actor=actor)
    mine = Application.objects.open().filter(student=student, period=period)
    return Application.objects.create(
        school_id=student.school_id,
        student=student,
        company=company,
        place=place,
        period=period,
        motivation=asking.what,
        rank=(mine.aggregate(last=Max("rank"))["last"] or 0) + 1,
    )
