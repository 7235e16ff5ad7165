"""Somebody's days in their own calendar: the page that makes the address, and what is behind it."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _

from stage.core.enums import Audience
from stage.core.models import CalendarFeed
from stage.core.tenants import tenancy
from stage.core.ui import agenda as entries
from stage.core.ui.language import language_of
from stage.core.ui.notices import notice
from stage.core.who import feeds
from stage.core.who.access import allow, public
from stage.core.who.actors import Actor
from stage.core.who.limits import Limit, source_of
from stage.core.who.policies import Conflict

TEMPLATES = {
    Audience.STUDENT: "web/agenda/student.html",
    Audience.TEACHER: "web/agenda/staff.html",
    Audience.COORDINATOR: "web/agenda/staff.html",
    Audience.COMPANY: "web/agenda/company.html",
}
MADE = Limit("feed-make", amount=10, seconds=3600)
# A calendar asks every quarter of an hour at most; several may share one address.
ASKED = Limit("feed", amount=60, seconds=3600)
WRONG = Limit("feed-wrong", amount=60, seconds=600)


@allow(*TEMPLATES, methods=("GET", "POST"))
def agenda(request):
    """What a calendar shows, and how to add it; a POST makes the address and shows it once."""
    actor = request.actor
    context: dict[str, object] = {"address": "", "webcal": ""}
    if request.method == "POST":
        if not _is_known(actor):
            return redirect("web:agenda")
        if not MADE.take(f"{actor.kind}:{actor.id}"):
            notice(request, _("Wacht een uur en probeer het dan opnieuw."), tone="attention")
            return redirect("web:agenda")
        try:
            token = feeds.make_feed(actor)
        except Conflict as conflict:
            notice(request, str(conflict), tone="attention")
            return redirect("web:agenda")
        address = settings.SITE_URL + reverse("web:agenda_feed", args=[token])
        context |= {"address": address, "webcal": "webcal://" + address.partition("://")[2]}
    context["feed"] = feeds.feed_of(actor)
    return render(request, TEMPLATES[actor.role], context)


@allow(*TEMPLATES, methods=("POST",))
def agenda_withdraw(request):
    """The address stops working at once."""
    try:
        feeds.withdraw_feed(request.actor)
    except Conflict as conflict:
        notice(request, str(conflict), tone="attention")
    else:
        notice(
            request,
            _("Ingetrokken. Dit adres werkt niet meer. Haal de agenda ook weg uit de telefoon."),
        )
    return redirect("web:agenda")


def _is_known(actor) -> bool:
    """Whom no school knows has nothing to see, in a calendar either; the page says so."""
    return not actor.is_company or bool(actor.proven and actor.standings)


@public("a calendar program cannot log in: its address is the key, for that calendar alone")
@transaction.non_atomic_requests
def agenda_feed(request, token):
    """The calendar, as iCalendar; 410 once it was withdrawn or its owner is gone."""
    found = feeds.find_feed(token)
    if found is None:
        allowed = WRONG.take(source_of(request))
        return _plain(404) if allowed else _plain(429)
    if found.actor is None or found.actor.role not in TEMPLATES:
        return _plain(410)
    if not ASKED.take(found.feed.digest):
        return _plain(429)
    body = _calendar(found.actor, found.feed)
    etag = quote_etag(hashlib.sha256(body).hexdigest()[:32])
    answer = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'inline; filename="stage.ics"'
    answer = get_conditional_response(request, etag=etag, response=answer) or answer
    answer["ETag"] = etag
    answer["Cache-Control"] = "private, no-cache"
    return answer


def _calendar(actor: Actor, feed: CalendarFeed) -> bytes:
    # The library takes memory; most processes never make a calendar.
    from stage.core.ui.ical import calendar_of

    language = language_of(feed.person_kind, feed.person_id)
    with tenancy.use(actor.scope), transaction.atomic(), translation.override(language):
        return calendar_of(entries.entries_of(actor), name=_("Stage"))


def _plain(status: int) -> HttpResponse:
    """A refusal that says nothing, not even whether there was ever a calendar of anybody."""
    answer = HttpResponse(status=status, content_type="text/plain; charset=utf-8")
    if status == 429:
        answer["Retry-After"] = "3600"
    return answer
