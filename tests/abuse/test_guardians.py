"""A typo in a guardian's address: a stranger reads the link and the code, and gets nowhere."""

import threading

import pytest
from django.core import mail as mailbox
from django.db import connections
from django.test import Client
from django.urls import reverse

from placements.agreements.models import Signature
from stage.core import mail
from stage.core.enums import MailState
from stage.core.mail.delivery import deliver
from stage.core.models import AuditEntry, Device, MailedCode, OutboxMail
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.ui import todo
from stage.core.who import links
from stage.core.who.policies import NotAllowed
from stage.schools.imports import load_guardians
from stage.schools.models import Guardian
from stage.schools.services import guardians, students
from tests.clients import client_of
from tests.placements.agreements import frozen
from tests.web.test_links import BIRTHDAY, OTHER_DAY, ask, code_now, enter, is_in, link_of, way_in

TYPO = "ouder.ayaa@berk.test"
STOPPED = "Adres gestopt: de geboortedag klopte vijf keer niet"


@pytest.fixture
def mistyped(world) -> Guardian:
    """The first guardian, at an address that is somebody else's."""
    guardian, actor = world.berk.guardians[0], world.actor(world.berk.coordinator)
    with use(actor.scope):
        students.change_guardian(guardian, values={"email": TYPO}, actor=actor)
    return row_of(guardian)


def row_of(guardian) -> Guardian:
    with use(SYSTEM):
        return Guardian.objects.get(pk=guardian.pk)


def count(rows) -> int:
    with use(SYSTEM):
        return rows.count()


def try_out(world, guardian, times=guardians.BIRTHDAY_TRIES, **birthday):
    """The stranger with link and code, who has to guess the day; the last answer."""
    client, token = Client(), link_of(world, guardian, "guardian")
    ask(client, token)
    code = code_now()
    for _n in range(times):
        response = enter(client, token, code, **(birthday or OTHER_DAY))
    return client, token, code, response


def stop(guardian):
    rows, five = Guardian.objects.filter(pk=guardian.pk), guardians.BIRTHDAY_TRIES
    with use(SYSTEM):
        rows.update(wrong_birthdays=five)


def test_a_stranger_with_the_link_and_the_code_sees_and_signs_nothing(world, mistyped):
    agreement = frozen(world)
    deliver()
    letter = next(m for m in mailbox.outbox if "Teken" in m.subject and m.to == [TYPO])
    token = str(letter.body).split("/l/")[1].split("/")[0]
    client = Client()
    ask(client, token)
    deliver()
    code = next(m for m in mailbox.outbox[::-1] if m.to == [TYPO])
    digits = code_now()
    assert f"{digits[:4]} {digits[4:]}" in str(code.body)
    page = enter(client, token, digits, **OTHER_DAY)
    assert page.status_code == 422
    assert "Aya Berk is" not in page.content.decode()
    for name in ("agreement_show", "agreement_sign", "agreement_pdf"):
        answer = client.get(reverse(f"agreements:{name}", args=[agreement.public_id]))
        assert "Aya" not in answer.content.decode(errors="replace")
        assert answer.status_code != 200
    asked = count(MailedCode.objects)
    client.post(reverse("agreements:agreement_code", args=[agreement.public_id]))
    client.post(
        reverse("agreements:agreement_sign", args=[agreement.public_id]),
        {"whole_hash": agreement.whole_hash, "agree": "on", "code": digits},
    )
    assert count(MailedCode.objects) == asked
    assert (count(Signature.objects), count(Device.objects)) == (0, 0)


def test_five_wrong_birthdays_stop_the_address(world, mistyped):
    client, token, code, response = try_out(world, mistyped)
    assert response.status_code == 403
    assert "Bel de school" in response.content.decode()
    assert (row_of(mistyped).wrong_birthdays, row_of(mistyped).is_stopped) == (5, True)
    assert count(AuditEntry.objects.filter(verb="guardian_stopped")) == 1
    # Now that it is stopped the right day does not help, whatever the door.
    before = count(MailedCode.objects), count(OutboxMail.objects)
    for name in ("link_open", "link_code", "code_resend", "link_renew"):
        page = client.post(reverse(f"web:{name}", args=[token]), {"code": code, **BIRTHDAY})
        assert page.status_code == 403
    page = client.get(reverse("web:link_open", args=[token])).content.decode()
    assert "Bel de school" in page
    assert mistyped.name not in page
    way_in(TYPO)
    assert (count(MailedCode.objects), count(OutboxMail.objects)) == before
    assert not is_in(client)


def test_five_is_five_whatever_code_and_browser(world, mistyped):
    try_out(world, mistyped, 3)
    _client, _token, _code, response = try_out(world, mistyped, 1)
    assert "U kunt nog 1 keer proberen" in response.content.decode()
    _client, _token, _code, response = try_out(world, mistyped, 1)
    assert response.status_code == 403


def test_a_birthday_beside_a_wrong_code_counts_for_nothing(world, mistyped):
    """Else who was only sent on the link could stop the address, or find out the day."""
    client, token = Client(), link_of(world, mistyped, "guardian")
    for _n in range(2):
        ask(client, token)
        wrong = f"{(int(code_now()) + 1) % 10**8:08d}"
        for _m in range(5):
            assert enter(client, token, wrong, **OTHER_DAY).status_code == 422
    assert row_of(mistyped).wrong_birthdays == 0


def test_the_right_birthday_in_time_forgets_the_wrong_ones(world, mistyped):
    client, token, code, _response = try_out(world, mistyped, 4)
    assert enter(client, token, code, **BIRTHDAY).status_code == 302
    assert row_of(mistyped).wrong_birthdays == 0


