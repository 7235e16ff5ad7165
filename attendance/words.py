"""What was reported of somebody, in a few words: the same in mails, lists and on every card."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from attendance.days import Day
from attendance.enums import AbsenceKind
from attendance.models import Absence
from companies.enums import DayEnd


def absence_words(absence: Absence) -> str:
    """ "komt om 10:30", "gaat om 14:00 weg", "ziek", "afspraak (tandarts, dokter)"."""
    at = f"{absence.at_time:%H:%M}" if absence.at_time else ""
    if absence.kind == AbsenceKind.LATE:
        return _("komt om %(time)s") % {"time": at} if at else _("komt later")
    if absence.kind == AbsenceKind.EARLY:
        return _("gaat om %(time)s weg") % {"time": at} if at else _("gaat eerder weg")
    if absence.kind == AbsenceKind.OTHER:
        return _("afwezig")
    return AbsenceKind(absence.kind).label.lower()


def own_words(absence: Absence) -> str:
    """The same, to the student: "Je komt om 10:30", "Gemeld: afspraak (tandarts, dokter)"."""
    at = f"{absence.at_time:%H:%M}" if absence.at_time else ""
    if absence.kind == AbsenceKind.LATE:
        return _("Je komt om %(time)s") % {"time": at} if at else _("Je komt later")
    if absence.kind == AbsenceKind.EARLY:
        return _("Je gaat om %(time)s weg") % {"time": at} if at else _("Je gaat eerder weg")
    if absence.kind == AbsenceKind.ILL:
        return _("Je bent weer beter") if absence.back_at else _("Je bent ziek gemeld")
    return _("Gemeld: %(what)s") % {"what": absence_words(absence)}


def undo_words(absence: Absence) -> str:
    """What a student presses to say that it is not so after all."""
    if absence.kind == AbsenceKind.ILL:
        return _("Toch nog ziek") if absence.back_at else _("Toch niet ziek")
    words = {
        AbsenceKind.LATE: _("Toch gewoon op tijd"),
        AbsenceKind.EARLY: _("Toch niet eerder weg"),
    }
    return words.get(AbsenceKind(absence.kind)) or _("Toch gewoon stage")


def end_words(day: Day, day_end: str) -> str:
    """What is known of the rest of a day that somebody was there; nothing where nobody asks.

    "weg om 15:28", "pauze sinds 12:02", or that the planned time counts since nobody said.
    """
    if day.out_at is not None:
        return _("weg om %(time)s") % {"time": _clock(day.out_at)}
    if day.pause_since is not None and not _is_over(day):
        return _("pauze sinds %(time)s") % {"time": _clock(day.pause_since)}
    if day_end == DayEnd.PLANNED or day.check_in is None or not _is_over(day):
        return ""
    return _("einde niet gemeld: %(time)s telt") % {"time": _clock(day.ends_at)}


def _is_over(day: Day) -> bool:
    return day.ends_at is not None and timezone.now() >= day.ends_at


def _clock(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%H:%M}" if moment else ""


def told_of(day: Day) -> str:
    """What was reported of a day and what was said about it; nothing where that says no more.

    "komt om 10:30 · half elf, de bus", "weer beter, kan nog komen".
    """
    told = day.absence
    if told is None:
        return ""
    if day.is_better:
        return _("weer beter, kan nog komen") if day.is_today else ""
    said = absence_words(told) if told.kind != AbsenceKind.ILL else ""
    return " · ".join(filter(None, [said, told.note]))
