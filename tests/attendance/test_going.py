"""The rest of a day: going home, pauses, the hours that follow, and what was said wrong."""

import pytest
from django.db import transaction
from django.db.utils import DatabaseError, IntegrityError
from django.urls import reverse

from attendance.models import CheckIn, ConfirmedDay, DisputedDay
from attendance.queries.staff import groups_on, staff_day
from companies.models import Company, Location
from stage.core.models import AuditEntry
from stage.core.tenants.tenancy import SYSTEM, use
from tests.attendance.helpers import (
    FRIDAY,
    MONDAY,
    TUESDAY,
    WEEK,
    at,
    checked_in,
    confirmed,
    everything,
    ill,
)
from tests.attendance.test_week_confirm import ticks
from tests.clients import client_of, client_of_contact

HOME = reverse("web:home")
OUT, OUT_UNDO = reverse("attendance:check_out"), reverse("attendance:check_out_undo")
PAUSE, BACK = reverse("attendance:pause_start"), reverse("attendance:pause_end")
TODAY = reverse("attendance:today")
COMPANY = reverse("attendance:company_today")
CONFIRM = reverse("attendance:week_confirm", args=[WEEK])


def asks(world, day_end="breaks") -> None:
    with use(SYSTEM):
        Company.objects.filter(pk=world.noord.companies[0].pk).update(day_end=day_end)


def student(world):
    return client_of(world.berk.logins[0])


def press(world, url, clock, day=MONDAY) -> str:
    """What the student reads after a press."""
    with at(day, clock):
        return student(world).post(url, follow=True).content.decode()


def home(world, clock, day=MONDAY) -> str:
    with at(day, clock):
        return student(world).get(HOME).content.decode()


def kinds() -> list[tuple[str, bool]]:
    return [(c.kind, c.withdrawn_at is None) for c in everything(CheckIn)]


def verbs() -> list[str]:
    with use(SYSTEM):
        return list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))


def hours_shown(world) -> str:
    """What stands in the field of Monday on the supervisor's page."""
    with at(FRIDAY, "18:00"):
        page = client_of_contact(world.noord.supervisors[0]).get(CONFIRM)
    cards = [c for part in page.context["parts"] for c in part.cards]
    mine = next(c for c in cards if c.week.placement.pk == world.berk.placement.pk)
    return next(r.hours for r in mine.rows if r.day.date == MONDAY)


def test_nobody_is_asked_where_the_company_wants_the_plan(world):
    checked_in(world.berk.placement, MONDAY, "08:21")
    assert "Ik ga naar huis" not in home(world, "15:00")
    assert "Schrijf je dagverslag" in home(world, "15:42")
    assert "vraagt dit niet meer" in press(world, OUT, "15:42")
    assert kinds() == [("start", True)]


@pytest.mark.parametrize(
    ("here", "company", "shows"),
    [("", "told", True), ("planned", "told", False), ("told", "planned", True)],
)
def test_a_location_goes_before_its_company(world, here, company, shows):
    asks(world, company)
    with use(SYSTEM):
        place = world.berk.placement.location_id
        Location.objects.filter(pk=place).update(day_end=here)
    checked_in(world.berk.placement, MONDAY, "08:21")
    page = home(world, "15:00")
    assert ("Ik ga naar huis" in page) == shows
    assert f'action="{PAUSE}"' not in page


def test_the_day_from_arriving_to_going(world):
    asks(world)
    checked_in(world.berk.placement, MONDAY, "08:30")
    assert f'action="{PAUSE}"' in home(world, "11:00")
    assert "Pauze sinds 12:00" in press(world, PAUSE, "12:00")
    assert "Aan het werk tot 15:30" in press(world, BACK, "12:45")
    page = press(world, OUT, "14:33")
    assert "Je was er van 08:30 tot 14:33" in page
    assert "Schrijf je dagverslag" in page
    # 6 hours and 3 minutes, less a pause of three quarters: 5 hours and a quarter.
    assert hours_shown(world) == "5,25"
    assert {"pause_started", "pause_ended", "checked_out"} <= set(verbs())
    with at(TUESDAY):
        url = reverse("attendance:list")
        listed = client_of(world.berk.teacher).get(url, {"stage": world.berk.placement.public_id})
    assert "weg om 14:33" in listed.content.decode()
    assert listed.context["one"].worked == 315
    with at(TUESDAY):
        own = student(world).get(reverse("attendance:week"), {"week": WEEK}).content.decode()
    assert "weg om 14:33" in own


