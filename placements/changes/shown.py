"""A change as people read it: a sentence, and what stood there beside what stands there now."""

from __future__ import annotations

from datetime import date, time
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from companies.models import Contact
from placements.changes.day import Day
from placements.changes.kinds import STAND_IN
from placements.enums import OF_THEIR_OWN, ChangeKind, Missed
from placements.models import Placement, PlacementChange
from stage.core.models import Membership
from stage.core.ui.dates import day_words, hours_words, period_words, weekday_names


class Side(NamedTuple):
    """One thing that changes: its word, how it was and how it becomes."""

    label: str
    old: str
    new: str


def title_of(change: PlacementChange) -> str:
    """The change in one sentence, with its day."""
    day = day_words(change.from_on)
    if change.kind == ChangeKind.PAUSE and change.until_on:
        span = period_words(change.from_on, change.until_on)
        return _("Geen stage: %(span)s") % {"span": span}
    if change.kind == ChangeKind.SCHEDULE and change.until_on:
        span = period_words(change.from_on, change.until_on)
        return _("Andere dagen of tijden: %(span)s") % {"span": span}
    if change.kind == ChangeKind.SUPERVISOR and change.until_on:
        span = period_words(change.from_on, change.until_on)
        return _("Een vervanger van de praktijkopleider: %(span)s") % {"span": span}
    if change.kind == ChangeKind.SUPERVISOR and set(change.before.get("values", ())) == {*STAND_IN}:
        return _("De praktijkopleider is er weer vanaf %(day)s") % {"day": day}
    if change.kind == ChangeKind.CALLED_OFF:
        span = period_words(change.from_on, change.until_on or change.from_on)
        return _("De stage gaat niet door: %(span)s") % {"span": span}
    if change.kind == ChangeKind.CATCH_UP:
        return _missed_title(change, day)
    sentences = {
        ChangeKind.SCHEDULE: _("Andere dagen of tijden vanaf %(day)s"),
        ChangeKind.DATES: _("Andere eerste of laatste dag"),
        ChangeKind.SUPERVISOR: _("Een andere praktijkopleider vanaf %(day)s"),
        ChangeKind.TEACHER: _("Een andere stagebegeleider vanaf %(day)s"),
        ChangeKind.MOVE: _("Naar een ander bedrijf vanaf %(day)s"),
        ChangeKind.OFF: _("De stage gaat niet door"),
        ChangeKind.STOP: _("De stage stopt: %(day)s is de eerste dag zonder stage"),
        ChangeKind.PERIOD: _("De periode van school is veranderd"),
        ChangeKind.UNMATCH: _("De koppeling is losgemaakt"),
    }
    return sentences[ChangeKind(change.kind)] % {"day": day} if change.kind in sentences else ""


def _missed_title(change: PlacementChange, day: str) -> str:
    outcome = change.wanted.get("outcome")
    if outcome == Missed.CAUGHT_UP and change.wanted.get("on"):
        words = {"day": day, "on": _day(change.wanted["on"])}
        return _("%(day)s wordt ingehaald op %(on)s") % words
    sentences = {
        Missed.EXCUSED: _("%(day)s hoeft niet ingehaald: het was geoorloofd"),
        Missed.WRITTEN_OFF: _("%(day)s wordt niet ingehaald"),
        Missed.OPEN: _("Over %(day)s is nog niet besloten"),
    }
    sentence = sentences.get(outcome, _("Een gemiste dag: %(day)s"))
    return sentence % {"day": day}


