"""Whatever happens, in whatever order: a company is asked once and what it said is kept.

Two schools, two companies and a year of letters, answers by the company or by telephone, changes
of mind, students who take places, reminders and months that pass. What must always hold is told
here in the domain's own words, from a record of what happened, and not from the product's lists.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import NamedTuple

import pytest
import time_machine
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from companies import asking, capacity, services
from companies.enums import PlaceState
from companies.models import Campaign, Invitation, Offer, Place
from companies.services.answers import Reply, version_of
from placements.models import Application
from stage.core.models import OutboxMail
from stage.core.tenants.tenancy import SYSTEM, school_scope, use
from stage.core.who.policies import Conflict
from stage.schools.models import Group, GroupStudent, Period
from tests.companies.conftest import draft_of

REMINDERS = [3, 7, 12]
PATIENCE = timedelta(days=14)
AHEAD = timedelta(days=250)  # the first period, after what the world itself starts with

SCHOOLS = st.sampled_from(["berk", "els"])
COMPANIES = st.sampled_from([0, 1])
PERIODS = st.sampled_from([0, 1, 2])
MANY = st.integers(1, 4)
KINDS = st.sampled_from(["yes", "yes", "no", "never", "later"])


class Answer(NamedTuple):
    """What a company said to a school about a period, and when."""

    kind: str
    at: datetime
    period: int
    again: date | None = None
    never: bool = False


class Asking(RuleBasedStateMachine):
    """What happens between schools and companies in a year."""

    world = None  # set by the test

    def __init__(self):
        super().__init__()
        self.clock = time_machine.travel(timezone.now() + timedelta(days=1), tick=False)
        self.now = self.clock.__enter__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.companies = self.world.noord.companies
        self.contacts = [
            next(c for c in self.world.noord.contacts if c.company_id == company.pk)
            for company in self.companies
        ]
        with use(SYSTEM):
            # What the world starts with was asked and offered before this year.
            self.before = set(Invitation.objects.values_list("pk", flat=True))
            self.places_before = set(Place.objects.values_list("pk", flat=True))
            self.periods = {name: self._periods(name) for name in ("berk", "els")}
        self.said: dict[tuple[str, int], list[Answer]] = defaultdict(list)
        self.asked: dict[tuple[str, int], list[datetime]] = defaultdict(list)
        self.let_be: set[int] = set()

    def teardown(self):
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)
        self.clock.__exit__(None, None, None)

    def _periods(self, name: str) -> list[Period]:
        """Two that overlap and a later one; those of the schools overlap each other's."""
        school, first = getattr(self.world, name).school, timezone.localdate() + AHEAD
        shift = timedelta(days=0 if name == "berk" else 5)
        made = []
        for n, (start, days) in enumerate([(0, 25), (14, 25), (120, 25)]):
            starts = first + shift + timedelta(days=start)
            made.append(
                Period.objects.create(
                    school=school,
                    name=f"Blok {n}",
                    kind="block",
                    starts=starts,
                    ends=starts + timedelta(days=days),
                    weekdays=[1, 2, 3, 4, 5],
                    day_from="09:00",
                    day_to="16:00",
                )
            )
        return made

    # --- what happens -------------------------------------------------------------------------

    @rule(name=SCHOOLS, period=PERIODS, ticked=st.none() | st.sets(COMPANIES))
    def a_letter_goes(self, name, period, ticked):
        """For a new group; without a choice the usual companies, else those that are ticked."""
        campaign = self._draft(name, period)
        expected = self._who_is_asked(name, period, ticked)
        chosen = None if ticked is None else {self.companies[n].family_id for n in ticked}
        actor = self.world.actor(getattr(self.world, name).coordinator)
        try:
            with use(actor.scope):
                services.send_campaign(campaign, ticked=chosen, actor=actor)
        except Conflict:
            assert not expected
            return
        assert self._mailed(campaign) == expected
        for n in expected:
            self.asked[name, n].append(timezone.now())

    @rule(name=SCHOOLS, n=COMPANIES)
    def a_company_joins_a_letter_that_is_out(self, name, n):
        sent = Campaign.objects.filter(state__in=["sending", "sent"]).order_by("-pk")
        school = getattr(self.world, name).school
        actor = self.world.actor(getattr(self.world, name).coordinator)
        with use(actor.scope):
            campaign = sent.filter(school=school, period__in=self.periods[name]).first()
            if campaign is None or campaign.period.ends < timezone.localdate():
                return
            before = self._mailed(campaign)
            services.ask_more(campaign, numbers={self.companies[n].family_id}, actor=actor)
            for one in self._mailed(campaign) - before:
                self.asked[name, one].append(timezone.now())

    @rule(pick=st.integers(0, 11), kind=KINDS, many=MANY, months=st.integers(1, 4))
    def a_company_answers(self, pick, kind, many, months):
        """By its link or from its own page, first or anew."""
        if row := self._one_of(self._rows().questions(), pick):
            self._answer(*self._place_of(row), row, kind, "itself", many, months)

    @rule(
        name=SCHOOLS,
        n=COMPANIES,
        period=PERIODS,
        kind=KINDS,
        many=MANY,
        months=st.integers(1, 4),
    )
    def somebody_calls(self, name, n, period, kind, many, months):
        """Whether a letter went or not."""
        of, company = self.periods[name][period], self.companies[n]
        if of.ends < timezone.localdate():
            return
        actor = self.world.actor(getattr(self.world, name).coordinator)
        with use(actor.scope):
            found = services.open_question(company, of, actor=actor)
        row = self._one_of(self._rows().filter(pk=found.pk), 0)
        self._answer(name, n, period, row, kind, "phone", many, months)

    @rule(pick=st.integers(0, 11), many=MANY)
    def a_page_that_was_open_too_long_is_sent(self, pick, many):
        row = self._one_of(self._rows().questions().filter(answered_at__isnull=False), pick)
        if row is None:
            return
        _name, n, _period = self._place_of(row)
        before = self._whole(row)
        with pytest.raises(Conflict):
            self._take(n, row, Reply("yes", "", how_many=many, weekdays=[1]), "itself")
        assert self._whole(row) == before

    @rule(name=SCHOOLS, pick=st.integers(0, 3))
    def a_student_takes_a_place(self, name, pick):
        sw = getattr(self.world, name)
        with use(school_scope(sw.school)):
            rows = Place.objects.exclude(pk__in=self.places_before).open()
            free = [p for p in rows.order_by("pk") if capacity.in_use(p) < p.how_many]
        if not free:
            return
        place = free[pick % len(free)]
        with use(SYSTEM):
            taken = Application.objects.filter(place=place).values("student")
            student = next(
                (
                    s
                    for s in sw.students
                    if s.pk not in set(taken.values_list("student", flat=True))
                ),
                None,
            )
            if student is None:
                return
            group = Group.objects.create(
                school=sw.school, period=place.period, name=f"G{Group.objects.count()}"
            )
            GroupStudent.objects.create(school=sw.school, group=group, student=student)
            Application.objects.create(
                school=sw.school,
                student=student,
                place=place,
                company=place.company,
                period=place.period,
                state="accepted",
            )

    @rule(days=st.sampled_from([1, 4, 9, 20, 45]))
    def time_passes(self, days):
        self._mail_arrives()
        self.now.move_to(timezone.now() + timedelta(days=days))
        for name in ("berk", "els"):
            actor = self.world.actor(getattr(self.world, name).coordinator)
            with use(actor.scope):
                services.send_reminders(actor=actor)
                assert services.send_reminders(actor=actor) == 0

    @rule(name=SCHOOLS)
    def somebody_lets_a_promise_be(self, name):
        sw = getattr(self.world, name)
        actor = self.world.actor(sw.coordinator)
        with use(actor.scope):
            row = asking.promised(sw.school.pk).order_by("pk").first()
            if row is not None:
                services.let_be(row, actor=actor)
                self.let_be.add(row.pk)

    # --- what must always be so ---------------------------------------------------------------

    @invariant()
    def a_school_asks_a_company_about_a_period_once(self):
        with use(SYSTEM):
            rows = self._rows().questions().order_by()
            keys = list(rows.values_list("school_id", "company__family_id", "period_id"))
        assert len(keys) == len(set(keys))

    @invariant()
    def there_is_one_offer_for_a_company_location_department_and_time(self):
        with use(SYSTEM):
            offers = list(
                Offer.objects.filter(places__isnull=False)
                .exclude(places__in=self.places_before)
                .distinct()
                .select_related("company")
            )
        for n, one in enumerate(offers):
            for other in offers[n + 1 :]:
                same = (
                    one.company.family_id == other.company.family_id
                    and one.location_id == other.location_id
                    and one.department_id == other.department_id
                )
                assert not same or one.ends < other.starts or other.ends < one.starts

    @invariant()
    def never_more_places_than_offered_nor_more_students_than_places(self):
        with use(SYSTEM):
            places = Place.objects.exclude(pk__in=self.places_before)
            for offer in Offer.objects.filter(places__in=places).distinct():
                shared = offer.places.filter(state=PlaceState.OPEN).aggregate(n=Sum("how_many"))
                assert (shared["n"] or 0) <= offer.how_many
            for place in places:
                counting = Application.objects.filter(place=place, state="accepted").count()
                assert counting <= (place.how_many if place.state == PlaceState.OPEN else 0)

    @invariant()
    def a_yes_has_one_place_and_no_other_answer_has_an_open_one(self):
        with use(SYSTEM):
            for row in self._rows().questions().select_related("place"):
                place = getattr(row, "place", None)
                is_open = place is not None and place.state == PlaceState.OPEN
                assert is_open == (row.state == "yes")

    @invariant()
    def each_reminder_goes_once_and_none_after_an_answer(self):
        with use(SYSTEM):
            rows = {row.pk: row for row in self._rows().select_related("question")}
            sent = OutboxMail.objects.about(Invitation).filter(event="invitation_reminder")
            per_row: dict[int, list[datetime]] = defaultdict(list)
            for about_id, at in sent.filter(about_id__in=rows).values_list(
                "about_id", "created_at"
            ):
                per_row[about_id].append(at)
        for number, moments in per_row.items():
            assert len(moments) <= len(REMINDERS)
            answered = rows[number].asked.answered_at
            first = min((a.at for a in self._answers_of(rows[number])), default=None)
            assert answered is None or first is None or max(moments) <= first

    @invariant()
    def each_promise_is_kept_on_its_date(self):
        today = timezone.localdate()
        for name in ("berk", "els"):
            sw = getattr(self.world, name)
            with use(school_scope(sw.school)):
                listed = set(asking.promised(sw.school.pk).values_list("company_id", flat=True))
            for n, company in enumerate(self.companies):
                last = max(self.said[name, n], key=lambda a: a.at, default=None)
                due = last is not None and last.kind == "later" and last.again <= today
                if company.pk in listed:
                    assert due
                elif due:
                    since = [at for at in self.asked[name, n] if at >= last.at]
                    assert since or self.let_be or self._opened_since(name, n, last.at)

    # --- helpers ------------------------------------------------------------------------------

    def _rows(self):
        return Invitation.objects.exclude(pk__in=self.before)

    def _draft(self, name: str, period: int) -> Campaign:
        sw, of = getattr(self.world, name), self.periods[name][period]
        with use(SYSTEM):
            group = Group.objects.create(
                school=sw.school, period=of, name=f"Groep {Group.objects.count()}"
            )
            for company in self.companies:
                group.companies.create(school=sw.school, company=company)
        return draft_of(sw, group=group, reminder_days=REMINDERS)

    def _mailed(self, campaign: Campaign) -> set[int]:
        with use(SYSTEM):
            letters = OutboxMail.objects.about(Invitation).filter(event="invitation")
            rows = Invitation.objects.filter(campaign=campaign, pk__in=letters.values("about_id"))
            families = set(rows.values_list("company__family_id", flat=True))
        return {n for n, company in enumerate(self.companies) if company.family_id in families}

    def _who_is_asked(self, name: str, period: int, ticked) -> set[int]:
        if ticked is not None:
            return set(ticked)
        return {n for n in (0, 1) if not self._holds(name, n, period)}

    def _holds(self, name: str, n: int, period: int) -> bool:
        """Whether what a company said, or that it was asked just now, holds for this period."""
        said = sorted(self._last_of_each(name, n), key=lambda a: a.at)
        if said:
            last = said[-1]
            if last.never or (last.kind == "later" and last.again > timezone.localdate()):
                return True
        for answer in said:
            if answer.kind in ("yes", "no") and self._meet(name, answer.period, period):
                return True
        asked = max(self.asked[name, n], default=None)
        if asked is None or (said and said[-1].at > asked):
            return False
        return asked > timezone.now() - PATIENCE

    def _last_of_each(self, name: str, n: int) -> list[Answer]:
        """The answer that stands, per period."""
        newest: dict[int, Answer] = {}
        for answer in self.said[name, n]:
            newest[answer.period] = answer
        return list(newest.values())

    def _meet(self, name: str, one: int, other: int) -> bool:
        a, b = self.periods[name][one], self.periods[name][other]
        return a.starts <= b.ends and b.starts <= a.ends

    def _answers_of(self, row: Invitation) -> list[Answer]:
        name, n, period = self._place_of(row)
        return [a for a in self.said[name, n] if a.period == period and a.at >= row.created_at]

    def _opened_since(self, name: str, n: int, moment: datetime) -> bool:
        """Whether a question was opened by telephone after that."""
        with use(SYSTEM):
            rows = self._rows().filter(
                school=getattr(self.world, name).school, company=self.companies[n]
            )
            return rows.filter(created_at__gt=moment).exists()

    def _one_of(self, rows, pick: int) -> Invitation | None:
        """One of these whose period is not over."""
        with use(SYSTEM):
            running = rows.filter(period__ends__gte=timezone.localdate()).order_by("pk")
            found = list(running.select_related("period", "company", "school"))
        return found[pick % len(found)] if found else None

    def _place_of(self, row: Invitation) -> tuple[str, int, int]:
        """Which school, company and period a question is between."""
        name = "berk" if row.school_id == self.world.berk.school.pk else "els"
        n = next(i for i, c in enumerate(self.companies) if c.pk == row.company_id)
        period = next(i for i, p in enumerate(self.periods[name]) if p.pk == row.period_id)
        return name, n, period

    def _answer(self, name, n, period, row, kind, way, many, months):
        again = timezone.localdate().replace(day=1) + timedelta(days=31 * months)
        reply = {
            "yes": Reply("yes", version_of(row), how_many=many, weekdays=[1, 2]),
            "no": Reply("no", version_of(row), no_reason="full"),
            "never": Reply("no", version_of(row), no_reason="stopped"),
            "later": Reply("later", version_of(row), ask_again_on=again),
        }[kind]
        before = self._whole(row)
        try:
            self._take(n, row, reply, way)
        except Conflict:
            # Students count on more than is offered now: nothing changed.
            assert self._whole(row) == before
            return
        self.said[name, n].append(
            Answer(
                "no" if kind == "never" else kind,
                timezone.now(),
                period,
                again if kind == "later" else None,
                kind == "never",
            )
        )

    def _take(self, n: int, row: Invitation, reply: Reply, way: str) -> None:
        self.now.move_to(timezone.now() + timedelta(minutes=1))
        if way == "phone":
            actor = self.world.actor(getattr(self.world, self._place_of(row)[0]).coordinator)
        else:
            actor = self.world.company_actor(self.contacts[n])
        with use(actor.scope), transaction.atomic():
            if way == "phone":
                services.take_answer(row, reply, actor=actor)
            else:
                services.answer_invitation(row, reply, actor=actor)

    def _whole(self, row: Invitation) -> tuple:
        with use(SYSTEM):
            fresh = Invitation.objects.values("state", "answered_at", "ask_again_on").get(pk=row.pk)
            places = Place.objects.filter(invitation=row).values("state", "how_many", "weekdays")
            return fresh, list(places)

    def _mail_arrives(self) -> None:
        """The mail server took what waited, and the jobs heard of it."""
        with use(SYSTEM):
            waiting = OutboxMail.objects.filter(state="queued")
            waiting.update(state="sent", changed_at=timezone.now())
        for name in ("berk", "els"):
            actor = self.world.actor(getattr(self.world, name).coordinator)
            with use(actor.scope):
                services.note_deliveries(actor=actor)
                services.finish_sent(actor=actor)


@pytest.mark.django_db
def test_whatever_happens_what_a_company_said_is_kept(world):
    machine = type("Asking", (Asking,), {"world": world})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=30,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate],  # a shorter story takes minutes to find
            suppress_health_check=list(HealthCheck),
        ),
    )
