"""Days that were missed or did not go through, and what became of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import TruncDate
from django.utils.translation import gettext as _

from attendance.days import Day
from attendance.enums import COUNTING_PLACEMENTS, PARTLY, AbsenceKind
from attendance.models import Absence, CheckIn, ConfirmedDay
from attendance.queries.folder import days_of
from attendance.ways import way
from companies.enums import AttendanceMode
from placements.changes import missed
from placements.enums import ChangeKind, Missed
from placements.models import Placement, PlacementChange, PlannedDay
from stage.core.dutch.calendar import school_today, school_year, school_year_bounds
from stage.core.ui.dates import day_words
from stage.core.ui.tones import Word


@dataclass(frozen=True)
class MissedDay:
    """One day of one placement that was missed; `instead` is the day that makes up for it."""

    placement: Placement
    day: Day
    decision: PlacementChange | None = None
    instead: Day | None = None
    asked: PlacementChange | None = None

    @property
    def date(self) -> date:
        return self.day.date

    @property
    def outcome(self) -> str:
        """What was decided, `Missed`; what the school excused itself needs no decision."""
        if self.instead is not None:
            return Missed.CAUGHT_UP
        chosen = self.decision.wanted.get("outcome", "") if self.decision else ""
        if chosen in (Missed.EXCUSED, Missed.WRITTEN_OFF):
            return chosen
        return Missed.EXCUSED if self.day.state == "excused" else Missed.OPEN

    @property
    def is_open(self) -> bool:
        return self.outcome == Missed.OPEN

    @property
    def is_caught_up(self) -> bool:
        """Whether the day in its place was worked: then nothing changes any more."""
        return self.instead is not None and self.instead.was_there

    @property
    def can_be_taken_back(self) -> bool:
        decided = self.instead is not None or self.decision is not None
        return decided and not self.is_open and not self.is_caught_up and not self._by_absence

    @property
    def _by_absence(self) -> bool:
        """Excused by the report of absence alone."""
        chosen = self.decision.wanted.get("outcome") if self.decision else Missed.OPEN
        return self.instead is None and chosen in (Missed.OPEN, "")

    @property
    def word(self) -> Word:
        """What became of it, in a tone and words."""
        if self.instead is not None:
            on = {"day": day_words(self.instead.date)}
            if self.instead.was_there:
                return Word("good", _("Ingehaald op %(day)s") % on)
            if self.instead.is_missed:
                return Word("wrong", _("Ook gemist op %(day)s") % on)
            return Word("info", _("Wordt ingehaald op %(day)s") % on)
        return {
            Missed.EXCUSED: Word("neutral", _("Geoorloofd")),
            Missed.WRITTEN_OFF: Word("neutral", _("Wordt niet ingehaald")),
            Missed.OPEN: Word("attention", _("Nog niet besloten")),
        }[Missed(self.outcome)]

    @property
    def why(self) -> str:
        """The school's words about it."""
        return self.decision.words if self.decision else ""


def missed_of(
    actor, placements: Iterable[Placement], *, days: dict[int, list[Day]] | None = None
) -> dict[int, list[MissedDay]]:
    """Per placement its missed days, the oldest first; a fixed number of queries.

    `days`: all days of these placements (`days_of`), where the page has read them already.
    """
    rows = list(placements)
    if not rows:
        return {}
    ids = [p.pk for p in rows]
    first, last = min(p.starts for p in rows), max(p.ends for p in rows)
    if days is None:
        days = days_of(actor, rows, first, last)
    asked, decided = missed.asked_and_decided(actor, ids)
    found = {}
    for p in rows:
        instead = {d.planned.instead_of: d for d in days[p.pk] if d.planned}
        instead.pop(None, None)
        found[p.pk] = [
            MissedDay(
                placement=p,
                day=day,
                decision=decided.get(p.pk, {}).get(day.date),
                instead=instead.get(day.date),
                asked=asked.get((p.pk, day.date)),
            )
            for day in days[p.pk]
            if day.is_missed
        ]
    return found