def sides_of(placement: Placement, before: dict, after: dict) -> list[Side]:
    """What differs, by the placement's columns: values as plain JSON, `after` those of now."""
    old = {name: value for name, value in before.items() if value != after.get(name, value)}
    found = []
    if "weekdays" in old:
        found.append(Side(_("Dagen"), *_both(weekday_names, old, after, "weekdays")))
    if {"day_from", "day_to"} & set(old):
        was, now = before | {}, {**before, **after}
        found.append(Side(_("Tijden"), _hours(was, placement), _hours(now, placement)))
    if "break_minutes" in old:
        words = lambda n: ngettext("%(n)s minuut", "%(n)s minuten", n) % {"n": n}  # noqa: E731
        found.append(Side(_("Pauze"), *_both(words, old, after, "break_minutes")))
    for name, label in (("starts", _("Eerste dag")), ("ends", _("Laatste dag"))):
        if name in old:
            found.append(Side(label, *_both(_day, old, after, name)))
    for name, label, model in (
        ("supervisor_id", _("Praktijkopleider"), Contact),
        ("teacher_id", _("Stagebegeleider"), Membership),
    ):
        if name in old:
            people = dict(
                model.objects.filter(pk__in=_ids(old, after, name)).values_list("pk", "name")
            )
            found.append(Side(label, people.get(old[name], "–"), people.get(after[name], "–")))
    if set(STAND_IN) & set(old):
        now = values_now(placement, STAND_IN)
        found.append(
            Side(_("Vervanger"), _stand_in({**now, **before}), _stand_in({**now, **after}))
        )
    return found


def _stand_in(values: dict) -> str:
    """Who stands in for the supervisor, and when."""
    first, last = values["stand_in_from"], values["stand_in_until"]
    if values["stand_in_id"] is None or first is None or last is None:
        return "–"
    names = Contact.objects.filter(pk=values["stand_in_id"]).values_list("name", flat=True)
    words = period_words(date.fromisoformat(first), date.fromisoformat(last))
    return _("%(name)s, %(span)s") % {"name": names.first() or "–", "span": words}


def done_sides(change: PlacementChange) -> list[Side]:
    """What a change that was done replaced, and with what."""
    before = change.before.get("values", {})
    sides = sides_of(change.placement, before, change.before.get("after", {}))
    return sides + day_sides(change) if change.kind in OF_THEIR_OWN else sides


def day_sides(change: PlacementChange) -> list[Side]:
    """The days that went and came, of a change that is about days alone."""
    gone = [Day.read(day) for day in change.before.get("removed", ())]
    new = [Day.read(day) for day in change.before.get("added", ())]
    found = []
    if gone:
        found.append(Side(_("Dagen eraf"), days_words([d.date for d in gone]), "–"))
    if new:
        found.append(Side(_("Dagen erbij"), "–", days_words([d.date for d in new])))
    if len(new) == 1:
        found.append(Side(_("Tijden"), "–", hours_words(new[0].day_from, new[0].day_to)))
    if count := len(change.before.get("retimed", ())):
        days = ngettext("op %(n)s dag", "op %(n)s dagen", count) % {"n": count}
        found.append(Side(_("Andere tijden"), "–", days))
    return found


def values_now(placement: Placement, names) -> dict:
    """The placement's columns as plain JSON."""
    return {name: plain(getattr(placement, name)) for name in names}


def plain(value):
    """A column as it is kept in JSON: dates and times as ISO words."""
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return value.isoformat() if isinstance(value, date) else value


def days_words(days: list[date], most: int = 8) -> str:
    """Days in words, the first few, and how many more."""
    shown = ", ".join(day_words(d) for d in days[:most])
    more = len(days) - most
    return shown if more <= 0 else _("%(days)s en nog %(more)s") % {"days": shown, "more": more}


def _both(words, old: dict, after: dict, name: str) -> tuple[str, str]:
    return words(old[name]), words(after[name])


def _day(text: str) -> str:
    return day_words(date.fromisoformat(text))


def _hours(values: dict, placement: Placement) -> str:
    begin, end = (
        time.fromisoformat(values[name]) if name in values else getattr(placement, name)
        for name in ("day_from", "day_to")
    )
    return hours_words(begin, end)


def _ids(old: dict, after: dict, name: str) -> set[int]:
    return {pk for pk in (old[name], after[name]) if pk}
