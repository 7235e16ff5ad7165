"""Long jobs of a made-up kind: seen while they run, taken over, done once, and nobody else's."""

import threading
from datetime import timedelta

import pytest
from django.db import ProgrammingError, connections, transaction
from django.utils import timezone

from stage.core import tasks
from stage.core.enums import JobState
from stage.core.models import AuditEntry, Job, Membership
from stage.core.models.jobs import STRANDED
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.who.policies import NotAllowed, coordinator_of
from stage.core.work import long_jobs
from stage.schools.models import Group

MANY = 250


@pytest.fixture
def counted(monkeypatch):
    """A kind of job that makes groups; `half_way` is called when most are written."""
    monkeypatch.setattr(long_jobs, "_KINDS", dict(long_jobs._KINDS))
    spies = {"half_way": lambda job: None}

    @long_jobs.kind("make_groups", may=coordinator_of)
    def make_groups(job, *, actor, progress):
        for n in range(1, job.total + 1):
            period, name = job.arguments["period"], f"Nieuw {n}"
            Group.objects.create(school_id=job.school_id, period_id=period, name=name)
            progress(n, "Groepen maken" if n == 150 else "")
        spies["half_way"](job)
        return {"made": job.total}

    return spies


def begin(world, who=None, total=MANY) -> Job:
    actor = world.actor(who or world.berk.coordinator)
    with use(actor.scope):
        return long_jobs.begin(
            "make_groups",
            total=total,
            arguments={"period": world.berk.period.pk},
            actor=actor,
        )


def now(job) -> Job:
    with use(SYSTEM):
        return Job.objects.get(pk=job.pk)


def made() -> int:
    with use(SYSTEM):
        return Group.objects.filter(name__startswith="Nieuw").count()


def elsewhere(work) -> None:
    """Over another connection, as another process would."""

    def run():
        try:
            work()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


def test_a_job_is_done_with_its_result_and_its_entries(world, counted):
    job = begin(world)
    assert (job.state, job.is_busy, made()) == (JobState.WAITING, True, 0)
    tasks.run_job(job._meta.label_lower, job.pk)
    job = now(job)
    assert (job.state, job.done, job.result) == (JobState.DONE, MANY, {"made": MANY})
    assert long_jobs.told(job, "Klaar") == {
        "value": MANY,
        "max": MANY,
        "text": "Klaar",
        "done": True,
    }
    assert made() == MANY
    with use(SYSTEM):
        entries = AuditEntry.objects.filter(object_type="core.Job", object_id=job.pk)
        assert set(entries.values_list("verb", flat=True)) == {"job_begun", "job_done"}


def test_how_far_it_is_shows_outside_while_its_rows_do_not(committed_world, counted):
    job, seen = begin(committed_world), []

    def look():
        row = now(job)
        seen.append((row.state, row.done, row.step, made()))
        assert long_jobs.told(row, row.step)["done"] is False

    counted["half_way"] = lambda _job: elsewhere(look)
    long_jobs.run_waiting()
    assert seen == [(JobState.RUNNING, MANY, "Groepen maken", 0)]
    assert made() == MANY


def test_a_worker_that_dies_half_way_leaves_nothing_and_another_goes_on(committed_world, counted):
    def die(job):
        raise SystemExit  # what a killed process looks like from inside

    job, counted["half_way"] = begin(committed_world), die
    with pytest.raises(SystemExit):
        long_jobs.run_waiting()
    assert (now(job).state, made()) == (JobState.RUNNING, 0)
    counted["half_way"] = lambda job: None
    assert long_jobs.run_waiting() == 0  # it may still be alive
    with use(SYSTEM):
        Job.objects.update(claimed_at=timezone.now() - STRANDED - timedelta(seconds=1))
    assert long_jobs.run_waiting() == 1
    job = now(job)
    assert (job.state, job.attempts, made()) == (JobState.DONE, 2, MANY)


def test_a_worker_that_was_given_up_cannot_finish(committed_world, counted):
    def take_over():
        with use(SYSTEM):
            Job.objects.update(attempts=9)

    job = begin(committed_world)
    counted["half_way"] = lambda _job: elsewhere(take_over)
    long_jobs.run_waiting()
    assert (now(job).state, made()) == (JobState.RUNNING, 0)


def test_a_job_that_is_told_of_twice_is_done_once(committed_world, counted):
    job = begin(committed_world)
    label = job._meta.label_lower
    counted["half_way"] = lambda job: elsewhere(lambda: tasks.run_job(label, job.pk))
    tasks.run_job(label, job.pk)
    tasks.run_job(label, job.pk)
    assert (now(job).state, now(job).attempts, made()) == (JobState.DONE, 1, MANY)


def test_nobody_else_sees_a_job(world, counted):
    job = begin(world)
    with use(world.actor(world.berk.coordinator).scope):
        assert Job.objects.get() == job
    for who in (world.els.coordinator, world.iep.coordinator, world.noord.bureau):
        actor = world.actor(who)
        with use(actor.scope):
            assert not Job.objects.exists()
            assert not Job.objects.visible_to(actor).exists()
            assert not Job.objects.update(message="x")
    student = use(world.actor(world.berk.logins[0]).scope)
    with student, pytest.raises(ProgrammingError, match="permission"), transaction.atomic():
        Job.objects.exists()


def test_a_job_ends_in_words_when_it_cannot_be_done(world, counted):
    def refuse(job):
        raise long_jobs.Refused("De periode is voorbij.")

    job, counted["half_way"] = begin(world), refuse
    long_jobs.run_waiting()
    assert (now(job).state, now(job).message) == (JobState.REFUSED, "De periode is voorbij.")
    assert made() == 0


def test_a_job_that_keeps_dying_is_given_up(world, counted):
    job = begin(world)
    with use(SYSTEM):
        Job.objects.update(attempts=long_jobs.MAX_ATTEMPTS)
    long_jobs.run_waiting()
    assert now(job).state == JobState.REFUSED
    assert now(job).message == "Dit is drie keer gestopt. Er is niets veranderd."
    assert made() == 0


def test_who_may_not_does_not_begin_one_and_who_left_has_none_done(world, counted):
    with pytest.raises(NotAllowed):
        begin(world, world.berk.teacher)
    job = begin(world)
    with use(SYSTEM):
        Membership.objects.filter(pk=world.berk.coordinator.pk).update(ended_at=timezone.now())
    long_jobs.run_waiting()
    assert (now(job).state, made()) == (JobState.REFUSED, 0)
