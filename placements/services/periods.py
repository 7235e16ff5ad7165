"""A period changes, or days of it do not go through: its placements follow, all in one press."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from placements.changes import mails
from placements.changes.plan import plan_of
from placements.changes.wanted import Wanted
from placements.enums import OPEN_PLACEMENTS, ChangeKind
from placements.models import Placement, PlacementChange
from placements.services import undoing
from placements.services.changing import change_placement
from stage.core import mail
from stage.core.models import Job
from stage.core.record import audit
from stage.core.who.policies import Conflict, coordinator_of, require
from stage.core.work import long_jobs
from stage.schools.models import Period

KIND = "follow_period"
AT_ONCE = 25  # placements done while the page waits; more is a worker's


@dataclass
class Outcome:
    """What became of the placements that were ticked. `refused`: their code and why."""

    done: int = 0
    same: int = 0  # were so already
    refused: list[tuple[str, str]] = field(default_factory=list)

    @property
    def kept(self) -> dict:
        """As a job keeps it."""
        return {"done": self.done, "same": self.same, "refused": self.refused}


def change_many(
    period: Period, placement_ids: Sequence[int], wanted: Wanted, *, actor
) -> Outcome | Job:
    """Have these placements of a period change as wanted; everybody gets one mail for all of it.

    `wanted.run` says which press it is: the same one again does nothing more. A few are done at
    once, many by a worker. What cannot be is left as it was, with the reason. Raises NotAllowed.
    """
    require(coordinator_of, actor, period)
    ids = list(dict.fromkeys(placement_ids))
    if len(ids) <= AT_ONCE:
        return _change(period, ids, wanted, actor=actor)
    begun = Job.objects.filter(
        school_id=period.school_id, kind=KIND, arguments__wanted__run=wanted.run
    )
    if wanted.run and (job := begun.first()):
        return job
    arguments = {"period": period.pk, "placements": ids, "wanted": _packed(wanted)}
    return long_jobs.begin(KIND, actor=actor, total=len(ids), arguments=arguments)


@long_jobs.kind(KIND, may=coordinator_of)
def follow_period(job: Job, *, actor, progress) -> dict:
    """The placements of a long job, in one transaction; answers what became of them."""
    period = Period.objects.get(pk=job.arguments["period"], school_id=job.school_id)
    wanted = _unpacked(job.arguments["wanted"])
    return _change(period, job.arguments["placements"], wanted, actor=actor, progress=progress).kept


@transaction.atomic
def _change(
    period: Period,
    ids: Sequence[int],
    wanted: Wanted,
    *,
    actor,
    progress: Callable[..., None] = lambda done: None,
) -> Outcome:
    outcome, changes = Outcome(), []
    # In the order in which every change holds them: by student.
    rows = Placement.objects.filter(pk__in=ids, period=period, state__in=OPEN_PLACEMENTS)
    rows = rows.select_related("student", "company", "place")
    for n, placement in enumerate(rows.order_by("student_id", "pk"), start=1):
        try:
            if _was_done(placement, wanted) or (plan := plan_of(placement, wanted)).is_nothing:
                outcome.same += 1
                continue
            # The reason is of those that need one.
            own = wanted if plan.found else replace(wanted, rule_reason="")
            changes.append(change_placement(placement, own, tell=False, actor=actor))
        except Conflict as conflict:
            outcome.refused.append((placement.public_id, str(conflict)))
        finally:
            progress(n)
    outcome.done = len(changes)
    if changes:
        audit.record(actor, "period_followed", period)
        with mail.held_until(timezone.now() + mail.undo_for()):
            mails.many_changed(period, changes, actor=actor)
    return outcome


def undoable(period: Period, run: str) -> list[PlacementChange]:
    """What one press changed, while all of it can be undone; in the scope it stands in."""
    rows = PlacementChange.objects.done().filter(placement__period=period, wanted__run=run)
    changes = list(rows.select_related("placement__student").order_by("placement__student_id"))
    return changes if run and all(change.can_be_undone for change in changes) else []


@transaction.atomic
def undo_many(period: Period, run: str, *, actor) -> int:
    """Take back all that one press changed, or nothing; answers of how many placements.

    Raises NotAllowed; Conflict when somebody may have been told, or one of them cannot be.
    """
    require(coordinator_of, actor, period)
    changes = undoable(period, run)
    if not changes:
        raise Conflict(str(undoing.TOLD))
    for change in changes:
        undoing.undo_change(change, actor=actor)
    audit.record(actor, "period_unfollowed", period)
    return len(changes)


def _was_done(placement: Placement, wanted: Wanted) -> bool:
    """Pressed twice: it was done meanwhile."""
    again = PlacementChange.objects.done().filter(placement=placement, kind=wanted.kind)
    return bool(wanted.run) and again.filter(wanted__run=wanted.run).exists()


_DATES = ("from_on", "until_on", "again_from")


def _packed(wanted: Wanted) -> dict:
    plain = {name: getattr(wanted, name) for name in _DATES}
    return {
        **{name: value and value.isoformat() for name, value in plain.items()},
        "kind": str(wanted.kind),
        "reason": str(wanted.reason),
        "run": wanted.run,
        "rule_reason": wanted.rule_reason,
        "weekdays": list(wanted.weekdays),
    }


def _unpacked(packed: dict) -> Wanted:
    dates: dict[str, Any] = {
        name: packed[name] and date.fromisoformat(packed[name]) for name in _DATES
    }
    return Wanted(
        **dates,
        kind=ChangeKind(packed["kind"]),
        reason=packed["reason"],
        run=packed["run"],
        rule_reason=packed["rule_reason"],
        weekdays=tuple(packed["weekdays"]),
    )
