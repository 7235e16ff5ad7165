"""Ill, later or away, and back again: told at once to school and company."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from attendance import policies
from attendance.enums import AbsenceKind
from attendance.models import Absence
from companies import trust
from companies.enums import ContactRole
from placements import teachers
from placements.models import Placement, PlannedDay
from stage.core import mail
from stage.core.dutch.calendar import school_today
from stage.core.enums import PersonKind
from stage.core.models import School
from stage.core.record import audit
from stage.core.tenants import tenancy
from stage.core.who.policies import Conflict, require

# A tick by staff can be taken back for this long before anybody is told.
STAFF_MAIL_WAITS = timedelta(minutes=2)


def placement_for_absence(actor, day: date, student_id: int) -> Placement | None:
    """The student's placement on a day: the planned one, else one whose dates include the day."""
    plan = (
        PlannedDay.objects.visible_to(actor)
        .filter(student_id=student_id, date=day)
        .select_related("placement__company")
        .first()
    )
    if plan is not None:
        return plan.placement
    rows = Placement.objects.visible_to(actor).on(day).filter(student_id=student_id)
    return rows.select_related("company").first()


@transaction.atomic
def report_absence(
    placement: Placement,
    *,
    actor,
    kind: str,
    day: date,
    note: str = "",
    excused: bool | None = None,
) -> Absence:
    """Report a student ill (until back), late or away for one day, and tell the others.

    What an ill student has is nobody's business: the note is dropped. Raises NotAllowed, and
    Conflict for another day than today or tomorrow (staff: any past day too) or a second report.
    """
    require(policies.report_absence, actor, placement)
    today = school_today()
    earliest = placement.starts if actor.is_staff else today
    if not earliest <= day <= today + timedelta(days=1):
        raise Conflict(_("Melden kan voor vandaag en morgen."))
    ill = kind == AbsenceKind.ILL
    values = {
        "ends": None if ill and day >= today else day,
        "note": "" if ill else note.strip()[:300],
        "reported_kind": actor.role,
    }
    if actor.is_staff:
        values["excused"] = excused
    absence = _store(placement, kind, day, values)
    audit.record(actor, "absence_reported", absence, fields=["kind", "starts", "ends"])
    _tell(absence, placement, "absence_reported", actor)
    return absence


def _store(placement: Placement, kind: str, day: date, values: dict) -> Absence:
    try:
        with transaction.atomic():
            # Ill again on the day one was reported better: the same row opens again.
            same = Absence.objects.filter(placement=placement, kind=kind, starts=day)
            again = same.filter(back_at__isnull=False)
            if again.update(back_at=None, **values):
                return same.get()
            return Absence.objects.create_about(
                placement,
                kind=kind,
                starts=day,
                **values,
            )
    except IntegrityError:
        raise Conflict(_("Dit is al gemeld. Je hoeft niets meer te doen.")) from None


@transaction.atomic
def close_absence(absence: Absence, *, actor) -> Absence:
    """Back again from today: the last day away is yesterday, or the first day itself.

    Raises NotAllowed, and Conflict when somebody closed it meanwhile.
    """
    placement = Placement.objects.visible_to(actor).get(pk=absence.placement_id)
    require(policies.report_absence, actor, placement)
    now = timezone.now()
    ends = max(absence.starts, school_today() - timedelta(days=1))
    rows = Absence.objects.filter(pk=absence.pk, ends__isnull=True)
    if rows.update(ends=ends, back_at=now) != 1:
        raise Conflict(_("Deze melding was al afgesloten."))
    absence.ends, absence.back_at = ends, now
    audit.record(actor, "absence_closed", absence, fields=["ends", "back_at"])
    _tell(absence, placement, "absence_closed", actor)
    return absence


def _tell(absence: Absence, placement: Placement, event: str, actor) -> None:
    """Mail everybody the news concerns, except the side it comes from."""
    waits = STAFF_MAIL_WAITS if actor.is_staff else timedelta(0)
    # A student, guardian or company may not read the addresses the mail is for.
    with tenancy.as_school_of(placement):
        school = School.objects.get(pk=placement.school_id)
        people: list[tuple[str, int]] = []
        if not actor.is_staff:
            people += school_people(placement)
        if not actor.is_company:
            people += company_people(placement)
        stamp = (absence.back_at or timezone.now()).strftime("%Y%m%d%H%M%S")
        for kind, pk in people:
            mail.queue(
                event,
                person_kind=kind,
                person_id=pk,
                key=f"{event}:{absence.public_id}:{stamp}:{kind}:{pk}",
                region_id=school.region_id,
                school_id=school.pk,
                about=absence,
                urgent=True,
                not_before=timezone.now() + waits,
            )


def school_people(placement: Placement) -> list[tuple[str, int]]:
    """The teacher who guides and who stands in; without one the coordinators. In the school's

    scope.
    """
    rows = teachers.mailed(placement, else_coordinators=True)
    return [(PersonKind.MEMBERSHIP.value, row.pk) for row in rows]


def company_people(placement: Placement) -> list[tuple[str, int]]:
    """The supervisor and the contact persons, each address once. Runs in the school's scope."""
    known = trust.known_people(placement.school_id, [placement.company_id])
    rows = known.get(placement.company_id, [])
    wanted = [
        c for c in rows if c.pk == placement.supervisor_now_id or ContactRole.CONTACT in c.may
    ]
    return [(PersonKind.CONTACT.value, c.pk) for c in wanted]
