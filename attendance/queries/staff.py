"""Today at a school: who is in, who is late, ill, and of whom nobody heard."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils import timezone

from attendance.days import Day, make_day
from attendance.enums import COUNTING_PLACEMENTS, Flag, ScanFailure
from attendance.models import Absence, Alarm, AttendanceSettings, Called, CheckIn, FailedScan
from attendance.queries.disputes import brief, open_disputes
from attendance.queries.folder import absence_on, arrivals_and_stays
from attendance.queries.unconfirmed import students_unconfirmed
from attendance.stays import NOTHING_SAID, Stay
from attendance.ways import day_end_at, way
from attendance.words import end_words, told_of
from companies.enums import AttendanceMode
from placements.models import Placement, PlannedDay
from stage.core.dutch.calendar import school_today
from stage.core.enums import Audience
from stage.core.ui.counting import read_all, totals
from stage.schools.models import Guardian

# The order in which a teacher wants to see them.
GROUPS = (
    "missing",
    "late",
    "later",
    "better",
    "ill",
    "away",
    "expected",
    "by_company",
    "in",
    "gone",
)


@dataclass
class StudentDay:
    """One student on one day as staff see it; `group` is one of GROUPS."""

    placement_id: int
    day: Day
    group: str
    placement: Placement | None = None  # set by `complete`
    guardians: list[Guardian] = field(default_factory=list)
    calls: list[Called] = field(default_factory=list)  # that nobody answered
    alarms: list[Alarm] = field(default_factory=list)  # who was told that nobody saw this student

    @property
    def is_missing(self) -> bool:
        return self.group == "missing"

    @property
    def told(self) -> str:
        """What was reported of the day, with what was said about it."""
        return told_of(self.day)

    @property
    def end_words(self) -> str:
        """What is known of the rest of the day."""
        return end_words(self.day, self.day_end)

    @property
    def says_end(self) -> bool:
        return self.day.says_end(self.day_end)

    @property
    def day_end(self) -> str:
        return day_end_at(self.placement) if self.placement else ""

    @property
    def is_open(self) -> bool:
        """Whether the school can still say what the day came to: nobody did yet."""
        return self.day.check_in is None and self.group not in ("ill", "away", "better")


def staff_planned(actor, day: date):
    """Planned days of the students this member of staff looks after, in placements that count."""
    return _looked_after(actor).filter(date=day)


def next_planned(actor, day: date) -> date | None:
    """The first day after this one on which somebody of theirs is expected."""
    rows = _looked_after(actor).filter(date__gt=day).order_by("date", "pk")
    return rows.values_list("date", flat=True).first()


def _looked_after(actor):
    return PlannedDay.objects.visible_to(actor).filter(
        school_id=actor.school_id, placement__state__in=COUNTING_PLACEMENTS
    )


def staff_day(actor, day: date, planned=None) -> list[StudentDay]:
    """Everybody planned on a day, missing ones first; a fixed number of queries.

    Only what the group follows from: `complete` adds the rest for those that are shown.
    """
    rows = planned if planned is not None else staff_planned(actor, day)
    facts = {"way": way("placement__"), "made": F("placement__created_at")}
    planned_days = list(rows.annotate(**facts).order_by("student__sort_name", "pk"))
    if not planned_days:
        return []
    chosen = {"placement__in": rows.order_by().values("placement_id")}
    said = CheckIn.objects.visible_to(actor).standing().filter(**chosen, date=day)
    check_ins, stays = arrivals_and_stays(said)
    absences = defaultdict(list)
    for row in Absence.objects.visible_to(actor).filter(**chosen).touching(day, day):
        absences[row.placement_id].append(row)
    settings = AttendanceSettings.objects.of(actor.school_id)
    now = timezone.now()
    trainees = []
    for plan in planned_days:
        made = make_day(
            day,
            plan,
            check_ins.get((plan.placement_id, day)),
            absence_on(absences[plan.placement_id], day),
            now=now,
            late_after=settings.late_after_minutes,
            made_on=timezone.localdate(plan.made),
            stay=stays.get((plan.placement_id, day), NOTHING_SAID),
        )
        trainees.append(StudentDay(plan.placement_id, made, _group(made, plan.way)))
    return sorted(trainees, key=lambda t: GROUPS.index(t.group))


def _group(day: Day, kept: str) -> str:
    if day.state == "late":
        return "late"
    if day.state == "present":
        return "in" if day.out_at is None else "gone"
    if day.state == "ill":
        return "better" if day.is_better and day.is_today else "ill"
    if day.state == "later":
        return "later"
    if day.state in ("excused", "absent"):
        return "away"
    if kept == AttendanceMode.SUPERVISOR:
        return "by_company"
    return "missing" if day.state == "unknown" else "expected"


def complete(actor, trainees: Iterable[StudentDay]) -> None:
    """Read what a page shows of these: the placement, and whom to call at home when missing."""
    trainees = list(trainees)
    placements = (
        Placement.objects.visible_to(actor)
        .select_related("student", "company__merged_into", "supervisor", "stand_in", "teacher")
        .select_related("location")
        .in_bulk([t.placement_id for t in trainees])
    )
    by_student = defaultdict(list)
    missing = [t for t in trainees if t.group == "missing"]
    wanted = [placements[t.placement_id].student_id for t in missing]
    calls = defaultdict(list)
    days = {t.day.date for t in missing}
    tried = Called.objects.visible_to(actor).filter(placement__in=[t.placement_id for t in missing])
    for call in tried.filter(date__in=days).select_related("by"):
        calls[call.placement_id, call.date].append(call)
    raised = Alarm.objects.visible_to(actor).filter(placement__in=[t.placement_id for t in missing])
    alarms = defaultdict(list)
    for alarm in raised.filter(date__in=days):
        alarms[alarm.placement_id, alarm.date].append(alarm)
    for row in Guardian.objects.visible_to(actor).filter(student__in=wanted):
        by_student[row.student_id].append(row)
    for t in trainees:
        t.placement = placements[t.placement_id]
        t.calls = calls[t.placement_id, t.day.date]
        t.alarms = alarms[t.placement_id, t.day.date]
        t.guardians = by_student[t.placement.student_id]


def odd_check_ins(actor):
    """Arrivals that the school has still to look at."""
    return CheckIn.objects.visible_to(actor).filter(school_id=actor.school_id).starts().odd()


def failed_scans(actor):
    """Scans that were not accepted, of this member of staff's students."""
    return FailedScan.objects.visible_to(actor).filter(school_id=actor.school_id)


