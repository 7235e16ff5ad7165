"""Long work: somebody begins it, a worker does it, the page shows how far it is.

    @long_jobs.kind("move_up", may=coordinator_here)
    def move_up(job, *, actor, progress) -> dict:
        "Runs in the owner's scope and in one transaction; answers the result."

    job = long_jobs.begin("move_up", total=300, arguments={"year": 2027}, actor=actor)

A job's state is committed apart from its work: it is taken up before the first row is written and
done in the same transaction as the last. A worker that dies leaves nothing but a job without a sign
of life, which another takes over; whoever had it before cannot finish any more (`Lost`). Work that
needs columns of its own is a subclass of `LongJob` with a `Work` (`stage.schools.imports.runs`):
the same mechanism, another table ([decision 15](docs/decisions/0015-one-long-job.md)).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy, override

from stage.core.enums import JobState
from stage.core.models import Job
from stage.core.models.jobs import LongJob
from stage.core.record import audit
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.who.actors import Actor, actor_of_membership
from stage.core.who.policies import Policy, require
from stage.core.work.progress import Progress
from stage.core.work.wake import wake

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

logger = logging.getLogger(__name__)

TASK = "stage.core.tasks.run_job"
MAX_ATTEMPTS = 3
NOT_ALLOWED = gettext_lazy("Wie dit begon, mag het niet meer.")
GIVEN_UP = gettext_lazy("Dit is drie keer gestopt. Er is niets veranderd.")


class Lost(Exception):
    """Another worker took the job over; whatever was written is rolled back."""


class Refused(Exception):
    """The work cannot be done; the message says to a person why."""


@dataclass(frozen=True)
class Work:
    """How the jobs of one table are done.

    `do(job, actor)` moves the job on with `finish` or `refuse`. `may(actor, job)` is asked again
    before every attempt. `refused(job, actor)` runs in the transaction that ends a job in vain.
    """

    do: Callable[[Any, Actor], None]
    may: Policy
    refused: Callable[[Any, Actor], None] = lambda job, actor: None
    not_allowed: StrOrPromise = NOT_ALLOWED
    given_up: StrOrPromise = GIVEN_UP


_WORK: dict[type[LongJob], Work] = {}


def work_of(model: type[LongJob], work: Work) -> None:
    """Say how the jobs of a table are done."""
    _WORK[model] = work


def wake_worker(job: LongJob) -> None:
    """Tell a worker of a job, once it is committed; without a broker, beat finds it."""
    transaction.on_commit(partial(wake, TASK, job._meta.label_lower, job.pk))


def run_waiting(limit: int = 20) -> int:
    """Do what waits and what a dead worker left behind, of every table; returns how many."""
    count = 0
    for model in list(_WORK):
        with use(SYSTEM):
            rows = model.objects.waiting().order_by("created_at")
            waiting = list(rows.values_list("pk", flat=True)[:limit])
        for pk in waiting:
            run(model._meta.label_lower, pk)
        count += len(waiting)
    return count


def run(label: str, pk: int) -> None:
    """Do one job, unless it is done, or another worker has it."""
    job = _take_up(apps.get_model(label), pk)
    if job is None:
        return
    work = _WORK[type(job)]
    with use(SYSTEM):
        actor = actor_of_membership(job.created_by)
    with use(actor.scope), override("nl"):
        if job.created_by.ended_at is not None or not work.may(actor, job):
            refuse(job, str(work.not_allowed), actor)
        elif job.attempts > MAX_ATTEMPTS:
            refuse(job, str(work.given_up), actor)
        else:
            _attempt(work, job, actor)


def _take_up(model: type[LongJob], pk: int) -> LongJob | None:
    """Committed before the work starts; None when there is nothing to do any more."""
    with use(SYSTEM), transaction.atomic():
        if not model.objects.waiting().filter(pk=pk).take_up():
            return None
        return model.objects.select_related("created_by__school", "school").get(pk=pk)


def _attempt(work: Work, job: LongJob, actor: Actor) -> None:
    try:
        work.do(job, actor)
    except Lost:
        logger.info("%s %s was taken over", job._meta.label, job.pk)
    except Refused as error:
        refuse(job, str(error), actor)
    except DatabaseError:
        # Not an answer to the person yet: another worker tries again, up to MAX_ATTEMPTS.
        logger.exception("%s %s failed in the database", job._meta.label, job.pk)


def still_mine(job: LongJob) -> None:
    """Raises `Lost` once another attempt has the job."""
    if not type(job).objects.held_by(job).exists():
        raise Lost


def finish(job: LongJob, state: str, **changes) -> None:
    """Set the outcome, if this attempt still has the job. Raises `Lost`."""
    changes |= {"changed_at": timezone.now()}
    if not type(job).objects.held_by(job).update(state=state, **changes):
        raise Lost
    job.state = state


def refuse(job: LongJob, message: str, actor: Actor) -> None:
    """End a job that cannot go on; the person reads why."""
    with transaction.atomic():
        try:
            finish(job, job.REFUSED, message=message[:300], result={})
        except Lost:
            return
        _WORK[type(job)].refused(job, actor)


def told(job: LongJob, text: str) -> dict[str, Any]:
    """How far a job is, for the progress bar."""
    at = job.done if job.is_busy else job.total
    return {"value": at, "max": job.total or 1, "text": text, "done": not job.is_busy}


# Jobs without a table of their own: an app registers a kind.


@dataclass(frozen=True)
class Kind:
    """One kind of `Job`: `run(job, *, actor, progress) -> result`, and who may have it done."""

    run: Callable[..., dict[str, Any]]
    may: Policy


_KINDS: dict[str, Kind] = {}


def kind(name: str, *, may: Policy) -> Callable:
    """Register what does the jobs of a kind. `may(actor, job)`; the job may not be stored yet."""

    def register(function: Callable) -> Callable:
        _KINDS[name] = Kind(function, may)
        return function

    return register


@transaction.atomic
def begin(name: str, *, actor: Actor, total: int = 0, arguments: dict | None = None) -> Job:
    """Have a job done, for whom the actor works. Raises NotAllowed, KeyError for a kind."""
    job = Job(
        kind=name,
        region_id=actor.scope.regions[0],
        school_id=actor.school_id,
        created_by_id=actor.membership,
        total=total,
        arguments=arguments or {},
    )
    require(_KINDS[name].may, actor, job)
    job.save()
    audit.record(actor, "job_begun", job)
    wake_worker(job)
    return job


def _do(job: Job, actor: Actor) -> None:
    with Progress(job) as progress, transaction.atomic():
        result = _KINDS[job.kind].run(job, actor=actor, progress=progress)
        finish(job, JobState.DONE, result=result, done=job.total)
        audit.record(actor, "job_done", job)


def _refused(job: Job, actor: Actor) -> None:
    audit.record(actor, "job_refused", job)


work_of(
    Job, Work(do=_do, may=lambda actor, job: _KINDS[job.kind].may(actor, job), refused=_refused)
)
