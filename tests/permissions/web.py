"""Who may open which route of `web`: by hand, see `tests/permissions/__init__.py`."""

from stage.core.models import PushSubscription
from stage.core.who import feeds
from tests.permissions import CAST, EVERYBODY, Row, operator, web_entrance, web_people

LOGGED_IN = tuple(c for c in CAST if c != "anonymous")
FINDERS = (
    *("coordinator", "other_coordinator", "far_coordinator"),
    *("teacher", "colleague", "other_teacher", "bureau", "far_bureau"),
)

WITH_AGENDA = (
    *("student", "classmate", "other_student", *web_entrance.COMPANY),
    *("coordinator", "teacher", "colleague"),
    *("other_coordinator", "other_teacher", "far_coordinator"),
)


def calendar(world) -> list[str]:
    """The secret of a calendar; of a student without a placement, since everybody reads it."""
    return [feeds.make_feed(world.actor(world.berk.logins[2]))]


def phone(world):
    """A phone on which Berk's coordinator sees notices."""
    mine = world.berk.coordinator
    found, _made = PushSubscription.objects.get_or_create(
        member=mine, school_id=mine.school_id, endpoint="https://fcm.googleapis.com/x"
    )
    return [found.public_id]


ROUTES: dict[str, Row] = {
    **web_entrance.ROUTES,
    **web_people.ROUTES,
    **operator.ROUTES,
    "web:home": Row(may=LOGGED_IN),
    "web:me": Row(may=LOGGED_IN),
    "web:agenda": Row(may=WITH_AGENDA, methods=("GET", "POST")),
    "web:agenda_withdraw": Row(may=WITH_AGENDA, methods=("POST",)),
    # The address is the key, whoever asks.
    "web:agenda_feed": Row(may=EVERYBODY, args=calendar),
    "web:notices": Row(
        may=(
            *(*web_people.ALL_STAFF, "student", "classmate", "other_student"),
            *(*web_entrance.COMPANY, "guardian", "bureau", "far_bureau"),
        ),
        methods=web_people.GET_POST,
    ),
    "web:push_on": Row(
        may=(*web_people.ALL_STAFF, "student", "classmate", "other_student"), methods=("POST",)
    ),
    "web:push_off": Row(may=("coordinator",), args=phone, methods=("POST",)),
    "web:student_stage": Row(may=("student", "classmate", "other_student")),
    "web:search": Row(may=FINDERS),
    "web:match_start": Row(may=("coordinator", "other_coordinator", "far_coordinator")),
}
