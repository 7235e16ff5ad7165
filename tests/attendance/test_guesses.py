"""Who tries wrong codes waits ten minutes; who knows the code never notices."""

from django.urls import reverse

from attendance import services
from attendance.enums import ScanFailure
from attendance.models import CheckIn, FailedScan
from attendance.services.guesses import WRONG_CODES, look_up
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.who.actors import actor_of_membership
from tests.attendance.helpers import MONDAY, at, everything
from tests.clients import client_of

CHECK_IN = reverse("attendance:check_in")
TYPED = reverse("attendance:scan_typed")


WRONG = [f"ZZZZ{a}{b}" for a in "ABCD" for b in "WXYZ"]
TOO_OFTEN = "te vaak een verkeerde code"


def poster(world) -> str:
    return world.noord.locations[0].poster_code


def reasons() -> list[str]:
    with use(SYSTEM):
        return list(FailedScan.objects.order_by("pk").values_list("reason", flat=True))


def press(client, code: str):
    return client.post(CHECK_IN, {"code": code, "method": "typed"})


def test_after_ten_wrong_codes_the_right_one_waits_ten_minutes_too(world):
    with at(MONDAY, "08:20"):
        client = client_of(world.berk.logins[0])
        for code in WRONG[:10]:
            assert "Deze code kennen we niet" in press(client, code).content.decode()
        waits = press(client, poster(world))
        assert (waits.status_code, everything(CheckIn)) == (422, [])
        assert TOO_OFTEN in waits.content.decode()
        assert TOO_OFTEN in client.post(TYPED, {"code": poster(world)[:6]}).content.decode()
        opened = client.get(reverse("attendance:scan_open", args=[poster(world)]))
        assert TOO_OFTEN in opened.content.decode()
        assert "Het lukt niet" in opened.content.decode()
    with at(MONDAY, "08:30"):
        assert press(client, poster(world)).status_code == 302
    assert len(everything(CheckIn)) == 1


def test_typing_opening_and_pressing_count_together_and_school_sees_it_once(world):
    with at(MONDAY):
        client = client_of(world.berk.logins[0])
        for n, code in enumerate(WRONG):
            if n % 3 == 0:
                client.get(reverse("attendance:scan_open", args=[code]))
            elif n % 3 == 1:
                client.post(TYPED, {"code": code})
            else:
                press(client, code)
    assert reasons().count("too_often") == 1
    # Four of the ten were only opened; whoever waits fills no list.
    assert reasons().count("unknown_code") == 6


def test_nine_wrong_codes_and_other_students_do_not_wait(world):
    with at(MONDAY):
        client = client_of(world.berk.logins[0])
        for code in WRONG[:9]:
            press(client, code)
        assert press(client, poster(world)).status_code == 302
        for code in WRONG[9:]:
            press(client, code)
        other = client_of(world.els.logins[0])
        assert press(other, poster(world)).status_code == 302
    assert len(everything(CheckIn)) == 2


def test_the_service_looks_at_no_code_of_who_must_wait(world):
    with at(MONDAY):
        actor = actor_of_membership(world.berk.logins[0])
        with use(actor.scope):
            assert look_up(poster(world), actor=actor).location == world.noord.locations[0]
            for code in WRONG[:10]:
                assert look_up(code, actor=actor).failure == ScanFailure.UNKNOWN_CODE
            assert look_up(poster(world), actor=actor).location is None
            assert services.scan(poster(world), actor=actor).failure == ScanFailure.TOO_OFTEN
            # Where no code is needed nobody guesses.
            assert services.scan("", actor=actor).failure == ScanFailure.NO_PLACEMENT
        WRONG_CODES.clear(str(actor.student_id))
        with use(actor.scope):
            assert services.scan(poster(world), actor=actor).check_in is not None
