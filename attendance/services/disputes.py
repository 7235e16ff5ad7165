"""A company says less of a day than was planned or reported: it says why, and the student answers.

A day is in dispute when fewer minutes are confirmed than were planned, or none of a day on which
the student checked in, and nobody reported the student away, later or sooner that day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from attendance import policies
from attendance.days import week_of
from attendance.enums import CheckInMethod, DisputeKind
from attendance.models import Absence, DisputedDay
from attendance.queries.folder import arrivals_and_stays
from attendance.stays import minutes_there
from companies.models import Contact
from placements.models import Placement
from stage.core import mail
from stage.core.enums import PersonKind
from stage.core.models import School
from stage.core.record import audit
from stage.core.tenants import tenancy
from stage.core.ui.dates import day_words
from stage.core.who.policies import Conflict, require
from stage.schools.models import Student


@dataclass(frozen=True)
class Why:
    """What a company gives as the reason of one day: a DisputeKind, and perhaps words."""

    kind: str
    words: str = ""


class WhyNeeded(Conflict):
    """The student said to be there, and the company says otherwise without a reason."""

    def __init__(self, placement: Placement, days: Iterable[date]) -> None:
        self.placement, self.days = placement, sorted(days)
        shown = ", ".join(day_words(day) for day in self.days)
        super().__init__(_("Zeg bij %(days)s waarom het minder is.") % {"days": shown})


def in_dispute(placement: Placement, minutes: Mapping[date, int]) -> dict[date, bool]:
    """Of these days those that the company contradicts; True where the student had checked in."""
    days = list(minutes)
    planned = {p.date: p.minutes for p in placement.planned_days.filter(date__in=days)}
    arrivals = placement.check_ins.starts().filter(date__in=days)
    seen = set(arrivals.exclude(method=CheckInMethod.SUPERVISOR).values_list("date", flat=True))
    away = list(
        Absence.objects.filter(placement=placement).touching(min(days), max(days)) if days else []
    )
    expected = planned | _said_themselves(placement, days)
    found = {}
    for day, m in minutes.items():
        is_less = m < expected.get(day, 0) or (m == 0 and day in seen)
        if is_less and not any(a.covers(day) for a in away):
            found[day] = day in seen
    return found


def _said_themselves(placement: Placement, days: list[date]) -> dict[date, int]:
    """Minutes of days on which student or school said that it was less than planned."""
    rows = placement.check_ins.standing().filter(date__in=days)
    arrivals, stays = arrivals_and_stays(rows)
    planned = {p.date: p for p in placement.planned_days.filter(date__in=[d for _pk, d in stays])}
    found = {}
    for key, stay in stays.items():
        arrival, plan = arrivals.get(key), planned.get(key[1])
        if arrival is None or plan is None or stay.out is None or stay.out.is_ticked:
            continue
        minutes = minutes_there(arrival, stay, plan)
        if minutes is not None and minutes < plan.minutes:
            found[key[1]] = minutes
    return found


def weigh(placement: Placement, minutes: Mapping[date, int], why: Mapping[date, Why]) -> set[date]:
    """The days among these newly said ones that are in dispute.

    Raises WhyNeeded where the student had checked in and the company does not say why.
    """
    found = in_dispute(placement, minutes)
    silent = [day for day, seen in found.items() if seen and day not in why]
    if silent:
        raise WhyNeeded(placement, silent)
    return set(found)


def keep_disputes(
    placement: Placement,
    minutes: Mapping[date, int],
    disputed: set[date],
    why: Mapping[date, Why],
    *,
    contact: Contact,
    actor,
) -> None:
    """Store why, withdraw what the company no longer says, and tell the student in two minutes.

    Under the week's lock (`locks.hold_week`).
    """
    known = DisputedDay.objects.filter(placement=placement, date__in=minutes)
    rows = {row.date: row for row in known}
    now, news = timezone.now(), False
    for day in sorted(minutes):
        row = rows.get(day)
        if day not in disputed:
            if row is not None and row.withdrawn_at is None:
                DisputedDay.objects.filter(pk=row.pk).update(withdrawn_at=now)
            continue
        reason = why.get(day) or Why(
            DisputeKind.OTHER if minutes[day] else DisputeKind.ABSENT,
        )
        said = {"kind": reason.kind, "words": reason.words.strip()[:300], "by_id": contact.pk}
        if row is None:
            row = DisputedDay.objects.create_about(placement, date=day, at=now, **said)
        else:
            DisputedDay.objects.filter(pk=row.pk).update(at=now, withdrawn_at=None, **said)
        audit.record(actor, "day_disputed", row, fields=["kind", "words"])
        news = True
    if news:
        _tell(placement, week_of(min(minutes)), now)


def _tell(placement: Placement, week: str, now) -> None:
    """One mail to the student about the days of a week; what waits of an earlier word gives way."""
    step = f"dispute:{placement.public_id}:{week}"
    # A company may not read the student's address.
    with tenancy.as_school_of(placement):
        mail.take_back(step)
        student = Student.objects.get(pk=placement.student_id)
        if not student.email or student.left_on is not None:
            return
        school = School.objects.get(pk=placement.school_id)
        mail.queue(
            "day_disputed",
            person_kind=PersonKind.STUDENT,
            person_id=student.pk,
            key=f"{step}:{now.timestamp()}",
            region_id=school.region_id,
            school_id=school.pk,
            about=placement,
            details={"week": week},
            not_before=now + mail.undo_for(),
            held_by=step,
        )


@transaction.atomic
def answer_dispute(dispute: DisputedDay, *, actor, words: str) -> None:
    """The student says once how it was: school and company read it. NotAllowed, Conflict."""
    require(policies.write_report, actor, dispute.placement)
    said = words.strip()[:300]
    if not said:
        raise Conflict(_("Schrijf in een zin hoe het was."))
    rows = DisputedDay.objects.standing().filter(pk=dispute.pk, answered_at__isnull=True)
    if not rows.update(answer=said, answered_at=timezone.now()):
        raise Conflict(_("Je hebt al geantwoord, of het bedrijf zegt nu iets anders."))
    audit.record(actor, "dispute_answered", dispute, fields=["answer"])


@transaction.atomic
def settle_dispute(dispute: DisputedDay, *, actor) -> None:
    """Who guides spoke with both: it is no longer asked for. Raises NotAllowed, Conflict."""
    require(policies.settle, actor, dispute.placement)
    rows = DisputedDay.objects.open().filter(pk=dispute.pk)
    if not rows.update(settled_at=timezone.now(), settled_by_id=actor.membership):
        raise Conflict(_("Dit is al afgehandeld, of het bedrijf zegt nu iets anders."))
    audit.record(actor, "dispute_settled", dispute, fields=["settled_at"])


@transaction.atomic
def unsettle_dispute(dispute: DisputedDay, *, actor) -> None:
    """It was pressed by mistake. Raises NotAllowed."""
    require(policies.settle, actor, dispute.placement)
    rows = DisputedDay.objects.filter(pk=dispute.pk, settled_at__isnull=False)
    if rows.update(settled_at=None, settled_by_id=None):
        audit.record(actor, "dispute_unsettled", dispute, fields=["settled_at"])
