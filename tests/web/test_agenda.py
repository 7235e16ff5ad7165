"""Somebody's days in their own calendar: the secret address, and what is behind it."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from assessments.models import Assignment, HandIn
from companies.models import Contact, Trust
from companies.services import trust
from placements.models import Placement, PlannedDay, StudentCard
from stage.core.models import AuditEntry, CalendarFeed, Membership
from stage.core.tenants.tenancy import NOBODY, SYSTEM, use
from stage.core.ui.agenda import Entry
from stage.core.ui.ical import calendar_of
from stage.core.who import feeds
from stage.core.who.identities import SESSION_KEY
from stage.core.work.clearing import clear_all
from stage.schools.services import cards
from stage.web.views import agenda as views
from tests import races
from tests.attendance.helpers import FRIDAY, MONDAY, TUESDAY, another_placement, at, ill
from tests.clients import client_of, client_of_contact
from tests.placements.changes import change

PAGE, WITHDRAW = reverse("web:agenda"), reverse("web:agenda_withdraw")
ADDRESS = re.compile(r"<code>(https?://[^<]+/stage\.ics)</code>")
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
SECOND_MONDAY = date(2027, 1, 18)


def made_by(client: Client) -> str:
    """The path behind the address that the page shows once."""
    page = client.post(PAGE).content.decode()
    return "/" + ADDRESS.search(page)[1].split("/", 3)[3]


def fetched(path: str, **headers) -> Calendar:
    answer = Client().get(path, **headers)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    return Calendar.from_ical(answer.content)


def events(path: str) -> dict[str, object]:
    return {str(e["uid"]).partition("@")[0]: e for e in fetched(path).walk("VEVENT")}


def titles(path: str) -> set[str]:
    return {str(e["summary"]) for e in events(path).values()}


@pytest.fixture
def berk(world):
    with at(MONDAY, "07:00"):
        yield world.berk


# --- the student ------------------------------------------------------------------------------


def test_a_students_calendar_has_the_days_with_hours_address_and_whom_to_call(world, berk):
    with use(SYSTEM):
        Contact.objects.filter(pk=world.noord.supervisors[0].pk).update(telephone="050 000 0016")
    found = events(made_by(client_of(berk.logins[0])))
    assert len(found) == 10
    day = found[f"day-{berk.placement.public_id}-20270111"]
    assert str(day["summary"]) == "Stage bij Bakkerij Noord"
    assert day["dtstart"].dt == datetime(2027, 1, 11, 8, 30, tzinfo=AMSTERDAM)
    assert day["dtend"].dt == datetime(2027, 1, 11, 15, 30, tzinfo=AMSTERDAM)
    assert str(day["location"]) == "Dorpsstraat 1, Noord"
    assert str(day["description"]) == "Praktijkopleider: Supervisor Bakkerij Noord 050 000 0016"
    assert str(day["class"]) == "PRIVATE"


def test_another_students_days_and_another_schools_are_in_nobodys_calendar(world, berk):
    for who in (berk.logins[1], world.els.logins[1]):
        assert events(made_by(client_of(who))) == {}
    own = events(made_by(client_of(world.els.logins[0])))
    assert {key.split("-")[1] for key in own} == {world.els.placement.public_id}


def test_days_away_and_called_off_are_not_there_and_no_word_says_why(world, berk):
    ill(berk.placement, TUESDAY, ends=TUESDAY, note="griep")
    change(
        world,
        berk.placement,
        "called_off",
        from_on=FRIDAY,
        until_on=FRIDAY,
        reason="other",
        words="brand",
    )
    path = made_by(client_of(berk.logins[0]))
    days = sorted(key[-8:] for key in events(path))
    assert "20270112" not in days
    assert "20270115" not in days
    assert len(days) == 8
    text = Client().get(path).content.decode().lower()
    for word in ("ziek", "griep", "afwezig", "brand", "beter"):
        assert word not in text


def test_work_to_hand_in_is_a_whole_day(world, berk):
    with use(SYSTEM):
        task = Assignment.objects.create(
            school=berk.school, title="Brood, en meer", text="x", created_by=berk.teacher
        )
        row = HandIn.objects.create_about(berk.placement, assignment=task, due=FRIDAY)
    path = made_by(client_of(berk.logins[0]))
    event = events(path)[f"hand-in-{row.public_id}-20270115"]
    assert str(event["summary"]) == "Inleveren: Brood, en meer"
    assert (event["dtstart"].dt, event["dtend"].dt) == (FRIDAY, FRIDAY + timedelta(days=1))
    assert str(event["transp"]) == "TRANSPARENT"
    with use(SYSTEM):
        HandIn.objects.update(state="done")
    assert f"hand-in-{row.public_id}-20270115" not in events(path)


def test_other_hours_are_the_same_day_with_a_higher_number(world, berk):
    path = made_by(client_of(berk.logins[0]))
    before = events(path)
    with at(MONDAY, "11:00"):
        change(world, berk.placement, "schedule", from_on=SECOND_MONDAY, day_to=time(14))
        after = events(path)
    assert set(after) == set(before)
    moved, same = (f"day-{berk.placement.public_id}-{day}" for day in ("20270118", "20270112"))
    assert after[moved]["dtend"].dt == datetime(2027, 1, 18, 14, tzinfo=AMSTERDAM)
    assert after[moved]["sequence"] > before[moved]["sequence"]
    assert after[moved]["last-modified"].dt > before[moved]["last-modified"].dt
    assert after[moved]["dtstamp"].dt == datetime(2027, 1, 11, 10, tzinfo=UTC)
    assert after[same] == before[same]


def test_a_day_that_moved_is_gone_and_the_other_day_is_there(world, berk):
    path = made_by(client_of(berk.logins[0]))
    change(world, berk.placement, "schedule", from_on=SECOND_MONDAY, weekdays=(1, 2, 3, 6))
    days = {key[-8:] for key in events(path)}
    assert "20270123" not in days  # past the last day
    assert {"20270121", "20270122"} & days == set()
    assert {"20270118", "20270119", "20270120"} <= days


def test_the_window_is_four_weeks_back(world, berk):
    path = made_by(client_of(berk.logins[0]))
    with at(date(2027, 2, 10)):
        assert min(key[-8:] for key in events(path)) == "20270113"
    with at(date(2027, 3, 10)):
        assert events(path) == {}


# --- school and company -----------------------------------------------------------------------


def test_a_teachers_calendar_counts_and_names_no_more_than_first_name_and_class(world, berk):
    another_placement(berk, world.noord, 1)
    ill(berk.placement, TUESDAY, ends=TUESDAY)
    path = made_by(client_of(berk.teacher))
    found = events(path)
    tuesday = found[f"students-{berk.teacher.pk}-20270112"]
    assert str(tuesday["summary"]) == "2 leerlingen op stage"  # a gap would tell as much
    assert tuesday["dtstart"].dt == TUESDAY
    assert "Eerste stagedag: Aya (3B)" in titles(path)
    assert "Laatste stagedag: Bram (3B)" in titles(path)
    assert "Blokstage voorjaar" in titles(path)
    text = Client().get(path).content.decode()
    for secret in ("Bakkerij", "van Berk", "Dorpsstraat", "050", "Ouder", "ziek", "iek gemeld"):
        assert secret not in text


def test_a_count_that_fell_is_newer(world, berk):
    path = made_by(client_of(berk.teacher))
    key = f"students-{berk.teacher.pk}-20270112"
    second = another_placement(berk, world.noord, 1)
    before = events(path)[key]
    with at(MONDAY, "11:00"):
        change(world, second, "schedule", from_on=TUESDAY, weekdays=(1, 3))
        after = events(path)[key]
    assert (str(before["summary"]), str(after["summary"])) == (
        "2 leerlingen op stage",
        "1 leerling op stage",
    )
    assert after["sequence"] > before["sequence"]


def test_who_guides_nobody_reads_the_periods(world, berk):
    for who in (berk.colleague, berk.coordinator):
        assert titles(made_by(client_of(who))) == {"Blokstage voorjaar"}


def test_a_companys_calendar_has_first_names_only(world, berk):
    path = made_by(client_of_contact(world.noord.contacts[0]))
    found = events(path)
    day = found[f"day-{berk.placement.public_id}-20270111"]
    assert (str(day["summary"]), str(day["description"])) == ("Stage: Aya", "Berk")
    assert day["dtstart"].dt == datetime(2027, 1, 11, 8, 30, tzinfo=AMSTERDAM)
    # Els has a trainee there as well.
    assert f"day-{world.els.placement.public_id}-20270111" in found
    text = Client().get(path).content.decode()
    assert "Aya Berk" not in text
    with use(SYSTEM):
        StudentCard.objects.filter(student=berk.students[0]).update(revoked_at=timezone.now())
    assert str(events(path)[f"day-{berk.placement.public_id}-20270111"]["summary"]) == (
        "Stage: Leerling"
    )


def test_a_supervisor_reads_the_own_trainees_only(world, berk):
    second = another_placement(berk, world.noord, 1)
    with use(SYSTEM):
        Placement.objects.filter(pk=second.pk).update(supervisor=None)
    path = made_by(client_of_contact(world.noord.supervisors[0]))
    assert {key.split("-")[1] for key in events(path)} == {
        berk.placement.public_id,
        world.els.placement.public_id,
    }
    assert events(made_by(client_of_contact(world.noord.contacts[1]))) == {}


# --- the address ------------------------------------------------------------------------------


def test_the_address_is_shown_once_and_kept_hashed(world, berk):
    client = client_of(berk.logins[0])
    page = client.post(PAGE).content.decode()
    address = ADDRESS.search(page)[1]
    token = address.split("/")[-2]
    assert f"webcal://{address.partition('://')[2]}" in page
    assert token not in client.get(PAGE).content.decode()
    with use(NOBODY):
        row = CalendarFeed.objects.get()
    assert token not in repr(row.__dict__)
    assert len(token) == 43


def test_withdrawn_is_gone_at_once_and_a_new_one_stops_the_old(world, berk):
    client = client_of(berk.logins[0])
    first = made_by(client)
    second = made_by(client)
    assert [Client().get(path).status_code for path in (first, second)] == [410, 200]
    page = client.post(WITHDRAW, follow=True).content.decode()
    assert "Dit adres werkt niet meer" in page
    assert Client().get(second).status_code == 410
    assert Client().get(second).content == b""
    assert "geen adres meer" in client.post(WITHDRAW, follow=True).content.decode()
    with use(SYSTEM):
        rows = AuditEntry.objects.filter(verb__startswith="calendar_").order_by("at")
        said = list(rows.values_list("verb", "actor_id", "school"))
    owner = berk.logins[0].user_id
    assert said == [
        ("calendar_made", owner, berk.school.pk),
        ("calendar_made", owner, berk.school.pk),
        ("calendar_withdrawn", owner, berk.school.pk),
    ]


def test_an_unknown_address_is_nothing(world, berk):
    assert Client().get(reverse("web:agenda_feed", args=["x" * 43])).status_code == 404


def test_who_is_gone_has_no_calendar(world, berk):
    paths = {who: made_by(client_of(who)) for who in (berk.logins[0], berk.teacher)}
    with use(SYSTEM):
        for who in paths:
            Membership.objects.filter(pk=who.pk).update(ended_at=timezone.now())
    assert [Client().get(path).status_code for path in paths.values()] == [410, 410]


def test_who_comes_back_gets_a_new_address(world, berk):
    path = made_by(client_of(berk.logins[0]))
    with use(SYSTEM):
        Membership.objects.filter(pk=berk.logins[0].pk).update(ended_at=timezone.now())
    actor = world.actor(berk.coordinator)
    with use(actor.scope):
        code = cards.issue_card(berk.students[0], actor)
    assert cards.redeem(code, 15, 1) is not None
    assert Client().get(path).status_code == 410


def test_whom_no_school_trusts_any_more_has_no_calendar(world, berk):
    boss = world.noord.contacts[0]
    path = made_by(client_of_contact(boss))
    for school in (berk, world.els):
        actor = world.actor(school.coordinator)
        with use(actor.scope):
            trust.end_trust(Contact.objects.get(pk=boss.pk), actor=actor)
        if school is berk:  # the other school still knows the address
            keys = {key.split("-")[1] for key in events(path)}
            assert keys == {world.els.placement.public_id}
    assert Client().get(path).status_code == 410
    # And who gets that address later starts anew.
    with use(SYSTEM):
        Trust.objects.filter(contact=boss).update(until=None)
    assert Client().get(path).status_code == 410


def test_it_is_of_the_role_that_made_it_whoever_asks(world, berk):
    path = made_by(client_of(berk.logins[0]))
    stranger = client_of(world.els.coordinator)
    found = Calendar.from_ical(stranger.get(path).content)
    assert {str(e["summary"]) for e in found.walk("VEVENT")} == {"Stage bij Bakkerij Noord"}
    assert stranger.session[SESSION_KEY] == world.els.coordinator.pk


def test_two_pages_at_once_make_one(committed_world):
    actor = committed_world.actor(committed_world.berk.teacher)
    feeds_of = {}

    def make(name):
        return lambda who: feeds_of.update({name: feeds.make_feed(who)})

    make("before")(actor)
    assert races.behind((actor, make("first")), (actor, make("second"))) == "conflict"
    alive = [name for name, token in feeds_of.items() if feeds.find_feed(token).actor]
    assert alive == ["first"]


def test_a_withdrawn_one_is_forgotten_after_its_term_and_one_in_use_is_not(world, berk):
    made_by(client_of(berk.logins[0]))
    made_by(client_of(berk.teacher))
    with use(NOBODY):
        long_ago = timezone.now() - timedelta(days=3000)
        CalendarFeed.objects.filter(person_id=berk.teacher.pk).update(withdrawn_at=long_ago)
        CalendarFeed.objects.update(made_at=long_ago)
    assert clear_all()["core.CalendarFeed"] == 1
    with use(NOBODY):
        assert [f.person_id for f in CalendarFeed.objects.all()] == [berk.logins[0].pk]


# --- how it travels ---------------------------------------------------------------------------


def test_it_is_asked_again_without_being_sent_again(world, berk):
    path = made_by(client_of(berk.logins[0]))
    first = Client().get(path)
    assert first["Cache-Control"] == "private, no-cache"
    again = Client().get(path, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    with at(MONDAY, "11:00"):
        assert Client().get(path)["ETag"] == first["ETag"]
        change(world, berk.placement, "schedule", from_on=SECOND_MONDAY, day_to=time(14))
        answer = Client().get(path, headers={"If-None-Match": first["ETag"]})
    assert answer.status_code == 200
    assert Client().head(path).content == b""
    assert Client().post(path).status_code == 405


def test_who_asks_without_end_is_refused(world, berk, monkeypatch):
    path = made_by(client_of(berk.logins[0]))
    other = made_by(client_of(berk.logins[1]))
    for _n in range(views.ASKED.amount):
        assert Client().get(path).status_code == 200
    refused = Client().get(path)
    assert (refused.status_code, refused["Retry-After"]) == (429, "3600")
    assert Client().get(other).status_code == 200
    for _n in range(views.WRONG.amount):
        assert Client().get(reverse("web:agenda_feed", args=["x"])).status_code == 404
    assert Client().get(reverse("web:agenda_feed", args=["x"])).status_code == 429
    assert Client().get(other).status_code == 200  # a right one is never kept out by wrong ones


def test_addresses_without_end_are_not_made(world, berk):
    client = client_of(berk.logins[0])
    for _n in range(views.MADE.amount):
        made_by(client)
    assert "Wacht een uur" in client.post(PAGE, follow=True).content.decode()


def test_it_costs_the_same_for_one_and_for_three(world, berk):
    paths = [
        made_by(client)
        for client in (
            client_of(berk.logins[0]),
            client_of(berk.teacher),
            client_of_contact(world.noord.contacts[0]),
        )
    ]

    def counted() -> list[int]:
        numbers = []
        for path in paths:
            with CaptureQueriesContext(connection) as queries:
                fetched(path)
            numbers.append(len(queries))
        return numbers

    before = counted()
    for n in (1, 2):
        another_placement(berk, world.noord, n)
    assert counted() == before
    assert max(before) <= 25


# --- the format -------------------------------------------------------------------------------


def entry(**values) -> Entry:
    now = datetime(2027, 1, 11, 7, tzinfo=UTC)
    of = {"key": "k", "title": "t", "starts": MONDAY, "ends": MONDAY} | values
    return Entry(**{"changed_at": now, "made_at": now, **of})


def test_lines_are_folded_and_end_as_they_should_also_with_ten_thousand_characters():
    title = "Žluťoučký; kůň, \\ “één” 🥖 " * 400
    body = calendar_of([entry(title=title, text="a\r\nb\x07\nc")], name="Stage")
    lines = body.split(b"\r\n")
    assert b"\n" not in b"".join(lines)
    assert max(map(len, lines)) <= 75
    for line in lines:
        line.decode()  # no character is cut in two
    [event] = Calendar.from_ical(body).walk("VEVENT")
    assert str(event["summary"]) == title
    assert str(event["description"]) == "a\nb\nc"
    assert body.count(b"BEGIN:VEVENT") == 1


def test_a_title_cannot_add_a_line_of_its_own():
    body = calendar_of([entry(title="x\r\nEND:VEVENT\r\nATTENDEE:mailto:a@b.c")], name="Stage")
    [event] = Calendar.from_ical(body).walk("VEVENT")
    assert "attendee" not in event
    assert b"\r\nATTENDEE" not in body


@pytest.mark.parametrize(
    ("day", "begins", "ends"),
    [
        (date(2027, 3, 27), "07:30", "16:00"),
        (date(2027, 3, 28), "06:30", "15:00"),  # the clock went forward that night
        (date(2027, 10, 30), "06:30", "15:00"),
        (date(2027, 10, 31), "07:30", "16:00"),
        (date(2026, 10, 25), "07:30", "16:00"),
        (date(2026, 3, 29), "06:30", "15:00"),
    ],
)
def test_hours_stay_what_they_are_when_the_clock_changes(world, day, begins, ends):
    with use(SYSTEM):
        Placement.objects.filter(pk=world.berk.placement.pk).update(starts=day, ends=day)
        PlannedDay.objects.filter(placement=world.berk.placement).exclude(date=MONDAY).delete()
        PlannedDay.objects.filter(placement=world.berk.placement).update(
            date=day, day_from=time(8, 30), day_to=time(17)
        )
    with at(day - timedelta(days=3)):
        path = made_by(client_of(world.berk.logins[0]))
        [event] = events(path).values()
        raw = Client().get(path).content.decode()
    assert f"DTSTART;TZID=Europe/Amsterdam:{day:%Y%m%d}T083000" in raw
    assert f"{event['dtstart'].dt.astimezone(UTC):%H:%M}" == begins
    assert f"{event['dtend'].dt.astimezone(UTC):%H:%M}" == ends


@pytest.mark.parametrize(
    ("moment", "offset"),
    [
        ("2027-03-28T01:59", 1),
        ("2027-03-28T03:00", 2),
        ("2026-10-25T03:00", 1),
        ("2026-10-25T01:59", 2),
    ],
)
def test_the_time_zone_that_is_sent_along_knows_both_nights(moment, offset):
    """For a calendar that knows no zone by its name."""
    body = calendar_of([], name="Stage").replace(b"Europe/Amsterdam", b"Custom/Zone")
    [zone] = Calendar.from_ical(body).walk("VTIMEZONE")
    when = datetime.fromisoformat(moment).replace(tzinfo=zone.to_tz())
    assert when.utcoffset() == timedelta(hours=offset)


# --- the page ---------------------------------------------------------------------------------


def test_the_page_explains_and_is_reached_from_where_one_is(world, berk):
    for client, start in (
        (client_of(berk.logins[0]), reverse("web:me")),
        (client_of(berk.teacher), reverse("web:me")),
        (client_of_contact(world.noord.contacts[0]), "/"),
    ):
        assert f'href="{PAGE}"' in client.get(start).content.decode()
        page = client.post(PAGE).content.decode()
        for word in ("iPhone", "Android", "Outlook", "webcal://"):
            assert word in page
    assert f'href="{PAGE}"' not in client_of(world.noord.bureau).get("/ik/").content.decode()


def test_who_is_only_named_makes_none(world, berk):
    with use(SYSTEM):
        stranger = Contact.objects.create(
            region=world.noord.region,
            company=world.noord.companies[0],
            name="Iemand",
            email="iemand@voorbeeld.test",
        )
    client = client_of_contact(stranger)
    assert "De school kent dit adres nog niet" in client.get(PAGE).content.decode()
    assert client.post(PAGE)["Location"] == PAGE
    with use(NOBODY):
        assert not CalendarFeed.objects.exists()
