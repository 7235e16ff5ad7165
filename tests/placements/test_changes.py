"""What changes in a placement: its days, its people, its company, its end; and the way back."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.core import mail as django_mail
from django.utils import timezone

from companies.models import Place
from placements import queries, services
from placements.enums import ApplicationState, ChangeState, PlacementState
from placements.models import PlacementChange, RuleOverride
from stage.core.mail import delivery
from stage.core.models import AuditEntry, OutboxMail
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.who.actors import job_at
from stage.core.who.policies import Conflict, NotAllowed
from stage.schools.models import Guides, Student
from tests.placements.changes import (
    MONDAY,
    SECOND_MONDAY,
    ask,
    change,
    current,
    day,
    days_of,
    in_state,
    rows_of,
    undo,
)
from tests.placements.helpers import card_exists, mails, state_of
from tests.placements.test_application_services import second_place

# --- days and times


def test_other_days_and_times_hold_from_that_day_on(world, signed):
    change(
        world,
        signed,
        "schedule",
        from_on=SECOND_MONDAY,
        weekdays=(1, 2, 6),
        day_from=time(8),
        day_to=time(14),
        break_minutes=35,
    )
    assert days_of(signed) == [day(n) for n in (11, 12, 13, 14, 15, 18, 19)]
    second_week = [row for row in rows_of(signed) if row[0] >= SECOND_MONDAY]
    assert {row[1:] for row in second_week} == {(time(8), time(14), 35)}
    now = current(signed)
    assert (now.weekdays, now.day_from, now.day_to) == ([1, 2, 6], time(8), time(14))


def test_a_pause_takes_its_days_out(world, signed):
    change(world, signed, "pause", from_on=day(14), until_on=day(19), reason="illness")
    assert days_of(signed) == [day(n) for n in (11, 12, 13, 20, 21, 22)]


# --- people


def test_another_teacher_guides_and_the_one_before_hears_it(world, signed):
    change(world, signed, "teacher", teacher=world.berk.coordinator)
    with use(SYSTEM):
        guides = Guides.objects.filter(source="placement", number=signed.pk)
        assert set(guides.values_list("who", flat=True)) == {world.berk.coordinator.pk}
    told = {(m.person_kind, m.person_id) for m in mails("placement_changed")}
    assert ("membership", world.berk.teacher.pk) in told


def test_nothing_new_is_refused(world, signed):
    with pytest.raises(Conflict, match="verandert niets"):
        change(world, signed, "teacher", teacher=world.berk.teacher)


# --- ends


def test_a_stop_keeps_what_was_worked_and_frees_the_place(world):
    running = in_state(world.berk.placement, "running")
    with time_machine.travel(datetime(2027, 1, 13, 9, tzinfo=UTC)):
        change(world, running, "stop", from_on=day(14), reason="fit", heard=("student", "teacher"))
        now = current(running)
        assert (now.state, now.ends) == (PlacementState.STOPPED, day(13))
        assert days_of(running) == [day(n) for n in (11, 12, 13)]
        # Until its last day the place is taken.
        with use(world.actor(world.berk.coordinator).scope):
            assert queries.used_places([world.berk.places[0].pk]) == {world.berk.places[0].pk: 1}
    with (
        time_machine.travel(datetime(2027, 1, 14, 9, tzinfo=UTC)),
        use(world.actor(world.berk.coordinator).scope),
    ):
        assert queries.used_places([world.berk.places[0].pk]) == {}


def test_the_last_day_of_a_stop_is_the_last_one_that_is_planned(world):
    """Monday is the first day without: Friday was the last, not Sunday."""
    running = in_state(world.berk.placement, "running")
    change(world, running, "stop", from_on=SECOND_MONDAY, reason="fit")
    assert current(running).ends == day(15) == days_of(running)[-1]


def test_what_never_began_keeps_no_day_when_the_student_moves(world):
    """Its days would stand in the way of days elsewhere."""
    waiting = in_state(world.berk.placement, "concept")
    moved = change(world, waiting, "move", from_on=day(20), place=second_place(world), reason="fit")
    assert current(waiting).state == PlacementState.CANCELLED
    assert days_of(waiting) == []
    undo(world, moved)
    assert days_of(waiting) == [day(n) for n in (11, 12, 13, 14, 15, 18, 19, 20, 21, 22)]


def test_who_stopped_is_in_no_list_of_yeses(world):
    running = in_state(world.berk.placement, "running")
    change(world, running, "stop", from_on=day(14), reason="fit")
    assert state_of(world.berk.applications[0]) == ApplicationState.WITHDRAWN
    with use(SYSTEM):
        undone = PlacementChange.objects.get(placement=running)
    undo(world, undone)
    assert state_of(world.berk.applications[0]) == ApplicationState.ACCEPTED


def test_one_that_is_called_off_has_no_days_and_no_card(world, signed):
    change(world, signed, "off", reason="company_stopped")
    assert current(signed).state == PlacementState.CANCELLED
    assert days_of(signed) == []
    assert state_of(world.berk.applications[0]) == ApplicationState.WITHDRAWN
    assert not card_exists(world.berk.students[0], world.noord.companies[0])


def test_what_runs_is_not_called_off_and_what_is_over_does_not_change(world):
    running = in_state(world.berk.placement, "running")
    with pytest.raises(Conflict):
        change(world, running, "off", reason="fit")
    over = in_state(world.berk.placement, "finished")
    for kind in ("stop", "pause", "schedule"):
        with pytest.raises(Conflict):
            change(world, over, kind, from_on=day(14), until_on=day(15), reason="fit")
    assert len(days_of(over)) == 10


# --- moves


def test_a_move_ends_here_and_begins_there(world):
    running = in_state(world.berk.placement, "running")
    place = second_place(world)
    done = change(
        world, running, "move", from_on=SECOND_MONDAY, place=place, reason="fit", heard=("student",)
    )
    moved = current(done.moved_to)
    assert current(running).state == PlacementState.STOPPED
    assert moved.company_id == world.noord.companies[1].pk
    assert days_of(running) == [day(n) for n in (11, 12, 13, 14, 15)]
    assert days_of(moved) == [day(n) for n in (18, 19, 20)]
    assert moved.state == PlacementState.AGREEMENT  # works after its own agreement is signed
    assert moved.teacher_id == running.teacher_id
    assert not mails("placement_made")  # the student hears it once, in the mail of the move
    kinds = [(m.person_kind, m.person_id) for m in mails("placement_changed")]
    assert len(kinds) == len(set(kinds))


def test_a_move_to_a_full_place_changes_nothing(world):
    running = in_state(world.berk.placement, "running")
    place = second_place(world)
    with use(SYSTEM):
        other = Student.objects.get(pk=world.berk.students[2].pk)
    actor = world.actor(world.berk.coordinator)
    with use(actor.scope):
        services.match(other, Place.objects.get(pk=place.pk), actor=actor)
    with pytest.raises(Conflict, match="geen plek"):
        change(world, running, "move", from_on=SECOND_MONDAY, place=place, reason="fit")
    assert current(running).state == PlacementState.RUNNING
    assert len(days_of(running)) == 10


# --- asked by others


def test_a_company_asks_and_the_school_does_it(world, signed):
    company = world.company_actor(world.noord.contacts[0])
    asked = ask(world, signed, "pause", company, from_on=day(14), until_on=day(15))
    assert current(signed).ends == signed.ends
    assert len(days_of(signed)) == 10
    assert {m.person_id for m in mails("change_asked")} == {world.berk.coordinator.pk}
    change(
        world,
        signed,
        "pause",
        asked=current(asked),
        from_on=day(14),
        until_on=day(15),
        reason="no_work",
    )
    assert len(days_of(signed)) == 8
    done = current(asked)
    assert (done.state, done.asked_kind) == (ChangeState.DONE, "company")


def test_a_no_tells_who_asked_and_changes_nothing(world, signed):
    company = world.company_actor(world.noord.contacts[0])
    asked = ask(world, signed, "stop", company, from_on=day(14))
    actor = world.actor(world.berk.coordinator)
    with use(actor.scope):
        services.refuse_change(
            PlacementChange.objects.get(pk=asked.pk), answer="Wij bellen morgen.", actor=actor
        )
    assert world.noord.contacts[0].pk in {m.person_id for m in mails("change_refused")}
    assert current(signed).state == PlacementState.SIGNED
    with pytest.raises(Conflict):
        change(world, signed, "stop", asked=current(asked), from_on=day(14), reason="fit")


def test_a_teacher_settles_days_and_asks_for_the_rest(world, signed):
    teacher = world.actor(world.berk.teacher)
    change(
        world, signed, "pause", actor=teacher, from_on=day(14), until_on=day(14), reason="no_work"
    )
    assert day(14) not in days_of(signed)
    with pytest.raises(NotAllowed):
        change(world, signed, "stop", actor=teacher, from_on=day(14), reason="fit")
    ask(world, signed, "stop", teacher, from_on=day(14))


# --- the way back


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        ("schedule", {"from_on": SECOND_MONDAY, "weekdays": (1, 2), "day_to": time(14)}),
        ("dates", {"starts": MONDAY, "ends": date(2027, 1, 29)}),
        ("pause", {"from_on": day(14), "until_on": day(19)}),
        ("stop", {"from_on": day(14)}),
        ("off", {}),
        ("teacher", {"teacher": None}),
    ],
)
def test_what_was_pressed_by_mistake_is_as_it_was_and_nobody_is_mailed(
    world, signed, settings, kind, wanted
):
    before = rows_of(signed)
    columns = ("state", "starts", "ends", "weekdays", "day_from", "day_to", "teacher_id")
    was = {name: getattr(signed, name) for name in columns}
    done = change(world, signed, kind, **wanted)
    assert any(m.not_before > timezone.now() for m in mails("placement_changed"))
    undo(world, done)
    now = current(signed)
    assert {name: getattr(now, name) for name in columns} == was
    assert rows_of(signed) == before
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    django_mail.outbox = []
    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        delivery.deliver()
    assert django_mail.outbox == []


def test_a_move_is_undone_whole(world):
    running = in_state(world.berk.placement, "running")
    before = rows_of(running)
    place = second_place(world)
    done = change(world, running, "move", from_on=SECOND_MONDAY, place=place, reason="fit")
    undo(world, done)
    assert rows_of(running) == before
    assert current(running).state == PlacementState.RUNNING
    assert current(done.moved_to).state == PlacementState.CANCELLED
    assert days_of(done.moved_to) == []
    assert not card_exists(running.student, world.noord.companies[1])


def test_after_two_minutes_everybody_heard_it(world, signed):
    done = change(world, signed, "pause", from_on=day(14), until_on=day(15))
    with (
        time_machine.travel(timezone.now() + timedelta(minutes=2, seconds=1)),
        pytest.raises(Conflict, match="kan niet meer"),
    ):
        undo(world, done)


def test_only_the_last_one_is_undone(world, signed):
    first = change(world, signed, "pause", from_on=day(14), until_on=day(15))
    change(world, signed, "pause", from_on=day(18), until_on=day(18))
    with pytest.raises(Conflict, match="daarna"):
        undo(world, first)


def test_every_change_is_in_the_trail(world, signed):
    done = change(world, signed, "pause", from_on=day(14), until_on=day(15))
    undo(world, done)
    with use(SYSTEM):
        verbs = AuditEntry.objects.filter(object_id=done.pk).values_list("verb", flat=True)
        assert {"change_pause", "change_undone"} <= set(verbs)


def test_mails_say_what_changes_and_no_name_to_a_company(world, signed, settings):
    change(world, signed, "schedule", from_on=SECOND_MONDAY, weekdays=(1, 2), day_to=time(14))
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    django_mail.outbox = []
    with use(SYSTEM):
        OutboxMail.objects.exclude(event="placement_changed").delete()
    with time_machine.travel(timezone.now() + timedelta(minutes=3)):
        delivery.deliver()
    texts = {
        message.to[0]: f"{message.subject} {message.body} {message.alternatives[0][0]}"
        for message in django_mail.outbox
    }
    company = texts[world.noord.contacts[0].email]
    assert "maandag, dinsdag" in company
    assert signed.student.first_name not in company
    student = texts[world.berk.students[0].email]
    assert "08:30 – 14:00" in student or "– 14:00" in student


@pytest.mark.parametrize("reason", ["", "Anders zit hij drie weken thuis."])
def test_at_another_company_the_student_works_once_signed_unless_the_school_says_why(world, reason):
    running = in_state(world.berk.placement, "running")
    done = change(
        world,
        running,
        "move",
        from_on=SECOND_MONDAY,
        place=second_place(world),
        reason="fit",
        unsigned_reason=reason,
    )
    job = job_at(world.berk.school)
    with use(job.scope):
        services.advance_placements(today=SECOND_MONDAY, actor=job)
    state = current(done.moved_to).state
    assert state == (PlacementState.RUNNING if reason else PlacementState.AGREEMENT)
    with use(SYSTEM):
        kept = RuleOverride.objects.filter(placement=done.moved_to)
        assert [row.reason for row in kept] == ([reason] if reason else [])
