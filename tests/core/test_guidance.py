"""Whose rows a member of staff reaches: every table about a student, and roles nobody thought of.

The tables are found, not listed: a new one is walked here without a line of its own.
"""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import transaction

from stage.core.dutch.calendar import school_today
from stage.core.enums import Audience
from stage.core.models.base import TenantQuerySet
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.who import identities
from stage.core.who.policies import Denied
from stage.schools import guidance
from stage.schools.enums import GuideKind
from stage.schools.models import Group, Guardian, Guides, Student, StudentRow
from tests import bait
from tests.clients import client_of
from tests.permissions.table import TABLE
from tests.test_permissions import ask, is_refused, own_routes

ABOUT_STUDENTS = [
    m
    for m in bait.MODELS
    if m is Student or "student_id" in {f.attname for f in m._meta.concrete_fields}
]
# Tables of which the world with its bait holds no row about a student of Berk.
EMPTY = {"LoginCode"}


def nobody_thought_of(world):
    return replace(world.actor(world.berk.coordinator), role="unknown_role")


def about_somebody(rows):
    """Rows about a student, without those of the school itself (its logo, its staff)."""
    return rows if rows.model is Student else rows.filter(student_id__isnull=False)


def reached_by(actor, how: str = "visible_to") -> dict[str, int]:
    """How many rows about a student an actor gets of each table."""
    with use(actor.scope):
        return {
            m.__name__: about_somebody(getattr(m.objects, how)(actor)).count()
            for m in ABOUT_STUDENTS
        }


def test_every_table_about_a_student_asks_the_one_rule():
    rows = {m for m in apps.get_models() if issubclass(m, StudentRow)}
    assert rows <= set(ABOUT_STUDENTS)
    methods = {"visible_to", "by_name", "_reached"}
    own = {
        kind.__name__
        for m in ABOUT_STUDENTS
        for kind in type(m.objects.all()).__mro__
        if issubclass(kind, TenantQuerySet) and kind is not TenantQuerySet
        if methods & set(vars(kind))
    }
    assert own == set()
    assert all(isinstance(m.objects.all(), TenantQuerySet) for m in ABOUT_STUDENTS)


def test_a_role_without_a_rule_sees_no_row_of_any_table(baited):
    world, _clients, _laid = baited
    everything = reached_by(world.actor(world.berk.coordinator))
    assert {name for name, n in everything.items() if n == 0} == EMPTY
    unknown = nobody_thought_of(world)
    assert {name: n for name, n in reached_by(unknown).items() if n} == {}
    assert {name: n for name, n in reached_by(unknown, "by_name").items() if n} == {}
    with use(unknown.scope):
        others = [m for m in bait.MODELS if isinstance(m.objects.all(), TenantQuerySet)]
        seen = {m.__name__ for m in others if m.objects.visible_to(unknown).exists()}
    assert seen == set()


def test_a_role_without_a_rule_opens_no_page(world, monkeypatch):
    client, real = client_of(world.berk.coordinator), identities.actor_of
    monkeypatch.setattr(
        identities, "actor_of", lambda request: replace(real(request), role="unknown_role")
    )
    opened, asked = {}, 0
    for name, route in own_routes().items():
        if route.access.public:
            continue
        row = TABLE[name]
        with use(SYSTEM), transaction.atomic():
            url, data = _address(name, row, world), row.post(world)
        for verb in row.methods:
            asked += 1
            response = ask(client, verb, url, data)
            if not is_refused(response):
                opened[name, verb] = response.status_code
    assert opened == {}
    assert asked > 100


def _address(name, row, world) -> str:
    from django.urls import reverse

    return reverse(name, args=row.args(world))


def test_who_guides_nobody_reads_nobody_and_knows_names(baited):
    world, _clients, _laid = baited
    colleague = world.actor(world.berk.colleague)
    assert {name: n for name, n in reached_by(colleague).items() if n} == {}
    with use(colleague.scope):
        names = {s.first_name for s in Student.objects.by_name(colleague)}
        strangers = Student.objects.by_name(colleague).exclude(school=world.berk.school)
        assert len(names) == 3
        assert not strangers.exists()


def guide(world, n: int, who, **values) -> Guides:
    student = world.berk.students[n]
    with use(SYSTEM):
        return Guides.objects.create(
            **{"kind": GuideKind.STAND_IN, "source": "test", "number": n, **values},
            school=student.school,
            student=student,
            who=who,
        )


def read(world, who) -> set[str]:
    """First names of the students whose guardians somebody may read."""
    actor = world.actor(who)
    with use(actor.scope):
        rows = Guardian.objects.visible_to(actor).select_related("student")
        return {g.student.first_name for g in rows}


@pytest.mark.parametrize(
    ("kind", "starts", "until", "reads"),
    [
        (GuideKind.STAND_IN, None, None, True),
        (GuideKind.STAND_IN, 0, 0, True),
        (GuideKind.STAND_IN, 1, None, False),
        (GuideKind.STAND_IN, None, -1, False),
        (GuideKind.JOBCOACH, None, -1, False),
        (GuideKind.TEACHER, None, -1, True),
    ],
)
def test_reach_ends_with_the_time_of_who_stood_in(world, kind, starts, until, reads):
    def day(n):
        return None if n is None else school_today() + timedelta(days=n)

    assert read(world, world.berk.colleague) == set()
    guide(world, 0, world.berk.colleague, kind=kind, starts=day(starts), until=day(until))
    assert read(world, world.berk.colleague) == ({"Aya"} if reads else set())
    assert read(world, world.els.colleague) == set()


def test_guides_says_the_same_of_one_row_and_of_many(world):
    berk, els = world.berk, world.els
    guide(world, 0, berk.colleague)
    coordinator, colleague = world.actor(berk.coordinator), world.actor(berk.colleague)
    stranger, unknown = world.actor(els.coordinator), nobody_thought_of(world)
    first, second = berk.students[:2]
    with use(coordinator.scope):
        assert guidance.guides(coordinator, berk.placement)
        assert guidance.guides_all(coordinator, [first, second])
        assert guidance.guides(colleague, first)
        assert guidance.guides(colleague, berk.placement)
        assert guidance.guides_all(colleague, [first, second]) == Denied(
            "Je begeleidt deze leerling niet."
        )
        refused = Denied("Dit kan alleen een medewerker van de school.")
        assert guidance.guides(stranger, first) == refused
        assert guidance.guides(unknown, first) == refused
        assert guidance.guides_all(coordinator, [first, els.students[0]]) == refused


def test_every_role_at_a_school_has_its_line():
    assert set(guidance.REACH) == {Audience.COORDINATOR, Audience.TEACHER, Audience.JOB}


def test_rows_of_the_school_itself_are_no_students(world):
    colleague = world.actor(world.berk.colleague)
    with use(colleague.scope):
        assert Group.objects.visible_to(colleague).count() == 1
