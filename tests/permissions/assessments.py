"""Who may open which route of `assessments`: by hand, see `tests/permissions/__init__.py`."""

from tests.assessments import things
from tests.permissions import STAFF, Row

OTHER_STAFF = ("other_coordinator", "other_teacher", "far_coordinator")
STUDENTS = ("student", "classmate", "other_student")
COMPANIES = (
    "contact",
    "supervisor",
    "far_contact",
    "other_contact",
    "signatory",
    "planted",
    "named",
)
BOTH = ("GET", "POST")


def an_assignment(world):
    return [things.assignment(world.berk).public_id]


def a_hand_in(world):
    return [things.hand_in(world.berk).public_id]


def some_evidence(world):
    row = things.hand_in(world.berk)
    return [row.public_id, things.evidence(row, world.berk).file.public_id]


def a_placement(world):
    return [world.berk.placement.public_id]


def an_assessment(world):
    return [things.given(world.berk, world.noord.supervisors[0]).public_id]


ROUTES: dict[str, Row] = {
    "assessments:assignment_list": Row(may=STAFF + OTHER_STAFF),
    "assessments:assignment_add": Row(may=STAFF + OTHER_STAFF, methods=BOTH),
    "assessments:assignment_edit": Row(may=STAFF, args=an_assignment, methods=BOTH),
    "assessments:assignment_archive": Row(may=STAFF, args=an_assignment, methods=BOTH),
    "assessments:assignment_hand_out": Row(may=STAFF, args=an_assignment, methods=BOTH),
    "assessments:hand_in_list": Row(may=STAFF + OTHER_STAFF),
    "assessments:hand_in_show": Row(may=("coordinator", "teacher"), args=a_hand_in, methods=BOTH),
    "assessments:my_assignments": Row(may=STUDENTS),
    "assessments:assignment_show": Row(may=("student",), args=a_hand_in),
    "assessments:hand_in": Row(may=("student",), args=a_hand_in, methods=("POST",)),
    "assessments:hand_in_undo": Row(may=("student",), args=a_hand_in, methods=("POST",)),
    "assessments:evidence_add": Row(may=("student",), args=a_hand_in, methods=("POST",)),
    "assessments:evidence_remove": Row(may=("student",), args=some_evidence, methods=BOTH),
    "assessments:assessment_show": Row(may=("student",), args=an_assessment, methods=BOTH),
    "assessments:assessment_list": Row(may=COMPANIES),
    "assessments:assessment_group": Row(may=COMPANIES, methods=BOTH),
    "assessments:assessment_fill": Row(
        may=("contact", "supervisor"), args=a_placement, methods=BOTH
    ),
    "assessments:mark_list": Row(may=STAFF + OTHER_STAFF),
    "assessments:mark_give": Row(may=("coordinator", "teacher"), args=a_placement, methods=BOTH),
    "assessments:form_edit": Row(
        may=("coordinator", "other_coordinator", "far_coordinator"), methods=BOTH
    ),
}
