"""Who may open which route of `attendance`: by hand, see `tests/permissions/__init__.py`."""

from datetime import UTC, datetime, timedelta

from attendance.days import week_of
from attendance.models import Absence, CheckIn, DayReport, DisputedDay, Screen
from attendance.services.shown import code_of
from placements.models import Placement, PlannedDay
from stage.core.dutch.calendar import school_today
from stage.core.models.base import values_about
from tests.permissions import EVERYBODY, Row

STUDENTS = ("student", "classmate", "other_student")
COMPANIES = (
    "contact",
    "supervisor",
    "other_contact",
    "far_contact",
    "signatory",
    "planted",
    "named",
)
OWN_COMPANY = ("contact", "supervisor")
ALL_STAFF = (
    "coordinator",
    "teacher",
    "colleague",
    "other_coordinator",
    "other_teacher",
    "far_coordinator",
)
OWN_STAFF = ("coordinator", "teacher")
BOTH = ("GET", "POST")


def _scan(world) -> CheckIn:
    """The first student of Berk was there yesterday, on a day that was not planned."""
    p = world.berk.placement
    return CheckIn.objects.get_or_create(
        nonce="NONCE12345",
        defaults=values_about(
            CheckIn,
            p,
            date=school_today() - timedelta(days=1),
            at=datetime.now(UTC),
            method="poster",
            flags=["unplanned_day"],
        ),
    )[0]


def _arrived(world) -> list:
    """The day of that scan."""
    return [world.berk.placement.public_id, _scan(world).date]


def _arrived_today(world) -> list:
    """The first student of Berk is there today."""
    p, day = world.berk.placement, school_today()
    values = {"at": datetime.now(UTC) - timedelta(minutes=1), "method": "poster"}
    CheckIn.objects.get_or_create(
        placement=p, date=day, kind="start", defaults=values_about(CheckIn, p, **values)
    )
    return [p.public_id]


def _written(world) -> list:
    """The first student of Berk wrote about yesterday."""
    p, day = world.berk.placement, school_today() - timedelta(days=1)
    DayReport.objects.get_or_create(
        placement=p, date=day, defaults=values_about(DayReport, p, text="Gebakken.")
    )
    return [p.public_id, day]


def _ill(world) -> list:
    """The first student of Berk is reported ill, so that there is something to come back from."""
    p = world.berk.placement
    Absence.objects.create_about(p, kind="ill", starts=school_today(), reported_kind="student")
    return [p.public_id]


def _missed(world) -> list:
    """The first student of Berk was away on a day that is over."""
    p, day = world.berk.placement, school_today() - timedelta(days=7)
    Placement.objects.filter(pk=p.pk, starts__gt=day).update(starts=day)
    times = {"day_from": p.day_from, "day_to": p.day_to, "break_minutes": 30}
    PlannedDay.objects.get_or_create(
        placement=p, date=day, defaults=values_about(PlannedDay, p, **times)
    )
    Absence.objects.get_or_create(
        placement=p,
        kind="other",
        starts=day,
        defaults=values_about(Absence, p, ends=day, reported_kind="company"),
    )
    return [p.public_id, day]


def _disputed(world) -> list:
    """The bakery said that the first student of Berk was not there yesterday."""
    p, day = world.berk.placement, school_today() - timedelta(days=1)
    DisputedDay.objects.get_or_create(
        placement=p,
        date=day,
        defaults=values_about(DisputedDay, p, kind="absent", by_id=p.supervisor_id),
    )
    return [day]


def _unconfirmed(world) -> list:
    """The first student of Berk worked on a day that nobody confirmed for a month."""
    p, day = world.berk.placement, school_today() - timedelta(days=35)
    Placement.objects.filter(pk=p.pk).update(created_at=datetime.now(UTC) - timedelta(days=60))
    times = {"day_from": p.day_from, "day_to": p.day_to, "break_minutes": 30}
    PlannedDay.objects.get_or_create(
        placement=p, date=day, defaults=values_about(PlannedDay, p, **times)
    )
    return [p.public_id]


def _away(world) -> list:
    """The school said that the first student of Berk is away from tomorrow on."""
    p, day = world.berk.placement, school_today() + timedelta(days=1)
    values = {"ends": day + timedelta(days=1), "reported_kind": "coordinator"}
    row, _made = Absence.objects.get_or_create(
        placement=p, kind="other", starts=day, defaults=values_about(Absence, p, **values)
    )
    return [row.public_id]


def _code(world) -> list:
    """What the first student of Berk shows at this moment."""
    return [code_of(world.berk.placement)]


def _screen(world) -> list:
    """A screen at the bakery."""
    place = world.noord.locations[0]
    values = {"region_id": place.region_id, "company_id": place.company_id, "name": "Balie"}
    return [Screen.objects.get_or_create(location=place, defaults=values)[0].public_id]


def placement(world) -> list:
    return [world.berk.placement.public_id]


def planned_day(world) -> list:
    return [world.berk.placement.public_id, world.berk.placement.starts]