def missed_day(actor, placement: Placement, day: date) -> MissedDay | None:
    """One missed day of a placement; None where nothing was missed."""
    rows = missed_of(actor, [placement])[placement.pk]
    return next((row for row in rows if row.date == day), None)


def undecided(actor, placements) -> list[tuple[date, int]]:
    """Days of this school year nobody decided about, with the placement; the newest first.

    `placements` narrows whose. A company that ticks a week afterwards is waited for.
    """
    begin, _end = school_year_bounds(school_year(school_today()))
    rows = placements.filter(school_id=actor.school_id, state__in=COUNTING_PLACEMENTS)
    planned = PlannedDay.objects.visible_to(actor).filter(
        placement__in=rows.order_by().values("pk"), date__gte=begin, date__lt=school_today()
    )
    same = {"placement": OuterRef("placement"), "date": OuterRef("date")}
    there = CheckIn.objects.visible_to(actor).starts().filter(**same)
    said = ConfirmedDay.objects.visible_to(actor).filter(**same).order_by("-version")
    away = Absence.objects.visible_to(actor).standing().exclude(kind__in=PARTLY)
    away = away.filter(placement=OuterRef("placement")).filter(
        Q(ends__isnull=True) | Q(ends__gte=OuterRef("date")), starts__lte=OuterRef("date")
    )
    excused = away.exclude(kind=AbsenceKind.ILL).filter(
        Q(excused=True) | Q(excused__isnull=True, kind=AbsenceKind.APPOINTMENT)
    )
    decided = PlacementChange.objects.visible_to(actor).done()
    decided = decided.filter(
        placement=OuterRef("placement"), from_on=OuterRef("date"), kind=ChangeKind.CATCH_UP
    ).order_by("-decided_at", "-pk")
    made_up = PlannedDay.objects.visible_to(actor).filter(
        placement=OuterRef("placement"), instead_of=OuterRef("date")
    )
    open_days = (
        planned.annotate(
            way=way("placement__"),
            made=TruncDate("placement__created_at"),
            was_there=Exists(there),
            word=Subquery(said.values("minutes")[:1]),
            reported=Exists(away),
            let_off=Exists(excused),
            outcome=Subquery(decided.values("wanted__outcome")[:1]),
        )
        .filter(Q(word=0) | Q(word__isnull=True, was_there=False))
        .filter(Q(word=0) | Q(reported=True) | Q(date__gte=F("made")))
        .filter(Q(word=0) | Q(reported=True) | ~Q(way=AttendanceMode.SUPERVISOR))
        .filter(let_off=False)
        .filter(Q(outcome__isnull=True) | Q(outcome=Missed.OPEN))
        .filter(~Exists(made_up))
    )
    found = set(open_days.values_list("date", "placement_id"))
    found |= set(_called_off(actor, rows, begin))
    return sorted(found, key=lambda item: (-item[0].toordinal(), item[1]))


def _called_off(actor, placements, begin: date) -> Iterator[tuple[date, int]]:
    """Days that do not go through, that nothing came in place of and nobody decided about."""
    changes = PlacementChange.objects.visible_to(actor).done()
    changes = changes.filter(
        placement__in=placements.order_by().values("pk"),
        kind=ChangeKind.CALLED_OFF,
        until_on__gte=begin,
    )
    ids = list(changes.order_by("placement_id").values_list("placement_id", flat=True).distinct())
    if not ids:
        return
    gone = missed.called_off(actor, ids)
    decided = missed.decisions(actor, ids)
    rows = PlannedDay.objects.visible_to(actor).filter(placement__in=ids).order_by("pk")
    planned, made_up = set(), set()
    for placement, day, instead_of in rows.values_list("placement_id", "date", "instead_of"):
        planned.add((placement, day))
        made_up.add((placement, instead_of))
    for placement, days in gone.items():
        for day in days:
            chosen = decided.get(placement, {}).get(day)
            settled = chosen is not None and chosen.wanted.get("outcome") != Missed.OPEN
            if not settled and not {(placement, day)} & (planned | made_up):
                yield day, placement
