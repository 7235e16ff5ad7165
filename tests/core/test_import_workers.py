"""Imports by workers that die, are given up, or come two at a time."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from stage.core.models import AuditEntry
from stage.core.models.jobs import STRANDED
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.work import long_jobs
from stage.schools.enums import ImportState
from stage.schools.imports import loaders
from stage.schools.models import ImportJob, Student
from tests.core.import_lists import (
    confirmed,
)


def loads_by(monkeypatch, load):
    kind = replace(loaders.list_named("students"), load=load)
    monkeypatch.setitem(loaders.LISTS, "students", kind)


def test_a_worker_that_dies_half_way_leaves_nothing_and_another_goes_on(
    committed_world, monkeypatch
):
    world = committed_world
    job, actor = confirmed(world)
    real = loaders.list_named("students").load

    def dies(rows, **options):
        real(rows[:1], **options)
        raise SystemExit  # what a killed process looks like from inside

    loads_by(monkeypatch, dies)
    with pytest.raises(SystemExit):
        long_jobs.run_waiting()
    with use(SYSTEM):
        assert ImportJob.objects.get(pk=job.pk).state == ImportState.RUNNING
        assert not Student.objects.filter(number__in=["12034", "12035"]).exists()
    loads_by(monkeypatch, real)
    assert long_jobs.run_waiting() == 0  # it may still be alive
    with use(SYSTEM):
        ImportJob.objects.filter(pk=job.pk).update(
            claimed_at=timezone.now() - STRANDED - timedelta(seconds=1)
        )
    assert long_jobs.run_waiting() == 1
    with use(SYSTEM):
        assert ImportJob.objects.get(pk=job.pk).state == ImportState.DONE
        assert Student.objects.filter(number__in=["12034", "12035"]).count() == 2


def test_a_job_that_keeps_dying_is_shown_as_stopped(world):
    job, _actor = confirmed(world)
    with use(SYSTEM):
        ImportJob.objects.filter(pk=job.pk).update(attempts=3)
    long_jobs.run_waiting()
    with use(SYSTEM):
        job.refresh_from_db()
        assert job.state == ImportState.REFUSED
        assert job.message.startswith("Het inlezen is drie keer gestopt.")
        assert not Student.objects.filter(number="12034").exists()


def test_two_workers_write_a_list_once(committed_world):
    job, _actor = confirmed(committed_world)

    def work():
        try:
            long_jobs.run_waiting()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    with use(SYSTEM):
        job = ImportJob.objects.get(pk=job.pk)
        assert (job.state, job.attempts, job.result["new"]) == (ImportState.DONE, 1, 2)
        assert AuditEntry.objects.filter(verb="student_added").count() == 2
        assert AuditEntry.objects.filter(verb="import_done").count() == 1


def test_a_worker_that_was_given_up_cannot_finish(committed_world, monkeypatch):
    world = committed_world
    job, actor = confirmed(world)
    real = loaders.list_named("students").load

    def slow(rows, **options):
        counts = real(rows, **options)
        with_other = threading.Thread(target=take_over)
        with_other.start()
        with_other.join()
        return counts

    def take_over():
        try:
            with use(SYSTEM):
                ImportJob.objects.filter(pk=job.pk).update(attempts=99)
        finally:
            connections.close_all()

    loads_by(monkeypatch, slow)
    long_jobs.run_waiting()
    with use(SYSTEM):
        assert ImportJob.objects.get(pk=job.pk).state == ImportState.RUNNING
        assert not Student.objects.filter(number="12034").exists()


def test_progress_is_seen_while_the_rows_are_not(committed_world, monkeypatch):
    world = committed_world
    head = "Leerlingnummer;Roepnaam;Geboortedatum\n"
    rows = "".join(f"9{n:04};Kind {n};01-02-2011\n" for n in range(700))
    job, actor = confirmed(world, (head + rows).encode())
    real = loaders.list_named("students").load
    seen = []

    def watched(rows, *, progress, **options):
        def tell(done):
            progress(done)
            thread = threading.Thread(target=look)
            thread.start()
            thread.join()

        return real(rows, progress=tell, **options)

    def look():
        try:
            with use(SYSTEM):
                now = ImportJob.objects.get(pk=job.pk)
                seen.append((now.state, now.done, Student.objects.filter(number__gt="9").count()))
        finally:
            connections.close_all()

    loads_by(monkeypatch, watched)
    long_jobs.run_waiting()
    assert seen == [("running", 500, 0), ("running", 700, 0), ("running", 700, 0)]
    with use(SYSTEM):
        assert ImportJob.objects.get(pk=job.pk).done == 700
