"""One mail a day a person, against a real SMTP server: bundled, never twice, and not at night."""

from __future__ import annotations

import threading
from datetime import date, time
from email import message_from_bytes, policy
from types import SimpleNamespace

import pytest
from django.db import connections, transaction
from django.db.models import F
from django.utils import timezone

from stage.core import mail
from stage.core.enums import MailState, NoticeKind, Pace, Role
from stage.core.mail import choosing, delivery, letters, pace
from stage.core.models import Membership, NoticesOff, OutboxMail
from stage.core.tenants.tenancy import NOBODY, SYSTEM, school_scope, use
from tests.attendance.helpers import at
from tests.core.test_delivery import Sink, sink  # noqa: F401 (a fixture)
from tests.races import at_once

DAILY, SOON, SAFE = "test_daily", "test_soon", "test_safe"
TUESDAY, WEDNESDAY = date(2027, 1, 12), date(2027, 1, 13)


@pytest.fixture(autouse=True)
def _events(monkeypatch, settings):
    settings.QUIET_HOURS = True
    notices = {
        DAILY: mail.Notice(NoticeKind.PLACEMENT, staff=Pace.DAILY, student=Pace.DAILY),
        SOON: mail.Notice(NoticeKind.GUIDANCE, staff=Pace.AT_ONCE),
        SAFE: mail.Notice(NoticeKind.ATTENDANCE, at_night=True),
    }

    def handler(row):
        if "says" not in row.details:
            return None
        return mail.Letter("placement_changed_for_membership", _context(row.details["says"]))

    for event, notice in notices.items():
        monkeypatch.setitem(letters.HANDLERS, event, handler)
        monkeypatch.setitem(letters.NOTICES, event, notice)


def _context(says: str) -> dict:
    return {
        "title": says,
        "student": {"first_name": says, "full_name": says},
        "company": {"name": "Bakkerij"},
        "address": f"https://stage.test/{says}",
        "button_url": f"https://stage.test/{says}",
        "button_label": f"Bekijk {says}",
        **dict.fromkeys(("sides", "also"), ()),
        **dict.fromkeys(("goes_to", "goes_from"), ""),
    }


@pytest.fixture
def post(sink, monkeypatch):  # noqa: F811
    """The same server, which keeps what it is given to read."""
    kept = []
    received = Sink.handle_DATA

    async def handle_DATA(self, server, session, envelope):
        kept.append(message_from_bytes(envelope.content, policy=policy.default))
        return await received(self, server, session, envelope)

    monkeypatch.setattr(Sink, "handle_DATA", handle_DATA)
    sink.letters = kept
    return sink


def put(world, event: str, says: str | None, *, to=None, kind="membership", **more) -> None:
    school = world.berk.school
    to = to or world.berk.teacher
    with use(school_scope(school)), transaction.atomic():
        mail.queue(
            event,
            person_kind=kind,
            person_id=to.pk,
            key=f"{event}:{says}:{more.pop('n', 0)}:{to.pk}",
            region_id=school.region_id,
            school_id=school.pk,
            details={"says": says} if says else {},
            **more,
        )


def rows(**filters) -> list[OutboxMail]:
    with use(SYSTEM):
        return list(OutboxMail.objects.filter(**filters).order_by("created_at"))


def states() -> list[str]:
    return sorted(row.state for row in rows())


def texts(post) -> list[str]:
    return [m.get_body(("plain",)).get_content().replace("\r\n", "\n") for m in post.letters]


def test_what_waits_leaves_at_seven_as_one_mail(committed_world, post):
    with at(TUESDAY, "09:00"):
        put(committed_world, DAILY, "Aya")
        put(committed_world, DAILY, "Bram")
        assert delivery.deliver() == 0
    with at(TUESDAY, "15:00"):
        put(committed_world, DAILY, "Cas")
        assert delivery.deliver() == 0
    with at(WEDNESDAY, "06:59"):
        assert delivery.deliver() == 0
    assert post.letters == []
    with at(WEDNESDAY, "07:00"):
        assert delivery.deliver() == 3
        assert delivery.deliver() == 0
    (letter,) = post.letters
    assert letter["subject"] == "3 berichten over stage"
    (text,) = texts(post)
    assert text.count("Beste ") == 1
    for name in ("Aya", "Bram", "Cas"):
        assert f"Er verandert iets aan de stage van {name}\n----" in text
        assert f"https://stage.test/{name}" in text
    html = letter.get_body(("html",)).get_content()
    assert html.count("<h2") == 3
    assert html.count("Beste ") == 1
    assert 'href="https://stage.test/Bram"' in html
    sent = rows()
    assert {row.state for row in sent} == {MailState.SENT}
    assert {row.message_id for row in sent} == {letter["message-id"].strip()}


