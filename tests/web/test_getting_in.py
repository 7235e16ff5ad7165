"""Back in without a sheet of paper: a code for a next phone, a card on the teacher's screen."""

import re
import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connections
from django.db.utils import DatabaseError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from stage.core.models import AuditEntry
from stage.core.tenants.tenancy import SYSTEM, use
from stage.schools.models import LoginCode, LogInHelp, Student
from stage.schools.services import cards
from stage.web.views import phones
from tests.clients import client_of

ADD = reverse("web:phone_add")
BORN = {"day": "15", "month": "1"}


def code_on(page: str) -> str:
    return re.search(r'class="code">([0-9A-Z]{4}-[0-9A-Z]{4})<', page)[1]


def opens(code: str, **born) -> Client:
    """A phone that was never seen here, with what it was answered in `.answer`."""
    phone = Client()
    phone.answer = phone.post(
        reverse("web:card_open", args=[code]), {"code": code, **(born or BORN)}
    )
    return phone


@pytest.mark.django_db
def test_who_forgot_the_password_reads_what_to_do(client):
    page = client.get(reverse("web:student_login")).content.decode()
    assert reverse("web:password_lost") in page
    page = client.get(reverse("web:password_lost")).content.decode()
    assert "Andere telefoon" in page
    assert "mentor of stagebegeleider" in page


def test_a_next_phone_is_in_and_the_first_one_stays(world):
    here = client_of(world.berk.logins[0])
    code = code_on(here.post(ADD).content.decode())
    there = opens(code)
    assert there.answer.status_code == 302
    assert there.answer.url == "/"  # no new password: that is for a card from school
    assert "Hoi Aya" in there.get("/").content.decode()
    assert "Hoi Aya" in here.get("/").content.decode()
    assert opens(code).answer.status_code == 422  # once
    with use(SYSTEM):
        verbs = set(AuditEntry.objects.values_list("verb", flat=True))
        assert {"login_passed_on", "login_card_used"} <= verbs


def test_it_asks_the_birthday_and_lasts_three_minutes(world):
    here = client_of(world.berk.logins[0])
    code = code_on(here.post(ADD).content.decode())
    assert opens(code, day="16", month="1").answer.status_code == 422
    with time_machine.travel(timezone.now() + timedelta(minutes=cards.PASS_ON_MINUTES, seconds=1)):
        assert opens(code).answer.status_code == 422


def test_a_printed_card_goes_on_working_beside_it(world):
    actor = world.actor(world.berk.coordinator)
    with use(actor.scope):
        card = cards.issue_card(world.berk.students[1], actor)
    here = client_of(world.berk.logins[1])
    code_on(here.post(ADD).content.decode())
    born = world.berk.students[1].birth_date
    assert opens(card, day=born.day, month=born.month).answer.status_code == 302


def test_codes_without_end_are_refused(world):
    here = client_of(world.berk.logins[0])
    for _try in range(6):
        assert here.post(ADD).status_code == 200
    assert "Wacht tien minuten" in here.post(ADD, follow=True).content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"passes_on": False},
        {"expires_at": timedelta(days=60)},
        {"seed": "x"},
        {"student": 1},
    ],
)
def test_the_wall_lets_a_student_make_no_other_code(world, wrong):
    actor = world.actor(world.berk.logins[0])
    values = {
        "school_id": actor.school_id,
        "student_id": actor.student_id,
        "digest": "d" * 64,
        "passes_on": True,
        "expires_at": timezone.now() + wrong.pop("expires_at", timedelta(minutes=10)),
    }
    if wrong.pop("student", None):
        values["student_id"] = world.berk.students[1].pk
    with use(actor.scope), pytest.raises(DatabaseError):
        LoginCode.objects.bulk_create([LoginCode(**values | wrong)], ignore_conflicts=True)


def test_a_teacher_shows_the_card_on_the_own_phone(world):
    teacher = client_of(world.berk.teacher)
    asked = {"row": [world.berk.students[0].public_id], "confirm": "1"}
    sheet = teacher.post(reverse("schools:card_print"), asked, follow=True).content.decode()
    screen = re.search(r'href="([^"]+/scherm/)"', sheet)[1]
    shown = teacher.get(screen).content.decode()
    assert "data:image/svg+xml" in shown
    phone = opens(code_on(shown))
    assert phone.answer.url == reverse("web:password_choose")  # and so a new password
    gone = teacher.get(screen, follow=True).content.decode()
    assert "al geprint of gebruikt" in gone


# --- two phones -------------------------------------------------------------------------------

SEEN = reverse("web:phones_seen")
TOLD = "Er is ingelogd op een andere telefoon"


def logged_in(world, n: int = 0) -> Client:
    """A phone that a student logged in on with a card, an hour ago."""
    with time_machine.travel(timezone.now() - timedelta(hours=1)):
        actor = world.actor(world.berk.coordinator)
        with use(actor.scope):
            card = cards.issue_card(world.berk.students[n], actor)
        born = world.berk.students[n].birth_date
        return opens(card, day=born.day, month=born.month)


