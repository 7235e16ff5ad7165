"""What waits stands in the order in which it matters, and many counts cost one trip."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.db.models import Min
from django.test.utils import CaptureQueriesContext

from stage.core.tenants.tenancy import use
from stage.core.ui import todo
from stage.core.ui.counting import day_of, read_all, totals
from stage.core.ui.todo import Todo, Urgency, Weight, urgency_by
from stage.schools.models import Student
from tests.attendance.helpers import MONDAY, at

NOW, SOON, WHENEVER = Urgency


def test_urgency_then_weight_then_day_and_never_the_title(monkeypatch):
    def things(actor):
        soon = {"urgency": SOON, "url": "/", "button": "Doe"}
        yield Todo("A later step", due=MONDAY + timedelta(days=9), **soon)
        yield Todo("A step without a day", **soon)
        yield Todo("B first step", due=MONDAY, **soon)
        yield Todo("Y broken", weight=Weight.BROKEN, due=MONDAY + timedelta(days=9), **soon)
        yield Todo("Aa tidy", weight=Weight.TIDY, due=MONDAY - timedelta(days=9), **soon)
        yield Todo("Z now", urgency=NOW, weight=Weight.TIDY, url="/", button="Doe")

    monkeypatch.setattr(todo, "_SOURCES", {"coordinator": [(things, "")]})

    class Actor:
        role = "coordinator"

    assert [t.title for t in todo.for_actor(Actor())] == [
        *("Z now", "Y broken", "B first step", "A later step"),
        *("A step without a day", "Aa tidy"),
    ]


@pytest.mark.parametrize(
    ("days", "urgency"), [(-3, NOW), (0, NOW), (1, SOON), (56, SOON), (57, WHENEVER)]
)
def test_what_is_late_is_urgent(days, urgency):
    with at(MONDAY):
        assert urgency_by(MONDAY + timedelta(days=days)) == urgency


def test_what_others_wait_for_is_at_least_soon():
    with at(MONDAY):
        assert urgency_by(MONDAY + timedelta(days=200), at_least=SOON) == SOON
        assert urgency_by(MONDAY, at_least=SOON) == NOW


def test_several_lists_and_totals_come_in_one_trip(world):
    actor = world.actor(world.berk.coordinator)
    with use(actor.scope), CaptureQueriesContext(connection) as queries:
        rows = Student.objects.visible_to(actor)
        everybody, nobody, empty, first = read_all(
            totals(rows, born=Min("birth_date")),
            totals(rows.filter(first_name="Niemand")),
            rows.filter(pk__in=[]).values("pk"),
            rows.order_by("pk").values("first_name")[:1],
        )
    assert len(queries) == 1
    assert (everybody[0]["n"], date.fromisoformat(everybody[0]["born"]).year) == (3, 2011)
    assert (nobody, empty, first) == ([], [], [{"first_name": "Aya"}])


def test_a_moment_is_of_the_day_on_the_dutch_clock():
    assert day_of("2027-01-11T23:30:00+00:00") == date(2027, 1, 12)
    assert day_of(None) is None
