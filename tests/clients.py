"""Test clients of people in each role, logged in the way the product does it."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.test import Client

from stage.core import mail
from stage.core.models import Membership
from stage.core.tenants.tenancy import NOBODY, use
from stage.core.who import links
from stage.core.who.identities import SESSION_KEY


def client_of(membership: Membership) -> Client:
    """A browser logged in as this membership, with a second factor for who needs one."""
    client = Client()
    with use(NOBODY):
        Authenticator.objects.get_or_create(
            user=membership.user,
            type=Authenticator.Type.TOTP,
            defaults={"data": {"secret": "JBSWY3DPEHPK3PXP"}},
        )
        client.force_login(membership.user)
        session = client.session
        session[SESSION_KEY] = membership.pk
        session.save()
    return client


def client_of_contact(contact) -> Client:
    """A phone that a company contact proved to be theirs."""
    return _client_with_device(
        mail.Person("contact", contact.pk, contact.name, contact.email, None, contact.region_id)
    )


def client_of_guardian(guardian) -> Client:
    """A phone that a guardian proved to be theirs."""
    return _client_with_device(
        mail.Person("guardian", guardian.pk, guardian.name, guardian.email, guardian.school_id)
    )


def _client_with_device(person: mail.Person) -> Client:
    client = Client()
    secret, _lasts = links.remember_device(person, long=False)
    client.cookies[links.DEVICE_COOKIE] = secret
    return client
