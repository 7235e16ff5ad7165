"""Who may open which address of the API: by hand, see `tests/permissions/__init__.py`."""

from tests.permissions import EVERYBODY, STAFF, Row

OWN = ("coordinator", "teacher")
ALL_STAFF = (*STAFF, "other_coordinator", "other_teacher", "far_coordinator")
# The region's pool is the same for both its schools.
REGION_STAFF = (*STAFF, "other_coordinator", "other_teacher")


def code_of(choose):
    return lambda world: [choose(world).public_id]


ROUTES: dict[str, Row] = {
    "api:read": Row(may=ALL_STAFF),
    "api:schema_show": Row(may=EVERYBODY),
    "api:period_list": Row(may=ALL_STAFF),
    "api:period_show": Row(may=STAFF, args=code_of(lambda w: w.berk.period)),
    "api:group_list": Row(may=ALL_STAFF),
    "api:group_show": Row(may=STAFF, args=code_of(lambda w: w.berk.group)),
    "api:student_list": Row(may=ALL_STAFF),
    "api:student_show": Row(may=STAFF, args=code_of(lambda w: w.berk.students[0])),
    "api:company_list": Row(may=ALL_STAFF),
    "api:company_show": Row(may=REGION_STAFF, args=code_of(lambda w: w.noord.companies[0])),
    "api:placement_list": Row(may=ALL_STAFF),
    "api:placement_show": Row(may=STAFF, args=code_of(lambda w: w.berk.placement)),
    "api:day_list": Row(may=OWN, args=code_of(lambda w: w.berk.placement)),
}
