"""Nobody was seen and nobody said a word: the teacher is mailed, and later the coordinator.

Never twice for a day and step: a row says that it was raised. It stops once somebody says what the
day came to, checks in, or wrote down that a call got no answer.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from django.utils import timezone

from attendance.enums import AlarmStep
from attendance.models import Alarm, AttendanceSettings, Called
from attendance.queries.alarms import may_be_missing
from attendance.queries.staff import StudentDay, staff_day
from attendance.services import guardians
from placements import teachers
from placements.models import Placement
from stage.core import mail
from stage.core.dutch.calendar import local_datetime, school_today
from stage.core.enums import PersonKind, Role
from stage.core.mail import Post
from stage.core.models import Membership, School
from stage.core.record import audit
from stage.core.tenants.statements import insert_once
from stage.core.who.actors import job_at

Person = tuple[str, int]


def raise_alarms(school: School) -> int:
    """Raise what is due now at a school; answers how many. One mail a person. In its scope."""
    today, now = school_today(), timezone.now()
    settings = AttendanceSettings.objects.of(school.pk)
    actor = job_at(school)
    rows = may_be_missing(today, now).filter(school_id=school.pk)
    missing = [t for t in staff_day(actor, today, rows) if t.is_missing]
    called = _called([t.placement_id for t in missing], today)
    missing = [t for t in missing if t.placement_id not in called]
    placements = Placement.objects.select_related("teacher").in_bulk(
        [t.placement_id for t in missing]
    )
    news: dict[Person, list[Alarm]] = defaultdict(list)
    for trainee in missing:
        placement = placements[trainee.placement_id]
        for step in _due(trainee, settings, now):
            alarm = Alarm.about(placement, date=today, step=step, at=now)
            if not insert_once(alarm):
                continue
            audit.record(actor, "alarm_raised", alarm, fields=["step"])
            for person in _people(placement, step, settings):
                news[person].append(alarm)
    mail.queue_many(_post(person, alarms, school) for person, alarms in news.items())
    return len({alarm.pk for alarms in news.values() for alarm in alarms})


def _called(placements: list[int], day) -> set[int]:
    rows = Called.objects.filter(placement__in=placements, date=day).order_by()
    return set(rows.values_list("placement_id", flat=True))


def _due(trainee: StudentDay, settings: AttendanceSettings, now: datetime) -> list[str]:
    """The steps whose time has come, counted from the first hour or the time that was said."""
    planned = trainee.day.planned
    if planned is None or now >= local_datetime(planned.date, planned.day_to):
        return []
    clock = max(planned.day_from, trainee.day.comes_at or planned.day_from)
    passed = now - local_datetime(planned.date, clock)
    limits = {
        AlarmStep.TEACHER: settings.alarm_after_minutes,
        AlarmStep.COORDINATOR: settings.alarm_next_minutes,
    }
    return [step.value for step, n in limits.items() if passed >= timedelta(minutes=n)]


def _people(placement: Placement, step: str, settings: AttendanceSettings) -> list[Person]:
    if step == AlarmStep.TEACHER:
        staff = teachers.mailed(placement, else_coordinators=True)
        family = guardians.of_minor(placement.student_id) if settings.alarm_guardians else []
        return [*((PersonKind.MEMBERSHIP.value, row.pk) for row in staff), *family]
    rows = Membership.objects.active().filter(school_id=placement.school_id, role=Role.COORDINATOR)
    return [(PersonKind.MEMBERSHIP.value, row.pk) for row in rows.order_by("pk")]


def _post(person: Person, alarms: list[Alarm], school: School) -> Post:
    kind, pk = person
    numbers = sorted(alarm.pk for alarm in alarms)
    return Post(
        "alarm_raised",
        person_kind=kind,
        person_id=pk,
        key=f"alarm:{kind}:{pk}:{numbers[0]}",
        region_id=school.region_id,
        school_id=school.pk,
        details={"alarms": numbers},
        urgent=True,
    )