def test_the_only_one_goes_as_it_is(committed_world, post):
    with at(TUESDAY, "09:00"):
        put(committed_world, DAILY, "Aya")
        delivery.deliver()
    with at(WEDNESDAY, "07:00"):
        delivery.deliver()
    (letter,) = post.letters
    assert letter["subject"] == "Er verandert iets aan de stage van Aya"
    assert "/ik/berichten/" in texts(post)[0]


def test_what_a_reader_writes_is_shown_as_text_in_the_one_mail(committed_world, post):
    with at(TUESDAY, "09:00"):
        put(committed_world, DAILY, "<b>Aya</b>")
        put(committed_world, DAILY, "Bram")
        delivery.deliver()
    with at(WEDNESDAY, "07:00"):
        delivery.deliver()
    html = post.letters[0].get_body(("html",)).get_content()
    assert "&lt;b&gt;Aya" in html
    assert "<b>" not in html


def test_each_person_has_a_mail_of_its_own(committed_world, post):
    world = committed_world
    with at(TUESDAY, "09:00"):
        for person in (world.berk.teacher, world.berk.coordinator):
            put(world, DAILY, "Aya", to=person)
            put(world, DAILY, "Bram", to=person)
        delivery.deliver()
    bundles = {row.bundle for row in rows(person_id=world.berk.teacher.pk)}
    assert bundles == {f"membership:{world.berk.teacher.pk}:{world.berk.school.pk}"}
    with at(WEDNESDAY, "07:00"):
        assert delivery.deliver() == 4
    assert sorted(post.received) == sorted([world.berk.teacher.email, world.berk.coordinator.email])


def test_a_student_hears_at_four(committed_world, post):
    student = committed_world.berk.students[0]
    with at(TUESDAY, "09:00"):
        for name in ("Aya", "Bram"):
            put(committed_world, DAILY, name, to=student, kind="student")
        delivery.deliver()
    with at(TUESDAY, "16:00"):
        assert delivery.deliver() == 2
    assert post.received == [student.email]
    assert texts(post)[0].startswith(f"Hoi {student.first_name},")


def test_what_is_no_longer_so_is_left_out(committed_world, post):
    with at(TUESDAY, "09:00"):
        put(committed_world, DAILY, "Aya")
        put(committed_world, DAILY, None)
        put(committed_world, DAILY, "Cas")
        delivery.deliver()
    with at(WEDNESDAY, "07:00"):
        delivery.deliver()
    assert post.letters[0]["subject"] == "2 berichten over stage"
    assert states() == ["cancelled", "sent", "sent"]


def test_nothing_left_to_say_is_no_mail(committed_world, post):
    with at(TUESDAY, "09:00"):
        put(committed_world, DAILY, None)
        put(committed_world, DAILY, None, n=1)
        delivery.deliver()
    with at(WEDNESDAY, "07:00"):
        delivery.deliver()
    assert (post.letters, states()) == ([], ["cancelled", "cancelled"])


def test_what_reads_the_same_stands_there_once(committed_world, post):
    with at(TUESDAY, "09:00"):
        put(committed_world, DAILY, "Aya")
        put(committed_world, DAILY, "Aya", n=1)
        put(committed_world, DAILY, "Bram")
        delivery.deliver()
    with at(WEDNESDAY, "07:00"):
        delivery.deliver()
    assert post.letters[0]["subject"] == "2 berichten over stage"
    assert texts(post)[0].count("van Aya\n----") == 1
    assert states() == ["cancelled", "sent", "sent"]


