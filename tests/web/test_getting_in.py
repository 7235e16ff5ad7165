"""Back in without a sheet of paper: a code for a next phone, a card on the teacher's screen."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db.utils import DatabaseError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from stage.core.models import AuditEntry
from stage.core.tenants.tenancy import SYSTEM, use
from stage.schools.models import LoginCode
from stage.schools.services import cards
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


def test_it_asks_the_birthday_and_lasts_ten_minutes(world):
    here = client_of(world.berk.logins[0])
    code = code_on(here.post(ADD).content.decode())
    assert opens(code, day="16", month="1").answer.status_code == 422
    with time_machine.travel(timezone.now() + timedelta(minutes=10, seconds=1)):
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
