"""Periods, free days and groups."""

from datetime import date

from django.urls import reverse

from stage.core import reference
from stage.core.tenants.tenancy import SYSTEM, use
from stage.schools.models import (
    Group,
    GroupStudent,
    Period,
    PeriodException,
    SchoolSettings,
    Student,
)
from tests.clients import client_of

PERIOD = {
    "name": "Lint",
    "kind": "weekdays",
    "starts": "2027-04-01",
    "ends": "2027-06-30",
    "weekdays": ["1", "4"],
    "day_from": "08:30",
    "day_to": "16:00",
    "break_minutes": "30",
}


def url(name, *args):
    space = "web" if name.startswith("group_") else "schools"
    return reverse(f"{space}:{name}", args=args)


def made(world, **changes):
    client = client_of(world.berk.coordinator)
    response = client.post(url("period_add"), {**PERIOD, **changes})
    with use(SYSTEM):
        return client, response, Period.objects.filter(name="Lint").first()


PUBLIC = ["public:2027-05-06:2027-05-06", "public:2027-05-17:2027-05-17"]


def test_holidays_become_free_days_at_once(world):
    client, _response, period = made(world)
    page = client.get(url("period_show", period.public_id)).content.decode()
    assert "Hemelvaartsdag" in page
    assert "Tweede pinksterdag" in page
    # A Tuesday and a Wednesday: no days of this period.
    assert "Koningsdag" not in page
    assert "Bevrijdingsdag" not in page
    client.post(url("holidays_add", period.public_id), {"holiday": PUBLIC})
    client.post(url("holidays_add", period.public_id), {"holiday": PUBLIC})
    with use(SYSTEM):
        assert list(period.exceptions.values_list("date", flat=True)) == [
            date(2027, 5, 6),
            date(2027, 5, 17),
        ]
        assert date(2027, 5, 6) not in period.days()
        assert date(2027, 5, 13) in period.days()


def test_a_week_off_takes_only_the_days_of_the_period(world):
    client, _response, period = made(world)
    data = {"first": "2027-04-26", "last": "2027-05-07", "reason": "Meivakantie"}
    client.post(url("exception_add", period.public_id), data)
    with use(SYSTEM):
        days = list(period.exceptions.values_list("date", flat=True))
    assert [d.isoformat() for d in days] == ["2027-04-26", "2027-04-29", "2027-05-03", "2027-05-06"]
    client.post(url("exception_remove", period.public_id, "2027-04-29"))
    with use(SYSTEM):
        assert PeriodException.objects.filter(period=period).count() == 3
    wrong = client.post(
        url("exception_add", period.public_id), {"first": "2027-01-01", "reason": "x"}
    )
    assert wrong.status_code == 422
    assert "binnen de periode" in wrong.content.decode()
    assert client.post(url("exception_remove", period.public_id, "gisteren")).status_code == 404


def test_overlap_with_another_period_is_shown(world):
    client, _response, period = made(world, starts="2027-01-18", ends="2027-02-28")
    page = client.get(url("period_show", period.public_id)).content.decode()
    assert "Overlapt met een andere periode" in page
    assert "2 dagen vallen in allebei" in page
    assert "Blokstage voorjaar" in page


def test_a_period_that_cannot_be_is_refused_with_the_reason(world):
    for changes, sentence in (
        ({"ends": "2027-03-01"}, "ligt voor de eerste"),
        ({"day_to": "08:00"}, "ligt voor de begintijd"),
        ({"break_minutes": "450"}, "langer dan de dag"),
        ({"weekdays": []}, "Vul dit in of maak een keuze."),
        ({"name": "Blokstage voorjaar"}, "al een periode met deze naam"),
        ({"ends": "2039-01-01"}, "ten hoogste twee jaar"),
    ):
        _client, response, period = made(world, **changes)
        assert (response.status_code, period) == (422, None), changes
        assert sentence in response.content.decode(), changes


def test_a_period_in_use_stays(world):
    client = client_of(world.berk.coordinator)
    used = client.post(url("period_remove", world.berk.period.public_id))
    assert used.status_code == 409
    _client, _response, period = made(world)
    assert client.post(url("period_remove", period.public_id)).status_code == 302
    with use(SYSTEM):
        assert set(Period.objects.filter(school=world.berk.school)) == {world.berk.period}


def test_changing_a_period_drops_free_days_outside_it(world):
    client, _response, period = made(world)
    client.post(url("holidays_add", period.public_id), {"holiday": PUBLIC})
    client.post(url("period_edit", period.public_id), {**PERIOD, "ends": "2027-05-10"})
    with use(SYSTEM):
        assert list(period.exceptions.values_list("date", flat=True)) == [date(2027, 5, 6)]


