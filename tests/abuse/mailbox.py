"""Getting in as whoever reads a mailbox: nothing but what arrives there is used."""

from __future__ import annotations

import re

from django.core import mail as django_mail
from django.test import Client
from django.urls import reverse

from stage.core.mail import delivery

LINK = re.compile(r"https?://[^/\s]+(/\S+)")
CODE = re.compile(r"\b(\d{4}) (\d{4})\b")


def letters_to(address: str) -> list:
    """What was delivered to this address, oldest first; what waits is delivered first."""
    delivery.deliver()
    return [m for m in django_mail.outbox if m.to == [address]]


def link_in(message) -> str:
    """The path of the one link of a letter."""
    return LINK.search(message.body)[1]


def get_in(address: str) -> Client | None:
    """A browser that proved to read this mailbox; None when no link came."""
    client = Client()
    before = len(letters_to(address))
    client.post(reverse("web:link_ask"), {"email": address})
    arrived = letters_to(address)[before:]
    return open_link(client, link_in(arrived[-1]), address) if arrived else None


def open_link(client: Client, path: str, address: str) -> Client:
    """Follow a link, have a code mailed, and type what came to this address."""
    asked = client.post(path)
    came = letters_to(address)[-1]
    found = CODE.search(came.body)
    assert found, came.body
    client.post(asked["Location"], {"code": "".join(found.groups())})
    return client


def reads(client: Client, *names: str) -> str:
    """All the pages a company person has, as one text."""
    pages = (
        *("web:home", "web:me", "placements:trainee_list", "placements:company_inbox"),
        *("attendance:company_today", "assessments:assessment_list", "companies:colleague_list"),
    )
    answers = [client.get(reverse(page), follow=True) for page in (*pages, *names)]
    return "\n".join(a.content.decode() for a in answers if a.status_code == 200)
