"""Which phones came in since this one let another in, and how to end that.

Whoever is logged in on one phone lets the next one in; the first one is told, in case it was
somebody else's. Only a phone that made a code looks: every other home costs nothing more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from stage.core.record import audit
from stage.core.tenants.tenancy import NOBODY, use

LET_IN_KEY = "phones_let_in"  # since when this phone looks
MOST = 10
# What a browser calls itself, by what it says about itself; the first that fits.
_KINDS = ("iPhone", "iPad", "Android", "Windows", "Macintosh", "Linux")


@dataclass(frozen=True)
class Phone:
    """Another log-in: when it began, and on what, as far as that says so."""

    since: datetime
    kind: str


def new_phones(request) -> list[Phone]:
    """Log-ins of the same person that began since this one made a code, and were not told yet."""
    if LET_IN_KEY not in request.session:
        return []
    with use(NOBODY):
        return [Phone(row.created_at, _kind(row.user_agent)) for row in _newer(request)]


def look_for_phones(request) -> None:
    """A code was made on this phone: from now on it tells who came in."""
    request.session.setdefault(LET_IN_KEY, timezone.now().isoformat())


def accept_phones(request) -> None:
    """The others are one's own: this phone says no more about them."""
    request.session.pop(LET_IN_KEY, None)


@transaction.atomic
def end_phones(request, actor) -> int:
    """End the log-ins that `new_phones` tells of; returns how many."""
    if LET_IN_KEY not in request.session:
        return 0
    with use(NOBODY):
        rows = _newer(request)
        keys = [row.session_key for row in rows]
        Session.objects.filter(pk__in=keys).delete()
        for row in rows:
            row.delete()
    if rows:
        audit.record(actor, "phones_ended")
    return len(rows)


def _newer(request) -> list:
    from allauth.usersessions.models import UserSession

    key = request.session.session_key
    rows = list(UserSession.objects.filter(user=request.user).order_by("-created_at", "-pk"))
    since = datetime.fromisoformat(request.session[LET_IN_KEY])
    newer = [r for r in rows if r.created_at > since and r.session_key != key][:MOST]
    if not newer:
        return []
    alive = Session.objects.filter(
        pk__in=[row.session_key for row in newer], expire_date__gt=timezone.now()
    )
    keys = set(alive.values_list("pk", flat=True))
    return [row for row in newer if row.session_key in keys]


def _kind(user_agent: str) -> str:
    return next((kind for kind in _KINDS if kind in user_agent), "")
