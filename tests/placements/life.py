"""The people and the clock of whatever happens to placements (`test_change_life`)."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta

import time_machine
from django.core import mail as django_mail
from django.db import transaction
from hypothesis.stateful import (
    RuleBasedStateMachine,
)

from placements import services
from placements.agreements.models import Agreement
from placements.changes.wanted import Wanted
from placements.enums import OPEN_PLACEMENTS, ChangeKind, PlacementState
from placements.forms.changes import FORMS
from placements.models import Application, Placement, PlacementChange, PlannedDay
from stage.core.dutch.calendar import school_today
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.who.actors import job_at
from stage.core.who.policies import Conflict
from stage.schools.models import Guides
from tests.placements import agreements

START = datetime(2027, 1, 11, 8, tzinfo=UTC)  # the first day of the first period
COLUMNS = (
    *("pk", "state", "starts", "ends", "weekdays", "day_from", "day_to", "break_minutes"),
    *("teacher_id", "supervisor_id", "place_id"),
    *("stand_in_id", "stand_in_from", "stand_in_until"),
)
DAY = ("placement_id", "date", "day_from", "day_to", "break_minutes")
# An agreement that was not signed lapses with the end: taken back, a new one begins.
AGAIN = {PlacementState.AGREEMENT: PlacementState.CONCEPT}


class Turns(RuleBasedStateMachine):
    """A clock, a school, and how its people press; all of it is as it was afterwards."""

    world = None  # set by the test

    def __init__(self):
        super().__init__()
        self.clock = time_machine.travel(START, tick=False)
        self.now = self.clock.__enter__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        django_mail.outbox.clear()
        self.people = agreements.actors(self.world)
        self.boss = self.people["school"]
        self.worked: dict[tuple[int, date], tuple] = {}
        self.signed: dict[int, int] = defaultdict(int)
        self.texts: dict[int, str] = {}
        # The last change while nothing else happened, and what stood there before it.
        self.fresh: tuple[int, tuple] | None = None

    def teardown(self):
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)
        self.clock.__exit__(None, None, None)

    def _open(self, pick: int) -> Placement | None:
        """One in which something can still change."""
        with use(SYSTEM):
            rows = Placement.objects.filter(state__in=OPEN_PLACEMENTS, school=self._school)
            related = ("student", "company", "school", "place", "period", "teacher", "supervisor")
            found = list(rows.select_related(*related).order_by("pk"))
        return found[pick % len(found)] if found else None

    @property
    def _school(self):
        return self.world.berk.school

    def _first(self, placement: Placement, day: int) -> date:
        """A day from now on, or from the first day on; not after the last."""
        return min(max(school_today(), placement.starts) + timedelta(days=day), placement.ends)

    def _plain(self, kind: str, from_on: date, **more) -> Wanted:
        values = {"reason": "agreed", "heard": ("student",), "rule_reason": "Zo besproken."}
        return Wanted(kind=ChangeKind(kind), from_on=from_on, **{**values, **more})

    def _fill_in(self, placement: Placement, kind: str, data: dict, **more) -> None:
        """As the page lets it: what the form does not take does not happen."""
        plain = {"reason": "agreed", "heard": ["student"], "rule_reason": "Zo besproken."}
        with use(SYSTEM):
            form = FORMS[ChangeKind(kind)]({**plain, **data}, placement=placement, **more)
            wanted = form.wanted if form.is_valid() else None
        if wanted is not None:
            self._change(placement, wanted)

    def _change(self, placement: Placement, wanted: Wanted, *, asked=None) -> None:
        before = self._whole()
        try:
            with use(self.boss.scope), transaction.atomic():
                row = Placement.objects.get(pk=placement.pk)
                change = services.change_placement(row, wanted, asked=asked, actor=self.boss)
        except Conflict:
            assert self._whole() == before  # nothing happened by halves
            return
        self.fresh = (change.pk, _taken_up(before, change))

    def _whole(self) -> tuple:
        """All that a change may touch, as it stands: placements, days, who guides, the yeses."""
        with use(SYSTEM):
            placements = Placement.objects.exclude(state=PlacementState.CANCELLED).order_by("pk")
            rows = [tuple(p.values()) for p in placements.values(*COLUMNS)]
            days = list(PlannedDay.objects.order_by("student_id", "date").values_list(*DAY))
            guides = set(Guides.objects.values_list("who_id", "student_id", "source", "number"))
            yeses = list(Application.objects.order_by("pk").values_list("pk", "state"))
        return rows, days, guides, yeses

    def _times(self, placement_id: int, day: date) -> tuple | None:
        with use(SYSTEM):
            rows = PlannedDay.objects.filter(placement=placement_id, date=day)
            return rows.order_by().values_list("day_from", "day_to", "break_minutes").first()

    def _papers(self, state: str) -> list[Agreement]:
        with use(SYSTEM):
            rows = Agreement.objects.filter(state=state, placement__school=self._school)
            return list(rows.order_by("pk"))

    def _who(self, placement: Placement, who: str):
        berk, noord = self.world.berk, self.world.noord
        if who == "student":
            number = [s.pk for s in berk.students].index(placement.student_id)
            return self.world.actor(berk.logins[number])
        contacts = [c for c in noord.contacts if c.company_id == placement.company_id]
        return self.world.company_actor(contacts[0])

    def _begin_and_end(self) -> None:
        actor = job_at(self._school)
        with use(actor.scope):
            services.advance_placements(today=school_today(), actor=actor)


def _taken_up(before: tuple, change: PlacementChange) -> tuple:
    """What stands there once the change is taken back."""
    rows, *others = before
    if not change.is_ending:
        return before
    again = [
        (pk, AGAIN.get(state, state) if pk == change.placement_id else state, *more)
        for pk, state, *more in rows
    ]
    return (again, *others)
