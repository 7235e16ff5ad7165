"""Brakes on guessing: so many times per so many seconds, per address or per name.

Counted in the cache, which stands in the database, so that every web process counts along. These
are brakes on many tries; what must hold exactly (five tries per card, per code) is a locked row.
"""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass

from allauth.account.adapter import get_adapter
from django.core.cache import cache


@dataclass(frozen=True)
class Limit:
    """At most `amount` times in a window of `seconds`."""

    action: str
    amount: int
    seconds: int

    def _key(self, who: str) -> str:
        digest = hashlib.sha256(who.lower().encode()).hexdigest()[:32]
        return f"limit:{self.action}:{int(time.time()) // self.seconds}:{digest}"

    def reached(self, who: str) -> bool:
        """Whether `who` has used it up."""
        return cache.get(self._key(who), 0) >= self.amount

    def count(self, who: str) -> None:
        """Count one time."""
        key = self._key(who)
        if not cache.add(key, 1, self.seconds):
            cache.set(key, cache.get(key, 0) + 1, self.seconds)


def address_of(request) -> str:
    """The visitor's network address, as far as our own proxies vouch for it.

    `TRUSTED_PROXY_COUNT` proxies stand before the product: the last but so many of X-Forwarded-For
    counts, and what a visitor wrote in front of it does not. Used wherever an address matters:
    brakes on guessing, and the evidence beside a signature.
    """
    return get_adapter().get_client_ip(request)
