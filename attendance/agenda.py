"""Days of work in somebody's own calendar: as planned, and never why anybody is away.

A company and a teacher read the plan as it is, whoever reported what: a gap would tell as much as
a word. A student's own days leave out what the student reported (docs/decisions/0024).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import Count, Max
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from attendance.queries.folder import days_of
from companies import trust
from placements.models import Placement, PlacementChange, PlannedDay, StudentCard
from stage.core.dutch.calendar import work_interval
from stage.core.enums import STAFF, Audience
from stage.core.ui.agenda import MOST, Entry, source

MOST_PLACEMENTS = 500
_NOT_THERE = ("called_off", "ill", "excused", "absent")
_NO_CODE = "location__poster_code"  # no student reads it


def _placements(actor, first: date, last: date):
    rows = Placement.objects.visible_to(actor).placed().filter(ends__gte=first, starts__lte=last)
    return rows.defer(_NO_CODE).order_by("starts", "pk")


@source(Audience.STUDENT)
def own_days(actor, first: date, last: date) -> Iterator[Entry]:
    """The student's days with hours, company, address and whom to call there."""
    rows = _placements(actor, first, last).filter(student_id=actor.student_id)
    parts = ("company", "location", "supervisor", "stand_in", "period")
    found = {p.pk: p for p in rows.select_related(*parts)[:MOST_PLACEMENTS]}
    for pk, days in days_of(actor, found.values(), first, last).items():
        for day in days:
            if day.planned is not None and day.state not in _NOT_THERE:
                yield _own_day(found[pk], day.planned)


def _own_day(placement: Placement, planned: PlannedDay) -> Entry:
    title = _("Stage bij %(company)s") % {"company": placement.company.name}
    return _at_work(placement, planned, title, _whom_to_call(placement, planned.date))


def _whom_to_call(placement: Placement, day: date) -> str:
    """Who guides at the company that day, and the numbers there."""
    who = placement.supervisor
    begin, end = placement.stand_in_from, placement.stand_in_until
    if begin and end and begin <= day <= end:
        who = placement.stand_in
    lines = []
    if who is not None:
        number = who.telephone or placement.company.telephone
        lines.append(_("Praktijkopleider: %(name)s") % {"name": f"{who.name} {number}".strip()})
    elif placement.company.telephone:
        lines.append(_("Telefoon: %(number)s") % {"number": placement.company.telephone})
    return "\n".join(lines)


@source(Audience.COMPANY)
def trainees(actor, first: date, last: date) -> Iterator[Entry]:
    """Which days trainees come, by the first name that was disclosed and is not revoked."""
    rows = _placements(actor, first, last).filter(trust.guided(actor))
    found = {
        p.pk: p for p in rows.select_related("company", "location", "school")[:MOST_PLACEMENTS]
    }
    names = _first_names(actor, found)
    for planned in _planned(actor, found, first, last):
        placement = found[planned.placement_id]
        name = names.get((placement.student_id, placement.company_id), _("Leerling"))
        title = _("Stage: %(name)s") % {"name": name}
        yield _at_work(placement, planned, title, placement.school.name)


def _first_names(actor, placements: dict[int, Placement]) -> dict[tuple[int, int], str]:
    cards = StudentCard.objects.visible_to(actor).filter(
        student__in=[p.student_id for p in placements.values()], revoked_at__isnull=True
    )
    return {(c.student_id, c.company_id): c.first_name for c in cards}


def _planned(actor, placements: dict[int, Placement], first: date, last: date):
    rows = PlannedDay.objects.visible_to(actor).filter(
        placement__in=placements, date__gte=first, date__lte=last
    )
    return rows.order_by("date", "pk")[:MOST]


def _at_work(placement: Placement, planned: PlannedDay, title: str, text: str) -> Entry:
    begin, end = work_interval(planned.date, planned.day_from, planned.day_to)
    return Entry(
        key=f"day-{placement.public_id}-{planned.date:%Y%m%d}",
        title=title,
        starts=begin,
        ends=end,
        changed_at=planned.changed_at,
        made_at=placement.created_at,
        place=placement.location.address_line if placement.location else "",
        text=text,
    )


@source(*STAFF)
def guided_days(actor, first: date, last: date) -> Iterator[Entry]:
    """Per day how many of one's own students are at work, without a name; and first and last days.

    Those name nobody but by first name and class, and never where.
    """
    rows = _placements(actor, first, last).of_teacher(actor.membership).select_related("student")
    found = {p.pk: p for p in rows[:MOST_PLACEMENTS]}
    if not found:
        return
    changes = PlacementChange.objects.visible_to(actor).filter(placement__in=found)
    changed = changes.aggregate(at=Max("decided_at"))["at"]
    for placement in found.values():
        yield from _bounds(placement, first, last)
    days = PlannedDay.objects.visible_to(actor).filter(
        placement__in=found, date__gte=first, date__lte=last
    )
    made = min(p.created_at for p in found.values())
    per_day = days.order_by("date").values("date").annotate(n=Count("pk"), at=Max("changed_at"))
    for row in per_day[:MOST]:
        number = row["n"]
        title = ngettext("%(n)d leerling op stage", "%(n)d leerlingen op stage", number)
        yield Entry(
            key=f"students-{actor.membership}-{row['date']:%Y%m%d}",
            title=title % {"n": number},
            starts=row["date"],
            ends=row["date"],
            # A day that is gone changed the count as well.
            changed_at=max(filter(None, (row["at"], changed))),
            made_at=made,
            path=reverse("attendance:today"),
        )


def _bounds(placement: Placement, first: date, last: date) -> Iterator[Entry]:
    who = placement.student.first_name
    if placement.student.school_class:
        who = f"{who} ({placement.student.school_class})"
    for key, day, words in (
        ("first", placement.starts, _("Eerste stagedag: %(who)s")),
        ("last", placement.ends, _("Laatste stagedag: %(who)s")),
    ):
        if first <= day <= last:
            yield Entry(
                key=f"{key}-{placement.public_id}-{day:%Y%m%d}",
                title=words % {"who": who},
                starts=day,
                ends=day,
                changed_at=placement.created_at,
                made_at=placement.created_at,
                path=reverse("placements:placement_show", args=[placement.public_id]),
            )
