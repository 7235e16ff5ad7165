"""What the company said of each day: versions, limits in the service, walls, two at once."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from attendance import services
from attendance.enums import WordKind
from attendance.models import MAX_MINUTES, CheckIn, ConfirmedDay, WeekConfirmation
from attendance.queries import days_without_report, open_weeks, today_of_student
from attendance.queries.folder import days_of
from companies.models import Company
from placements.models import PlannedDay
from stage.core.models import AuditEntry
from stage.core.tenants.tenancy import SYSTEM, school_scope, use
from stage.core.who.policies import Conflict
from tests.attendance.helpers import (
    FRIDAY,
    MONDAY,
    SATURDAY,
    TUESDAY,
    WEEK,
    about,
    another_placement,
    at,
    checked_in,
    confirmed,
    everything,
    said,
)
from tests.races import behind

DAYS = [MONDAY + timedelta(days=n) for n in range(5)]


def say(world, minutes, *, week=WEEK, placement=None, remark=""):
    """The supervisor's word, straight to the service."""
    actor = world.company_actor(world.noord.supervisors[0])
    with use(actor.scope):
        word = services.Word(placement or world.berk.placement, minutes, remark=remark)
        return services.confirm_weeks(week, [word], actor=actor)[0]


def versions(placement) -> list[tuple[date, int, int]]:
    with use(SYSTEM):
        rows = ConfirmedDay.objects.filter(placement=placement).order_by("date", "version")
        return list(rows.values_list("date", "version", "minutes"))


def test_only_the_days_that_changed_get_a_new_version(world):
    with at(FRIDAY, "16:00"):
        say(world, dict.fromkeys(DAYS, 390))
    with at(SATURDAY):
        say(world, {**dict.fromkeys(DAYS, 390), TUESDAY: 240})
        say(world, {**dict.fromkeys(DAYS, 390), TUESDAY: 0})
    assert versions(world.berk.placement) == [
        (MONDAY, 1, 390),
        (TUESDAY, 1, 390),
        (TUESDAY, 2, 240),
        (TUESDAY, 3, 0),
        *((day, 1, 390) for day in DAYS[2:]),
    ]
    assert said(world.berk.placement) == {**dict.fromkeys(DAYS, 390), TUESDAY: 0}
    with use(SYSTEM):
        counting = ConfirmedDay.objects.current().filter(date__lte=DAYS[2])
        assert [(d.date, d.version) for d in counting] == [(MONDAY, 1), (TUESDAY, 3), (DAYS[2], 1)]
        row = ConfirmedDay.objects.get(placement=world.berk.placement, version=3)
        verbs = list(AuditEntry.objects.filter(verb__startswith="week_").values_list("verb"))
    assert (row.by_id, row.kind) == (world.noord.supervisors[0].pk, WordKind.CONFIRMED)
    assert (row.school_id, row.student_id) == (world.berk.school.pk, world.berk.students[0].pk)
    assert sorted(verbs) == [("week_changed",), ("week_changed",), ("week_confirmed",)]


def test_back_to_an_earlier_number_is_a_version_of_its_own(world):
    with at(FRIDAY, "16:00"):
        for minutes in (390, 240, 390):
            say(world, {MONDAY: minutes})
    assert versions(world.berk.placement) == [(MONDAY, 1, 390), (MONDAY, 2, 240), (MONDAY, 3, 390)]


def test_the_same_word_twice_writes_nothing(world):
    with at(FRIDAY, "16:00"):
        first = say(world, {MONDAY: 390}, remark="Prima")
    with at(SATURDAY), use(SYSTEM):
        trail = AuditEntry.objects.count()
    with at(SATURDAY):
        say(world, {MONDAY: 390}, remark="Prima")
    with use(SYSTEM):
        assert AuditEntry.objects.count() == trail
        assert WeekConfirmation.objects.get().confirmed_at == first.confirmed_at
    assert versions(world.berk.placement) == [(MONDAY, 1, 390)]


def test_another_remark_leaves_the_days_alone(world):
    with at(FRIDAY, "16:00"):
        first = say(world, {MONDAY: 390}, remark="Prima")
    with at(SATURDAY):
        say(world, {MONDAY: 390}, remark="Toch niet")
    (row,) = everything(WeekConfirmation)
    assert (row.remark, row.confirmed_at > first.confirmed_at) == ("Toch niet", True)
    assert versions(world.berk.placement) == [(MONDAY, 1, 390)]


