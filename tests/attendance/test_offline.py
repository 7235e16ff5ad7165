"""A phone without a network: the day counts as it was pressed, as long ago as the school allows."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from attendance.models import Absence, AttendanceSettings, CheckIn, DayReport, FailedScan
from stage.core.models import Received
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.ui.offline import owner_mark
from tests.attendance.helpers import MONDAY, TUESDAY, at, checked_in, everything, ill
from tests.clients import client_of

CHECK_IN = reverse("attendance:check_in")
UNDO = reverse("attendance:check_in_undo")
ABSENCE = reverse("attendance:absence_report")


class Phone:
    """Sends what waited, by a clock that may be off."""

    def __init__(self, world, off: timedelta = timedelta(0)) -> None:
        login = world.berk.logins[0]
        self.client, self.off = client_of(login), off
        request = RequestFactory().get("/")
        request.actor = world.actor(login)
        self.owner = owner_mark(request)
        self.number = 0

    def send(self, url: str, fields: dict, pressed: datetime, nonce: str = ""):
        self.number += 1
        return self.client.post(
            url,
            fields,
            headers={
                "Stage-Nonce": nonce or f"nonce-{self.number:08d}",
                "Stage-Owner": self.owner,
                "Stage-Device-At": self._clock(pressed),
                "Stage-Sent-At": self._clock(timezone.now()),
            },
        )

    def _clock(self, moment: datetime) -> str:
        return str(round((moment + self.off).timestamp() * 1000))


def moment(day, clock: str) -> datetime:
    with at(day, clock):
        return timezone.now()


def code_of(world) -> dict:
    return {"code": world.noord.locations[0].poster_code, "method": "poster"}


def allow(world, hours: int) -> None:
    with use(SYSTEM):
        AttendanceSettings.objects.filter(school=world.berk.school).update(offline_hours=hours)


@pytest.mark.parametrize("off", [0, 10, -10], ids=["right", "ahead", "behind"])
def test_the_arrival_counts_when_it_was_pressed(world, off):
    """Ten minutes ahead or behind: the phone's own clock decides nothing."""
    pressed = moment(MONDAY, "08:25")
    with at(MONDAY, "12:40"):
        phone = Phone(world, timedelta(minutes=off))
        answer = phone.send(CHECK_IN, code_of(world), pressed)
        assert answer.json() == {"state": "taken", "said": "", "clock": off * 60}
    (row,) = everything(CheckIn)
    assert (row.at, row.date, row.is_late, row.flags) == (pressed, MONDAY, False, ["offline"])
    assert row.device_at == pressed + timedelta(minutes=off)


def test_who_pressed_late_is_late(world):
    with at(MONDAY, "12:40"):
        Phone(world).send(CHECK_IN, code_of(world), moment(MONDAY, "09:10"))
    (row,) = everything(CheckIn)
    assert row.flags == ["late", "offline"]


def test_a_moment_without_a_network_is_nothing_to_look_at(world):
    with at(MONDAY, "08:20"):
        Phone(world).send(CHECK_IN, code_of(world), moment(MONDAY, "08:18"))
    (row,) = everything(CheckIn)
    assert row.flags == []


def test_the_same_twice_counts_once(world):
    with at(MONDAY, "12:40"):
        phone = Phone(world)
        for nonce in ("same-nonce", "same-nonce", "another-nonce"):
            answer = phone.send(CHECK_IN, code_of(world), moment(MONDAY, "08:25"), nonce)
            assert answer.json()["state"] == "taken"
    assert len(everything(CheckIn)) == 1
    assert len(everything(Received)) == 2


def test_yesterdays_arrival_counts_for_yesterday(world):
    with at(TUESDAY, "08:00"):
        Phone(world).send(CHECK_IN, code_of(world), moment(MONDAY, "08:25"))
    (row,) = everything(CheckIn)
    assert (row.date, row.flags) == (MONDAY, ["offline"])


@pytest.mark.parametrize(
    ("hours", "clock", "counts"),
    [(24, "08:20", True), (24, "08:30", False), (48, "08:30", True), (0, "08:30", False)],
)
def test_how_old_it_may_be_is_the_schools(world, hours, clock, counts):
    allow(world, hours)
    with at(TUESDAY, clock):
        answer = Phone(world).send(CHECK_IN, code_of(world), moment(MONDAY, "08:25"))
    assert len(everything(CheckIn)) == counts
    assert [f.reason for f in everything(FailedScan)] == [] if counts else ["too_old"]
    if not counts:
        assert answer.status_code == 422
        assert "Dit kwam te laat binnen" in answer.content.decode()


