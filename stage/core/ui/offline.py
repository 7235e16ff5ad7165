"""What a phone may keep of a page, for when there is no network. `static/js/sw.js` obeys.

Every page tells under which log-in it was made; a page that may be kept says so besides. Nothing
else is kept, and what was kept goes with the first answer to another log-in, or to nobody.
"""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.crypto import salted_hmac

LOGIN, KEEP, ALSO = "Stage-Login", "Stage-Keep", "Stage-Also"
NOBODY = "-"


def login_mark(request) -> str:
    """A word that is the same as long as one student stays logged in; "-" for all others.

    Says nothing about the student; it is another one after every log-in.
    """
    actor = getattr(request, "actor", None)
    session = getattr(request, "session", None)
    if actor is None or session is None or not actor.is_student or not session.session_key:
        return NOBODY
    return salted_hmac(LOGIN, f"{session.session_key}:{actor.membership}").hexdigest()[:20]


def owner_mark(request) -> str:
    """A word for the student who is logged in, the same after every log-in; "" for all others.

    What waits on a phone for a network is theirs by it: the next to log in there neither sees nor
    sends it.
    """
    actor = getattr(request, "actor", None)
    if actor is None or not actor.is_student:
        return ""
    return salted_hmac("Stage-Owner", str(actor.membership)).hexdigest()[:20]


def keep(response: HttpResponse, also: str = "") -> HttpResponse:
    """Let the student's phone keep this page; `also`: the address of one more, fetched now."""
    response[KEEP] = "1"
    if also:
        response[ALSO] = also
    return response
