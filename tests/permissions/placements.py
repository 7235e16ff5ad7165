"""Who may open which route of `placements`: by hand, see `tests/permissions/__init__.py`."""

from companies.models import Place
from placements.models import Application, ApplicationQuestion, OwnCompany, PlacementChange
from stage.core.models import Job
from tests.permissions import STAFF, Row
from tests.world import offered

# Pages that show everybody their own: no object of Berk in the address.
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
COORDINATORS = ("coordinator", "other_coordinator", "far_coordinator")


def place(world):
    return [world.berk.places[0].public_id]


def application_of(n):
    return lambda world: [world.berk.applications[n].public_id]


def placement(world):
    return [world.berk.placement.public_id]


def question(world):
    """One that the bakery put to the school, about the second student."""
    wish = world.berk.applications[1]
    found, _made = ApplicationQuestion.objects.get_or_create(
        application=wish,
        put_to="school",
        defaults={
            "school_id": wish.school_id,
            "student_id": wish.student_id,
            "company_id": wish.company_id,
            "text": "Kan de leerling langskomen?",
            "asked_by_name": "Baas",
        },
    )
    return [found.public_id]


def own_company(world):
    """One that the second student named and the school has not looked at."""
    student = world.berk.students[1]
    found, _made = OwnCompany.objects.get_or_create(
        student=student,
        period=world.berk.period,
        state="named",
        defaults={
            "school_id": student.school_id,
            "name": "Garage",
            "city": "Noorddorp",
            "what": "Banden wisselen",
        },
    )
    return [found.public_id]


def asked_for_one(world):
    """The second student's question to the region's other company."""
    wish = world.berk.applications[1]
    company = world.noord.companies[1]
    found = Application.objects.filter(student=wish.student_id, place__for_one=True).first()
    if found is None:
        place = offered(world.berk.period, company)
        Place.objects.filter(pk=place.pk).update(for_one=True, state="asked")
        found = Application.objects.create(
            school_id=wish.school_id,
            student_id=wish.student_id,
            company=company,
            place=place,
            period_id=wish.period_id,
            motivation="x",
            state="with_company",
        )
    return [found.public_id]


def period(world):
    return [world.berk.period.public_id]


def period_job(world):
    """What the coordinator of Berk had done for many placements at once."""
    berk = world.berk
    found = Job.objects.filter(kind="follow_period", school=berk.school).first()
    found = found or Job.objects.create(
        kind="follow_period",
        region=berk.school.region,
        school=berk.school,
        created_by=berk.coordinator,
        state="done",
        arguments={"wanted": {"run": "R0"}},
        result={"done": 3, "same": 0, "refused": []},
    )
    return [berk.period.public_id, found.public_id]


def period_run(world):
    """A press of long ago: what can be undone of it is nothing."""
    return [world.berk.period.public_id, "R0"]


def asked_change(world):
    """What the company asked about the first student's placement, and the school has not done."""
    held = world.berk.placement
    found, _made = PlacementChange.objects.get_or_create(
        placement=held,
        state="asked",
        defaults={
            "school_id": held.school_id,
            "student_id": held.student_id,
            "company_id": held.company_id,
            "kind": "pause",
            "from_on": held.starts,
            "until_on": held.starts,
            "reason": "no_work",
            "words": "Wij zijn dicht.",
            "asked_kind": "company",
        },
    )
    return [found.public_id]


CONCERNED = ("coordinator", "teacher", "student", "guardian", "contact", "supervisor")


def second_student(world):
    return [world.berk.students[1].public_id]


def company(world):
    return [world.noord.companies[0].public_id]


ROUTES: dict[str, Row] = {
    "placements:own_company": Row(STUDENTS, methods=("GET", "POST")),
    "placements:own_company_withdraw": Row(("classmate",), own_company, ("GET", "POST")),
    "placements:own_check": Row(
        ("coordinator", "teacher"),
        own_company,
        ("GET", "POST"),
        lambda w: {"do": "refuse", "reason": "Te ver."},
    ),
    "placements:one_ask": Row(("coordinator", "teacher"), second_student, ("GET", "POST")),
    "placements:one_call": Row(
        ("coordinator", "teacher"),
        asked_for_one,
        ("GET", "POST"),
        lambda w: {"answer": "no", "reason": "Te druk."},
    ),
    "placements:one_choose": Row((*STAFF, "other_coordinator", "other_teacher"), company),
    "placements:place_browse": Row(STUDENTS),
    "placements:place_show": Row(("student", "classmate"), place),
    "placements:application_write": Row(("student", "classmate"), place, ("GET", "POST")),
    "placements:application_list": Row(STUDENTS),
    "placements:application_withdraw": Row(("classmate",), application_of(1), ("GET", "POST")),
    "placements:application_take_up": Row(("classmate",), application_of(1), ("POST",)),
    "placements:application_move": Row(
        ("classmate",), application_of(1), ("POST",), lambda w: {"naar": "omhoog"}
    ),
    "placements:question_answer": Row(
        ("coordinator",),
        question,
        ("GET", "POST"),
        lambda w: {"answer": "Dat kan."},
    ),
    "placements:company_inbox": Row(COMPANIES),
    "placements:application_decide": Row(
        ("contact",),
        application_of(1),
        ("GET", "POST"),
        lambda w: {"answer": "yes"},
    ),
    "placements:trainee_list": Row(COMPANIES),
    "placements:board": Row(COORDINATORS),
    "placements:match": Row(
        ("coordinator",),
        methods=("POST",),
        post=lambda w: {
            "student": w.berk.students[1].public_id,
            "place": w.berk.places[0].public_id,
        },
    ),
    "placements:match_accepted": Row(
        ("coordinator",),
        lambda w: [w.berk.group.public_id],
        ("GET", "POST"),
        lambda w: {"application": w.berk.applications[1].public_id},
    ),
    "placements:matches_undo": Row(COORDINATORS, methods=("POST",)),
    "placements:unmatch": Row(("coordinator",), placement, ("GET", "POST")),
    "placements:application_overview": Row(
        ("coordinator",), lambda w: [w.berk.students[1].public_id]
    ),
    "placements:placement_list": Row(COORDINATORS),
    "placements:assign": Row(COORDINATORS, methods=("GET", "POST")),
    "placements:brief_send": Row(COORDINATORS, methods=("GET", "POST")),
    "placements:change_start": Row(CONCERNED, placement),
    "placements:change_make": Row(
        CONCERNED,
        lambda w: [w.berk.placement.public_id, "pause"],
        ("GET", "POST"),
    ),
    "placements:change_list": Row(COORDINATORS),
    "placements:change_show": Row(
        CONCERNED,
        asked_change,
        ("GET", "POST"),
    ),
    "placements:change_undo": Row(("coordinator", "teacher"), asked_change, ("POST",)),
    "placements:period_follow": Row(("coordinator",), period, ("GET", "POST")),
    "placements:period_off": Row(("coordinator",), period, ("GET", "POST")),
    "placements:period_undo": Row(("coordinator",), period_run, ("POST",)),
    "placements:period_job": Row(("coordinator",), period_job),
    "placements:period_progress": Row(("coordinator",), period_job),
    "placements:placement_show": Row(
        (*STAFF, "student", "guardian", "contact", "supervisor", "signatory"), placement
    ),
}
