"""One trainee's week on the company's page: what it shows, what was typed, and what is wrong."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from attendance.days import hours_text
from attendance.enums import DisputeKind
from attendance.queries.weeks import Tick, TraineeWeek
from attendance.services.disputes import Why
from attendance.services.weeks import Word
from attendance.typed_hours import MAX_HOURS, typed_minutes
from attendance.words import end_words
from stage.core.ui.dates import day_words


@dataclass
class Row:
    """One day of a card."""

    tick: Tick
    key: str
    ticked: bool
    hours: str
    why: str = ""
    words: str = ""
    error: str = ""
    why_error: str = ""
    has_focus: bool = False

    @property
    def day(self):
        return self.tick.day

    @property
    def is_less(self) -> bool:
        """Whether less stands there than was planned: it is told without unfolding."""
        went = self.day.out_at is not None and self.day.confirmed is None
        return not self.tick.ticked or (
            went and self.day.proposed_minutes < self.day.planned_minutes
        )

    @property
    def is_wrong(self) -> bool:
        return bool(self.error or self.why_error)

    @property
    def said(self) -> str:
        """What is known of the day, beside the box."""
        day = self.day
        if day.check_in and not day.check_in.is_ticked:
            came = _("binnen om %(time)s") % {
                "time": f"{timezone.localtime(day.check_in.at):%H:%M}"
            }
            return ", ".join(filter(None, [came, self.end]))
        return self.end or (_("niet gescand") if day.is_unknown else day.word)

    @property
    def end(self) -> str:
        """When the student went, or that the planned time stands there."""
        return end_words(self.day, self.tick.day_end)


@dataclass
class Card:
    """One trainee on the page, with what was typed."""

    week: TraineeWeek
    number: str  # the ISO week
    field: str
    rows: list[Row]
    remark: str
    closed: bool = False
    posted: bool = False
    errors: list[tuple[str, str]] = dataclasses.field(default_factory=list)

    @property
    def to_say(self) -> list[Row]:
        """The days about which something can be said."""
        return [r for r in self.rows if r.tick.can_tick]

    @property
    def can_confirm(self) -> bool:
        return bool(self.to_say) and not self.closed

    @property
    def is_confirmed(self) -> bool:
        return bool(self.to_say) and self.week.is_confirmed

    @property
    def asks(self) -> bool:
        """Whether a day wants a look before the button: expected, not seen, not explained."""
        return any(r.tick.is_a_question for r in self.to_say)

    @property
    def is_open(self) -> bool:
        """Whether the days stand unfolded."""
        return bool(self.errors) or (self.can_confirm and not self.is_confirmed and self.asks)

    @property
    def all_as_planned(self) -> bool:
        return all(r.tick.is_as_planned for r in self.to_say)

    @property
    def line(self) -> str:
        """ "5 dagen, 30 uur, alles zoals gepland" or what is other than planned."""
        there = [r for r in self.to_say if r.tick.ticked]
        minutes = sum(
            r.day.confirmed
            if r.day.confirmed is not None
            else r.day.proposed_minutes or r.day.planned_minutes
            for r in there
        )
        parts = [
            ngettext("%(n)s dag", "%(n)s dagen", len(there)) % {"n": len(there)},
            _("%(hours)s uur") % {"hours": hours_text(minutes)},
        ]
        if self.all_as_planned:
            parts.append(_("alles zoals gepland"))
        parts += [f"{day_words(r.day.date)}: {r.said}" for r in self.to_say if r.is_less]
        return ", ".join(parts)

    @property
    def disputes(self) -> list:
        """Days of which company and student say something else."""
        return [r.tick.dispute for r in self.rows if r.tick.dispute is not None]


def make_card(week: TraineeWeek, number: str, data, *, main: bool, closed: bool) -> Card:
    """A card from what is known, or from what was typed. `main`: of the page's own week."""
    field_name = week.placement.public_id if main else f"{week.placement.public_id}-{number}"
    posted = f"seen-{field_name}" in data
    rows = [_row(tick, week.placement.public_id, data, posted) for tick in week.ticks]
    remark = week.confirmation.remark if week.confirmation else ""
    return Card(
        week,
        number,
        field_name,
        rows,
        data.get(f"remark-{field_name}", remark)[:500],
        closed=closed and week.confirmation is not None,
        posted=posted,
    )


def _row(tick: Tick, public_id: str, data, posted: bool) -> Row:
    key = f"{public_id}-{tick.day.date.isoformat()}"
    known = tick.dispute
    if not posted:
        said = (known.kind, known.words) if known else ("", "")
        return Row(tick, key, tick.ticked, tick.hours, *said)
    return Row(
        tick,
        key,
        f"there-{key}" in data,
        data.get(f"hours-{key}", tick.hours)[:20],
        data.get(f"why-{key}", "")[:10],
        data.get(f"words-{key}", "")[:300],
    )


def word_of(card: Card, seen: str) -> Word:
    """What was typed, as the service takes it; wrong numbers stand at their fields."""
    minutes: dict[date, int] = {}
    why = {}
    for row in card.to_say:
        try:
            minutes[row.day.date] = typed_minutes(row.hours) if row.ticked else 0
        except ValueError:
            row.error = _("Vul de uren in als getal, ten hoogste %(most)s. Bijvoorbeeld 7 of 6,5.")
            row.error %= {"most": MAX_HOURS}
            mark(card, row, f"hours-{row.key}", row.error)
        if row.why in DisputeKind.values:
            why[row.day.date] = Why(row.why, row.words)
    return Word(card.week.placement, minutes, card.remark.strip(), why, seen)


def mark(card: Card, row: Row, field_id: str, text: str) -> None:
    """A message with student and day, and the field it is about."""
    whose = f"{card.week.name}, {day_words(row.day.date)}"
    card.errors.append((field_id, f"{whose}: {text}"))


def mark_why(cards: Iterable[Card], placement, days: Iterable[date]) -> None:
    """The student said to be there on these days, and no reason was chosen."""
    for card in cards:
        for row in card.to_say:
            if card.week.placement.pk == placement.pk and row.day.date in days:
                row.why_error = _("De leerling meldde zich aan. Kies waarom het anders is.")
                mark(card, row, f"why-{row.key}", row.why_error)
