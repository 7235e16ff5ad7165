"""A code on the company's screen: paired without an account, another one every thirty seconds."""

import re
from datetime import UTC, datetime

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from attendance.models import CheckIn, FailedScan, Screen
from attendance.services import screens
from companies.models import Location
from stage.core.models import AuditEntry
from stage.core.tenants.tenancy import SYSTEM, use
from tests.attendance.helpers import MONDAY, at, everything
from tests.clients import client_of, client_of_contact

LIST, SHOW = reverse("attendance:screen_list"), reverse("attendance:screen")
NEXT, PAIR = reverse("attendance:screen_next"), reverse("attendance:screen_pair")
CHECK_IN, TYPED = reverse("attendance:check_in"), reverse("attendance:scan_typed")
TICKET = re.compile(r'name="ticket" value="([^"]+)"')
# A Monday, 08:20:00 in the Netherlands: the first second of a step.
EIGHT_TWENTY = int(datetime(2027, 1, 11, 7, 20, tzinfo=UTC).timestamp())


def second(n: int):
    """The world so many seconds after twenty past eight."""
    return time_machine.travel(datetime.fromtimestamp(EIGHT_TWENTY + n, UTC), tick=False)


def make(world, n: int = 0) -> str:
    """The contact makes a screen; returns the code to pair it with."""
    contact = client_of_contact(world.noord.contacts[n])
    place = world.noord.locations[n]
    contact.post(LIST, {"location": place.pk, "name": "Tablet bij de balie"})
    return re.search(r"typ <strong[^>]*>([^<]+)<", contact.get(LIST).content.decode())[1]


@pytest.fixture
def tablet(world) -> Client:
    """A device with nobody logged in, paired at twenty past eight."""
    device = Client()
    with second(0):
        assert device.post(PAIR, {"code": make(world).lower()})["Location"] == SHOW
    return device


def code_on(device: Client) -> str:
    found = re.search(r'<p class="code">([^<]+)</p>', device.get(SHOW).content.decode())
    return found[1].replace("-", "")


def press(client: Client, code: str):
    """What a student does: open the code's page, press the button."""
    page = client.get(reverse("attendance:scan_open", args=[code])).content.decode()
    ticket = TICKET.search(page)
    return client.post(CHECK_IN, {"code": code, "ticket": ticket[1] if ticket else ""})


def test_the_screen_shows_a_code_and_the_companys_name_only(world, tablet):
    with second(0):
        page = tablet.get(SHOW).content.decode()
    assert "Bakkerij Noord" in page
    assert "<nav" not in page
    assert "Aya" not in page


@pytest.mark.parametrize(("later", "counts"), [(29, True), (59, True), (60, False), (599, False)])
def test_a_code_counts_for_this_step_and_the_next(world, tablet, later, counts):
    with second(0):
        code = code_on(tablet)
    with second(later):
        answer = press(client_of(world.berk.logins[0]), code)
    assert answer.status_code == (302 if counts else 422)
    assert [c.method for c in everything(CheckIn)] == (["screen"] if counts else [])


def test_it_changes_every_thirty_seconds(world, tablet):
    shown = []
    for n in (0, 29, 30, 59, 60):
        with second(n):
            shown.append(code_on(tablet))
    assert shown[0] == shown[1] != shown[2] == shown[3] != shown[4]
    assert len(set(shown)) == 3


def test_a_photographed_code_is_refused_with_its_reason(world, tablet):
    with second(0):
        code = code_on(tablet)
    with second(90):
        client = client_of(world.berk.logins[0])
        page = client.post(TYPED, {"code": code})
        assert "Deze code is te oud" in page.content.decode()
        opened = client.get(reverse("attendance:scan_open", args=[code]))
        assert (opened.status_code, "Deze code is te oud" in opened.content.decode()) == (404, True)
    assert [(f.reason, f.typed) for f in everything(FailedScan)] == [("old_code", code)]


def test_a_forged_code_is_refused_and_noted(world, tablet):
    with second(0):
        code = "C" * 6 if code_on(tablet) != "C" * 6 else "D" * 6
        page = client_of(world.berk.logins[0]).post(TYPED, {"code": code}).content.decode()
    assert "Deze code kennen we niet" in page
    assert [f.reason for f in everything(FailedScan)] == ["unknown_code"]


@pytest.mark.parametrize(("later", "counts"), [(300, True), (302, False)])
def test_who_opened_it_in_time_has_five_minutes_to_press(world, tablet, later, counts):
    with second(0):
        client = client_of(world.berk.logins[0])
        code = code_on(tablet)
        page = client.get(reverse("attendance:scan_open", args=[code])).content.decode()
    with second(later):
        sent = {"code": code, "ticket": TICKET.search(page)[1]}
        assert client.post(CHECK_IN, sent).status_code == (302 if counts else 422)
    assert len(everything(CheckIn)) == int(counts)


