"""The pages of the log-in library, sent what no person's browser sends: never a fault."""

from __future__ import annotations

import time

import pytest
from allauth.account.forms import EmailAwarePasswordResetTokenGenerator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.test import Client
from django.urls import reverse

from stage.core.who.access import registry
from tests.clients import client_of
from tests.web.test_entrance import staff_login, with_totp


def routes() -> list[str]:
    return sorted(route.name for route in registry().values() if route.is_third_party)


def nobody(world) -> Client:
    return Client()


def half_way(world) -> Client:
    """The password was right, the second factor is asked."""
    client = Client()
    with_totp(world.berk.coordinator)
    staff_login(client, world.berk.coordinator)
    return client


def logged_in(world) -> Client:
    """Logged in, and the password was typed a moment ago."""
    client = client_of(world.berk.coordinator)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session["account_authentication_methods_user"] = str(world.berk.coordinator.user_id)
    session.save()
    return client


def without_second_factor(world) -> Client:
    client = logged_in(world)
    Authenticator.objects.all().delete()
    return client


def addresses(name: str, client: Client, membership) -> list[str]:
    """Where a route is posted to; a reset link's form stands at the address it leads to."""
    if name != "account_reset_password_from_key":
        return [reverse(name)]
    key = EmailAwarePasswordResetTokenGenerator().make_token(membership.user)
    link = reverse(name, args=[user_pk_to_url_str(membership.user), key])
    return [link, client.get(link)["Location"]]


@pytest.mark.parametrize("method", ["post", "get", "put", "delete"])
@pytest.mark.parametrize("who", [nobody, half_way, logged_in, without_second_factor])
def test_every_form_of_the_library_may_be_sent_empty(world, who, method):
    found = {}
    for name in routes():
        with transaction.atomic():
            client = who(world)
            client.raise_request_exception = False
            for address in addresses(name, client, world.berk.coordinator):
                found[address] = getattr(client, method)(address).status_code
            transaction.set_rollback(True)
    assert len(found) > 15
    assert {a: s for a, s in found.items() if s not in (200, 302) and not 400 <= s < 500} == {}


def test_an_empty_second_factor_says_what_misses(world):
    page = half_way(world).post(reverse("mfa_authenticate"))
    assert page.status_code == 200
    assert "Vul dit in of maak een keuze." in page.content.decode()
