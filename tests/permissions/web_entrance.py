"""Who may open the pages of getting in: by hand, see `tests/permissions/__init__.py`."""

from stage.core.files.store import Owner, store_bytes
from stage.core.models import Link, StoredFile
from stage.core.who import links
from stage.schools.enums import FileKind
from stage.schools.services import cards
from tests.permissions import EVERYBODY, Row

PEOPLE = ("student", "classmate", "other_student", "guardian")
COMPANY = (
    *("contact", "supervisor", "far_contact", "other_contact"),
    *("signatory", "planted", "named"),
)
WITH_LOGIN = (
    "coordinator",
    "teacher",
    "colleague",
    "student",
    "classmate",
    "bureau",
    "operator",
    "other_coordinator",
    "other_teacher",
    "other_student",
    "far_coordinator",
    "far_bureau",
)
STAFF = (
    "coordinator",
    "teacher",
    "colleague",
    "bureau",
    "other_coordinator",
    "other_teacher",
    "far_coordinator",
    "far_bureau",
)
GET_POST = ("GET", "POST")


def token(world):
    """A link of the guardian of Berk's first student."""
    guardian = world.berk.guardians[0]
    links.link_for(
        person_kind="guardian",
        person_id=guardian.pk,
        purpose="home",
        region_id=world.noord.region.pk,
        school_id=world.berk.school.pk,
    )
    return [links.token_of(Link.objects.get(person_id=guardian.pk, purpose="home"))]


def photo(world):
    """A picture of Berk's first student."""
    found = StoredFile.objects.filter(student_id=world.berk.students[0].pk).first()
    if found is None:
        found = store_bytes(
            b"%PDF-1.7",
            name="brief.pdf",
            content_type="application/pdf",
            kind=FileKind.LOGO,
            owner=Owner(world.noord.region.pk, world.berk.school.pk, world.berk.students[0].pk),
            actor=world.actor(world.berk.coordinator),
        )
    return [found.public_id]


WHO_SEES_A_STUDENTS_FILE = ("coordinator", "teacher", "student", "guardian")

ROUTES: dict[str, Row] = {
    "web:login": Row(may=EVERYBODY),
    "web:student_login": Row(may=EVERYBODY, methods=GET_POST),
    "web:link_ask": Row(may=EVERYBODY, methods=GET_POST),
    "web:link_asked": Row(may=EVERYBODY),
    "web:log_out": Row(may=EVERYBODY, methods=("POST",)),
    "web:role_switch": Row(may=WITH_LOGIN, methods=GET_POST),
    "web:language": Row(may=EVERYBODY, methods=("POST",)),
    "web:explanation": Row(may=(*PEOPLE, *COMPANY, *STAFF)),
    "web:explanation_seen": Row(may=(*COMPANY, *STAFF), methods=("POST",)),
    "web:card_typed": Row(may=EVERYBODY, methods=GET_POST),
    "web:card_open": Row(
        may=EVERYBODY,
        methods=GET_POST,
        args=lambda world: [
            cards.issue_card(world.berk.students[2], world.actor(world.berk.coordinator))
        ],
    ),
    "web:password_lost": Row(may=EVERYBODY),
    "web:help_ask": Row(may=EVERYBODY, methods=GET_POST),
    "web:phones_seen": Row(may=("student", "classmate", "other_student"), methods=("POST",)),
    "web:phone_add": Row(may=("student", "classmate", "other_student"), methods=GET_POST),
    "web:password_choose": Row(may=("student", "classmate", "other_student"), methods=GET_POST),
    "web:link_open": Row(may=EVERYBODY, args=token, methods=GET_POST),
    "web:link_code": Row(may=EVERYBODY, args=token, methods=GET_POST),
    "web:code_resend": Row(may=EVERYBODY, args=token, methods=("POST",)),
    "web:link_renew": Row(may=EVERYBODY, args=token, methods=("POST",)),
    # 404 for everybody whose browser did not just prove a mailed code.
    "web:staff_welcome": Row(may=(), methods=GET_POST),
    "web:file_open": Row(may=WHO_SEES_A_STUDENTS_FILE, args=photo),
    "web:file_thumbnail": Row(may=WHO_SEES_A_STUDENTS_FILE, args=photo),
    "web:health": Row(may=EVERYBODY),
    "web:offline": Row(may=EVERYBODY),
    "web:queue_key": Row(may=("student", "classmate", "other_student")),
    "web:privacy": Row(may=EVERYBODY),
    "web:accessibility": Row(may=EVERYBODY),
    "web:favicon": Row(may=EVERYBODY),
    "web:manifest": Row(may=EVERYBODY),
    "web:colour_css": Row(may=EVERYBODY, args=lambda world: ["0b5a41"]),
    "web:service_worker": Row(may=EVERYBODY),
    "devtools:style_guide": Row(may=EVERYBODY),
    "devtools:demo_mailbox": Row(may=EVERYBODY),
    "devtools:demo_mail": Row(may=(), args=lambda world: ["20270101T000000000000-00000000"]),
    "devtools:demo_attachment": Row(
        may=(), args=lambda world: ["20270101T000000000000-00000000", 0]
    ),
    "devtools:demo_logins": Row(may=EVERYBODY, methods=GET_POST),
}
