"""Scheduled jobs that leave a heartbeat somebody sees."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import wraps

from celery import shared_task
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from stage.core.models import Heartbeat, School
from stage.core.tenants.tenancy import SYSTEM, school_scope, use

SCHEDULE: dict[str, dict] = {}


def every(seconds: int, *, queue: str = "") -> Callable:
    """Declare a periodic task: beat starts it every so many seconds, and it leaves a heartbeat.

    `queue`: another than the one everything waits in (`CELERY_TASK_QUEUES`).
    """

    def declare(function: Callable) -> Callable:
        name = f"{function.__module__}.{function.__name__}"

        @wraps(function)
        def run():
            with heartbeat(name, seconds):
                return function()

        task = shared_task(name=name, expires=max(seconds, 20))(run)
        SCHEDULE[name] = {"task": name, "schedule": seconds}
        if queue:
            SCHEDULE[name]["options"] = {"queue": queue}
        return task

    return declare


@contextmanager
def heartbeat(name: str, seconds: int) -> Iterator[None]:
    """Note that a job ran well, or what went wrong; the error goes on to the worker's log."""
    try:
        yield
    except Exception as error:
        _beat(name, seconds, last_error_at=timezone.now(), last_error=repr(error)[:300])
        raise
    _beat(name, seconds, last_ok=timezone.now())


def _beat(name: str, seconds: int, **values) -> None:
    with use(SYSTEM), transaction.atomic():
        Heartbeat.objects.update_or_create(name=name, defaults={"every_seconds": seconds, **values})


def late_jobs() -> list[Heartbeat]:
    """Jobs that have not run well for three times their interval (at least two minutes)."""
    now = timezone.now()
    return [
        h
        for h in Heartbeat.objects.all()
        if h.last_ok is None
        or now - h.last_ok > max(timedelta(seconds=3 * h.every_seconds), timedelta(minutes=2))
    ]


def each_school(*work: QuerySet) -> Iterator[School]:
    """Each school with something to do, in its own scope: how a job works for all of them.

    `work`: rows of the whole country that a school is visited for; asked once, by the system, so
    that a school in which nothing happens costs nothing.
    """
    with use(SYSTEM), transaction.atomic():
        numbers: set[int] = set()
        for rows in work:
            found = rows.order_by("school_id").values_list("school_id", flat=True).distinct()
            numbers.update(found)
        schools = list(School.objects.running().filter(pk__in=numbers).order_by("pk"))
    for school in schools:
        with use(school_scope(school)), transaction.atomic():
            yield school