def test_the_new_phone_says_who_it_is_for_and_a_found_card_does_not(world):
    here = logged_in(world)
    code = code_on(here.post(ADD).content.decode())
    page = Client().get(reverse("web:card_open", args=[code])).content.decode()
    assert "Log in als Aya" in page
    actor = world.actor(world.berk.coordinator)
    with use(actor.scope):
        card = cards.issue_card(world.berk.students[1], actor)
    page = Client().get(reverse("web:card_open", args=[card])).content.decode()
    assert "Bram" not in page


def test_the_first_phone_hears_of_the_next_one_and_can_end_it(world):
    here, classmate = logged_in(world), logged_in(world, 1)
    assert TOLD not in here.get("/").content.decode()
    there = opens(code_on(here.post(ADD).content.decode()))
    assert TOLD in here.get("/").content.decode()
    assert TOLD not in there.get("/").content.decode()
    assert TOLD not in classmate.get("/").content.decode()
    assert "uitgelogd" in here.post(SEEN, {"what": "end"}, follow=True).content.decode()
    assert there.get("/").status_code == 302
    for phone in (here, classmate):
        assert phone.get("/").status_code == 200
    assert TOLD not in here.get("/").content.decode()
    with use(SYSTEM):
        ended = AuditEntry.objects.get(verb="phones_ended")
        assert ended.actor_id == world.berk.logins[0].user_id


def test_ones_own_next_phone_stays_and_is_not_told_again(world):
    here = logged_in(world)
    there = opens(code_on(here.post(ADD).content.decode()))
    here.post(SEEN, {"what": "mine"})
    assert TOLD not in here.get("/").content.decode()
    assert there.get("/").status_code == 200
    third = opens(code_on(there.post(ADD).content.decode()))
    assert TOLD in there.get("/").content.decode()  # the phone that let it in
    assert TOLD not in here.get("/").content.decode()
    third.post(reverse("web:log_out"))
    assert TOLD not in there.get("/").content.decode()


def test_the_new_phone_cannot_end_the_first_one(world):
    here = logged_in(world)
    there = opens(code_on(here.post(ADD).content.decode()))
    there.post(SEEN, {"what": "end"})
    assert here.get("/").status_code == 200


def test_two_phones_with_one_code_at_once(committed_world):
    actor = committed_world.actor(committed_world.berk.logins[0])
    with use(actor.scope):
        code = cards.pass_on(actor)
    start, answers = threading.Barrier(4), []

    def scan() -> None:
        try:
            start.wait()
            answers.append(opens(code).answer.status_code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=scan) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [302, 422, 422, 422]


# --- nowhere logged in ------------------------------------------------------------------------

HELP = reverse("web:help_ask")
AYA = {"first_name": "aya", "number": "1001", **BORN}


def waiting(world, membership) -> bool:
    return "Help Aya Berk met inloggen" in client_of(membership).get("/").content.decode()


def asks(**values):
    page = Client().post(HELP, AYA | values, follow=True).content.decode()
    return re.sub(r"[QXZ]{10,}", "", page)  # tokens of this visit


def test_who_cannot_log_in_is_seen_by_who_guides_and_by_nobody_else(world):
    page = Client().get(reverse("web:password_lost")).content.decode()
    assert HELP in page
    assert "Verstuurd." in asks()
    berk = world.berk
    assert [waiting(world, who) for who in (berk.teacher, berk.coordinator)] == [True, True]
    assert not waiting(world, berk.colleague)
    for who in (world.iep.teacher, world.noord.bureau):
        assert not waiting(world, who)
    assert f"row={berk.students[0].public_id}" in client_of(berk.teacher).get("/").content.decode()


@pytest.mark.parametrize(
    "wrong", [{"first_name": "Bram"}, {"number": "9"}, {"day": "16"}, {"month": "2"}]
)
def test_nobody_learns_who_exists(world, wrong):
    assert asks(**wrong) == asks()
    with use(SYSTEM):
        told = {row.school.name for row in LogInHelp.objects.all()}
    assert told == {"Berk", "Els", "Iep"}  # of the right one; all three have an Aya


def test_a_wrong_one_tells_nobody(world):
    asks(number="9")
    with use(SYSTEM):
        assert not LogInHelp.objects.exists()


def test_asked_often_is_one_line_and_then_refused(world):
    for _n in range(phones.HELP_OF_STUDENT.amount):
        asks()
    with use(SYSTEM):
        assert LogInHelp.objects.filter(school=world.berk.school).count() == 1
        assert AuditEntry.objects.filter(verb="log_in_help_asked").count() == 3  # three schools
    assert "te vaak" in asks()


def test_a_new_card_settles_it_and_so_does_getting_in(world):
    asks()
    actor = world.actor(world.berk.coordinator)
    with use(actor.scope):
        card = cards.issue_card(world.berk.students[0], actor)
    assert not waiting(world, world.berk.teacher)
    asks()
    assert waiting(world, world.berk.teacher)
    opens(card)
    assert not waiting(world, world.berk.teacher)


def test_who_left_school_is_no_line(world):
    asks()
    with use(SYSTEM):
        Student.objects.filter(pk=world.berk.students[0].pk).update(left_on="2026-01-01")
    assert not waiting(world, world.berk.coordinator)