def test_a_day_left_out_of_a_later_word_stays_as_it_was_said(world):
    with at(FRIDAY, "16:00"):
        say(world, {MONDAY: 390, TUESDAY: 240})
        say(world, {MONDAY: 300})
    assert said(world.berk.placement) == {MONDAY: 300, TUESDAY: 240}


@pytest.mark.parametrize(
    ("minutes", "kept"),
    [(-1, 0), (0, 0), (1, 1), (MAX_MINUTES, MAX_MINUTES), (MAX_MINUTES + 1, MAX_MINUTES)],
)
def test_minutes_are_never_negative_nor_more_than_the_longest_day(world, minutes, kept):
    with at(FRIDAY, "16:00"):
        say(world, {MONDAY: minutes})
    assert said(world.berk.placement) == {MONDAY: kept}


def test_today_can_be_confirmed_and_tomorrow_not(world):
    with at(TUESDAY, "00:01"):
        say(world, dict.fromkeys(DAYS, 390))
    assert said(world.berk.placement) == {MONDAY: 390, TUESDAY: 390}


def test_only_days_of_the_week_that_was_asked(world):
    before, after = MONDAY - timedelta(days=1), MONDAY + timedelta(days=7)
    checked_in(world.berk.placement, before)  # a Sunday, with a scan, of the week before
    with at(after, "18:00"):  # a planned Monday of the next week that has come
        say(world, {before: 390, MONDAY: 390, FRIDAY: 300, after: 390})
    assert said(world.berk.placement) == {MONDAY: 390, FRIDAY: 300}


def test_only_days_with_a_plan_or_a_scan_of_this_placement(world):
    other = another_placement(world.berk, world.noord, 1)
    wednesday = DAYS[2]
    with use(SYSTEM):
        PlannedDay.objects.filter(placement=world.berk.placement, date=wednesday).delete()
    checked_in(other, SATURDAY)
    with at(SATURDAY, "18:00"):
        say(world, {wednesday: 390, SATURDAY: 390, FRIDAY: 390})
        assert said(world.berk.placement) == {FRIDAY: 390}
        checked_in(world.berk.placement, SATURDAY)
        say(world, {wednesday: 390, SATURDAY: 120, FRIDAY: 390})
    assert said(world.berk.placement) == {FRIDAY: 390, SATURDAY: 120}


@pytest.mark.parametrize(("late", "refused"), [(0, False), (1, True)])
def test_the_last_day_for_changes_is_the_fourteenth_after_the_week(world, late, refused):
    with at(FRIDAY, "16:00"):
        say(world, {MONDAY: 390})
    with at(services.change_until(WEEK) + timedelta(days=late), "23:59"):
        if refused:
            with pytest.raises(Conflict):
                say(world, {MONDAY: 0})
        else:
            say(world, {MONDAY: 0})
    assert said(world.berk.placement) == {MONDAY: 390 if refused else 0}
    assert services.change_until(WEEK) == date(2027, 1, 31)


def test_where_the_company_keeps_attendance_the_word_is_all_there_is(world):
    with use(SYSTEM):
        Company.objects.filter(pk=world.noord.companies[0].pk).update(attendance_mode="supervisor")
        world.berk.placement.refresh_from_db()
    with at(FRIDAY, "16:00"):
        say(world, {MONDAY: 390})
    (row,) = everything(ConfirmedDay)
    assert row.kind == WordKind.TICKED
    assert [c.method for c in everything(CheckIn)] == ["supervisor"]


@pytest.mark.parametrize("change", [{"minutes": 1}, {"version": 9}, {"kind": "ticked"}])
def test_a_confirmed_day_takes_no_changes_from_anybody(world, change):
    confirmed(world.berk.placement, {MONDAY: 390})
    refused = pytest.raises(DatabaseError, match="takes no changes")
    with use(SYSTEM), refused, transaction.atomic():
        ConfirmedDay.objects.update(**change)
    # Nobody who works with it takes one away either; the system does, when its time is over.
    for scope in scopes(world).values():
        with use(scope), pytest.raises(DatabaseError, match="denied"), transaction.atomic():
            ConfirmedDay.objects.all().delete()
    assert said(world.berk.placement) == {MONDAY: 390}


