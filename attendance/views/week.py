"""The week on one page: all trainees, one button."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from attendance import services
from attendance.days import parse_week, week_of
from attendance.models import MAX_MINUTES
from attendance.queries.company import trainees
from attendance.queries.folder import open_weeks
from attendance.queries.weeks import TraineeWeek, company_week
from attendance.views.company import only_proven
from stage.core.dutch.calendar import school_today
from stage.core.enums import Audience
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.who.access import allow
from stage.core.who.policies import Conflict

MAX_HOURS = MAX_MINUTES // 60


@dataclass
class Card:
    """One trainee on the page, with what was typed."""

    week: TraineeWeek
    rows: list[dict]
    remark: str
    error: str = ""

    @property
    def field(self) -> str:
        return self.week.placement.public_id


@allow(Audience.COMPANY, methods=("GET", "POST"))
def week_confirm(request, week):
    """Attendance, hours and day reports of all trainees of one week, confirmed in one go."""
    actor = request.actor
    only_proven(actor)
    span = parse_week(week)
    if span[0] > school_today():
        raise Http404
    cards = [_card(w, request.POST) for w in company_week(actor, week)]
    error = ""
    if request.method == "POST":
        error = _confirm(week, cards, request)
        if not error:
            notice(request, _("Dank u. De week is bevestigd; de school ziet het nu."))
            return redirect("attendance:week_confirm", week)
        # What stands on the page now is what it answers for from here on.
        cards = [_card(w, request.POST) for w in company_week(actor, week)]
    recent = list(trainees(actor, span[0] - timedelta(weeks=10), school_today()))
    context = {
        "cards": cards,
        "error": error,
        "week": week,
        "first": span[0],
        "last": span[-1],
        "number": span[0].isocalendar()[1],
        "others": [w for w in open_weeks(actor, recent) if w != week],
        "all_confirmed": bool(cards) and all(c.week.is_confirmed for c in cards),
        "can_confirm": any(t.can_tick for c in cards for t in c.week.ticks),
        "change_until": services.change_until(week),
        "closed": school_today() > services.change_until(week),
        "previous": week_of(span[0] - timedelta(days=7)),
        "is_this_week": school_today() in span,
    }
    return form_page(request, "attendance/week_confirm.html", context)


def _card(week: TraineeWeek, data) -> Card:
    pid = week.placement.public_id
    posted = f"seen-{pid}" in data
    rows = []
    for tick in week.ticks:
        key = f"{pid}-{tick.day.date.isoformat()}"
        rows.append(
            {
                "tick": tick,
                "day": tick.day,
                "key": key,
                "ticked": f"there-{key}" in data if posted else tick.ticked,
                "hours": data.get(f"hours-{key}", tick.hours) if posted else tick.hours,
            }
        )
    remark = week.confirmation.remark if week.confirmation else ""
    return Card(week, rows, data.get(f"remark-{pid}", remark)[:500])


def _confirm(week: str, cards: list[Card], request) -> str:
    """Store what was sent; a sentence when that is not possible."""
    shown = [c for c in cards if f"seen-{c.field}" in request.POST]
    try:
        words = [
            services.Word(
                placement=c.week.placement,
                minutes=_typed_minutes(c),
                remark=c.remark.strip(),
                seen=request.POST[f"seen-{c.field}"],
            )
            for c in shown
            if any(r["tick"].can_tick for r in c.rows)
        ]
        with transaction.atomic():
            services.confirm_weeks(week, words, actor=request.actor)
    except ValueError:
        return _("Vul de uren in als getal, bijvoorbeeld 7 of 6,5.")
    except Conflict as conflict:
        return str(conflict)
    return ""


def _typed_minutes(card: Card) -> dict[date, int]:
    return {
        r["day"].date: typed_minutes(r["hours"]) if r["ticked"] else 0
        for r in card.rows
        if r["tick"].can_tick
    }


def typed_minutes(hours: str) -> int:
    """Minutes of "6,5" or "6.5" hours. Raises ValueError for anything that is no such number."""
    try:
        value = Decimal(hours.strip().replace(",", "."))
    except InvalidOperation:
        raise ValueError(hours) from None
    if not value.is_finite() or not 0 < value <= MAX_HOURS:
        raise ValueError(hours)
    return int(value * 60)
