"""Schools whose students press without a network, and what the product holds of them afterwards."""

from __future__ import annotations

import json
import sys
from datetime import time

from django.conf import settings

from attendance.enums import CheckInKind, Flag
from attendance.models import Absence, AttendanceSettings, CheckIn, DayReport
from companies.enums import AttendanceMode, DayEnd
from companies.models import Company, Location
from placements.models import Placement, PlannedDay
from stage.core.dutch.calendar import school_today
from stage.core.enums import Role
from stage.core.models import AuditEntry, School
from stage.core.tenants.tenancy import SYSTEM, use
from stage.schools.models import Student
from tests.e2e import seeds
from tests.e2e.sessions import _login, _member

SEED = "from tests.e2e.waiting import seed; seed({})"
TELL = "from tests.e2e.waiting import tell; tell({!r})"
WRITTEN = ("report_written", "report_changed")


def seed(count: int, way: str = AttendanceMode.STUDENT) -> None:
    """Print schools: two students with log-ins, the poster's code, and how to ask what there is.

    `way` is how these students check in; the poster hangs there for who is told to use it too.
    """
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    out, schools = sys.stdout, []
    for _ in range(count):
        sys.stdout = open("/dev/null", "w")  # noqa: SIM115
        seeds.dump_at_work()
        sys.stdout = out
        with use(SYSTEM):
            schools.append(_school(School.objects.order_by("-pk")[0], way))
    sys.stdout.write("JSON" + json.dumps(schools) + "\n")


def _school(school: School, way: str) -> dict:
    AttendanceSettings.objects.filter(school=school).update(way=way)
    students = list(Student.objects.filter(school=school).order_by("pk")[1:3])
    Student.objects.filter(pk__in=[s.pk for s in students]).update(photo_consent=True)
    logins = [
        [_login(m), _login(m)]
        for m in (_member(Role.STUDENT, "", school.region, school, s) for s in students)
    ]
    # The day is not over, at whatever hour this runs.
    days = PlannedDay.objects.filter(school=school, date=school_today())
    days.update(day_from=time(0, 0), day_to=time(23, 59))
    place = Placement.objects.filter(school=school)[0]
    # The company wants to hear the rest of the day.
    Company.objects.filter(pk=place.company_id).update(day_end=DayEnd.BREAKS)
    poster = Location.objects.filter(company=place.company_id)[0].poster_code
    return {"school": school.pk, "logins": logins, "poster": poster}


def tell(school: int) -> None:
    """Print what there is of a school's students since today."""
    with use(SYSTEM):
        pressed = CheckIn.objects.filter(school=school).exclude(device_at__isnull=True)
        arrivals = pressed.filter(kind=CheckInKind.START)
        told = {
            "rest": [[row.kind, row.at.timestamp()] for row in pressed.exclude(kind="start")],
            "arrivals": [
                {
                    "at": row.at.timestamp(),
                    "device": row.device_at.timestamp() if row.device_at else 0,
                    "offline": Flag.OFFLINE in row.flags,
                    "taken_back": row.withdrawn_at is not None,
                    "student": row.student_id,
                    "method": row.method,
                }
                for row in arrivals
            ],
            "absences": Absence.objects.filter(school=school).count(),
            "reports": [
                {"text": r.text, "photo": r.photo_id is not None}
                for r in DayReport.objects.filter(school=school)
            ],
            "written": AuditEntry.objects.filter(school=school, verb__in=WRITTEN).count(),
        }
    sys.stdout.write("JSON" + json.dumps(told) + "\n")