def test_a_letter_that_cannot_be_written_stops_no_other_section(committed_world, post, monkeypatch):
    def handler(row):
        if row.details["says"] == "Bram":
            raise KeyError("gone")
        return mail.Letter("placement_changed_for_membership", _context(row.details["says"]))

    monkeypatch.setitem(letters.HANDLERS, DAILY, handler)
    with at(TUESDAY, "09:00"):
        for name in ("Aya", "Bram", "Cas"):
            put(committed_world, DAILY, name)
        delivery.deliver()
    with at(WEDNESDAY, "07:00"):
        delivery.deliver()
    assert post.letters[0]["subject"] == "2 berichten over stage"
    assert states() == ["refused", "sent", "sent"]


def test_what_is_taken_back_is_not_in_it(committed_world, post):
    with at(TUESDAY, "09:00"):
        put(committed_world, DAILY, "Aya")
        put(committed_world, DAILY, "Bram", held_by="step")
        delivery.deliver()
        with use(school_scope(committed_world.berk.school)), transaction.atomic():
            assert mail.take_back("step") is True
    with at(WEDNESDAY, "07:00"):
        delivery.deliver()
    assert post.letters[0]["subject"] == "Er verandert iets aan de stage van Aya"


def test_what_is_held_for_an_undo_is_not_judged_before(committed_world, post):
    with at(TUESDAY, "06:59"):
        later = timezone.now() + mail.undo_for()
        put(committed_world, DAILY, "Aya", not_before=later)
        delivery.deliver()
        assert rows()[0].paced_to is None
    with at(TUESDAY, "07:05"):
        assert delivery.deliver() == 0
    with at(WEDNESDAY, "07:00"):
        assert delivery.deliver() == 1


def test_a_crash_leaves_all_of_it_uncertain_and_sends_none_again(committed_world, post):
    with at(TUESDAY, "09:00"):
        put(committed_world, DAILY, "Aya")
        put(committed_world, DAILY, "Bram")
        delivery.deliver()
    with at(WEDNESDAY, "07:00"):
        post.looks = True
        delivery.deliver()
        assert post.seen[0] == ("RCPT", ["handover", "handover"])  # together, before the text
        with use(SYSTEM):
            OutboxMail.objects.update(
                state=MailState.HANDOVER, changed_at=F("changed_at") - delivery.HANDOVER_LASTS * 2
            )
        assert delivery.sweep() == (0, 2)
        assert delivery.deliver() == 0
    assert states() == ["uncertain", "uncertain"]
    assert len(post.letters) == 1


def test_a_temporary_refusal_keeps_them_together(committed_world, post):
    with at(TUESDAY, "09:00"):
        put(committed_world, DAILY, "Aya")
        put(committed_world, DAILY, "Bram")
        delivery.deliver()
    post.answers = ["451 later please"]
    with at(WEDNESDAY, "07:00"):
        delivery.deliver()
    assert (states(), post.letters) == (["queued", "queued"], [])
    with at(WEDNESDAY, "07:01"):
        assert delivery.deliver() == 2
    assert post.letters[0]["subject"] == "2 berichten over stage"


def test_two_workers_at_once_make_one_mail_of_it(committed_world, post):
    with at(TUESDAY, "09:00"):
        for n in range(12):
            put(committed_world, DAILY, f"Kind {n}")
        delivery.deliver()
    failures = []

    def work():
        try:
            delivery.deliver()
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    with at(WEDNESDAY, "07:00"):
        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert failures == []
    assert [m["subject"] for m in post.letters] == ["12 berichten over stage"]
    assert set(states()) == {"sent"}


def test_a_worker_waits_for_one_that_is_taking_the_same_mail(committed_world, post):
    """Else each would have part of the day."""
    with at(TUESDAY, "09:00"):
        for name in ("Aya", "Bram", "Cas"):
            put(committed_world, DAILY, name)
        delivery.deliver()
    taken = []
    worker = SimpleNamespace(scope=SYSTEM)
    job = (worker, lambda _worker: taken.append(len(delivery._claim_bundle())))
    with at(WEDNESDAY, "07:00"):
        first = min(rows(), key=lambda row: row.pk)
        assert at_once(job, job, rows=[first]) == ["ok", "ok"]
    assert taken == [3, 0]


def test_at_night_what_is_urgent_waits_and_what_is_safety_leaves(committed_world, post):
    with at(TUESDAY, "21:00"):
        put(committed_world, SOON, "Aya")
        put(committed_world, SAFE, "Bram")
        assert delivery.deliver() == 1
    assert [m["subject"] for m in post.letters] == ["Er verandert iets aan de stage van Bram"]
    with at(WEDNESDAY, "07:00"):
        assert delivery.deliver() == 1
    assert len(post.letters) == 2


