"""What a phone sends counts once, and happened when it was pressed, whatever its clock says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.test import RequestFactory

from stage.core.models import Received
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.ui.notices import notice
from stage.core.ui.offline import owner_mark
from stage.core.ui.once import FIELD, once
from tests.races import behind

NOW = datetime(2027, 1, 11, 12, 0, tzinfo=UTC)
NONCE = "0a1b2c3d-4e5f"


def milliseconds(moment: datetime) -> str:
    return str(round(moment.timestamp() * 1000))


class Taker:
    """A view that counts how often it was reached."""

    def __init__(self, answer=lambda request: redirect("/daar/")) -> None:
        self.happened: list = []
        self.answer = answer
        self.view = once(self._take)

    def _take(self, request):
        self.happened.append(request.happened_at)
        return self.answer(request)

    def send(self, actor, *, nonce=NONCE, pressed=NOW, sent=NOW, owner=None):
        request = RequestFactory().post("/")
        request.actor = actor
        headers = {
            "Stage-Nonce": nonce,
            "Stage-Owner": owner_mark(request) if owner is None else owner,
            "Stage-Device-At": milliseconds(pressed),
            "Stage-Sent-At": milliseconds(sent),
        }
        request = RequestFactory().post("/", headers=headers)
        request.actor = actor
        with time_machine.travel(NOW, tick=False), use(actor.scope), transaction.atomic():
            return self.view(request)


@pytest.fixture
def actor(world):
    return world.actor(world.berk.logins[0])


def test_the_same_counts_once_and_gets_the_first_answer(actor):
    taker = Taker()
    answers = [taker.send(actor).content for _ in range(3)]
    assert len(taker.happened) == 1
    assert answers == [b'{"state": "taken", "said": "", "clock": 0}'] * 3


def test_a_form_that_is_sent_with_a_network_counts_once_too(actor):
    taker = Taker()
    answers = []
    for _ in range(2):
        request = RequestFactory().post("/", {FIELD: NONCE})
        request.actor = actor
        with use(actor.scope):
            answers.append(taker.view(request))
    assert taker.happened == [None]
    assert [(a.status_code, a["Location"]) for a in answers] == [(302, "/daar/")] * 2


def test_without_a_nonce_nothing_is_remembered(actor):
    taker = Taker()
    for _ in range(2):
        request = RequestFactory().post("/")
        request.actor = actor
        with use(actor.scope):
            taker.view(request)
    assert len(taker.happened) == 2
    with use(SYSTEM):
        assert not Received.objects.exists()


def test_a_refusal_may_be_tried_again(actor):
    taker = Taker(lambda request: HttpResponse("nee", status=422))
    assert [taker.send(actor).status_code for _ in range(2)] == [422, 422]
    assert len(taker.happened) == 2


def test_what_could_not_be_done_says_why_also_the_second_time(actor):
    def answer(request):
        notice(request, "Dat kan niet meer.", tone="attention")
        return redirect("/")

    taker = Taker(answer)
    answers = [taker.send(actor).content for _ in range(2)]
    assert answers == [b'{"state": "refused", "said": "Dat kan niet meer.", "clock": 0}'] * 2
    assert len(taker.happened) == 1


def test_what_died_before_it_was_written_is_taken_at_the_next_try(actor):
    def die(request):
        raise RuntimeError("killed")

    with pytest.raises(RuntimeError):
        Taker(die).send(actor)
    taker = Taker()
    taker.send(actor)
    assert len(taker.happened) == 1


def test_two_students_may_have_the_same_nonce(world, actor):
    taker = Taker()
    other = world.actor(world.berk.logins[1])
    for somebody in (actor, other, actor, other):
        taker.send(somebody)
    assert len(taker.happened) == 2


def test_a_twin_waits_for_the_first_and_gets_its_answer(committed_world):
    actor = committed_world.actor(committed_world.berk.logins[0])
    taker, answers = Taker(), []

    def job(actor):
        request = RequestFactory().post("/", {FIELD: NONCE})
        request.actor = actor
        answers.append(taker.view(request).status_code)

    assert behind((actor, job), (actor, job)) == "ok"
    assert (len(taker.happened), answers) == (1, [302, 302])


@pytest.mark.parametrize("owner", ["", "0" * 20])
def test_what_another_pressed_is_not_taken(actor, owner):
    taker = Taker()
    answer = taker.send(actor, owner=owner)
    assert (answer.status_code, taker.happened) == (409, [])


@pytest.mark.parametrize("nonce", ["", "kort", "a" * 41, "met spatie erin", "é" * 10])
def test_what_is_no_nonce_is_not_taken_from_a_queue(actor, nonce):
    taker = Taker()
    assert (taker.send(actor, nonce=nonce).status_code, taker.happened) == (409, [])


MINUTES, DAY = timedelta(minutes=10), timedelta(days=1)


@pytest.mark.parametrize("off", [timedelta(0), MINUTES, -MINUTES, DAY, -DAY], ids=str)
def test_a_clock_that_is_off_does_no_harm(actor, off):
    """Pressed an hour ago, on a phone whose clock is so much ahead or behind."""
    taker = Taker()
    hour = timedelta(hours=1)
    answer = taker.send(actor, pressed=NOW - hour + off, sent=NOW + off)
    assert taker.happened == [NOW - hour]
    assert f'"clock": {round(off.total_seconds())}}}'.encode() in answer.content


def test_nothing_happens_in_the_future(actor):
    """The clock went back between the press and the sending."""
    taker = Taker()
    taker.send(actor, pressed=NOW + DAY, sent=NOW)
    assert taker.happened == [NOW]


@pytest.mark.parametrize("said", ["", "gisteren", "-5", "9" * 15, "１２３"])
def test_a_time_that_is_none_counts_as_now(actor, said):
    taker = Taker()
    request = RequestFactory().post("/")
    request.actor = actor
    headers = {
        "Stage-Nonce": NONCE,
        "Stage-Owner": owner_mark(request),
        "Stage-Device-At": said,
        "Stage-Sent-At": milliseconds(NOW),
    }
    request = RequestFactory().post("/", headers={**headers})
    request.actor = actor
    with use(actor.scope):
        taker.view(request)
    assert taker.happened == [None]