def test_nothing_leaves_for_a_stopped_address_until_the_school_has_looked(world, mistyped):
    try_out(world, mistyped, 4)
    frozen(world)
    try_out(world, mistyped, 1)
    deliver()
    assert [m for m in mailbox.outbox if TYPO in m.to] == []
    held = OutboxMail.objects.filter(person_kind="guardian", state=MailState.REFUSED)
    with use(SYSTEM):
        assert set(held.values_list("event", "error")) == {
            ("agreement_sign", "adres gestopt"),
            ("code", "adres gestopt"),
        }
    url = reverse("schools:guardian_address", args=[mistyped.public_id])
    assert client_of(world.berk.coordinator).post(url).status_code == 302
    deliver()
    assert any("Teken" in m.subject for m in mailbox.outbox if TYPO in m.to)


def test_the_school_sees_a_stopped_address_and_only_a_coordinator_says_it_is_right(world):
    guardian = world.berk.guardians[0]
    stop(guardian)
    show = reverse("schools:student_show", args=[world.berk.students[0].public_id])
    right = reverse("schools:guardian_address", args=[guardian.public_id])
    teacher, coordinator = client_of(world.berk.teacher), client_of(world.berk.coordinator)
    page = teacher.get(show).content.decode()
    assert STOPPED in page
    assert "Dit adres klopt" not in page
    assert teacher.post(right).status_code == 403
    assert client_of(world.els.coordinator).post(right).status_code == 404
    assert row_of(guardian).is_stopped
    assert "Dit adres klopt" in coordinator.get(show).content.decode()
    assert coordinator.post(right).status_code == 302
    assert STOPPED not in coordinator.get(show).content.decode()
    assert row_of(guardian).wrong_birthdays == 0
    assert count(AuditEntry.objects.filter(verb="guardian_address_confirmed")) == 1
    _client, _token, _code, response = try_out(world, guardian, 1, **BIRTHDAY)
    assert response.status_code == 302


def test_the_service_refuses_a_teacher_too(world):
    guardian = world.berk.guardians[0]
    stop(guardian)
    teacher = world.actor(world.berk.teacher)
    with use(teacher.scope), pytest.raises(NotAllowed):
        students.confirm_guardian_address(guardian, actor=teacher)
    assert row_of(guardian).is_stopped


@pytest.mark.parametrize(
    ("values", "is_stopped"),
    [
        ({"email": "goed@adres.test"}, False),
        ({"email": "Ouder.Aya@berk.test"}, True),  # the same address in capitals
        ({"name": "Els Berk", "email": "ouder.aya@berk.test"}, True),
    ],
)
def test_another_address_begins_anew(world, values, is_stopped):
    guardian = world.berk.guardians[0]
    stop(guardian)
    actor = world.actor(world.berk.coordinator)
    with use(actor.scope):
        students.change_guardian(guardian, values=values, actor=actor)
    assert row_of(guardian).is_stopped is is_stopped


@pytest.mark.parametrize(("email", "is_stopped"), [("goed@adres.test", False), ("", True)])
def test_another_address_in_a_list_begins_anew(world, email, is_stopped):
    guardian, student = world.berk.guardians[0], world.berk.students[0]
    stop(guardian)
    row = {
        "number": student.number,
        "guardian1_name": guardian.name,
        "guardian1_email": email,
        "guardian1_phone": "0612345678",
        **{f"guardian2_{name}": "" for name in ("name", "email", "phone")},
    }
    actor = world.actor(world.berk.coordinator)
    with use(actor.scope):
        plan = load_guardians.plan([row], {student.number: student}, student.school_id)
        load_guardians.write(plan, {student.number: student.pk}, actor)
    assert row_of(guardian).telephone == "0612345678"
    assert row_of(guardian).is_stopped is is_stopped


def test_tries_at_once_never_exceed_five(committed_world):
    """Each with a right code of a browser of its own: the row is what they share."""
    world, guardian = committed_world, committed_world.berk.guardians[0]
    with use(SYSTEM):
        person = mail.resolve_person("guardian", guardian.pk)
    browsers = [f"browser-{n}" for n in range(links.CODES_OF_SOURCE.amount)]
    codes = []
    for browser in browsers:
        links.ask_code(person, region_id=world.noord.region.pk, purpose="login", browser=browser)
        codes.append(code_now())
    start, answers = threading.Barrier(2 * len(browsers)), []

    def guess(browser, code):
        try:
            start.wait()
            answer = guardians.check_first_use(person, browser=browser, typed=code, **OTHER_DAY)
            answers.append(answer)
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=guess, args=pair)
        for pair in [*zip(browsers, codes, strict=True)] * 2
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [a.right for a in answers] == [False] * 12
    assert row_of(guardian).wrong_birthdays == 5
    assert count(AuditEntry.objects.filter(verb="guardian_stopped")) == 1
    with use(SYSTEM):
        assert sum(MailedCode.objects.values_list("wrong_tries", flat=True)) == 5


def test_the_coordinator_is_told_of_a_stopped_address(world):
    actor = world.actor(world.berk.coordinator)

    def titles() -> list[str]:
        with use(actor.scope):
            return [item.title for item in todo.for_actor(actor)]

    assert "Kijk het e-mailadres van een ouder na" not in titles()
    with use(SYSTEM):
        Guardian.objects.filter(pk=world.berk.guardians[0].pk).update(wrong_birthdays=5)
    assert "Kijk het e-mailadres van een ouder na" in titles()
    with use(SYSTEM):
        Guardian.objects.filter(pk=world.berk.guardians[0].pk).update(wrong_birthdays=4)
    assert "Kijk het e-mailadres van een ouder na" not in titles()
