"""Under sixteen nobody begins before everybody signed, unless the school says why."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from placements import services, unsigned
from placements.models import Placement, RuleOverride
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.ui import todo
from stage.core.who.actors import job_at
from stage.core.who.policies import Conflict, NotAllowed
from stage.schools.models import Student
from tests.attendance.helpers import MONDAY, TUESDAY, at
from tests.clients import client_of
from tests.placements.agreements import actors, frozen, of_age, sign_as, started
from tests.placements.test_agreement_pages import body

REASON = "Vader tekent vanmiddag op school."


def state(world):
    with use(SYSTEM):
        return Placement.objects.get(pk=world.berk.placement.pk).state


def advance(world, day):
    actor = job_at(world.berk.school)
    with use(actor.scope):
        return services.advance_placements(today=day, actor=actor)


def home(world):
    return body(client_of(world.berk.logins[0]).get("/"))


def urgent(world) -> list[str]:
    actor = world.actor(world.berk.coordinator)
    with use(actor.scope):
        return [t.title for t in todo.for_actor(actor) if t.urgency == todo.Urgency.NOW]


def page_of(world):
    return reverse("agreements:unsigned_start", args=[world.berk.placement.public_id])


TODO = "Laat eerst tekenen: Aya Berk is nog geen 16"


def test_the_first_day_comes_unsigned(world):
    agreement = frozen(world)
    sign_as(agreement, actors(world)["student"])
    with at(MONDAY, "08:00"):
        assert advance(world, MONDAY) == 0
        page = home(world)
        assert "Je stage is nog niet begonnen" in page
        assert "ouder of verzorger, bedrijf, school. Jij hoeft niets te doen." in page
        assert "Meld dat je er bent" not in page
        assert TODO in urgent(world)
        coordinator = client_of(world.berk.coordinator)
        both = body(coordinator.get(page_of(world)))
        assert "Help met tekenen" in both
        assert "Laat toch beginnen" in both
        # Nobody is missed at work.
        today = body(coordinator.get(reverse("attendance:today")))
        assert "Aya Berk" not in today
    assert state(world) == "agreement"


def test_who_can_sign_is_asked_to_sign(world):
    agreement = frozen(world)
    with at(MONDAY, "08:00"):
        page = home(world)
        assert reverse("agreements:agreement_sign", args=[agreement.public_id]) in page
        assert "Jij hoeft niets te doen." not in page


def test_before_there_is_an_agreement_the_school_is_at_work(world):
    with use(SYSTEM):
        Placement.objects.filter(pk=world.berk.placement.pk).update(state="concept")
    with at(MONDAY, "08:00"):
        assert "Je school maakt de overeenkomst nog." in home(world)
        client = client_of(world.berk.coordinator)
        assert "Begin de overeenkomst" in body(client.get(page_of(world)))


def test_from_sixteen_on_nothing_changes(world):
    of_age(world.berk.students[0])
    frozen(world)
    with at(MONDAY, "08:00"):
        assert "Meld dat je er bent" in home(world)
        assert TODO not in urgent(world)


@pytest.mark.parametrize(
    ("born", "is_young"), [(date(2011, 1, 11), False), (date(2011, 1, 12), True)]
)
def test_the_birthday_counts_on_the_first_day(world, born, is_young):
    with use(SYSTEM):
        Student.objects.filter(pk=world.berk.students[0].pk).update(birth_date=born)
        Placement.objects.filter(pk=world.berk.placement.pk).update(state="agreement")
        rows = Placement.objects.filter(pk=world.berk.placement.pk)
        assert unsigned.waiting(rows, MONDAY).exists() is is_young
        assert unsigned.must_be_signed_first(rows.get(), MONDAY) is is_young


@pytest.mark.parametrize(("days", "asked"), [(8, False), (7, True)])
def test_the_coordinator_hears_of_it_a_week_before(world, days, asked):
    frozen(world)
    actor = world.actor(world.berk.coordinator)
    with at(MONDAY - timedelta(days=days)), use(actor.scope):
        assert (TODO in [t.title for t in todo.for_actor(actor)]) is asked


def test_it_begins_with_a_reason(world):
    frozen(world)
    with at(MONDAY, "08:10"):
        client = client_of(world.berk.coordinator)
        assert client.post(page_of(world), {"reason": ""}).status_code == 422
        assert state(world) == "agreement"
        client.post(page_of(world), {"reason": REASON})
        client.post(page_of(world), {"reason": "Nog eens."})
        assert state(world) == "running"
        assert "Meld dat je er bent" in home(world)
        assert TODO not in urgent(world)
        folder = reverse("placements:placement_show", args=[world.berk.placement.public_id])
        page = body(client.get(folder))
        assert REASON in page
        assert "Coordinator Berk, ma 11 januari, 08:10" in page
        assert REASON not in body(client_of(world.berk.logins[0]).get(folder))
    with use(SYSTEM):
        row = RuleOverride.objects.get(rule=unsigned.RULE)
    assert (row.reason, row.by_id) == (REASON, world.berk.coordinator.pk)


def test_a_reason_given_before_lets_it_begin_on_the_day(world):
    agreement = frozen(world)
    with at(MONDAY - timedelta(days=3), "12:00"):
        client_of(world.berk.coordinator).post(page_of(world), {"reason": REASON})
        assert state(world) == "agreement"
        assert advance(world, MONDAY - timedelta(days=1)) == 0
    with at(MONDAY, "00:30"):
        assert advance(world, MONDAY) == 1
        assert advance(world, MONDAY) == 0
    assert state(world) == "running"
    # Signed after all, it goes on as it runs.
    with at(TUESDAY):
        for who in actors(world).values():
            sign_as(agreement, who)
    assert state(world) == "running"


def test_signed_in_time_it_runs(world):
    agreement = frozen(world)
    for who in actors(world).values():
        sign_as(agreement, who)
    with at(MONDAY, "08:00"):
        assert advance(world, MONDAY) == 1
        assert "Meld dat je er bent" in home(world)


def test_only_the_schools_coordinator_lets_it_begin(world):
    started(world)
    with use(SYSTEM):
        placement = Placement.objects.get(pk=world.berk.placement.pk)
    for who in (world.actor(world.berk.teacher), world.actor(world.els.coordinator)):
        with at(MONDAY), use(who.scope), pytest.raises(NotAllowed):
            services.start_unsigned(placement, reason=REASON, actor=who)
    who = world.actor(world.berk.coordinator)
    of_age(world.berk.students[0])
    with at(MONDAY), use(who.scope), pytest.raises(Conflict):
        services.start_unsigned(placement, reason=REASON, actor=who)
    with use(SYSTEM):
        assert RuleOverride.objects.count() == 0