def test_a_ticket_is_of_one_student_and_cannot_be_made_up(world, tablet):
    with second(0):
        code = code_on(tablet)
        own = client_of(world.berk.logins[0])
        page = own.get(reverse("attendance:scan_open", args=[code])).content.decode()
        ticket = TICKET.search(page)[1]
        sent = {"code": code, "ticket": ticket}
        assert client_of(world.berk.logins[1]).post(CHECK_IN, sent).status_code == 422
        assert own.post(CHECK_IN, {**sent, "ticket": ticket[:-2] + "xx"}).status_code == 422
    assert everything(CheckIn) == []
    assert [f.reason for f in everything(FailedScan)] == ["old_code", "old_code"]


def test_typed_signs_lead_to_the_same_button(world, tablet):
    with second(0):
        client = client_of(world.berk.logins[0])
        page = client.post(TYPED, {"code": code_on(tablet).lower()}, follow=True).content.decode()
    assert "Bakkerij Noord" in page
    assert TICKET.search(page)


def test_another_companys_screen_is_kept_and_flagged(world):
    device = Client()
    with second(0):
        device.post(PAIR, {"code": make(world, 1)})
        press(client_of(world.berk.logins[0]), code_on(device))
    (row,) = everything(CheckIn)
    assert (row.method, row.flags) == ("screen", ["other_location"])


def test_another_regions_student_knows_no_code(world, tablet):
    with second(0):
        answer = press(client_of(world.iep.logins[0]), code_on(tablet))
    assert answer.status_code == 422
    assert everything(CheckIn) == []


def test_a_withdrawn_screen_shows_nothing_and_counts_nothing(world, tablet):
    contact = client_of_contact(world.noord.contacts[0])
    with second(0):
        code = code_on(tablet)
        (row,) = everything(Screen)
        away = reverse("attendance:screen_withdraw", args=[row.public_id])
        contact = client_of_contact(world.noord.contacts[0])
        assert contact.post(away)["Location"] == LIST
        assert "Tablet bij de balie" not in contact.get(LIST).content.decode()
        assert "Typ die hier" in tablet.get(SHOW).content.decode()
        assert tablet.post(NEXT)["Location"] == SHOW
        assert press(client_of(world.berk.logins[0]), code).status_code == 422
        assert "al ingetrokken" in contact.post(away, follow=True).content.decode()
    with use(SYSTEM):
        verbs = set(AuditEntry.objects.filter(object_type="attendance.Screen").values_list("verb"))
    assert verbs == {("screen_made",), ("screen_withdrawn",)}


@pytest.mark.parametrize(("later", "works"), [(899, True), (900, False)])
def test_a_pairing_code_works_once_and_a_quarter_of_an_hour(world, later, works):
    with second(0):
        code = make(world)
    with second(later):
        assert Client().post(PAIR, {"code": code}).status_code == (302 if works else 422)
        again = Client().post(PAIR, {"code": code})
    assert again.status_code == 422
    assert "Deze code klopt niet" in again.content.decode()


def test_guessing_a_pairing_code_stops(world):
    with second(0):
        answers = [Client().post(PAIR, {"code": f"GUESS{n}"}).content.decode() for n in range(21)]
    assert "Te vaak geprobeerd" not in answers[19]
    assert "Te vaak geprobeerd" in answers[20]


def test_the_list_says_when_a_screen_was_last_seen(world, tablet):
    with second(0):
        tablet.post(NEXT)
    with second(59):
        tablet.post(NEXT)
    assert everything(Screen)[0].seen_at.timestamp() == EIGHT_TWENTY
    with second(60):
        assert tablet.post(NEXT).status_code == 200
        page = client_of_contact(world.noord.contacts[0]).get(LIST).content.decode()
    assert everything(Screen)[0].seen_at.timestamp() == EIGHT_TWENTY + 60
    assert "laatst gezien 11 januari 08:21" in page


def test_a_supervisor_and_an_unproven_contact_keep_no_screens(world):
    with at(MONDAY):
        assert client_of_contact(world.noord.supervisors[0]).get(LIST).status_code == 403


def test_no_student_reads_a_secret(world, tablet):
    with second(0), use(world.actor(world.berk.logins[0]).scope):
        code = code_on(tablet)
        assert screens.read_code(code).is_fresh
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT secret FROM attendance_screen")


def test_where_the_poster_does_not_count_the_screen_does(world, tablet):
    poster = world.noord.locations[0].poster_code
    with use(SYSTEM):
        Location.objects.filter(pk=world.noord.locations[0].pk).update(attendance_mode="screen")
    with second(5):
        client = client_of(world.berk.logins[0])
        page = client.get(reverse("attendance:scan_open", args=[poster])).content.decode()
        assert "De poster telt hier niet" in page
        assert "Ik ben er" not in page
        refused = client.post(CHECK_IN, {"code": poster})
        assert (refused.status_code, everything(CheckIn)) == (422, [])
        assert "De poster telt hier niet" in refused.content.decode()
        assert press(client, code_on(tablet)).status_code == 302
    assert [row.method for row in everything(CheckIn)] == ["screen"]
    assert [row.reason for row in everything(FailedScan)] == ["needs_screen"]
