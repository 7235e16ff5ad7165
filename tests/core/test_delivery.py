"""The outbox against a real SMTP server: nothing sent twice, nothing lost unseen."""

from __future__ import annotations

import asyncio
import socket
import threading
from contextlib import closing

import pytest
from aiosmtpd.controller import Controller
from django.core.mail import get_connection
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from stage.core import mail
from stage.core.enums import MailState, NoticeKind
from stage.core.mail import delivery, letters
from stage.core.models import OutboxMail
from stage.core.tenants.tenancy import SYSTEM, school_scope, use

EVENT = "test_event"


class Sink:
    """Keeps what it is given; answers what the test tells it to.

    With `looks`, it reads the row of each letter over a connection of its own: what is committed
    when the recipient is named, and when the text has come. `stops_at`: the step ("RCPT" or "DATA")
    of the letter of that number which is never answered.
    """

    def __init__(self):
        self.received: list[str] = []
        self.answers: list[str] = []
        self.delay = 0.0
        self.looks = False
        self.seen: list[tuple[str, list[str]]] = []
        self.stops_at: tuple[str, int] | None = None
        self.stopped = threading.Event()

    async def _at(self, step: str) -> None:
        if self.looks:
            self.seen.append((step, await asyncio.to_thread(committed)))
        if self.stops_at == (step, len(self.received) + (step == "RCPT")):
            self.stopped.set()
            await asyncio.sleep(600)

    async def handle_RCPT(self, server, session, envelope, address, options):
        await self._at("RCPT")
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope):
        await asyncio.sleep(self.delay)
        self.received.append(envelope.rcpt_tos[0])
        await self._at("DATA")
        return "250 kept"


def committed() -> list[str]:
    """The states of all mails, as another connection reads them."""
    try:
        with use(SYSTEM):
            return sorted(OutboxMail.objects.values_list("state", flat=True))
    finally:
        connections.close_all()


@pytest.fixture
def sink(settings):
    handler = Sink()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    yield handler
    controller.stop()


@pytest.fixture(autouse=True)
def _event(monkeypatch):
    monkeypatch.setitem(letters.HANDLERS, EVENT, lambda row: mail.Letter("base", {}))
    monkeypatch.setitem(letters.NOTICES, EVENT, mail.Notice(NoticeKind.AGREEMENT))
    for render in ("as_text", "render_to_string"):
        monkeypatch.setattr(letters, render, lambda name, context: f"{name} voor jou")


def put(world, n: int = 1, **more) -> None:
    school = world.berk.school
    with use(school_scope(school)), transaction.atomic():
        for i in range(n):
            guardian = world.berk.guardians[i % 3]
            mail.queue(
                EVENT,
                person_kind="guardian",
                person_id=guardian.pk,
                key=f"test:{i}",
                region_id=school.region_id,
                school_id=school.pk,
                **more,
            )


def states() -> dict[str, int]:
    with use(SYSTEM):
        rows = list(OutboxMail.objects.values_list("state", flat=True))
    return {s: rows.count(s) for s in set(rows)}


def test_a_mail_arrives_once_and_is_marked_sent(committed_world, sink):
    put(committed_world)
    put(committed_world)
    assert delivery.deliver() == 1
    assert delivery.deliver() == 0
    assert sink.received == [committed_world.berk.guardians[0].email]
    assert states() == {MailState.SENT: 1}


def test_the_handover_is_committed_before_the_server_hears_of_a_letter(committed_world, sink):
    put(committed_world, 2)
    sink.looks = True
    delivery.deliver()
    first, second = ["claimed", "handover"], ["handover", "sent"]
    assert sink.seen == [("RCPT", first), ("DATA", first), ("RCPT", second), ("DATA", second)]


def test_two_workers_at_once_double_nothing(committed_world, sink):
    put(committed_world, 30)
    sink.delay = 0.005
    failures = []

    def work():
        try:
            delivery.deliver()
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert failures == []
    assert len(sink.received) == 30
    assert states() == {MailState.SENT: 30}


def test_a_temporary_refusal_is_tried_again_later(committed_world, sink):
    put(committed_world)
    sink.answers = ["451 later please"]
    delivery.deliver()
    with use(SYSTEM):
        row = OutboxMail.objects.get()
    assert (row.state, row.attempts, sink.received) == (MailState.QUEUED, 1, [])
    assert row.not_before > timezone.now()
    with use(SYSTEM):
        OutboxMail.objects.update(not_before=timezone.now())
    delivery.deliver()
    assert states() == {MailState.SENT: 1}


def test_a_final_refusal_is_kept_and_shown(committed_world, sink):
    put(committed_world, 2)
    sink.answers = ["550 no such user"]
    delivery.deliver()
    assert states() == {MailState.REFUSED: 1, MailState.SENT: 1}
    assert len(sink.received) == 1


