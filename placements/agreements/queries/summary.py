"""The agreement in six lines: what somebody wants to know before reading the whole text.

Made of the very document that is signed; the articles they stand in are below.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import override

from placements.agreements import words
from placements.agreements.queries import reading

MOST = 160  # signs of a sentence that a school wrote itself
_ENDS = re.compile(r"stop|beëindig|opzeg|tussentijds", re.IGNORECASE)
_INSURES = re.compile(r"verzeker", re.IGNORECASE)


@dataclass(frozen=True)
class Line:
    """One thing, and the number of the article that says all of it."""

    icon: str
    label: str
    text: str
    article: int | None = None


def six_lines(agreement) -> list[Line]:
    """Where, which days, which times, who guides, who insures, how it stops."""
    document = reading.compose(agreement)
    company, school = document["company"], document["school"]
    ends, insures = _article(document, _ENDS), _article(document, _INSURES)
    return [
        Line("building", _("Waar"), _where(company)),
        Line("calendar", _("Welke dagen"), _days(document["placement"])),
        Line("clock", _("Hoe laat"), _times(company, school)),
        Line("users", _("Wie begeleidt"), _guides(company, school)),
        Line("shield", _("Verzekering"), _insurance(school), _number(insures)),
        Line("door", _("Eerder stoppen"), _stop(ends), _number(ends)),
    ]


def _where(company: dict) -> str:
    return ", ".join(filter(None, [company.get("name", ""), words.address(company, "")]))


def _days(placement: dict) -> str:
    with override("nl"):
        days = words.weekdays(placement.get("weekdays", []))
        span = [words.day(placement.get(name, "")) for name in ("starts", "ends")]
        return _("%(days)s, van %(first)s t/m %(last)s") % {
            "days": days or "…",
            "first": span[0],
            "last": span[1],
        }


def _times(company: dict, school: dict) -> str:
    with override("nl"):
        parts = [words.from_to(company, "")]
        if company.get("break_minutes"):
            parts.append(_("%(n)s minuten pauze") % {"n": company["break_minutes"]})
        if school.get("total_hours"):
            parts.append(_("samen %(n)s uur") % {"n": school["total_hours"]})
        return ", ".join(parts)


def _guides(company: dict, school: dict) -> str:
    with override("nl"):
        return _("Bij het bedrijf %(one)s, van school %(other)s") % {
            "one": company.get("supervisor") or "…",
            "other": school.get("teacher") or "…",
        }


def _insurance(school: dict) -> str:
    said = _first_sentence(school.get("insurance") or "")
    with override("nl"):
        if not said:
            said = _("Er staat niet wie waarvoor verzekerd is.")
        amount = words.euros(school.get("liability_maximum"))
        if amount:
            said += " " + _("Bij schade tot %(amount)s.") % {"amount": amount}
    return said


def _stop(article: dict | None) -> str:
    if article:
        return _first_sentence(article["text"])
    with override("nl"):
        return _("Daar staat in deze tekst geen eigen artikel over.")


def _article(document: dict, about: re.Pattern) -> dict | None:
    """The article whose title says it is about this; a school may have changed every word."""
    return next((a for a in document["articles"] if about.search(a["title"])), None)


def _number(article: dict | None) -> int | None:
    return article["number"] if article else None


def _first_sentence(text: str) -> str:
    """The first sentence, or as many words as fit."""
    whole = " ".join(text.split())
    first = re.split(r"(?<=[.!?])\s", whole, maxsplit=1)[0]
    if len(first) <= MOST:
        return first
    return first[:MOST].rsplit(" ", 1)[0] + " …"
