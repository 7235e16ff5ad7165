"""Who may open the pages about people and periods: by hand, see `tests/permissions/__init__.py`."""

from datetime import timedelta

from django.utils import timezone

from stage.core.files.store import Owner, store_bytes
from stage.schools.enums import FileKind, ImportState
from stage.schools.models import ImportJob, KeptFilter, LoginCode, StandIn
from tests.permissions import STAFF, Row

GET_POST = ("GET", "POST")
COORDINATOR = ("coordinator",)
COORDINATORS = ("coordinator", "other_coordinator", "far_coordinator")
ALL_STAFF = (*STAFF, "other_coordinator", "other_teacher", "far_coordinator")
GUIDING = ("coordinator", "teacher")
IMPORTERS = (*COORDINATORS, "bureau", "far_bureau")
KEEPERS = (*ALL_STAFF, "bureau", "far_bureau")


def student(world):
    return [world.berk.students[0].public_id]


def guardian(world):
    return [world.berk.guardians[0].public_id]


def colleague(world):
    return [world.berk.colleague.public_id]


def stand_in(world):
    """The colleague stands in for the teacher."""
    found, _made = StandIn.objects.get_or_create(
        school=world.berk.school,
        absent=world.berk.teacher,
        stand_in=world.berk.colleague,
        ended_at=None,
        defaults={"starts": timezone.localdate(), "until": timezone.localdate()},
    )
    return [found.public_id]


def kept(world):
    """A filter that Berk's coordinator keeps."""
    mine = world.berk.coordinator
    found, _made = KeptFilter.objects.update_or_create(
        member=mine,
        page="schools:student_list",
        defaults={
            "region_id": mine.region_id,
            "school_id": mine.school_id,
            "name": "Klas 3",
            "query": "klas=3A",
            "removed_at": None,
        },
    )
    return [found.public_id]


def period(world):
    return [world.berk.period.public_id]


def group(world):
    return [world.berk.group.public_id]


def job(world):
    """An import of Berk's coordinator that waits to be confirmed."""
    found = ImportJob.objects.filter(created_by=world.berk.coordinator).first()
    if found is None:
        owner = Owner(world.noord.region.pk, world.berk.school.pk)
        file = store_bytes(
            b"Leerlingnummer;Roepnaam\n1001;Aya\n",
            name="lijst",
            content_type="text/csv",
            kind=FileKind.IMPORT,
            owner=owner,
            actor=None,
        )
        found = ImportJob.objects.create(
            region=world.noord.region,
            school=world.berk.school,
            sheet="students",
            file=file,
            state=ImportState.CHECKED,
            created_by=world.berk.coordinator,
        )
    return [found.public_id]


def sheet(world):
    """A sheet with one student's card that waits to be printed."""
    card = LoginCode.objects.filter(student=world.berk.students[0], sheet="BLAD").first()
    if card is None:
        LoginCode.objects.create(
            school=world.berk.school,
            student=world.berk.students[0],
            digest="d" * 64,
            seed="s",
            sheet="BLAD",
            expires_at=timezone.now() + timedelta(days=9),
        )
    return ["BLAD"]


def post_only(args, may=COORDINATOR, post=lambda world: {}):
    return Row(may=may, args=args, methods=("POST",), post=post)


def form(args=lambda world: [], may=COORDINATOR):
    return Row(may=may, args=args, methods=GET_POST, post=lambda world: {"name": ""})


ROUTES: dict[str, Row] = {
    "schools:student_list": Row(may=ALL_STAFF),
    "schools:student_export": Row(may=ALL_STAFF),
    "schools:student_show": Row(may=STAFF, args=student),
    "schools:student_add": form(may=COORDINATORS),
    "schools:student_edit": form(student),
    "schools:student_leave": form(student),
    "schools:student_group_add": post_only(
        lambda world: [], post=lambda world: {"group": world.berk.group.public_id}
    ),
    "schools:card_print": Row(may=ALL_STAFF, methods=GET_POST),
    "schools:card_sheet": Row(may=GUIDING, args=sheet, methods=GET_POST),
    "schools:card_file": Row(may=GUIDING, args=sheet),
    "schools:card_screen": Row(may=GUIDING, args=sheet),
    "schools:guardian_add": form(student),
    "schools:guardian_edit": form(guardian),
    "schools:guardian_address": post_only(guardian),
    "schools:guardian_remove": form(guardian),
    "schools:import_start": Row(may=IMPORTERS, args=lambda world: ["companies"], methods=GET_POST),
    "schools:import_sample": Row(may=COORDINATORS, args=lambda world: ["students"]),
    "schools:import_show": form(job),
    "schools:import_confirm": post_only(job),
    "schools:import_doubles": post_only(job),
    "schools:import_mend": post_only(job),
    "schools:import_rest": Row(may=COORDINATOR, args=job),
    "schools:import_progress": Row(may=COORDINATOR, args=job),
    "schools:import_cancel": post_only(job),
    "schools:staff_list": Row(may=COORDINATORS),
    "schools:staff_invite": form(may=COORDINATORS),
    "schools:staff_edit": form(colleague),
    "schools:staff_resend": post_only(colleague),
    "schools:staff_end": form(colleague),
    "schools:stand_in_begin": form(colleague),
    "schools:stand_in_change": form(stand_in),
    "schools:stand_in_end": form(stand_in),
    "schools:filter_list": Row(may=KEEPERS),
    "schools:filter_keep": post_only(
        lambda world: [],
        may=ALL_STAFF,
        post=lambda world: {"page": "schools:student_list", "query": "q=a", "name": "A"},
    ),
    "schools:filter_open": Row(may=COORDINATOR, args=kept),
    "schools:filter_rename": form(kept),
    "schools:filter_remove": post_only(kept),
    "schools:filter_restore": post_only(kept),
    "schools:period_list": Row(may=ALL_STAFF),
    "schools:period_add": form(may=COORDINATORS),
    "schools:period_show": Row(may=STAFF, args=period),
    "schools:period_edit": form(period),
    "schools:period_remove": form(period),
    "schools:exception_add": post_only(period),
    "schools:holidays_add": post_only(period),
    "schools:exception_remove": post_only(lambda world: [*period(world), "2027-01-12"]),
    "web:group_list": Row(may=ALL_STAFF),
    "web:group_add": form(may=COORDINATORS),
    "web:group_show": Row(may=STAFF, args=group),
    "web:group_students": form(group),
    "web:group_remove": form(group),
    "schools:settings_school": form(may=COORDINATORS),
    "schools:settings_region": form(may=("bureau", "far_bureau")),
    "web:audit_list": Row(may=COORDINATORS),
}