def test_the_database_keeps_one_row_per_version_and_sane_minutes(world):
    confirmed(world.berk.placement, {MONDAY: 390})
    for day, version, minutes in [
        (MONDAY, 1, 240),
        (TUESDAY, 0, 240),
        (TUESDAY, 1, MAX_MINUTES + 1),
    ]:
        with pytest.raises(IntegrityError), transaction.atomic():
            confirmed(world.berk.placement, {day: minutes}, version=version)


def scopes(world):
    berk = world.berk
    return {
        "school": school_scope(berk.school),
        "student": world.actor(berk.logins[0]).scope,
        "another student": world.actor(berk.logins[1]).scope,
        "supervisor": world.company_actor(world.noord.supervisors[0]).scope,
        "another company": world.company_actor(world.noord.contacts[1]).scope,
        "another school": school_scope(world.els.school),
        "bureau": world.actor(world.noord.bureau).scope,
    }


def test_who_may_read_and_who_may_write_in_the_database(world):
    confirmed(world.berk.placement, {MONDAY: 390})
    reads, writes = [], []
    for name, scope in scopes(world).items():
        with at(TUESDAY, "18:00"), use(scope), transaction.atomic():
            try:
                with transaction.atomic():
                    reads += [name] * ConfirmedDay.objects.count()
            except DatabaseError:
                assert name == "bureau"
            try:
                with transaction.atomic():
                    ConfirmedDay.objects.create(
                        **about(world.berk.placement),
                        date=TUESDAY,
                        minutes=1,
                        by_id=world.berk.placement.supervisor_id,
                    )
                    writes.append(name)
                    transaction.set_rollback(True)
            except DatabaseError:
                pass
    assert reads == ["school", "student", "supervisor"]
    assert writes == ["supervisor"]


def test_visible_to_is_a_wall_of_its_own(world):
    confirmed(world.berk.placement, {MONDAY: 390})
    berk = world.berk
    people = [
        *(berk.teacher, berk.coordinator, berk.colleague, *berk.logins[:2]),
        *(world.els.coordinator, world.noord.bureau),
    ]
    actors = [world.actor(m) for m in people]
    actors += map(world.company_actor, (world.noord.supervisors[0], world.noord.contacts[1]))
    with use(SYSTEM):  # the database shows all: what is left is the code's own wall
        found = [ConfirmedDay.objects.visible_to(actor).count() for actor in actors]
    assert found == [1, 1, 0, 1, 0, 0, 0, 1, 0]


def test_readers_go_by_the_newest_version(world):
    placement = world.berk.placement
    checked_in(placement, MONDAY)
    confirmed(placement, {MONDAY: 390})
    confirmed(placement, {MONDAY: 0}, version=2)
    student = world.actor(world.berk.logins[0])
    with at(MONDAY, "18:00"), use(student.scope):
        assert today_of_student(student).day.confirmed == 0
        assert days_without_report(student) == []
    teacher = world.actor(world.berk.teacher)
    with at(SATURDAY), use(teacher.scope):
        (day,) = days_of(teacher, [placement], MONDAY, MONDAY)[placement.pk]
        assert (day.state, day.confirmed) == ("absent", 0)
        assert open_weeks(teacher, [placement]) == [WEEK]
    confirmed(placement, dict.fromkeys(DAYS[1:], 390))
    with at(SATURDAY), use(teacher.scope):
        assert open_weeks(teacher, [placement]) == []


def test_more_versions_cost_no_more_queries(world, django_assert_num_queries):
    placement, teacher = world.berk.placement, world.actor(world.berk.teacher)
    with at(SATURDAY), use(teacher.scope):
        with django_assert_num_queries(7):
            days_of(teacher, [placement], DAYS[0], DAYS[-1])
        for version in range(1, 5):
            confirmed(placement, dict.fromkeys(DAYS, version), version=version)
        with django_assert_num_queries(7):
            days = days_of(teacher, [placement], DAYS[0], DAYS[-1])
    assert [d.confirmed for d in days[placement.pk]] == [4] * 5


def test_a_second_word_waits_for_the_first(committed_world):
    """The week is held before its versions are read: two at once make two versions in a row."""
    world = committed_world
    actor = world.company_actor(world.noord.supervisors[0])
    first, second = ((actor, lambda _actor, m=m: say(world, {MONDAY: m})) for m in (390, 240))
    with at(FRIDAY, "16:00"):
        assert behind(first, second) == "ok"
    assert versions(world.berk.placement) == [(MONDAY, 1, 390), (MONDAY, 2, 240)]