def test_the_longest_a_school_may_choose_passes_the_walls(world):
    allow(world, 168)
    with use(SYSTEM):
        world.berk.placement.refresh_from_db()
    with at(MONDAY + timedelta(days=7), "08:00"):
        Phone(world).send(CHECK_IN, code_of(world), moment(MONDAY, "08:25"))
    (row,) = everything(CheckIn)
    assert row.date == MONDAY


def test_without_network_does_not_mean_without_poster(world):
    with at(MONDAY, "12:40"):
        answer = Phone(world).send(CHECK_IN, {"code": "XXXXXXXXXX"}, moment(MONDAY, "08:25"))
    assert answer.status_code == 422
    assert everything(CheckIn) == []


def test_pressed_by_mistake_and_taken_back_before_there_was_a_network(world):
    with at(MONDAY, "12:40"):
        phone = Phone(world)
        phone.send(CHECK_IN, code_of(world), moment(MONDAY, "07:50"))
        answer = phone.send(UNDO, {}, moment(MONDAY, "07:51"))
        assert answer.json()["state"] == "taken"
    (row,) = everything(CheckIn)
    assert row.withdrawn_at is not None


def test_yesterdays_too(world):
    with at(TUESDAY, "07:00"):
        phone = Phone(world)
        phone.send(CHECK_IN, code_of(world), moment(MONDAY, "08:20"))
        assert phone.send(UNDO, {}, moment(MONDAY, "08:21")).json()["state"] == "taken"
    (row,) = everything(CheckIn)
    assert row.withdrawn_at is not None


def test_taken_back_too_late_says_why(world):
    checked_in(world.berk.placement, MONDAY, "08:20")
    with at(MONDAY, "12:40"):
        told = Phone(world).send(UNDO, {}, moment(MONDAY, "08:40")).json()
    assert told["state"] == "refused"
    assert "tot twee minuten erna" in told["said"]


def test_who_fell_ill_after_the_press_stays_ill(world):
    allow(world, 48)
    ill(world.berk.placement, TUESDAY, reported_at=moment(TUESDAY, "07:00"))
    with at(TUESDAY, "08:10"):
        Phone(world).send(CHECK_IN, code_of(world), moment(MONDAY, "08:25"))
    (absence,) = everything(Absence)
    assert absence.back_at is None


def test_tomorrow_is_the_day_after_it_was_said(world):
    with at(TUESDAY, "07:30"):
        answer = Phone(world).send(
            ABSENCE, {"kind": "ill", "when": "tomorrow"}, moment(MONDAY, "21:00")
        )
        assert answer.json()["state"] == "taken"
    (absence,) = everything(Absence)
    assert absence.starts == TUESDAY


def test_a_day_that_is_over_is_refused_with_a_reason(world):
    with at(TUESDAY, "07:30"):
        answer = Phone(world).send(
            ABSENCE, {"kind": "ill", "when": "today"}, moment(MONDAY, "08:00")
        )
    assert answer.status_code == 422
    assert "Ziek melden kan voor vandaag en morgen." in answer.content.decode()
    assert everything(Absence) == []


def test_a_report_arrives_once_and_the_last_words_stand(world):
    url = reverse("attendance:report_write", args=[MONDAY])
    with at(TUESDAY, "07:30"):
        phone = Phone(world)
        phone.send(url, {"text": "Deeg gemaakt."}, moment(MONDAY, "15:00"), "first-nonce")
        phone.send(url, {"text": "Deeg en brood."}, moment(MONDAY, "15:10"))
        # An answer that was lost: what came after it stands.
        phone.send(url, {"text": "Deeg gemaakt."}, moment(MONDAY, "15:00"), "first-nonce")
    (report,) = everything(DayReport)
    assert report.text == "Deeg en brood."


def test_the_key_is_the_students_own(world):
    client = client_of(world.berk.logins[0])
    told = client.get(reverse("web:queue_key")).json()
    assert told["owner"] == Phone(world).owner
    assert len(told["token"]) > 30
    other = client_of(world.berk.logins[1]).get(reverse("web:queue_key")).json()
    assert other["owner"] != told["owner"]