@pytest.mark.parametrize(
    ("said", "hours"),
    [
        ([("end", "15:30")], "6,5"),  # the planned break
        ([("end", "16:30")], "7,5"),
        ([("end", "10:00")], "1,5"),  # no break yet
        ([("end", "08:35")], "0,25"),
        ([("pause", "12:00"), ("end", "15:30")], "6,5"),  # nobody ended it
        ([("pause", "12:00"), ("back", "12:15"), ("end", "15:30")], "6,75"),
        (
            [
                *(("pause", "10:00"), ("back", "10:15")),
                *(("pause", "12:00"), ("back", "12:30"), ("end", "15:30")),
            ],
            "6,25",
        ),
        ([("back", "12:00"), ("end", "15:30")], "6,5"),
        ([("pause", "12:00"), ("back", "12:50")], "6,5"),  # forgotten: as planned
    ],
)
def test_the_hours_that_follow(world, said, hours):
    asks(world)
    checked_in(world.berk.placement, MONDAY, "08:30")
    for kind, clock in said:
        checked_in(world.berk.placement, MONDAY, clock, kind=kind, method="self")
    assert hours_shown(world) == hours


def test_pressed_twice_is_once(world):
    asks(world)
    checked_in(world.berk.placement, MONDAY, "08:30")
    press(world, PAUSE, "12:00")
    press(world, PAUSE, "12:01")
    press(world, BACK, "12:30")
    press(world, BACK, "12:31")
    press(world, OUT, "15:28")
    assert "Je dag is klaar om 15:28" in press(world, OUT, "15:29")
    assert [k for k, _stands in kinds()] == ["start", "pause", "back", "end"]
    assert "Je dag is al klaar" in press(world, PAUSE, "15:30")


def test_the_database_keeps_one_end_and_one_pause_of_a_moment(world):
    for kind, clock in (("end", "15:28"), ("pause", "12:00")):
        checked_in(world.berk.placement, MONDAY, clock, kind=kind, method="self")
        with pytest.raises(IntegrityError), transaction.atomic():
            checked_in(world.berk.placement, MONDAY, clock, kind=kind, method="self")


def test_undone_at_once_and_not_later(world):
    asks(world)
    checked_in(world.berk.placement, MONDAY, "08:30")
    press(world, OUT, "12:00")
    assert f'action="{OUT_UNDO}"' in home(world, "12:01")
    assert "Aan het werk tot 15:30" in press(world, OUT_UNDO, "12:01")
    press(world, OUT, "15:28")
    assert f'action="{OUT_UNDO}"' not in home(world, "15:31")
    assert "Bel je stagebegeleider" in press(world, OUT_UNDO, "15:31")
    assert kinds() == [("start", True), ("end", False), ("end", True)]
    assert verbs().count("check_out_withdrawn") == 1


def test_an_arrival_that_was_none_takes_the_rest_along(world):
    asks(world)
    checked_in(world.berk.placement, MONDAY, "08:30")
    press(world, PAUSE, "10:00")
    press(world, OUT, "12:00")
    wrong = reverse("attendance:check_in_wrong", args=[world.berk.placement.public_id, MONDAY])
    with at(MONDAY, "13:00"):
        client_of(world.berk.teacher).post(wrong, {"why": "Zat thuis."})
    assert {stands for _kind, stands in kinds()} == {False}


def test_without_an_arrival_nothing_ends(world):
    asks(world)
    assert "Je staat niet als aangemeld" in press(world, OUT, "15:28")
    assert "Je staat niet als aangemeld" in press(world, PAUSE, "12:00")
    assert everything(CheckIn) == []