def test_a_group_is_made_filled_and_removed(world):
    client, _response, period = made(world)
    client.post(url("group_add"), {"name": "3C", "period": period.public_id})
    with use(SYSTEM):
        group = Group.objects.get(name="3C")
    page = client.get(url("group_students", group.public_id) + "?klas=3B").content.decode()
    assert "Aya Berk" in page
    rows = [s.public_id for s in world.berk.students[:2]] + [world.els.students[0].public_id]
    client.post(url("group_students", group.public_id), {"row": rows})
    with use(SYSTEM):
        assert GroupStudent.objects.filter(group=group).count() == 2
    client.post(url("group_students", group.public_id), {"row": rows[:1], "action": "remove"})
    with use(SYSTEM):
        assert [m.student_id for m in GroupStudent.objects.filter(group=group)] == [
            world.berk.students[1].pk
        ]
    assert client.post(url("group_remove", group.public_id)).status_code == 302
    # This one has asked companies.
    assert client.post(url("group_remove", world.berk.group.public_id)).status_code == 409


def test_a_group_shows_how_far_everybody_is(world):
    page = client_of(world.berk.coordinator).get(url("group_show", world.berk.group.public_id))
    assert [part[:3] for part in page.context["parts"]] == [
        ("getekend", 1, "good"),
        ("gesolliciteerd", 1, "attention"),
        ("nog niets", 1, "neutral"),
    ]
    assert (page.context["companies"], page.context["campaigns"]) == (2, 1)


def test_a_teacher_sees_the_step_of_the_own_students_only(world):
    other = world.berk.students[1]
    with use(SYSTEM):
        Student.objects.filter(pk=other.pk).update(mentor=None)
    page = client_of(world.berk.teacher).get(url("group_show", world.berk.group.public_id))
    steps = {m.student_id: m.step for m in page.context["members"]}
    own = {pk for pk, step in steps.items() if step}
    assert own == set(steps) - {other.pk}
    assert sum(part[1] for part in page.context["parts"]) == len(own)


def test_a_period_of_another_school_cannot_be_chosen(world):
    client = client_of(world.berk.coordinator)
    data = {"name": "X", "period": world.els.period.public_id}
    assert client.post(url("group_add"), data).status_code == 422


def test_one_free_day_is_called_one_day(world):
    client, _response, period = made(world)
    for first, last, said in (
        ("2027-04-26", "2027-04-26", "1 dag is nu vrij."),
        ("2027-06-07", "2027-06-11", "2 dagen zijn nu vrij."),
    ):
        data = {"first": first, "last": last, "reason": "Studiedag"}
        page = client.post(url("exception_add", period.public_id), data, follow=True)
        assert said in page.content.decode()


def test_holidays_of_the_region_are_offered_with_where_they_come_from(world):
    client, _response, period = made(world, starts="2026-12-07", ends="2027-03-05")
    page = url("period_show", period.public_id)
    assert "Kies de regio van de school" in client.get(page).content.decode()
    with use(SYSTEM):
        SchoolSettings.objects.filter(school=world.berk.school).update(holiday_region="zuid")
    text = client.get(page).content.decode()
    assert "Kerstvakantie" in text
    assert "officieel" in text
    assert "advies: kijk of het voor jullie school klopt" in text
    assert "OpenHolidays" in text
    assert "Voorjaarsvakantie" in text
    assert "Eerste kerstdag" not in text  # in the holidays already
    client.post(
        url("holidays_add", period.public_id), {"holiday": "official:2026-12-19:2027-01-03"}
    )
    with use(SYSTEM):
        free = {e.date.isoformat(): e.reason for e in period.exceptions.all()}
    assert free == dict.fromkeys(
        ["2026-12-21", "2026-12-24", "2026-12-28", "2026-12-31"], "Kerstvakantie"
    )
    text = " ".join(client.get(page).content.decode().split())
    assert "4 dagen" in text
    assert text.count('name="last" value=') == 1
    client.post(url("exception_remove", period.public_id, "2026-12-24"))
    client.post(url("exception_remove", period.public_id, "2026-12-21"), {"last": "2026-12-31"})
    with use(SYSTEM):
        assert not period.exceptions.exists()


def test_every_region_has_every_holiday_once():
    rows = reference.school_holidays()
    assert {row.region for row in rows} == {"noord", "midden", "zuid"}
    assert len({(r.region, r.school_year, r.name) for r in rows}) == len(rows)
    assert all(r.first_day <= r.last_day and r.source for r in rows)
    assert {row.status for row in rows} <= {"official", "advised", "unverified"}
