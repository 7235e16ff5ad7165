"""Brakes on guessing keep out who guesses, and not the person whose account it is."""

import re

import pytest
from django.core import mail
from django.test import Client, RequestFactory

from stage.core.models import MailedCode
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.who import accounts, links
from stage.core.who.limits import Limit, source_of
from tests.core.test_limits import in_threads
from tests.web.test_entrance import staff_login
from tests.web.test_links import ask, contact, link_of

HERE, THERE = "192.0.2.1", "198.51.100.7"
NEW = "een-nieuw-wachtwoord"


def browser(address: str = HERE) -> Client:
    return Client(REMOTE_ADDR=address)


def lock(membership, address: str = HERE, tries: int = 5) -> None:
    for _ in range(tries):
        assert staff_login(browser(address), membership, "fout").status_code == 200


def is_locked(membership, address: str = HERE) -> bool:
    """Whether the right password does not help from there."""
    return staff_login(browser(address), membership).status_code != 302


def test_five_wrong_passwords_lock_the_one_who_guesses_only(world):
    lock(world.berk.teacher, tries=4)
    assert not is_locked(world.berk.teacher)
    lock(world.berk.teacher, tries=1)
    assert is_locked(world.berk.teacher)
    assert not is_locked(world.berk.teacher, THERE)
    assert not is_locked(world.els.teacher)


def test_many_sources_together_have_a_ceiling(world, monkeypatch):
    assert accounts.WRONG_ANYWHERE.amount >= 10 * accounts.WRONG_HERE.amount
    monkeypatch.setattr(accounts, "WRONG_ANYWHERE", Limit("x", amount=12, seconds=3600))
    for n in range(4):
        lock(world.berk.teacher, f"203.0.113.{n}", tries=3)
    assert is_locked(world.berk.teacher, THERE)
    assert not is_locked(world.els.teacher, THERE)


def test_one_source_may_not_try_many_accounts(world):
    people = [getattr(w, who) for w in (world.berk, world.els) for who in ("teacher", "colleague")]
    for person in people:
        lock(person)
    assert is_locked(world.iep.teacher)
    assert not is_locked(world.iep.teacher, THERE)


def test_a_locked_page_leads_to_a_mail_that_lets_in_again(
    world, monkeypatch, django_capture_on_commit_callbacks
):
    teacher = world.berk.teacher
    monkeypatch.setattr(accounts, "WRONG_ANYWHERE", Limit("x", amount=5, seconds=3600))
    lock(teacher)
    page = staff_login(browser(), teacher, "fout").content.decode()
    assert "te vaak een verkeerd wachtwoord" in page
    form = re.search(r'action="(/accounts/password/reset/)".*?value="([^"]+@[^"]+)"', page, re.S)
    with django_capture_on_commit_callbacks(execute=True):
        browser().post(form[1], {"email": form[2]})
    (message,) = mail.outbox
    assert message.to == [teacher.email]
    client = browser()
    link = re.search(r"http://127.0.0.1:8000(\S+)", message.body)[1]
    address = client.get(link)["Location"]
    assert is_locked(teacher)  # asking for the mail, and opening it, is not enough
    assert is_locked(teacher, THERE)
    client.post(address, {"password1": NEW, "password2": NEW})
    assert staff_login(browser(), teacher, NEW).status_code == 302
    assert staff_login(browser(THERE), teacher, NEW).status_code == 302


def test_eight_who_guess_at_once_get_five_tries(committed_world, monkeypatch):
    looked = []
    look = accounts.AccountAdapter.authentication_failed
    monkeypatch.setattr(
        accounts.AccountAdapter,
        "authentication_failed",
        lambda *args, **more: looked.append(1) or look(*args, **more),
    )

    def work(_at):
        for _ in range(3):
            staff_login(browser(), committed_world.berk.teacher, "fout")

    in_threads(8, work)
    assert len(looked) == 5


def test_a_stranger_with_the_link_does_not_use_up_the_codes_of_its_person(world):
    token = link_of(world, contact(world))
    # A new browser each time: what is counted is where they come from.
    assert [ask(browser(), token).status_code for _ in range(7)] == [302] * 6 + [429]
    assert ask(browser(THERE), token).status_code == 302
    with use(SYSTEM):
        assert MailedCode.objects.count() == 7


def test_the_codes_of_a_person_have_a_ceiling(world, monkeypatch):
    assert links.CODES_OF_PERSON.amount >= 5 * links.CODES_OF_SOURCE.amount
    monkeypatch.setattr(links, "CODES_OF_PERSON", Limit("x", amount=8, seconds=3600))
    token = link_of(world, contact(world))
    answers = [ask(browser(f"203.0.113.{n}"), token).status_code for n in range(10)]
    assert answers == [302] * 8 + [429] * 2
    other = link_of(world, world.noord.contacts[1])
    assert ask(browser(), other).status_code == 302


@pytest.mark.parametrize(
    ("address", "source"),
    [
        ("192.0.2.9", "192.0.2.9"),
        ("::ffff:192.0.2.9", "192.0.2.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
        ("2001:db8:1:3::1", "2001:db8:1:3::"),
    ],
)
def test_a_line_of_ipv6_is_one_source(address, source):
    assert source_of(RequestFactory().get("/", REMOTE_ADDR=address)) == source