def test_forgotten_is_as_planned_says_so_and_alarms_nobody(world):
    asks(world)
    checked_in(world.berk.placement, MONDAY, "08:30")
    assert "Vergeet je het, dan telt 15:30" in home(world, "15:42")
    page = home(world, "17:31")
    assert "Je meldde niet dat je naar huis ging: 15:30 telt" in page
    assert "Ik ga naar huis" not in page
    assert "Je dag was klaar om 15:30" in press(world, OUT, "17:31")
    with at(MONDAY, "20:00"):
        desk = client_of(world.berk.teacher).get(TODAY)
        assert "Einde niet gemeld: 15:30 telt" in desk.content.decode()
        assert [t.group for t, *_rest in desk.context["rows"]] == ["in"]
        assert "niet gezien" not in client_of(world.berk.teacher).get(HOME).content.decode()
    with at(FRIDAY, "18:00"):
        week = client_of_contact(world.noord.supervisors[0]).get(CONFIRM).content.decode()
    assert "binnen om 08:30, einde niet gemeld: 15:30 telt" in week
    assert hours_shown(world) == "6,5"


def test_a_company_that_stops_asking_keeps_what_was_said(world):
    asks(world)
    for day in (MONDAY, TUESDAY):
        checked_in(world.berk.placement, day, "08:30")
    press(world, OUT, "14:30")
    press(world, PAUSE, "12:00", TUESDAY)
    asks(world, "planned")
    assert "Aan het werk tot 15:30" in press(world, BACK, "12:30", TUESDAY)
    assert "vraagt dit niet meer" in press(world, OUT, "14:00", TUESDAY)
    assert hours_shown(world) == "5,5"
    with at(FRIDAY, "18:00"):
        week = client_of_contact(world.noord.supervisors[0]).get(CONFIRM).content.decode()
    assert "weg om 14:30" in week
    assert "einde niet gemeld" not in week


def correct(world, who, clock, **sent):
    url = reverse("attendance:check_out_correct", args=[world.berk.placement.public_id, MONDAY])
    with at(MONDAY, "17:00"):
        return client_of(who).post(url, {"at": clock, **sent})


def test_the_teacher_writes_another_time_and_why(world):
    asks(world)
    checked_in(world.berk.placement, MONDAY, "08:30")
    press(world, OUT, "12:00")
    url = reverse("attendance:check_out_correct", args=[world.berk.placement.public_id, MONDAY])
    with at(MONDAY, "17:00"):
        client = client_of(world.berk.teacher)
        assert url in client.get(TODAY).content.decode()
        assert 'value="12:00"' in client.get(url).content.decode()
    silent = correct(world, world.berk.teacher, "15:30", why="")
    assert silent.status_code == 422
    assert "Schrijf op waarom" in silent.content.decode()
    for clock in ("08:00", "18:00"):
        refused = correct(world, world.berk.teacher, clock, why="Te laat gedrukt.")
        assert refused.status_code == 422, clock
        assert "Kies een tijd na het begin" in refused.content.decode()
    assert correct(world, world.berk.teacher, "15:30", why="Te vroeg gedrukt.").status_code == 302
    assert kinds() == [("start", True), ("end", False), ("end", True)]
    last = everything(CheckIn)[-1]
    assert (last.method, last.settled_by_id) == ("settled", world.berk.teacher.pk)
    assert "check_out_corrected" in verbs()
    with at(TUESDAY):
        page = (
            client_of(world.berk.teacher)
            .get(reverse("attendance:list"), {"stage": world.berk.placement.public_id})
            .content.decode()
        )
    assert "weg om 12:00 telt niet" in page
    assert "Te vroeg gedrukt." in page
    # Nobody knows: the plan counts again.
    assert correct(world, world.berk.teacher, "", why="Niemand weet het.").status_code == 302
    assert hours_shown(world) == "6,5"