def test_what_waited_for_the_morning_comes_with_the_daily_mail(committed_world, post):
    with at(TUESDAY, "15:00"):
        put(committed_world, DAILY, "Aya")
        delivery.deliver()
    with at(TUESDAY, "21:00"):
        put(committed_world, SOON, "Bram")
        delivery.deliver()
    with at(WEDNESDAY, "07:00"):
        delivery.deliver()
    assert [m["subject"] for m in post.letters] == ["2 berichten over stage"]


def test_a_worker_that_slept_past_the_evening_waits_for_the_morning(committed_world, post):
    with at(TUESDAY, "05:00"):
        put(committed_world, DAILY, "Aya")
        put(committed_world, DAILY, "Bram")
        delivery.deliver()
    with at(TUESDAY, "22:00"):
        assert delivery.deliver() == 0
    with at(WEDNESDAY, "07:00"):
        assert delivery.deliver() == 2
    assert len(post.letters) == 1


def test_a_company_is_not_bundled_and_not_mailed_at_night(committed_world, post):
    contact = committed_world.noord.contacts[0]
    with at(TUESDAY, "21:00"):
        put(committed_world, SOON, "Aya", to=contact, kind="contact")
        put(committed_world, SOON, "Bram", to=contact, kind="contact")
        assert delivery.deliver() == 0
    with at(WEDNESDAY, "07:00"):
        assert delivery.deliver() == 2
    assert post.received == [contact.email, contact.email]


def test_who_has_two_roles_at_a_school_gets_one_mail_a_day(committed_world, post):
    teacher, second = both_roles(committed_world)
    with at(TUESDAY, "09:00"):
        put(committed_world, DAILY, "Aya", to=teacher)
        put(committed_world, DAILY, "Bram", to=second)
        assert delivery.deliver() == 0
    with at(WEDNESDAY, "07:00"):
        assert delivery.deliver() == 2
    assert [m["subject"] for m in post.letters] == ["2 berichten over stage"]
    [text] = texts(post)
    assert ("Aya" in text, "Bram" in text) == (True, True)


def test_a_choice_holds_for_both_roles_and_a_role_that_ends_stops_no_mail(committed_world, post):
    teacher, second = both_roles(committed_world)
    with at(TUESDAY, "08:00"):
        choose(committed_world, second, {}, digest_at=time(9))
    with at(TUESDAY, "10:00"):
        put(committed_world, DAILY, "Aya", to=teacher)
        put(committed_world, DAILY, "Bram", to=second)
        delivery.deliver()
    with use(SYSTEM), transaction.atomic():
        Membership.objects.filter(pk=teacher.pk).update(ended_at=timezone.now())
    with at(WEDNESDAY, "08:59"):
        assert delivery.deliver() == 0
    with at(WEDNESDAY, "09:00"):
        delivery.deliver()
    assert [m["subject"] for m in post.letters] == ["Er verandert iets aan de stage van Bram"]
    assert states() == ["refused", "sent"]


def test_two_addresses_of_one_person_are_two_mailboxes(committed_world, post):
    teacher, second = both_roles(committed_world, email="elders@voorbeeld.test")
    with at(TUESDAY, "09:00"):
        put(committed_world, DAILY, "Aya", to=teacher)
        put(committed_world, DAILY, "Bram", to=second)
        delivery.deliver()
    with at(WEDNESDAY, "07:00"):
        delivery.deliver()
    assert sorted(post.received) == sorted([teacher.email, second.email])


def both_roles(world, email: str = "") -> tuple[Membership, Membership]:
    """The teacher, who is a coordinator too."""
    teacher = world.berk.teacher
    with use(SYSTEM), transaction.atomic():
        second = Membership.objects.create(
            user=teacher.user,
            role=Role.COORDINATOR,
            region=world.noord.region,
            school=world.berk.school,
            name=teacher.name,
            email=email or teacher.email,
        )
    return teacher, second


