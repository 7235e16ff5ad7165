"""Ill, later, sooner or away; back again; and taken back: told to school and company.

A word about somebody waits two minutes before it leaves (`mail.undo_for`): until then it is undone
without anybody hearing of it. Nobody hears two things of what changed within that time.
"""

from __future__ import annotations

from datetime import date, time, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from attendance import policies
from attendance.enums import PARTLY, AbsenceKind
from attendance.models import Absence
from attendance.services import guardians, periods
from companies import trust
from companies.enums import ContactRole
from placements import teachers
from placements.models import Placement, PlannedDay
from stage.core import mail
from stage.core.dutch.calendar import school_today
from stage.core.enums import Audience, PersonKind
from stage.core.models import School
from stage.core.record import audit
from stage.core.tenants import tenancy
from stage.core.who.policies import Conflict, require


def placement_for_absence(
    actor, day: date, student_id: int, until: date | None = None
) -> Placement | None:
    """The student's placement on a day: the planned one, else one whose dates include the day.

    `until`: the first that is planned in those days.
    """
    plan = (
        PlannedDay.objects.visible_to(actor)
        .filter(student_id=student_id, date__gte=day, date__lte=until or day)
        .select_related("placement__company")
        .order_by("date", "pk")
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
    until: date | None = None,
    at_time: time | None = None,
    note: str = "",
    excused: bool | None = None,
) -> Absence:
    """Report a student ill (until back), late, going sooner or away; tell the others.

    Away is for one day, or up to and including `until`; days without work in between do not matter.
    `at_time`: when who is late comes, and who goes sooner leaves. What was said before of that day
    gives way to it. What an ill student has is nobody's business: the note is dropped. Raises
    NotAllowed, and Conflict for a day that is over (staff: any past day too) or after the
    placement, ill for later than tomorrow, a time that cannot be, and a second report of the same.
    """
    require(policies.report_absence, actor, placement)
    today = school_today()
    earliest = placement.starts if actor.is_staff else today
    ill = kind == AbsenceKind.ILL
    if ill and not earliest <= day <= today + timedelta(days=1):
        raise Conflict(_("Ziek melden kan voor vandaag en morgen."))
    last = max(until or day, day)
    if (ill or kind in PARTLY) and last > day:
        raise Conflict(_("Voor meer dagen kan dit niet. Kies een dag."))
    periods.check(placement, day, last, earliest)
    if kind in PARTLY:
        _check_time(placement, kind, day, at_time)
    elif not ill:
        periods.hold(placement, day, last)
        periods.check_overlap(placement, day, last)
    values = {
        "ends": None if ill and day >= today else last,
        "note": "" if ill else note.strip()[:300],
        "reported_kind": actor.role,
        "reported_at": timezone.now(),
    }
    if kind in PARTLY:
        values["at_time"] = at_time
    if actor.is_staff:
        values["excused"] = excused
    _give_way(placement, kind, day, at_time, actor)
    absence = _store(placement, kind, day, values)
    audit.record(actor, "absence_reported", absence, fields=["kind", "starts", "ends", "at_time"])
    _tell(absence, placement, "absence_reported", actor)
    return absence


@transaction.atomic
def change_absence(absence: Absence, *, actor, day: date, until: date) -> Absence:
    """Away on other days than was said; the others hear it. What began keeps its first day.

    Raises NotAllowed, and Conflict for somebody else's word, days that cannot be or are taken.
    """
    placement = Placement.objects.visible_to(actor).get(pk=absence.placement_id)
    require(policies.report_absence, actor, placement)
    if not _is_own(absence, actor):
        raise Conflict(_("Iemand anders heeft dit gemeld. Bel of mail die dan."))
    if not absence.can_be_changed:
        raise Conflict(_("Deze melding is voorbij. Veranderen kan niet meer."))
    today = school_today()
    begun = absence.starts < today
    first, last = (absence.starts if begun else day), max(until, day)
    periods.check(placement, day if not begun else max(today, first), last, today)
    periods.hold(placement, min(first, absence.starts), max(last, absence.ends or last))
    periods.check_overlap(placement, first, last, besides=absence)
    _is_untold(absence, placement)  # of two words within two minutes the last is told
    same = Absence.objects.standing().filter(
        pk=absence.pk, starts=absence.starts, ends=absence.ends
    )
    now = timezone.now()
    if same.update(starts=first, ends=last, reported_at=now) != 1:
        raise Conflict(_("Er is intussen iets anders gemeld."))
    absence.starts, absence.ends, absence.reported_at = first, last, now
    audit.record(actor, "absence_changed", absence, fields=["starts", "ends"])
    _tell(absence, placement, "absence_reported", actor)
    return absence


def _check_time(placement: Placement, kind: str, day: date, at_time: time | None) -> None:
    if at_time is None:
        raise Conflict(_("Vul in hoe laat."))
    planned = placement.planned_days.filter(date=day).first()
    if planned is None:
        return
    if kind == AbsenceKind.LATE and not planned.day_from < at_time < planned.day_to:
        raise Conflict(
            _("De dag is van %(from)s tot %(to)s. Kies een tijd daartussen.")
            % {"from": f"{planned.day_from:%H:%M}", "to": f"{planned.day_to:%H:%M}"}
        )
    if kind == AbsenceKind.EARLY and at_time >= planned.day_to:
        raise Conflict(
            _("De dag is om %(to)s klaar. Kies een tijd daarvoor.")
            % {"to": f"{planned.day_to:%H:%M}"}
        )