ROUTES: dict[str, Row] = {
    "attendance:scan_open": Row(
        may=STUDENTS, args=lambda world: [world.noord.locations[0].poster_code]
    ),
    "attendance:scan_typed": Row(may=STUDENTS, methods=BOTH),
    "attendance:check_in": Row(may=STUDENTS, methods=("POST",)),
    "attendance:check_in_help": Row(may=STUDENTS, methods=("POST",)),
    "attendance:check_in_undo": Row(may=STUDENTS, methods=("POST",)),
    "attendance:check_in_done": Row(may=STUDENTS),
    "attendance:check_out": Row(may=STUDENTS, methods=("POST",)),
    "attendance:check_out_undo": Row(may=STUDENTS, methods=("POST",)),
    "attendance:pause_start": Row(may=STUDENTS, methods=("POST",)),
    "attendance:pause_end": Row(may=STUDENTS, methods=("POST",)),
    "attendance:week": Row(may=STUDENTS),
    "attendance:dispute_answer": Row(may=("student",), methods=BOTH, args=_disputed),
    "attendance:dispute_list": Row(may=ALL_STAFF),
    "attendance:dispute_settle": Row(
        may=OWN_STAFF,
        methods=("POST",),
        args=lambda world: [world.berk.placement.public_id, *_disputed(world)],
    ),
    "attendance:dispute_unsettle": Row(
        may=OWN_STAFF,
        methods=("POST",),
        args=lambda world: [world.berk.placement.public_id, *_disputed(world)],
    ),
    "attendance:unconfirmed_list": Row(may=ALL_STAFF),
    "attendance:unconfirmed_confirm": Row(may=OWN_STAFF, methods=BOTH, args=_unconfirmed),
    "attendance:absence_report": Row(may=STUDENTS, methods=BOTH),
    "attendance:absence_undo": Row(may=STUDENTS, methods=("POST",)),
    "attendance:absence_change": Row(
        may=(*OWN_STAFF, *OWN_COMPANY, "student", "guardian"), methods=BOTH, args=_away
    ),
    "attendance:staff_absence": Row(may=OWN_STAFF, methods=BOTH, args=placement),
    "attendance:absence_back": Row(may=STUDENTS, methods=("POST",)),
    "attendance:report_list": Row(may=STUDENTS),
    "attendance:report_write": Row(
        may=("student",), methods=BOTH, args=lambda world: [_scan(world).date]
    ),
    "attendance:guardian_absence": Row(may=("guardian",), methods=BOTH),
    "attendance:code_show": Row(may=STUDENTS),
    "attendance:code_scanned": Row(may=EVERYBODY, args=_code),
    "attendance:code_present": Row(may=OWN_COMPANY, methods=("POST",), args=_code),
    "attendance:screen": Row(may=EVERYBODY),
    "attendance:screen_next": Row(may=EVERYBODY, methods=("POST",)),
    "attendance:screen_pair": Row(
        may=EVERYBODY, methods=("POST",), post=lambda world: {"code": "NOTHING0"}
    ),
    "attendance:screen_list": Row(
        may=("contact", "other_contact", "far_contact", "planted"), methods=BOTH
    ),
    "attendance:screen_withdraw": Row(may=("contact", "planted"), methods=("POST",), args=_screen),
    "attendance:company_today": Row(may=COMPANIES),
    "attendance:company_absence": Row(may=OWN_COMPANY, methods=BOTH, args=placement),
    "attendance:company_undo": Row(may=OWN_COMPANY, methods=("POST",), args=placement),
    "attendance:company_present": Row(may=OWN_COMPANY, methods=("POST",), args=placement),
    "attendance:company_back": Row(may=OWN_COMPANY, methods=("POST",), args=_ill),
    "attendance:company_not_here": Row(may=OWN_COMPANY, methods=("POST",), args=placement),
    "attendance:week_confirm": Row(
        may=COMPANIES, methods=BOTH, args=lambda world: [week_of(school_today())]
    ),
    "attendance:today": Row(may=ALL_STAFF),
    "attendance:settle": Row(
        may=OWN_STAFF,
        methods=("POST",),
        args=planned_day,
        post=lambda world: {"outcome": "present"},
    ),
    "attendance:settle_undo": Row(may=OWN_STAFF, methods=("POST",), args=planned_day),
    "attendance:check_out_correct": Row(may=OWN_STAFF, methods=BOTH, args=_arrived),
    "attendance:company_check_out": Row(may=OWN_COMPANY, methods=BOTH, args=_arrived_today),
    "attendance:check_in_wrong": Row(
        may=OWN_STAFF, methods=BOTH, args=_arrived, post=lambda world: {"why": "Was er niet."}
    ),
    "attendance:called": Row(may=OWN_STAFF, methods=("POST",), args=planned_day),
    "attendance:called_undo": Row(may=OWN_STAFF, methods=("POST",), args=planned_day),
    "attendance:reports_read": Row(may=ALL_STAFF),
    "attendance:report_answer": Row(may=OWN_STAFF, methods=BOTH, args=_written),
    "attendance:flags": Row(may=ALL_STAFF),
    "attendance:flag_seen": Row(
        may=OWN_STAFF, methods=("POST",), args=lambda world: [_scan(world).nonce]
    ),
    "attendance:pattern_list": Row(may=ALL_STAFF),
    "attendance:pattern_seen": Row(
        may=OWN_STAFF,
        methods=("POST",),
        args=lambda world: [world.berk.placement.public_id, "late", school_today()],
    ),
    "attendance:pattern_unseen": Row(
        may=OWN_STAFF,
        methods=("POST",),
        args=lambda world: [world.berk.placement.public_id, "late", school_today()],
    ),
    "attendance:missed_list": Row(may=ALL_STAFF),
    "attendance:missed_decide": Row(
        may=(*OWN_STAFF, "student", "guardian", *OWN_COMPANY),
        methods=BOTH,
        args=_missed,
        post=lambda world: {"outcome": "written_off", "words": "Genoeg uren."},
    ),
    "attendance:list": Row(may=ALL_STAFF),
    "attendance:list_paper": Row(may=ALL_STAFF),
    "attendance:list_export": Row(may=ALL_STAFF, args=lambda world: ["csv"]),
}
