"""Service worker and the pages of the demo."""

import re

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from stage.core.checks import no_demo_pages
from stage.core.who.identities import mail_way_in
from stage.devtools import mailbox
from stage.schools.services import cards
from tests.web.test_entrance import totp_now, with_totp


def test_the_demo_shows_log_ins_and_makes_cards_that_work(world):
    with_totp(world.berk.coordinator)
    client = Client()
    page = client.get(reverse("devtools:demo_logins")).content.decode()
    assert world.berk.coordinator.email in page
    assert totp_now() in page
    student = world.berk.students[0]
    page = client.post(
        reverse("devtools:demo_logins"), {"student": student.public_id}
    ).content.decode()
    code = re.search(r"/kaart/([0-9A-Z]{4}-[0-9A-Z]{4})/", page).group(1)
    assert cards.redeem(code, 15, 1).membership == world.berk.logins[0]


def test_the_demo_tells_the_birthday_that_a_guardian_is_asked(world, tmp_path, settings):
    settings.VAR_DIR = tmp_path
    (tmp_path / "mail").mkdir()
    guardian, name = world.berk.guardians[0], "20270101T080000000000-0a0b0c0d"
    (tmp_path / "mail" / f"{name}.eml").write_bytes(
        f"To: {guardian.email}\r\nSubject: Teken\r\n\r\nTekst".encode()
    )
    told = "Aya Berk is jarig op 15 januari."
    assert told not in Client().get(reverse("devtools:demo_logins")).content.decode()
    mail_way_in(guardian.email)
    assert told in Client().get(reverse("devtools:demo_logins")).content.decode()
    assert told in Client().get(reverse("devtools:demo_mail", args=[name])).content.decode()


def test_the_demo_reads_the_mail_it_kept(tmp_path, settings, db):
    settings.VAR_DIR = tmp_path
    (tmp_path / "mail").mkdir()
    name = "20270101T080000000000-0a0b0c0d"
    (tmp_path / "mail" / f"{name}.eml").write_bytes(
        b"X-RcptTo: b@b.test\r\nTo: b@b.test\r\nSubject: Uw code\r\n"
        b"Date: Fri, 01 Jan 2027 08:00:00 +0000\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: text/plain; charset=utf-8\r\n\r\n"
        b"Kijk op http://testserver/l/X-1/ <script>alert(1)</script>\r\n"
    )
    page = Client().get(reverse("devtools:demo_mailbox")).content.decode()
    assert "Uw code" in page
    page = Client().get(reverse("devtools:demo_mail", args=[name])).content.decode()
    assert 'href="http://testserver/l/X-1/"' in page
    assert "<script>alert" not in page
    assert mailbox.read(tmp_path / "mail", "../mail/" + name) is None
    assert Client().get(reverse("devtools:demo_mail", args=["..%2f..%2fx"])).status_code == 404


@pytest.mark.parametrize("name", ["SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE"])
def test_a_place_that_looks_like_production_refuses_the_demo(settings, name, db):
    # Also makes the routes, once for all tests, while the demo is on.
    assert reverse("devtools:demo_logins")
    assert no_demo_pages(None) == []
    setattr(settings, name, True)
    assert "stage.E003" in {error.id for error in no_demo_pages(None)}
    with pytest.raises(RuntimeError):
        from stage.devtools import showing as demo

        demo.logins()


def test_all_checks_pass(db):
    call_command("check")
