"""On which other phones somebody is logged in since this one last looked, and how to end that.

Whoever is logged in on one phone lets the next one in; the first one is told, in case it was
somebody else's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from stage.core.record import audit
from stage.core.tenants.tenancy import NOBODY, use

SEEN_KEY = "phones_seen"
MOST = 10
# What a browser calls itself, by what it says about itself; the first that fits.
_KINDS = ("iPhone", "iPad", "Android", "Windows", "Macintosh", "Linux")


@dataclass(frozen=True)
class Phone:
    """Another log-in: when it began, and on what, as far as that says so."""

    since: datetime
    kind: str


def new_phones(request) -> list[Phone]:
    """Log-ins of the same person that began after this one, and were not looked at here yet."""
    with use(NOBODY):
        return [Phone(row.created_at, _kind(row.user_agent)) for row in _newer(request)]


def accept_phones(request) -> None:
    """The others are one's own: this phone says no more about them."""
    request.session[SEEN_KEY] = timezone.now().isoformat()


@transaction.atomic
def end_phones(request, actor) -> int:
    """End the log-ins that `new_phones` tells of; returns how many."""
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
    mine = next((row for row in rows if row.session_key == key), None)
    if mine is None:
        return []
    seen = request.session.get(SEEN_KEY)
    since = max(mine.created_at, datetime.fromisoformat(seen)) if seen else mine.created_at
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
