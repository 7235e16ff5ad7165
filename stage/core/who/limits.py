"""Brakes on guessing: so many times per so many seconds, per address or per name.

A try is counted before the secret is looked at, in one statement, and given back when it was right:
however many come at once, no more than the limit get as far as the secret. PostgreSQL holds the row
until the transaction ends, so count outside the request's own one (`non_atomic_requests`): a class
that logs in from one network address must not wait for each other.
"""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address, ip_network

from allauth.account.adapter import get_adapter
from django.db import connection
from django.utils import timezone

from stage.core.models import TryCount
from stage.core.tenants.tenancy import NOBODY, use

TAKE = """
INSERT INTO core_trycount AS c (key, used, until) VALUES (%s, 1, %s)
ON CONFLICT (key) DO UPDATE SET used = c.used + 1 WHERE c.used < %s
RETURNING used
"""
GIVE_BACK = "UPDATE core_trycount SET used = used - 1 WHERE key = %s AND used > 0"
USED = "SELECT used FROM core_trycount WHERE key = %s"


@dataclass(frozen=True)
class Limit:
    """At most `amount` times in a window of `seconds`."""

    action: str
    amount: int
    seconds: int

    def take(self, who: str, source: str = "") -> bool:
        """Count one try; False when `who` had used all of them up, and then nothing is counted.

        With a `source` (`source_of`) each of them has tries of its own.
        """
        until = datetime.fromtimestamp((self._window() + 1) * self.seconds, tz=UTC)
        return self._run(TAKE, [self._key(who, source), until, self.amount]) is not None

    def give_back(self, who: str, source: str = "") -> None:
        """Uncount a try that was right. Where the window ended meanwhile, nothing happens."""
        self._run(GIVE_BACK, [self._key(who, source)])

    def reached(self, who: str) -> bool:
        """Whether `who` has used it up, without counting: for what is no secret."""
        return (self._run(USED, [self._key(who)]) or 0) >= self.amount

    def clear(self, who: str) -> None:
        """Forget the tries of `who` in this window, from every source."""
        with use(NOBODY):
            TryCount.objects.filter(key__startswith=self._digest(who)).delete()

    def _window(self) -> int:
        return int(time.time()) // self.seconds

    def _key(self, who: str, source: str = "") -> str:
        return self._digest(who) + (_hash(source)[:24] if source else "")

    def _digest(self, who: str) -> str:
        return _hash(f"{self.action}\0{self._window()}\0{who.lower()}")[:40]

    def _run(self, statement: str, values: list) -> int | None:
        # Counts are of no tenant: the log-in role's own table, whatever scope the request is in.
        with use(NOBODY), connection.cursor() as cursor:
            cursor.execute(statement, values)
            row = cursor.fetchone() if cursor.description else None
            return row[0] if row else None


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


Try = tuple[Limit, str] | tuple[Limit, str, str]  # a limit, who, and from which source


def take_all(*tries: Try) -> bool:
    """Take one of every try; where one is used up, the others are given back."""
    for n, (limit, *who) in enumerate(tries):
        if not limit.take(*who):
            give_back_all(*tries[:n])
            return False
    return True


def give_back_all(*tries: Try) -> None:
    """Uncount a try that was right."""
    for limit, *who in tries:
        limit.give_back(*who)


def forget_old() -> int:
    """Delete the counts of windows that ended; returns how many."""
    with use(NOBODY):
        return TryCount.objects.filter(until__lt=timezone.now()).delete()[0]


def address_of(request) -> str:
    """The visitor's network address, as far as our own proxies vouch for it.

    `TRUSTED_PROXY_COUNT` proxies stand before the product: the last but so many of X-Forwarded-For
    counts, and what a visitor wrote in front of it does not. The evidence beside a signature.
    """
    return get_adapter().get_client_ip(request)


def source_of(request) -> str:
    """What a brake on guessing counts by: the network address, of IPv6 the network of one line.

    A line has 2^64 addresses of IPv6, and could try from each of them.
    """
    address = ip_address(address_of(request))
    if address.version == 4 or address.ipv4_mapped:
        return str(getattr(address, "ipv4_mapped", None) or address)
    return str(ip_network(f"{address}/64", strict=False).network_address)
