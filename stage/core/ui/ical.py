"""Entries of a calendar as iCalendar (RFC 5545), the same bytes for the same entries.

Without a METHOD the DTSTAMP is when an entry was last revised (3.8.7.2), not when it was asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from icalendar import Calendar, Component, Event, vDuration

from stage.core.dutch.calendar import AMSTERDAM
from stage.core.ui.agenda import Entry

PRODUCT = "-//Stage//Stage//NL"
EVERY = timedelta(hours=6)  # how often a calendar that listens asks again
# Characters that no text of a calendar may hold (3.1).
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# The rule since 1996 (directive 2000/84/EC): the last Sundays of March and October, 01:00 UTC.
_TIME_ZONE = """BEGIN:VTIMEZONE
TZID:Europe/Amsterdam
BEGIN:DAYLIGHT
DTSTART:19960331T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
""".replace("\n", "\r\n")


def calendar_of(entries: Iterable[Entry], *, name: str) -> bytes:
    """The calendar as it goes over the network: CRLF, lines of at most 75 bytes."""
    found = Calendar()
    found.add("prodid", PRODUCT)
    found.add("version", "2.0")
    found.add("calscale", "GREGORIAN")
    for label in ("name", "x-wr-calname"):
        found.add(label, _text(name))
    found.add("x-wr-timezone", "Europe/Amsterdam")
    found.add("refresh-interval", vDuration(EVERY, params={"VALUE": "DURATION"}))
    found.add("x-published-ttl", vDuration(EVERY))
    found.add_component(Component.from_ical(_TIME_ZONE))
    for entry in entries:
        found.add_component(_event(entry))
    return found.to_ical()


def _event(entry: Entry) -> Event:
    changed = entry.changed_at.astimezone(UTC).replace(microsecond=0)
    event = Event()
    event.add("uid", f"{entry.key}@{urlsplit(settings.SITE_URL).hostname}")
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    event.add("sequence", entry.revision)
    event.add("dtstart", _moment(entry.starts))
    # The end of whole days is the first day after them (3.6.1).
    whole = entry.is_whole_day
    event.add("dtend", _moment(entry.ends + timedelta(days=1) if whole else entry.ends))
    event.add("summary", _text(entry.title))
    if entry.place:
        event.add("location", _text(entry.place))
    if entry.text:
        event.add("description", _text(entry.text))
    if entry.path:
        event.add("url", settings.SITE_URL + entry.path)
    # What goes on all day takes nobody's time.
    event.add("transp", "TRANSPARENT" if whole else "OPAQUE")
    event.add("class", "PRIVATE")
    return event


def _moment(value: date | datetime) -> date | datetime:
    return value.astimezone(AMSTERDAM) if isinstance(value, datetime) else value


def _text(words: str) -> str:
    return _NO_TEXT.sub("", words.replace("\r\n", "\n").replace("\r", "\n"))
