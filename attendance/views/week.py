"""The week on one page: all trainees, one button; with the other weeks that still wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from attendance import services
from attendance.days import parse_week
from attendance.enums import DisputeKind
from attendance.queries.company import trainees
from attendance.queries.folder import open_weeks
from attendance.queries.weeks import company_weeks
from attendance.views.company import only_proven
from attendance.week_cards import Card, make_card, mark_why, word_of
from attendance.week_words import numbers_words
from stage.core.dutch.calendar import school_today
from stage.core.enums import Audience
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.who.access import allow
from stage.core.who.policies import Conflict


@dataclass
class WeekPart:
    """One week on the page."""

    week: str
    cards: list[Card]

    @property
    def days(self) -> list[date]:
        return parse_week(self.week)

    @property
    def number(self) -> int:
        return self.days[0].isocalendar()[1]

    @property
    def waiting(self) -> list[Card]:
        return [c for c in self.cards if c.can_confirm and not c.is_confirmed]

    @property
    def change_until(self) -> date:
        return services.change_until(self.week)

    @property
    def all_confirmed(self) -> bool:
        return bool(self.cards) and all(c.week.is_confirmed for c in self.cards)


@allow(Audience.COMPANY, methods=("GET", "POST"))
def week_confirm(request, week):
    """Attendance, hours and day reports of all trainees, confirmed in one go."""
    actor = request.actor
    only_proven(actor)
    span = parse_week(week)
    if span[0] > school_today():
        raise Http404
    recent = list(trainees(actor, span[0] - timedelta(weeks=10), school_today()))
    others = [w for w in open_weeks(actor, recent) if w != week]
    parts = _parts(actor, week, others, request.POST)
    cards = [card for part in parts for card in part.cards]
    error = ""
    if request.method == "POST":
        error = _confirm(parts, request)
        if not error and not any(c.errors for c in cards):
            notice(request, _thanks(parts))
            return redirect("attendance:week_confirm", week)
        if error:
            # What stands on the page now is what it answers for from here on.
            parts = _parts(actor, week, others, request.POST)
            cards = [card for part in parts for card in part.cards]
    return form_page(request, "attendance/week_confirm.html", _context(parts, cards, error))


def _context(parts: list[WeekPart], cards: list[Card], error: str) -> dict:
    errors = [e for c in cards for e in c.errors]
    wrong = next((r for c in cards for r in c.rows if r.is_wrong), None)
    if wrong is not None:
        wrong.has_focus = True
    main = parts[0]
    waiting = [p for p in parts if p.waiting]
    return {
        "parts": [p for p in parts if p.cards],
        "main": main,
        "elsewhere": [p for p in parts[1:] if not p.cards],
        "numbers": numbers_words([p.number for p in waiting or [main]]),
        "first": min(p.days[0] for p in waiting or [main]),
        "last": max(p.days[-1] for p in waiting or [main]),
        "several": len(waiting) > 1,
        "error": error,
        "errors": errors,
        "all_confirmed": bool(cards) and not waiting,
        "can_confirm": any(c.can_confirm for c in cards),
        "has_begun": any(c.to_say for c in cards),
        "closed": school_today() > main.change_until,
        "reasons": DisputeKind.choices,
    }


def _parts(actor, week: str, others: list[str], data) -> list[WeekPart]:
    """The page's own week first; of the others only who still waits.

    A week with a question in it is confirmed on a page of its own: nobody presses past it.
    """
    found = company_weeks(actor, [week, *others])
    parts = []
    for name in (week, *others):
        closed = school_today() > services.change_until(name)
        cards = [make_card(w, name, data, main=name == week, closed=closed) for w in found[name]]
        if name != week:
            cards = [c for c in cards if c.posted or (c.can_confirm and not c.is_confirmed)]
            if any(c.asks and not c.posted for c in cards):
                cards = []
        parts.append(WeekPart(name, cards))
    return parts


def _confirm(parts: list[WeekPart], request) -> str:
    """Store what was sent; a sentence when that cannot be. What is wrong stands at the cards."""
    words = {}
    for part in parts:
        shown = [c for c in part.cards if c.posted and c.to_say]
        words[part.week] = [word_of(c, request.POST[f"seen-{c.field}"]) for c in shown]
    cards = [c for part in parts for c in part.cards]
    if any(c.errors for c in cards):
        return ""
    try:
        with transaction.atomic():
            for part in parts:
                services.confirm_weeks(part.week, words[part.week], actor=request.actor)
    except services.WhyNeeded as needed:
        mark_why(cards, needed.placement, needed.days)
    except Conflict as conflict:
        return str(conflict)
    return ""


def _thanks(parts: list[WeekPart]) -> str:
    done = [p.number for p in parts if any(c.posted and c.to_say for c in p.cards)]
    if len(done) > 1:
        words = _("Dank u. Week %(numbers)s zijn bevestigd; de school ziet het nu.")
        return words % {"numbers": numbers_words(done)}
    return _("Dank u. De week is bevestigd; de school ziet het nu.")