@pytest.mark.parametrize("kind", ["contact", "guardian"])
def test_what_somebody_outside_turned_off_is_not_mailed(committed_world, post, monkeypatch, kind):
    world = committed_world
    if kind == "contact":
        person = world.noord.contacts[0]
    else:
        person = world.berk.guardians[0]
    for event, may in ((SOON, True), (SAFE, False)):
        notice = mail.Notice(NoticeKind.GUIDANCE, company=may, guardian=may)
        monkeypatch.setitem(letters.NOTICES, event, notice)
    with use(NOBODY), transaction.atomic():
        NoticesOff.objects.create(person_kind=kind, person_id=person.pk, kinds=["guidance"])
    with at(TUESDAY, "12:00"):
        put(world, SOON, "Aya", to=person, kind=kind)
        put(world, SAFE, "Bram", to=person, kind=kind)
        delivery.deliver()
    assert [m["subject"] for m in post.letters] == ["Er verandert iets aan de stage van Bram"]
    assert [row.error for row in rows(state="cancelled")] == [pace.UNWANTED]


def test_who_must_know_before_the_daily_mail_hears_at_once(committed_world, post, monkeypatch):
    notice = mail.Notice(
        NoticeKind.PLACEMENT,
        staff=Pace.DAILY,
        known_by=lambda row: WEDNESDAY if row.details["says"] == "Aya" else date(2027, 2, 1),
    )
    monkeypatch.setitem(letters.NOTICES, DAILY, notice)
    with at(TUESDAY, "09:00"):
        put(committed_world, DAILY, "Aya")
        put(committed_world, DAILY, "Bram")
        assert delivery.deliver() == 1
    assert [m["subject"] for m in post.letters] == ["Er verandert iets aan de stage van Aya"]


def choose(world, person, paces, **times):
    actor = world.actor(person)
    usual = pace.Rhythm()
    times = {
        "digest_at": usual.digest_at,
        "quiet_from": usual.quiet_from,
        "quiet_until": usual.quiet_until,
        **times,
    }
    with use(actor.scope):
        choosing.choose(paces, actor=actor, **times)


def test_a_choice_counts_for_what_waits_already(committed_world, post):
    world = committed_world
    with at(TUESDAY, "09:00"):
        put(world, DAILY, "Aya")
        assert delivery.deliver() == 0
        choose(world, world.berk.teacher, {NoticeKind.PLACEMENT: Pace.AT_ONCE})
        assert delivery.deliver() == 1
    assert len(post.letters) == 1


def test_a_choice_hastens_nothing_that_can_still_be_undone(committed_world, post):
    world = committed_world
    with at(TUESDAY, "09:00"):
        put(world, SOON, "Aya", not_before=timezone.now() + mail.undo_for())
        choose(world, world.berk.teacher, {NoticeKind.PLACEMENT: Pace.AT_ONCE})
        assert delivery.deliver() == 0
    with at(TUESDAY, "09:03"):
        assert delivery.deliver() == 1


def test_who_wants_no_mail_of_a_kind_gets_none_and_still_what_safety_needs(committed_world, post):
    world = committed_world
    with at(TUESDAY, "09:00"):
        put(world, DAILY, "Aya")
        delivery.deliver()
        choose(world, world.berk.teacher, {NoticeKind.PLACEMENT: Pace.NEVER})
        put(world, SAFE, "Cas")
        delivery.deliver()
    (unwanted,) = rows(event=DAILY)
    assert (unwanted.state, unwanted.error) == (MailState.CANCELLED, pace.UNWANTED)
    assert [m["subject"] for m in post.letters] == ["Er verandert iets aan de stage van Cas"]


def test_a_students_choice_is_its_own(committed_world, post):
    world = committed_world
    one, other = world.berk.students[0], world.berk.students[1]
    with at(TUESDAY, "09:00"):
        for student in (one, other):
            put(world, DAILY, "Aya", to=student, kind="student")
        delivery.deliver()
        choose(world, world.berk.logins[0], {NoticeKind.PLACEMENT: Pace.AT_ONCE})
        assert delivery.deliver() == 1
    assert post.received == [one.email]


def test_safety_cannot_be_chosen(committed_world):
    world = committed_world
    with pytest.raises(ValueError, match="not to be chosen"):
        choose(world, world.berk.teacher, {NoticeKind.ATTENDANCE: Pace.NEVER})
    with pytest.raises(ValueError, match="not to be chosen"):
        choose(world, world.berk.teacher, {NoticeKind.PLACEMENT: Pace.ALWAYS})
