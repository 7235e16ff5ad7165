"""What somebody opened on this device: news that was read is not asked for again.

A page changes no row by being opened, so it is a cookie that remembers: the newest few keys, each
a kind and a public key ("antwoord-4hd8…").
"""

from __future__ import annotations

import re

from django.conf import settings

COOKIE = "seen"
MOST = 30
_SECONDS = 60 * 60 * 24 * 60
_KEY = re.compile(r"[A-Za-z0-9_-]{1,60}")


def keys(request) -> list[str]:
    """What was opened here, the oldest first."""
    found = request.COOKIES.get(COOKIE, "").split(".")
    return [key for key in found if _KEY.fullmatch(key)][-MOST:]


def mark(request, response, *seen: str):
    """Remember that these were opened; gives the response back."""
    before = [key for key in keys(request) if key not in seen]
    response.set_cookie(
        COOKIE,
        ".".join([*before, *seen][-MOST:]),
        max_age=_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response
