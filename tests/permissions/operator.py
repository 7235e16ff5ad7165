"""Who may open the operator's pages and the bureau's about its colleagues: by hand, see
`tests/permissions/__init__.py`."""

from tests.permissions import Row

GET_POST = ("GET", "POST")
OPERATOR = ("operator",)


def region(world):
    return [world.noord.region.public_id]


def school(world):
    return [world.berk.school.brin]


def first(world):
    return [world.berk.coordinator.public_id]


def colleague(world):
    return [world.noord.bureau.public_id]


def operators(args=lambda world: [], methods=GET_POST):
    return Row(may=OPERATOR, args=args, methods=methods, post=lambda world: {"name": ""})


ROUTES: dict[str, Row] = {
    "schools:region_list": operators(methods=("GET",)),
    "schools:region_add": operators(),
    "schools:region_show": operators(region, methods=("GET",)),
    "schools:region_edit": operators(region),
    "schools:bureau_invite": operators(region),
    "schools:school_add": operators(),
    "schools:school_show": operators(school, methods=("GET",)),
    "schools:school_edit": operators(school),
    "schools:coordinator_invite": operators(school),
    "schools:school_end": operators(school),
    "schools:school_back": operators(school, methods=("POST",)),
    "schools:first_resend": operators(first, methods=("POST",)),
    "schools:first_withdraw": operators(first),
    "schools:bureau_colleagues": Row(may=("bureau", "far_bureau")),
    "schools:bureau_colleague_invite": Row(
        may=("bureau", "far_bureau"), methods=GET_POST, post=lambda world: {"name": ""}
    ),
    "schools:bureau_colleague_resend": Row(may=("bureau",), args=colleague, methods=("POST",)),
    "schools:bureau_colleague_end": Row(may=("bureau",), args=colleague, methods=GET_POST),
}
