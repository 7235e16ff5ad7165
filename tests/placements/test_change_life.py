"""Whatever changes in a placement, in whatever order, what must hold holds.

Three students, four companies' places of which some are full, two periods in a row: other days,
other dates, a pause, a stop, a move, other people, free days of school; asked for, refused, taken
back; amendments that are signed or objected to; check-ins, mails that leave, days that pass. What
must always be so is told here in the domain's own words, from the rows and not from the product's
own lists.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, time, timedelta

import pytest
from django.core import mail as django_mail
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    invariant,
    rule,
    run_state_machine_as_test,
)

from attendance.models import CheckIn
from companies.models import Place
from placements import services
from placements.agreements.enums import AgreementState
from placements.agreements.models import Agreement, Signature
from placements.agreements.services import starting
from placements.enums import ChangeKind, PlacementState
from placements.models import Placement, PlacementChange, PlannedDay
from placements.queries import Load, used_places
from placements.services.changing import POSSIBLE_IN
from placements.services.undoing import undo_change
from stage.core.dutch.calendar import school_today
from stage.core.mail import delivery
from stage.core.models import OutboxMail
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.who.policies import Conflict, NotAllowed
from stage.schools.enums import PeriodKind
from stage.schools.models import Group, GroupStudent, Period, PeriodException
from tests.attendance.helpers import checked_in
from tests.placements import agreements
from tests.placements.life import Turns
from tests.placements.test_application_services import second_place
from tests.world import offered

# The first placement, whose agreement is signed, more often than the others.
PICK = st.sampled_from([0, 0, 0, 1, 2, 3, 4, 5])
WEEKDAYS = st.sampled_from([(1, 2), (1, 2, 3, 4, 5), (1, 3, 6), (2, 4), (5, 6)])
HOURS = st.sampled_from([("08:30", "15:30"), ("09:00", "14:00"), ("10:00", "16:30")])
DAYS = st.integers(0, 9)
PARTIES = ("student", "guardian", "company", "school")


class Life(Turns):
    """What happens to placements from the day on which the first begin."""

    # --- what happens -------------------------------------------------------------------------

    @rule(pick=PICK, day=DAYS, lasts=st.none() | DAYS, weekdays=WEEKDAYS, hours=HOURS)
    def other_days(self, pick, day, lasts, weekdays, hours):
        """From a day on, or for a while."""
        if placement := self._open(pick):
            first = self._first(placement, day)
            data = {"from_on": first, "weekdays": weekdays, "break_minutes": 30}
            data |= {"day_from": hours[0], "day_to": hours[1]}
            if lasts is not None:
                data["until_on"] = min(first + timedelta(days=lasts), placement.ends)
            self._fill_in(placement, "schedule", data)

    @rule(pick=PICK, sooner=st.integers(-4, 4), later=st.integers(-6, 12))
    def another_first_or_last_day(self, pick, sooner, later):
        if placement := self._open(pick):
            begun = placement.starts <= school_today()
            starts = placement.starts + timedelta(days=0 if begun else sooner)
            ends = placement.ends + timedelta(days=later)
            self._fill_in(placement, "dates", {"starts": starts, "ends": ends})

    @rule(pick=PICK, day=DAYS, lasts=DAYS)
    def a_pause(self, pick, day, lasts):
        if placement := self._open(pick):
            first = self._first(placement, day)
            last = min(first + timedelta(days=lasts), placement.ends)
            self._fill_in(placement, "pause", {"from_on": first, "until_on": last})

    @rule(pick=PICK, day=DAYS, back=st.integers(0, 4))
    def an_end(self, pick, day, back):
        """It stops, maybe some days ago; or does not begin."""
        if placement := self._open(pick):
            first = max(placement.starts, self._first(placement, day) - timedelta(days=back))
            kind = "off" if placement.state in POSSIBLE_IN[ChangeKind.OFF] and back else "stop"
            self._fill_in(placement, kind, {"from_on": first, "reason": "fit"})

    @rule(
        pick=PICK,
        other=PICK,
        of=st.sampled_from(["teacher", "supervisor"]),
        lasts=st.none() | DAYS,
    )
    def other_people(self, pick, other, of, lasts):
        """For good; at the company also for a while."""
        placement = self._open(pick)
        if placement is None:
            return
        home, berk = self.world.noord, self.world.berk
        if of == "teacher":
            people = [berk.teacher, berk.colleague]
            more = {"loads": [Load(member, 0) for member in people]}
        else:
            known = [*home.contacts, *home.supervisors]
            people = [c for c in known if c.company_id == placement.company_id]
            more = {"contacts": people}
        data = {of: people[other % len(people)].pk}
        if of == "supervisor" and lasts is not None:
            first = self._first(placement, lasts)
            data |= {"from_on": first, "until_on": min(first + timedelta(days=3), placement.ends)}
        self._fill_in(placement, of, data, **more)

    @rule(pick=PICK, other=PICK, day=DAYS, full=st.booleans())
    def a_student_moves(self, pick, other, day, full):
        """To any place of the period, also one that filled up since the page was opened."""
        placement = self._open(pick)
        if placement is None:
            return
        with use(SYSTEM):
            rows = Place.objects.filter(period=placement.period_id).exclude(pk=placement.place_id)
            places = list(rows.select_related("company").order_by("pk"))
            used = used_places(p.pk for p in places)
        if not full:
            places = [p for p in places if used.get(p.pk, 0) < p.how_many]
        if places:
            first, place = self._first(placement, day), places[other % len(places)]
            self._change(placement, self._plain("move", first, place=place, reason="fit"))

    @rule(pick=PICK, day=st.integers(0, 30))
    def a_day_of_school_becomes_free_or_is_not(self, pick, day):
        placement = self._open(pick)
        if placement is None:
            return
        self.fresh = None
        with use(SYSTEM):
            period = Period.objects.get(pk=placement.period_id)
            chosen = min(period.starts + timedelta(days=day), period.ends)
            rows = PeriodException.objects.filter(period=period, date=chosen)
            if not rows.delete()[0]:
                PeriodException.objects.create(
                    school_id=period.school_id, period=period, date=chosen, reason="Studiedag"
                )
        self._change(placement, self._plain("period", school_today()))

    @rule(pick=PICK, who=st.sampled_from(["student", "company"]), does=st.booleans())
    def somebody_asks_and_the_school_answers(self, pick, who, does):
        placement = self._open(pick)
        if placement is None:
            return
        wanted = self._plain("stop", self._first(placement, 3), reason="fit", words="Het past niet")
        self.fresh = None
        actor = self._who(placement, who)
        try:
            with use(actor.scope), transaction.atomic():
                row = Placement.objects.visible_to(actor).get(pk=placement.pk)
                asked = services.ask_change(row, wanted, actor=actor)
        except Conflict:
            return
        if does:
            self._change(placement, wanted, asked=asked)
        else:
            with use(self.boss.scope):
                services.refuse_change(asked, answer="Blijf nog even.", actor=self.boss)

    @rule()
    def just_pressed_by_mistake(self):
        self.the_last_change_is_taken_back()

    @rule()
    def the_last_change_is_taken_back(self):
        with use(SYSTEM):
            rows = PlacementChange.objects.done().exclude(decided_at=None)
            change = rows.order_by("-decided_at", "-pk").first()
        if change is None:
            return
        before = self._whole()
        try:
            with use(self.boss.scope), transaction.atomic():
                undo_change(PlacementChange.objects.get(pk=change.pk), actor=self.boss)
        except Conflict:
            assert self._whole() == before
            # Just done, and nothing happened since: then it can be taken back.
            assert self.fresh is None or self.fresh[0] != change.pk
            return
        assert timezone.now() < change.told_at
        if self.fresh is not None and self.fresh[0] == change.pk:
            assert self._whole() == self.fresh[1]
        self.fresh = None

    @rule(parties=st.just(PARTIES) | st.lists(st.sampled_from(PARTIES)), pick=PICK)
    def some_sign(self, parties, pick):
        rows = self._papers(AgreementState.SIGNING)
        if not rows:
            return
        self.fresh = None
        for party in parties:
            try:
                with transaction.atomic():
                    agreements.sign_as(rows[pick % len(rows)], self.people[party])
            except (Conflict, NotAllowed):
                continue

    @rule(pick=PICK)
    def the_company_says_what_is_wrong(self, pick):
        rows = [row for row in self._papers(AgreementState.SIGNING) if row.amends_id]
        if not rows:
            return
        self.fresh = None
        company = self.people["company"]
        try:
            with use(company.scope), transaction.atomic():
                starting.object_to(rows[pick % len(rows)], text="Dit klopt niet.", actor=company)
        except (Conflict, NotAllowed):
            return

    @rule(pick=PICK)
    def a_student_comes_in(self, pick):
        """On the poster, when expected today."""
        self._begin_and_end()
        with use(SYSTEM):
            today = PlannedDay.objects.filter(date=school_today()).order_by("pk")
            rows = list(today.select_related("placement"))
            seen = set(CheckIn.objects.values_list("placement_id", "date"))
        rows = [r for r in rows if (r.placement_id, r.date) not in seen]
        if rows:
            row = rows[pick % len(rows)]
            self.fresh = None
            checked_in(row.placement, row.date)
            self.worked[row.placement_id, row.date] = self._times(row.placement_id, row.date)

    @rule(minutes=st.sampled_from([1, 3, 24 * 60, 24 * 60, 3 * 24 * 60]))
    def time_passes(self, minutes):
        """What is due is mailed, and placements follow the calendar."""
        self.now.move_to(timezone.now() + timedelta(minutes=minutes))
        if minutes > 1:
            self.fresh = None
            self._begin_and_end()
        delivery.deliver()

    # --- what must always be so ---------------------------------------------------------------

    @invariant()
    def no_student_is_at_two_companies_on_a_day(self):
        with use(SYSTEM):
            days = Counter(PlannedDay.objects.order_by().values_list("student_id", "date"))
        assert [day for day, n in days.items() if n > 1] == []

    @invariant()
    def no_place_holds_more_students_than_it_has(self):
        today = school_today()
        with use(SYSTEM):
            there = [
                p.place_id
                for p in Placement.objects.order_by().exclude(place=None)
                if p.state != PlacementState.CANCELLED
                and (p.state != PlacementState.STOPPED or p.ends >= today)
            ]
            room = dict(Place.objects.order_by().values_list("pk", "how_many"))
            at_work = Counter(
                PlannedDay.objects.order_by().values_list("placement__place_id", "date")
            )
        assert [pk for pk, n in Counter(there).items() if n > room[pk]] == []
        assert [key for key, n in at_work.items() if key[0] and n > room[key[0]]] == []

    @invariant()
    def nobody_is_expected_after_the_end(self):
        with use(SYSTEM):
            rows = PlannedDay.objects.order_by().select_related("placement")
            for row in rows:
                state, spoken = row.placement.state, (row.placement_id, row.date) in self.worked
                assert state != PlacementState.CANCELLED or spoken
                assert state != PlacementState.STOPPED or row.date <= row.placement.ends or spoken

    @invariant()
    def a_day_that_was_worked_stays_as_it_was(self):
        for (placement, day), times in self.worked.items():
            assert self._times(placement, day) == times

    @invariant()
    def what_was_signed_stays(self):
        with use(SYSTEM):
            papers = Agreement.objects.exclude(whole_hash="").order_by("pk")
            for paper in papers:
                assert paper.is_intact
                assert self.texts.setdefault(paper.pk, paper.whole_hash) == paper.whole_hash
            given = Counter(Signature.objects.order_by().values_list("agreement_id", flat=True))
            hashes = Signature.objects.order_by().values_list("whole_hash", "agreement__whole_hash")
            assert all(under == text for under, text in hashes)
        for number, many in self.signed.items():
            assert given[number] >= many
        self.signed.update(given)

    @invariant()
    def what_waits_to_be_signed_says_what_is_so(self):
        with use(SYSTEM):
            for paper in Agreement.objects.filter(
                amends__isnull=False, state=AgreementState.SIGNING
            ).select_related("placement"):
                said, now = paper.document["company"], paper.placement
                times = (f"{now.day_from:%H:%M}", f"{now.day_to:%H:%M}", now.break_minutes)
                assert (said["day_from"], said["day_to"], said["break_minutes"]) == times

    @invariant()
    def everybody_is_told_once_and_never_of_what_was_taken_back(self):
        with use(SYSTEM):
            changes = {c.pk: c for c in PlacementChange.objects.order_by()}
            about = OutboxMail.objects.about(PlacementChange).filter(event="placement_changed")
            rows = list(about.exclude(state="cancelled").order_by())
        people = Counter((r.about_id, r.person_kind, r.person_id) for r in rows)
        assert [key for key, n in people.items() if n > 1] == []
        for row in rows:
            assert row.attempts <= 1
            if row.state == "sent":
                change = changes[row.about_id]
                assert change.is_done
                assert row.changed_at >= change.told_at
        ids = [m.extra_headers.get("Message-ID") for m in django_mail.outbox]
        assert len(ids) == len(set(ids))


@pytest.fixture
def placed(world):
    """Aya's agreement is signed by all; Bram is there too, and the garage is full with Cem.

    After the period there is another, at the garage, with Aya and Bram.
    """
    agreements.signed_by_all(world)
    garage = second_place(world)
    berk, boss = world.berk, world.actor(world.berk.coordinator)
    with use(SYSTEM):
        later = Period.objects.create(
            school=berk.school,
            name="Blokstage daarna",
            kind=PeriodKind.BLOCK,
            starts=date(2027, 1, 25),
            ends=date(2027, 2, 5),
            weekdays=[1, 2, 3, 4, 5],
            day_from=time(8, 30),
            day_to=time(15, 30),
        )
        group = Group.objects.create(school=berk.school, period=later, name="3B later")
        for student in berk.students:
            GroupStudent.objects.create(school=berk.school, group=group, student=student)
        homes = world.noord
        after = offered(
            later,
            homes.companies[1],
            location=homes.locations[1],
            supervisor=homes.supervisors[1],
            how_many=2,
            weekdays=[1, 2, 3, 4, 5],
        )
        bakery = offered(later, homes.companies[0], location=homes.locations[0], how_many=1)
        for period in (berk.period, later):  # and in each somewhere to go
            offered(period, homes.companies[0], location=homes.locations[0], weekdays=[1, 2, 4])
    wishes = ((1, berk.places[0]), (2, garage), (0, after), (1, after), (2, bakery))
    for number, place in wishes:
        with use(boss.scope):
            services.match(berk.students[number], place, teacher=berk.teacher, actor=boss)
    return world


@pytest.mark.django_db
def test_whatever_changes_in_a_placement_what_must_hold_holds(placed):
    machine = type("Life", (Life,), {"world": placed})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=15,
            stateful_step_count=20,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate],  # a shorter story takes minutes to find
            suppress_health_check=list(HealthCheck),
        ),
    )