def asking_help(actor):
    """Who said today that checking in does not work, and is not in yet; each once."""
    today = school_today()
    arrived = CheckIn.objects.visible_to(actor).starts().filter(date=today)
    rows = failed_scans(actor).filter(reason=ScanFailure.ASKS_HELP, at__date=today)
    rows = rows.filter(~Exists(arrived.filter(student=OuterRef("student"))))
    return rows.order_by().values("student").distinct()


def today_of_staff(actor) -> dict[str, Any]:
    """Counts for the home page: planned, one per group, and odd scans.

    For a teacher also which days company and student differ on, and of how many students nobody
    confirmed days: read in the same trip.
    """
    counts = groups_on(actor, school_today())
    of_teacher = (brief(open_disputes(actor)), students_unconfirmed(actor))
    more = of_teacher if actor.role == Audience.TEACHER else ()
    odd, helped, *found = read_all(totals(odd_check_ins(actor)), asking_help(actor), *more)
    disputes, unconfirmed = found or ([], [])
    return {
        "planned": counts.total(),
        **{group: counts[group] for group in GROUPS},
        "odd": sum(row["n"] for row in odd),
        "help": len(helped),
        "disputes": disputes,
        "unconfirmed": len(unconfirmed),
    }


def groups_on(actor, day: date) -> Counter[str]:
    """How many of those planned on a day, today or earlier, are in each of GROUPS.

    The same as counting `staff_day`, without reading everybody: who is not reported away falls in
    the same group as all others with the same hour, arrival and way of reporting.
    """
    arrived = CheckIn.objects.visible_to(actor).starts()
    arrived = arrived.filter(placement=OuterRef("placement"), date=day)
    went = CheckIn.objects.visible_to(actor).ends()
    went = went.filter(placement=OuterRef("placement"), date=day)
    reported = Absence.objects.visible_to(actor).filter(placement=OuterRef("placement"))
    rows = staff_planned(actor, day).annotate(reported=Exists(reported.touching(day, day)))
    alike = (
        rows.filter(reported=False)
        .values("day_from", way=way("placement__"))
        .annotate(
            arrived=Exists(arrived),
            late=Exists(arrived.late()),
            gone=Exists(went),
            made_later=Q(placement__created_at__date__gt=day),
            n=Count("pk"),
        )
        .order_by("day_from", "way", "arrived", "late", "gone", "made_later")
    )
    limit = AttendanceSettings.objects.of(actor.school_id).late_after_minutes
    counts = Counter(t.group for t in staff_day(actor, day, rows.filter(reported=True)))
    for row in alike:
        made = make_day(
            day,
            PlannedDay(date=day, day_from=row["day_from"]),
            CheckIn(flags=[Flag.LATE] if row["late"] else []) if row["arrived"] else None,
            None,
            now=timezone.now(),
            late_after=limit,
            made_on=day + timedelta(days=1) if row["made_later"] else None,
            stay=Stay(CheckIn(at=timezone.now())) if row["gone"] else NOTHING_SAID,
        )
        counts[_group(made, row["way"])] += row["n"]
    return counts
