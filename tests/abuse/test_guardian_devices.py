"""A guardian's address changes: what was proven or asked at the old one is worth nothing."""

import pytest

from stage.core import mail
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.who import links
from stage.schools.services import guardians, students
from tests.web.test_links import BIRTHDAY, code_now, is_in, proven


@pytest.fixture
def guardian(world):
    return world.berk.guardians[0]


def move(world, guardian, email: str) -> None:
    actor = world.actor(world.berk.coordinator)
    with use(actor.scope):
        students.change_guardian(guardian, values={"email": email}, actor=actor)


def person_of(guardian) -> mail.Person:
    with use(SYSTEM):
        return mail.resolve_person("guardian", guardian.pk)


def test_a_device_shows_nothing_once_the_address_is_another(world, guardian):
    phone, _response = proven(world, guardian, "guardian", **BIRTHDAY)
    assert is_in(phone)
    move(world, guardian, "nieuw@berk.test")
    assert not is_in(phone)
    move(world, guardian, "OUDER.Aya@berk.test")  # typed otherwise, but the address of that phone
    assert is_in(phone)


def test_the_first_use_of_another_address_asks_the_birthday_again(world, guardian):
    proven(world, guardian, "guardian", **BIRTHDAY)
    assert not guardians.asks_birthday(person_of(guardian))
    move(world, guardian, "nieuw@berk.test")
    assert guardians.asks_birthday(person_of(guardian))


@pytest.mark.parametrize(("email", "right"), [("nieuw@berk.test", False), ("", True)])
def test_a_code_mailed_to_the_old_address_is_not_taken(world, guardian, email, right):
    person = person_of(guardian)
    links.ask_code(person, region_id=world.noord.region.pk, purpose="login", browser="b")
    code = code_now()
    if email:
        move(world, guardian, email)
    answer = guardians.check_first_use(person, browser="b", typed=code, **BIRTHDAY)
    assert answer.right is right
