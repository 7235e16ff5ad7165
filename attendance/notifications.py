"""Mails about attendance: absence at once, the week once a week."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from attendance import watch_letters  # noqa: F401 - registers its mails
from attendance.days import parse_week
from attendance.enums import AbsenceKind
from attendance.models import Absence
from attendance.queries.letters import weeks_of
from attendance.services.weeks import change_until
from attendance.words import absence_words
from companies.models import Contact
from placements.models import StudentCard
from stage.core import mail
from stage.core.dutch.calendar import school_today
from stage.core.enums import Audience, NoticeKind, PersonKind
from stage.core.mail import Letter, Post
from stage.core.models import School
from stage.core.ui.dates import day_words, period_words
from stage.core.who import links
from stage.core.who.actors import job_at

links.purpose("week", page="attendance:week_confirm")

# Per event: for the school, the company, the guardian.
TEMPLATES = {
    "absence_reported": (
        "absence_reported_for_school",
        "absence_reported_for_company",
        "absence_reported_for_guardian",
    ),
    "absence_closed": (
        "absence_closed_for_school",
        "absence_closed_for_company",
        "absence_closed_for_guardian",
    ),
    "absence_withdrawn": (
        "absence_withdrawn_for_school",
        "absence_withdrawn_for_company",
        "absence_withdrawn_for_guardian",
    ),
}


def _is_of_today(row) -> bool:
    """Whether it cannot wait for the morning: a company plans its day, and who is missing today."""
    if row.person_kind == PersonKind.CONTACT:
        return True
    return Absence.objects.filter(pk=row.about_id, starts__lte=school_today()).exists()


# A guardian may read it on the page instead; the company plans its day by it.
ABSENCE = mail.Notice(NoticeKind.ATTENDANCE, guardian=True, at_night=_is_of_today)


@mail.event("absence_reported", ABSENCE)
def absence_reported(row) -> Letter | None:
    """Somebody is ill, late or away; not sent when it was taken back meanwhile."""
    absence = _absence(row)
    if absence is None or absence.back_at is not None or absence.withdrawn_at is not None:
        return None
    return _letter(row, absence, "absence_reported")


@mail.event("absence_closed", ABSENCE)
def absence_closed(row) -> Letter | None:
    """Somebody is back; not sent when the illness was opened again meanwhile."""
    absence = _absence(row)
    if absence is None or absence.back_at is None or absence.withdrawn_at is not None:
        return None
    return _letter(row, absence, "absence_closed")


@mail.event("absence_withdrawn", ABSENCE)
def absence_withdrawn(row) -> Letter | None:
    """It is not so after all; not sent when the same was reported again meanwhile."""
    absence = _absence(row)
    if absence is None or absence.withdrawn_at is None:
        return None
    later = Absence.objects.standing().filter(placement=absence.placement, starts=absence.starts)
    if later.exists():
        return None
    return _letter(row, absence, "absence_withdrawn")


def _absence(row) -> Absence | None:
    rows = Absence.objects.select_related("placement__company", "student", "school")
    return rows.filter(pk=row.about_id).first()


def _letter(row, absence: Absence, event: str) -> Letter:
    to_school = row.person_kind == PersonKind.MEMBERSHIP
    to_guardian = row.person_kind == PersonKind.GUARDIAN
    by_card = not (to_school or to_guardian)
    student = absence.student
    page = f"{reverse('attendance:today')}?dag={absence.starts.isoformat()}" if to_school else ""
    context = {
        "name": company_name_of(absence) if by_card else student.full_name,
        "first_name": company_name_of(absence, first=True) if by_card else student.first_name,
        "school_class": absence.student.school_class,
        "company": absence.placement.company.name,
        "school": absence.school.name,
        "what": absence_words(absence),
        "time": f"{absence.at_time:%H:%M}" if absence.at_time else "",
        "day": period_words(absence.starts, absence.ends or absence.starts),
        "note": absence.note,
        "reporter": Audience(absence.reported_kind).label,
        "is_ill": absence.kind == AbsenceKind.ILL,
        "is_late": absence.kind == AbsenceKind.LATE,
        "is_early": absence.kind == AbsenceKind.EARLY,
        "button_label": _("Bekijk wie er is") if to_school else "",
        "button_url": settings.SITE_URL + page if page else "",
        "sender_name": absence.school.name,
    }
    for_school, for_company, for_guardian = TEMPLATES[event]
    template = for_school if to_school else for_guardian if to_guardian else for_company
    return Letter(template, context)


def company_name_of(row, *, first: bool = False) -> str:
    """The student's name as it was disclosed to the row's company; or the first name only.

    A subject shows on a locked phone and in every list of mail: it has a first name at most.
    """
    card = StudentCard.objects.filter(
        student_id=row.student_id, company_id=row.company_id, revoked_at__isnull=True
    ).first()
    if card is None:
        return _("Uw stagiair")
    return card.first_name if first else card.full_name


def queue_week(contacts: Iterable[Contact], week: str, school: School) -> None:
    """One mail per school, person and week, however often it is asked."""
    mail.queue_many(
        Post(
            "week_to_confirm",
            person_kind=PersonKind.CONTACT,
            person_id=contact.pk,
            key=f"week:{school.pk}:{contact.pk}:{week}",
            region_id=contact.region_id,
            school_id=school.pk,
            details={"week": week},
        )
        for contact in contacts
    )


@mail.event("week_to_confirm", mail.Notice(NoticeKind.ATTENDANCE))
def week_to_confirm(row) -> Letter | None:
    """The week's page; not sent when it was confirmed meanwhile."""
    week = row.details["week"]
    span = parse_week(week)
    school = School.objects.get(pk=row.school_id)
    asked = weeks_of(job_at(school), week, span, contact=row.person_id).get(row.person_id)
    placements = asked.waiting if asked is not None else []
    if asked is None or not placements:
        return None
    address = links.link_for(
        person_kind=row.person_kind,
        person_id=row.person_id,
        purpose="week",
        target=week,
        region_id=row.region_id,
        school_id=row.school_id,
    )
    context = {
        "names": sorted({company_name_of(p) for p in placements}),
        "first_names": sorted({company_name_of(p, first=True) for p in placements}),
        # Said once somebody is done: who waits is fewer than who was there.
        "left": len(placements) if len(placements) < asked.expected else 0,
        "total": asked.expected,
        "school": school.name,
        "number": span[0].isocalendar()[1],
        "period": period_words(span[0], span[-1]),
        "until": day_words(change_until(week)),
        "button_label": _("Bekijk en bevestig de week"),
        "button_url": address,
        "sender_name": school.name,
    }
    return Letter("week_to_confirm_for_company", context)
