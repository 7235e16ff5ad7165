"""Keeps secrets that stand in addresses out of logs.

A link's token, a calendar's, a login card's code, a poster's code and the key of a password reset
are keys: who reads a log must not get in with it. `docker/nginx.conf` says the same to nginx; a
test holds both against every route. What somebody searched for is no key, and is left out as well:
it is often a student's name.
"""

from __future__ import annotations

import logging
import re

# The address up to the secret, as the routes write it; the secret ends at a slash.
DOOR = re.compile(
    r"(/(?:l|kaart|kalender|bedrijven/(?:antwoord|mail)|stages/niet-mijn-kind|aanwezig/(?:scan|hier)"
    r"|accounts/password/reset/key)/+)"
    r"[^/?#\s\"']+"
)
SEARCHED = re.compile(r"([?&]q=)[^&#\s\"']+")


def redact(text: str) -> str:
    """The text with "-" for each secret in an address, and for words that were searched for."""
    return SEARCHED.sub(r"\1-", DOOR.sub(r"\1-", text))


class Formatter(logging.Formatter):
    """Takes them out of whatever is logged, also out of an error's own words.

    Django names the address of each request it refuses.
    """

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))