def _give_way(placement: Placement, kind: str, day: date, at_time: time | None, actor) -> None:
    """Of one day one thing is so: what was said before is taken back, without a mail of its own.

    Who is ill is not late as well; another time of coming takes the place of the first. Somebody
    else's word is theirs to take back, so that stays.
    """
    rows = Absence.objects.standing().filter(placement=placement, starts=day)
    if kind in PARTLY and rows.filter(kind=AbsenceKind.ILL, back_at__isnull=True).exists():
        raise Conflict(_("Er staat al: ziek. Meld dan eerst weer beter."))
    before = rows.filter(kind__in=PARTLY) if kind not in PARTLY else rows.filter(kind=kind)
    if not actor.is_staff:
        before = before.filter(reported_kind=actor.role)
    for row in before.exclude(kind=kind, at_time=at_time):
        _is_untold(row, placement)
        _withdraw(row)


def _store(placement: Placement, kind: str, day: date, values: dict) -> Absence:
    try:
        with transaction.atomic():
            if kind == AbsenceKind.ILL:
                # Ill again on the day one was reported better: the same row opens again.
                same = Absence.objects.standing().filter(placement=placement, kind=kind, starts=day)
                if same.filter(back_at__isnull=False).update(back_at=None, **values):
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

    Better before anybody was told to be ill: then it was never said. Raises NotAllowed, and
    Conflict when somebody closed it meanwhile.
    """
    placement = Placement.objects.visible_to(actor).get(pk=absence.placement_id)
    require(policies.report_absence, actor, placement)
    untold = _is_untold(absence, placement)
    if untold and _is_own(absence, actor):
        _undo(absence, actor)
        return absence
    now = timezone.now()
    ends = max(absence.starts, school_today() - timedelta(days=1))
    rows = Absence.objects.standing().filter(pk=absence.pk, ends__isnull=True)
    if rows.update(ends=ends, back_at=now) != 1:
        raise Conflict(_("Deze melding was al afgesloten."))
    absence.ends, absence.back_at = ends, now
    audit.record(actor, "absence_closed", absence, fields=["ends", "back_at"])
    if not untold:
        _tell(absence, placement, "absence_closed", actor)
    return absence


@transaction.atomic
def take_back_absence(absence: Absence, *, actor) -> bool:
    """It is not so after all, or not over after all: the latest word is undone.

    Answers whether the others hear of it: within `mail.undo_for` nobody does. Later only what is
    about a part of a day, or a day that is not over, can be taken back, and the others are told;
    who was ill reports better. Raises NotAllowed, and Conflict when it cannot be any more.
    """
    placement = Placement.objects.visible_to(actor).get(pk=absence.placement_id)
    require(policies.report_absence, actor, placement)
    if absence.back_at is None and not _is_own(absence, actor):
        raise Conflict(_("Iemand anders heeft dit gemeld. Bel of mail die dan."))
    if _is_untold(absence, placement) and not periods.was_told(absence, placement):
        _undo(absence, actor)
        return False
    if not absence.can_be_withdrawn or not _withdraw(absence):
        raise Conflict(_("Dit is al doorgegeven. Ongedaan maken kan niet meer."))
    audit.record(actor, "absence_withdrawn", absence, fields=["withdrawn_at"])
    _tell(absence, placement, "absence_withdrawn", actor)
    return True


def _is_own(absence: Absence, actor) -> bool:
    """Whether it is this person's side that said so; what the school knows better it may undo."""
    return actor.is_staff or absence.reported_kind == actor.role


def _is_untold(absence: Absence, placement: Placement) -> bool:
    """Whether nobody was told the latest word about it; then nobody will be."""
    if not absence.can_be_undone:
        return False
    with tenancy.as_school_of(placement):
        return mail.take_back(absence.step)


def _undo(absence: Absence, actor) -> None:
    """As if the latest word about it was never said."""
    if absence.back_at is None:
        done = _withdraw(absence)
    else:
        rows = Absence.objects.standing().filter(pk=absence.pk, back_at=absence.back_at)
        done = rows.update(ends=None, back_at=None) == 1
        absence.ends = absence.back_at = None
    if not done:
        raise Conflict(_("Er is intussen iets anders gemeld."))
    audit.record(actor, "absence_undone", absence, fields=["withdrawn_at", "back_at"])


def _withdraw(absence: Absence) -> bool:
    rows = Absence.objects.standing().filter(pk=absence.pk, back_at=absence.back_at)
    absence.withdrawn_at = timezone.now()
    return rows.update(withdrawn_at=absence.withdrawn_at) == 1


def _tell(absence: Absence, placement: Placement, event: str, actor) -> None:
    """Mail everybody the news concerns, except the side it comes from, in two minutes."""
    # A student, guardian or company may not read the addresses the mail is for.
    with tenancy.as_school_of(placement):
        school = School.objects.get(pk=placement.school_id)
        people: list[tuple[str, int]] = []
        if not actor.is_staff:
            people += school_people(placement)
        if not actor.is_company:
            people += company_people(placement)
        if actor.role != Audience.GUARDIAN:
            people += guardians.who_hear(placement)
        said = absence.withdrawn_at or absence.back_at or absence.reported_at
        stamp = said.strftime("%Y%m%d%H%M%S%f")
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
                not_before=timezone.now() + mail.undo_for(),
                held_by=absence.step,
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
