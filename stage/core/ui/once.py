"""What a phone sends counts once, however often it arrives, and happened when it was pressed.

    @allow(Audience.STUDENT, methods=("POST",))
    @once
    def check_in(request): ... request.happened_at ...

A form that may wait for a network (`data-queue`, `static/js/queue.js`) carries a word of its own,
the nonce. What a view takes is remembered by it, in the view's own transaction: a second one, a
twin at the same moment or a retry after an answer that was lost changes nothing and gets the
first answer. What was refused is not remembered; it may be tried again.

A phone that sends what waited says what its clock was when the button was pressed and what it is
now. Only the difference counts: the server's clock less the time it waited is `happened_at`, so a
clock that is wrong does no harm. Who sends with a network has none.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps

from django.db import connection
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from stage.core.models import Received
from stage.core.tenants.statements import Joined, insert_once
from stage.core.ui import offline

NONCE, OWNER = "Stage-Nonce", "Stage-Owner"
DEVICE_AT, SENT_AT = "Stage-Device-At", "Stage-Sent-At"  # milliseconds since 1970, of the phone
FIELD = "stage_nonce"  # of a form that is sent with a network
LONGEST = timedelta(days=366)  # that a phone is believed to have kept something
OFF_BY = timedelta(minutes=2)  # a clock that differs so much is worth a word
UNHAPPY = ("attention", "wrong")
_RECEIVED = Joined(Received, where='"row".student_id = %s AND "row".nonce = %s')


def once(view: Callable) -> Callable:
    """What the view takes counts once by its nonce; it stands under `@allow`."""

    @wraps(view)
    def counted(request, *args, **kwargs):
        request.happened_at = request.device_at = None
        waited = NONCE in request.headers
        nonce = good_nonce(request.headers.get(NONCE) or request.POST.get(FIELD, ""))
        if request.method != "POST" or not (nonce or waited):
            return view(request, *args, **kwargs)
        if waited:
            if not nonce or not _is_owners(request):
                return _answer(request, "other", status=409)
            request.happened_at, request.device_at = moments_of(request)
            request.notices_given = []
        first = _first(request.actor, nonce)
        if first is None:
            response = view(request, *args, **kwargs)
            to = _leads_to(response)
            if not to:
                return response
            first = _remember(request, nonce, to)
            if not waited:
                return response
        if not waited:
            return redirect(first.to)
        return _answer(request, "refused" if first.said else "taken", first.said)

    return counted


def has_script(request) -> bool:
    """Whether the page that sent this form has its script, which gave the form its nonce."""
    return NONCE not in request.headers and bool(good_nonce(request.POST.get(FIELD, "")))


def taken(response: HttpResponse, to: str) -> HttpResponse:
    """A page that answers what was taken at once. It shows `data-lives-at` with `to`, its address:

    opened again it is asked for there (`app.js`), and sent again it leads there.
    """
    response.leads_to = to  # type: ignore[attr-defined]
    return response


def _leads_to(response: HttpResponse) -> str:
    """Where what was taken leads; "" for what was refused."""
    if 300 <= response.status_code < 400:
        return response["Location"]
    return getattr(response, "leads_to", "")


def good_nonce(text: str) -> str:
    """The nonce, or "" for what is none."""
    ok = 8 <= len(text) <= 40 and text.isascii() and text.replace("-", "").isalnum()
    return text if ok else ""


def moments_of(request) -> tuple[datetime | None, datetime | None]:
    """When it was pressed by the server's clock, and what the phone's clock said then."""
    pressed, sent = (_moment(request.headers.get(name, "")) for name in (DEVICE_AT, SENT_AT))
    if pressed is None or sent is None:
        return None, pressed
    # Never in the future: a clock that went back meanwhile counts as no wait at all.
    waited = min(max(sent - pressed, timedelta(0)), LONGEST)
    return timezone.now() - waited, pressed


def clock_is_off(request) -> int:
    """How many seconds the phone's clock is ahead (behind: below nought); 0 when it is right."""
    sent = _moment(request.headers.get(SENT_AT, ""))
    off = sent - timezone.now() if sent else timedelta(0)
    return round(off.total_seconds()) if abs(off) >= OFF_BY else 0


def _moment(text: str) -> datetime | None:
    if not (text.isascii() and text.isdigit() and len(text) <= 14):
        return None
    return datetime.fromtimestamp(int(text) / 1000, tz=timezone.get_default_timezone())


def _is_owners(request) -> bool:
    """Whether who is logged in now is who pressed the button."""
    said = request.headers.get(OWNER, "")
    mark = offline.owner_mark(request)
    return bool(mark) and constant_time_compare(said, mark)


def _first(actor, nonce: str) -> Received | None:
    """What came of the same before; waits for a twin that is under way."""
    with connection.cursor() as cursor:
        key = f"{actor.student_id}:{nonce}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
    return next(iter(_RECEIVED(actor.student_id, nonce)), None)


def _remember(request, nonce: str, to: str) -> Received:
    given = getattr(request, "notices_given", [])
    row = Received(
        school_id=request.actor.school_id,
        student_id=request.actor.student_id,
        nonce=nonce,
        to=to[:200],
        said="\n".join(text for tone, text in given if tone in UNHAPPY),
    )
    insert_once(row)  # it is the first, or `_first` would have found the other
    return row


def _answer(request, state: str, said: str = "", status: int = 200) -> JsonResponse:
    told = {"state": state, "said": said, "clock": clock_is_off(request)}
    return JsonResponse(told, status=status)
