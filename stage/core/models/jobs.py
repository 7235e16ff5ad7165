"""A worker's work: heartbeats of what is periodic, and long jobs that somebody began."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from stage.core.enums import JobState
from stage.core.models.base import TenantQuerySet, new_public_id

STRANDED = timedelta(minutes=2)  # without a sign of life; then another worker takes the job over


class Heartbeat(models.Model):
    """When a periodic job last ran well, and what went wrong since."""

    name = models.CharField(max_length=60, unique=True)
    every_seconds = models.PositiveIntegerField()
    last_ok = models.DateTimeField(null=True)
    last_error_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["name"]


class SchoolOrBureauQuerySet(TenantQuerySet):
    """Rows of a school, or of the region's bureau when they have no school; never both."""

    def _school_q(self, columns, scope) -> Q:
        return Q(school_id=scope.school)


class LongJobQuerySet(SchoolOrBureauQuerySet):
    model: type[LongJob]  # type: ignore[assignment]

    def waiting(self):
        """What a worker should take up: nobody did, or whoever did gives no sign of life."""
        stale = Q(claimed_at=None) | Q(claimed_at__lt=timezone.now() - STRANDED)
        return self.filter(stale, state__in=self.model.BUSY)

    def held_by(self, job: LongJob):
        """The row, as long as the attempt that read it still has the job."""
        return self.filter(pk=job.pk, state=job.state, attempts=job.attempts)

    def take_up(self) -> int:
        """Count one more attempt of each, from now; whoever holds an older number has lost it."""
        moves = [models.When(state=old, then=models.Value(new)) for old, new in self.model.TAKEN_UP]
        state = models.Case(*moves, default=F("state")) if moves else F("state")
        now = timezone.now()
        return self.update(attempts=F("attempts") + 1, claimed_at=now, started_at=now, state=state)


class LongJob(models.Model):
    """Work of minutes that somebody began and a worker does: all of it or nothing.

    `school` is empty for what a bureau does for the region. What is particular to one kind of work
    stands in a subclass (a list that is brought in) or in `arguments` of a `Job`; everything about
    taking up, progress, taking over, trying again and the outcome is here and in
    `stage.core.work.long_jobs`.
    """

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    region = models.ForeignKey("core.Region", models.PROTECT, related_name="+")
    school = models.ForeignKey("core.School", models.PROTECT, null=True, related_name="+")
    created_by = models.ForeignKey("core.Membership", models.PROTECT, related_name="+")
    state = models.CharField(max_length=10)  # each table has its own
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True)  # sign of life of the worker that has it
    message = models.CharField(max_length=300, blank=True)  # why refused
    result = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)  # the last attempt
    changed_at = models.DateTimeField(auto_now=True)

    objects = LongJobQuerySet.as_manager()

    # States in which a worker has something to do; and what a state becomes once one does.
    BUSY: ClassVar[tuple[str, ...]] = ()
    TAKEN_UP: ClassVar[tuple[tuple[str, str], ...]] = ()
    REFUSED: ClassVar[str] = ""

    class Meta:
        abstract = True
        ordering = ["-created_at", "pk"]
        # What a worker should take up, among all that was ever done.
        indexes = [models.Index(fields=["state", "claimed_at"], name="%(class)s_waiting")]

    @property
    def is_busy(self) -> bool:
        """Whether a worker has it, or should."""
        return self.state in self.BUSY


class Job(LongJob):
    """Long work of a kind that an app registered (`long_jobs.kind`)."""

    kind = models.CharField(max_length=40)
    arguments = models.JSONField(default=dict)  # ids and choices, no names or texts
    state = models.CharField(max_length=10, choices=JobState, default=JobState.WAITING)
    step = models.CharField(max_length=120, blank=True)  # what it is at, in words

    BUSY = (JobState.WAITING, JobState.RUNNING)
    TAKEN_UP = ((JobState.WAITING, JobState.RUNNING),)
    REFUSED = JobState.REFUSED

    class Meta(LongJob.Meta):
        pass