def test_what_was_forgotten_is_filled_in_without_a_reason(world):
    asks(world)
    checked_in(world.berk.placement, MONDAY, "08:30")
    assert correct(world, world.berk.coordinator, "14:00").status_code == 302
    assert hours_shown(world) == "5"


def test_the_supervisor_corrects_today_alone(world):
    asks(world)
    placement = world.berk.placement
    checked_in(placement, MONDAY, "08:30")
    press(world, OUT, "12:00")
    url = reverse("attendance:company_check_out", args=[placement.public_id])
    with at(MONDAY, "16:00"):
        client = client_of_contact(world.noord.supervisors[0])
        page = client.get(COMPANY).content.decode()
        assert url in page
        assert "weg om 12:00" in page
        client.post(url, {"at": "15:45", "why": "Bleef langer."})
        assert "weg om 15:45" in client.get(COMPANY).content.decode()
    assert everything(CheckIn)[-1].method == "supervisor"
    with at(TUESDAY, "16:00"):
        client = client_of_contact(world.noord.supervisors[0])
        assert client.get(url).status_code == 404
    assert "Je was er van 08:30 tot 15:45" in home(world, "16:05")


def test_a_confirmed_day_keeps_its_hours(world):
    asks(world)
    checked_in(world.berk.placement, MONDAY, "08:30")
    confirmed(world.berk.placement, {MONDAY: 360})
    press(world, OUT, "15:28")
    assert hours_shown(world) == "6"
    refused = correct(world, world.berk.teacher, "14:00", why="Nee.")
    assert refused.status_code == 422
    assert "al bevestigd" in refused.content.decode()


@pytest.mark.parametrize(("hours", "days"), [("5,5", 0), ("4", 1)])
def test_less_than_planned_is_no_dispute_where_the_student_said_so(world, hours, days):
    asks(world)
    checked_in(world.berk.placement, MONDAY, "08:30")
    press(world, OUT, "14:30")
    sent = ticks(world.berk.placement, [MONDAY], hours=hours)
    sent[f"why-{world.berk.placement.public_id}-{MONDAY}"] = "early"
    with at(MONDAY, "18:00"):
        client_of_contact(world.noord.supervisors[0]).post(CONFIRM, sent)
    assert len(everything(ConfirmedDay)) == 1
    assert len(everything(DisputedDay)) == days


def test_counts_of_the_day_are_those_of_the_list(world):
    asks(world)
    checked_in(world.berk.placement, MONDAY, "08:30")
    press(world, OUT, "14:30")
    actor = world.actor(world.berk.teacher)
    with at(MONDAY, "16:00"), use(actor.scope):
        assert [t.group for t in staff_day(actor, MONDAY)] == ["gone"]
        assert dict(groups_on(actor, MONDAY)) == {"gone": 1}


def test_the_database_lets_a_student_end_its_own_day_alone(world):
    actor = world.actor(world.berk.logins[0])
    guardian = world.guardian_actor(world.berk.guardians[0], world.noord.region)
    company = world.company_actor(world.noord.supervisors[0])

    def refused(who, **values) -> bool:
        row = CheckIn.about(world.berk.placement, at="2027-01-11T14:00:00Z", **values)
        try:
            with at(MONDAY, "15:30"), use(who.scope), transaction.atomic():
                row.save(force_insert=True)
        except DatabaseError:
            return True
        return False

    end = {"kind": "end", "date": MONDAY, "method": "self"}
    assert refused(guardian, **end)
    assert refused(actor, **end | {"date": TUESDAY})
    assert refused(actor, **end | {"method": "settled"})
    assert refused(actor, **end | {"settled_by_id": world.berk.teacher.pk})
    assert refused(company, **end)
    assert refused(company, kind="pause", date=MONDAY, method="supervisor")
    assert not refused(actor, **end)


def test_ill_at_home_is_not_at_work(world):
    asks(world)
    ill(world.berk.placement, MONDAY)
    page = home(world, "12:00")
    assert "Ik ga naar huis" not in page
