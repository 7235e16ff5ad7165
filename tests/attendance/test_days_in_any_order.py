"""Days of a placement through changes of every kind, in any order, with arrivals in between."""

from datetime import UTC, date, datetime, time, timedelta

import time_machine
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from attendance import services as attending
from attendance.models import CheckIn
from attendance.queries.missed import missed_of
from attendance.services.missed import wanted_for
from placements import services
from placements.changes import following
from placements.changes.wanted import Wanted
from placements.enums import ChangeKind
from placements.models import Placement, PlacementChange, PlannedDay
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.who.policies import Conflict
from stage.schools.models import Period, PeriodException
from tests.attendance.helpers import another_placement, checked_in
from tests.world import build_world

# Around the last Sunday of March: the clock goes forward on the 28th.
STARTS, ENDS = date(2027, 3, 15), date(2027, 4, 9)
DAYS = st.integers(0, 40).map(lambda n: STARTS + timedelta(days=n - 3))
WEEKDAYS = st.sets(st.integers(1, 5), min_size=1).map(lambda days: tuple(sorted(days)))
HOURS = st.sampled_from([(time(8, 30), time(15, 30)), (time(9), time(14)), (time(10), time(16))])


class Changing(RuleBasedStateMachine):
    """One student, two placements in two periods; the coordinator changes what there is."""

    @initialize()
    def begin(self):
        self.point = transaction.atomic()
        self.point.__enter__()
        self.today = date(2027, 3, 8)
        self.worked: set[date] = set()
        self.undoable: list = []
        self.clock()
        with use(SYSTEM):
            self.world = build_world()
            berk = self.world.berk
            Period.objects.filter(pk=berk.period.pk).update(starts=STARTS, ends=ENDS)
            berk.period.refresh_from_db()
            type(berk.students[0]).objects.filter(pk=berk.students[0].pk).update(
                birth_date=date(2005, 1, 1)
            )
            PlannedDay.objects.filter(placement=berk.placement).delete()
            placement = Placement.objects.get(pk=berk.placement.pk)
            days = berk.period.days()
            Placement.objects.filter(pk=placement.pk).update(
                starts=days[0],
                ends=days[-1],
                state="running",
                created_at=datetime(2027, 1, 1, tzinfo=UTC),
            )
            for day in days:
                PlannedDay.objects.create_about(
                    placement, date=day, day_from=time(8, 30), day_to=time(15, 30), break_minutes=30
                )
        self.other = another_placement(berk, self.world.noord, 1)
        self.actor = self.world.actor(berk.coordinator)

    def clock(self):
        self.frozen = time_machine.travel(
            datetime(self.today.year, self.today.month, self.today.day, 11, tzinfo=UTC),
            tick=False,
        )
        self.frozen.start()

    def teardown(self):
        if hasattr(self, "frozen"):
            self.frozen.stop()
        if hasattr(self, "point"):
            transaction.set_rollback(True)
            self.point.__exit__(None, None, None)

    @property
    def placement(self) -> Placement:
        return Placement.objects.select_related("student", "company", "place", "period").get(
            pk=self.world.berk.placement.pk
        )

    def picture(self) -> tuple:
        with use(SYSTEM):
            rows = PlannedDay.objects.filter(placement=self.world.berk.placement).order_by("date")
            kept = ("date", "day_from", "day_to", "break_minutes", "instead_of")
            p = self.placement
            usual = (p.starts, p.ends, tuple(p.weekdays), p.day_from, p.day_to, p.break_minutes)
            return tuple(rows.values_list(*kept)), usual

    def do(self, wanted: Wanted) -> None:
        before = self.picture()
        try:
            with use(self.actor.scope), transaction.atomic():
                row = services.change_placement(self.placement, wanted, actor=self.actor)
        except Conflict:
            assert self.picture() == before
            return
        self.undoable = [(row.pk, before)]

    # What happens.

    @rule(days=st.integers(1, 6))
    def time_goes_by(self, days):
        self.frozen.stop()
        self.today += timedelta(days=days)
        self.undoable = []
        self.clock()

    @rule()
    def the_student_comes(self):
        with use(SYSTEM):
            planned = PlannedDay.objects.filter(
                placement=self.world.berk.placement, date=self.today
            ).exists()
            there = CheckIn.objects.filter(
                placement=self.world.berk.placement, date=self.today
            ).exists()
        if planned and not there:
            checked_in(self.world.berk.placement, self.today)
            self.worked.add(self.today)

    @rule(first=DAYS, length=st.integers(0, 12), weekdays=WEEKDAYS, hours=HOURS, once=st.booleans())
    def other_days(self, first, length, weekdays, hours, once):
        first, last = max(first, self.today), self.picture()[1][1]
        if first > last:  # as the form has it
            return
        until = min(last, first + timedelta(days=length)) if once else None
        self.do(
            Wanted(
                kind=ChangeKind.SCHEDULE,
                from_on=first,
                until_on=until,
                weekdays=weekdays,
                day_from=hours[0],
                day_to=hours[1],
                rule_reason="Zo afgesproken.",
            )
        )

    @rule(starts=DAYS, ends=DAYS)
    def other_dates(self, starts, ends):
        if starts <= ends and starts >= self.today:
            self.do(Wanted(kind=ChangeKind.DATES, from_on=starts, starts=starts, ends=ends))

    @rule(first=DAYS, length=st.integers(0, 6))
    def a_pause(self, first, length):
        first, last = max(first, self.today), self.picture()[1][1]
        if first > last:
            return
        until = min(last, first + timedelta(days=length))
        self.do(Wanted(kind=ChangeKind.PAUSE, from_on=first, until_on=until))

    @rule(day=DAYS, length=st.integers(0, 4), again=st.none() | DAYS)
    def called_off(self, day, length, again):
        until = day + timedelta(days=length)
        again = max(again, self.today + timedelta(days=1)) if again else None
        self.do(
            Wanted(
                kind=ChangeKind.CALLED_OFF,
                from_on=day,
                until_on=until,
                again_from=again,
                reason="closed",
                rule_reason="Zo afgesproken.",
            )
        )

    @rule(free=DAYS, ends=DAYS, weekdays=WEEKDAYS, which=st.integers(0, 2))
    def the_period_changes(self, free, ends, weekdays, which):
        with use(SYSTEM):
            period = Period.objects.get(pk=self.world.berk.period.pk)
            if which == 0 and period.starts <= free <= period.ends:
                PeriodException.objects.get_or_create(
                    school=period.school, period=period, date=free
                )
            elif which == 1 and ends > period.starts:
                Period.objects.filter(pk=period.pk).update(ends=ends)
            elif which == 2:
                Period.objects.filter(pk=period.pk).update(weekdays=list(weekdays))

    @rule()
    def it_follows_the_period(self):
        with use(self.actor.scope):
            period = Period.objects.get(pk=self.world.berk.period.pk)
            before = self.picture()
            wanted = following.as_the_period(rule_reason="Zo afgesproken.")
        self.do(wanted)
        if self.picture() != before:
            with use(self.actor.scope):
                mine = [
                    p
                    for p in following.behind(self.actor, period)
                    if p.placement.pk == self.placement.pk
                ]
            assert mine == [], "what was just adjusted does not follow"

    @rule(
        day=DAYS, nth=st.integers(0, 3), outcome=st.sampled_from(["caught_up", "excused", "open"])
    )
    def a_missed_day(self, day, nth, outcome):
        with use(self.actor.scope):
            rows = missed_of(self.actor, [self.placement])[self.placement.pk]
        if not rows:
            return
        missed = rows[nth % len(rows)].date
        on = max(day, self.today) if outcome == "caught_up" else None
        before = self.picture()
        try:
            with use(self.actor.scope), transaction.atomic():
                row = attending.decide_missed(
                    self.placement,
                    wanted_for(
                        missed, outcome, on=on, day_from=time(9), day_to=time(15), words="Ja."
                    ),
                    actor=self.actor,
                )
        except Conflict:
            assert self.picture() == before
            return
        self.undoable = [(row.pk, before)]

    @precondition(lambda self: getattr(self, "undoable", None))
    @rule()
    def undone(self):
        pk, before = self.undoable.pop()
        if self.today in {row[0] for row in self.picture()[0]} & self.worked:
            return  # something happened since: it says no
        with use(self.actor.scope):
            services.undo_change(PlacementChange.objects.get(pk=pk), actor=self.actor)
        assert self.picture() == before

    # What always holds.

    @invariant()
    def worked_days_stay(self):
        if hasattr(self, "actor"):
            assert self.worked <= {row[0] for row in self.picture()[0]}

    @invariant()
    def days_lie_within_the_placement(self):
        if hasattr(self, "actor"):
            days, (starts, ends, *_usual) = self.picture()
            assert all(starts <= row[0] <= ends for row in days), (starts, ends, days)

    @invariant()
    def nobody_is_expected_on_a_day_that_was_called_off(self):
        if not hasattr(self, "actor"):
            return
        with use(self.actor.scope):
            days = {row[0]: row[4] for row in self.picture()[0]}
            rows = missed_of(self.actor, [self.placement])[self.placement.pk]
            assert not [m.date for m in rows if m.day.state == "called_off" and m.date in days]
            assert len(set(days)) == len(days)


def test_days_through_changes_in_any_order(db):
    run_state_machine_as_test(
        Changing,
        settings=settings(
            max_examples=10,
            phases=[Phase.explicit, Phase.generate],
            derandomize=True,
            database=None,
            stateful_step_count=14,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
