"""Whether two students checked in from one browser on one day: the school looks, nobody is refused.

A cookie of a day says which student it was, so that nobody can read it out of it. Who deletes it
is not found; nor is a phone that is lent with its log-in. It is a hint.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

COOKIE = "aanmelding"
LASTS = timedelta(hours=18)


def used_by_another(request, day: date) -> bool:
    """Whether another student checked in with this browser on that day."""
    said, _dot, whose = request.COOKIES.get(COOKIE, "").partition(".")
    return said == day.isoformat() and not constant_time_compare(whose, _mark(request.actor, day))


def remember(request, response, day: date) -> None:
    """This student checked in here; the first one of a day stays the one."""
    if request.COOKIES.get(COOKIE, "").startswith(day.isoformat()):
        return
    response.set_cookie(
        COOKIE,
        f"{day.isoformat()}.{_mark(request.actor, day)}",
        max_age=int(LASTS.total_seconds()),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _mark(actor, day: date) -> str:
    return salted_hmac("attendance.one_browser", f"{actor.student_id}.{day}").hexdigest()[:32]