def test_a_server_that_is_away_loses_nothing(committed_world, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    put(committed_world, 2)
    delivery.deliver()
    assert states() == {MailState.QUEUED: 2}


def test_an_interrupted_handover_becomes_uncertain_and_is_not_sent_by_itself(committed_world, sink):
    put(committed_world)
    with use(SYSTEM):
        OutboxMail.objects.update(state=MailState.HANDOVER)
        OutboxMail.objects.update(changed_at=timezone.now() - delivery.HANDOVER_LASTS * 2)
    assert delivery.sweep() == (0, 1)
    assert delivery.deliver() == 0
    assert states() == {MailState.UNCERTAIN: 1}
    with use(SYSTEM):
        row = OutboxMail.objects.get()
    actor = committed_world.actor(committed_world.berk.coordinator)
    with use(actor.scope):
        mail.send_again(row, actor=actor)
    delivery.deliver()
    assert sink.received == [committed_world.berk.guardians[0].email]


def test_an_abandoned_claim_goes_back_in_the_queue(committed_world, sink):
    put(committed_world)
    with use(SYSTEM):
        OutboxMail.objects.update(
            state=MailState.CLAIMED, changed_at=timezone.now() - delivery.CLAIM_LASTS * 2
        )
    assert delivery.sweep() == (1, 0)
    delivery.deliver()
    assert states() == {MailState.SENT: 1}


def test_a_letter_that_cannot_be_written_stops_no_other(committed_world, sink, monkeypatch):
    def handler(row):
        if row.key == "test:0":
            raise KeyError("gone")
        return mail.Letter("base", {})

    monkeypatch.setitem(letters.HANDLERS, EVENT, handler)
    put(committed_world, 2)
    delivery.deliver()
    assert states() == {MailState.REFUSED: 1, MailState.SENT: 1}


def test_a_mail_no_longer_needed_is_cancelled(committed_world, sink, monkeypatch):
    monkeypatch.setitem(letters.HANDLERS, EVENT, lambda row: None)
    put(committed_world)
    delivery.deliver()
    assert (states(), sink.received) == ({MailState.CANCELLED: 1}, [])


def test_the_handler_runs_in_the_schools_scope(committed_world, sink, monkeypatch):
    seen = []

    def handler(row):
        from stage.schools.models import Student

        seen.append(set(Student.objects.values_list("school_id", flat=True)))
        return mail.Letter("base", {})

    monkeypatch.setitem(letters.HANDLERS, EVENT, handler)
    put(committed_world)
    delivery.deliver()
    assert seen == [{committed_world.berk.school.pk}]


def test_nothing_is_sent_when_the_transaction_rolls_back(committed_world, sink):
    with pytest.raises(RuntimeError), transaction.atomic():
        put(committed_world)
        raise RuntimeError
    assert delivery.deliver() == 0


def test_the_test_server_is_the_real_protocol(sink):
    with get_connection() as smtp:
        assert smtp.connection.noop()[0] == 250


def attempts() -> list[int]:
    with use(SYSTEM):
        return sorted(OutboxMail.objects.values_list("attempts", flat=True))


def test_mails_are_claimed_together_in_two_statements(committed_world, sink):
    put(committed_world, 30)
    with CaptureQueriesContext(connection) as queries:
        assert len(delivery._claim(20)) == 20
    assert len([q for q in queries if "core_outboxmail" in q["sql"]]) == 2
    assert states() == {MailState.CLAIMED: 20, MailState.QUEUED: 10}


def test_what_a_slow_server_kept_waiting_goes_back_so_that_a_code_comes_first(
    committed_world, sink, monkeypatch
):
    put(committed_world, 3)
    monkeypatch.setattr(delivery, "BATCH_LASTS", -1)
    order = []
    monkeypatch.setattr(delivery, "_deliver", lambda rows, *_: order.append(rows[0].key))
    claimed = delivery._claim(3)
    assert delivery._deliver_all(claimed, None) == 1
    assert states() == {MailState.CLAIMED: 1, MailState.QUEUED: 2}
    assert attempts() == [0, 0, 1]


def test_a_claim_that_was_taken_for_abandoned_sends_nothing(committed_world, sink):
    put(committed_world)
    [mine] = delivery._claim(1)
    with use(SYSTEM):
        OutboxMail.objects.update(changed_at=timezone.now() - delivery.CLAIM_LASTS * 2)
    assert delivery.sweep() == (1, 0)
    [_another] = delivery._claim(1)
    with closing(get_connection()) as smtp:
        delivery._deliver([mine], smtp)
    assert sink.received == []
    assert states() == {MailState.CLAIMED: 1}
