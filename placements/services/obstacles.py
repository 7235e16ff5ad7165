"""Whether a student can be placed somewhere, and what stands in the way; for one pair or for many.

Run in the school's scope. What is asked costs the same number of queries for one pair and for a
hundred, so that a page can say beforehand what `match` would say.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from companies.enums import PlaceState
from companies.models import Place, PollDay
from placements.enums import ApplicationState
from placements.models import Application, Placement, PlannedDay
from placements.queries import used_places
from stage.core.ui.dates import day_words
from stage.schools.models import GroupStudent, Period, Student


@dataclass(frozen=True)
class Pair:
    """One student and one place: the application between them, the days, what stands in the way."""

    student: Student
    place: Place
    application: Application | None
    dates: list[date]
    obstacle: str  # for people; "" when nothing does


def examine(wanted: Sequence[tuple[Student, Place]]) -> list[Pair]:
    """What a match of each pair would come down to, in the order asked."""
    facts = _Facts(wanted)
    return [facts.pair(student, place) for student, place in wanted]


def placed_words(student: Student, placement: Placement) -> str:
    """That somebody has a place already."""
    return _("%(name)s is al geplaatst bij %(company)s.") % {
        "name": student.full_name,
        "company": placement.company.name,
    }


class _Facts:
    """What the database knows of the students and places at hand."""

    def __init__(self, wanted: Sequence[tuple[Student, Place]]) -> None:
        students = {s.pk for s, _place in wanted}
        places = {p.pk: p for _student, p in wanted}
        periods = {p.period_id for p in places.values()}
        self.members = set(
            GroupStudent.objects.filter(student__in=students, group__period__in=periods)
            .order_by("pk")
            .values_list("student_id", "group__period_id")
        )
        live = Placement.objects.live().filter(student__in=students, period__in=periods)
        self.placed = {(p.student_id, p.period_id): p for p in live.select_related("company")}
        found = Application.objects.filter(student__in=students, place__in=places)
        self.applications = {(a.student_id, a.place_id): a for a in found.order_by("pk")}
        self.used = used_places(places)
        self.dates = _dates_of(list(places.values()))
        self.taken = self._days_taken(students)

    def _days_taken(self, students: set[int]) -> dict[int, list[PlannedDay]]:
        days = {day for dates in self.dates.values() for day in dates}
        rows = PlannedDay.objects.filter(student__in=students, date__in=days)
        taken = defaultdict(list)
        for row in rows.select_related("company").order_by("date", "pk"):
            taken[row.student_id].append(row)
        return taken

    def pair(self, student: Student, place: Place) -> Pair:
        application = self.applications.get((student.pk, place.pk))
        return Pair(
            student,
            place,
            application,
            self.dates[place.pk],
            self._person(student, place) or self._place(student, place, application),
        )

    def _person(self, student: Student, place: Place) -> str:
        """What about this student stands in the way of any place of the period."""
        words = {"name": student.full_name}
        if place.school_id != student.school_id or place.state != PlaceState.OPEN:
            return _("Deze plek is er niet meer.")
        if student.left_on is not None:
            return _("%(name)s is van school.") % words
        if (student.pk, place.period_id) not in self.members:
            return _("%(name)s zit niet in een groep van deze periode.") % words
        placed = self.placed.get((student.pk, place.period_id))
        return placed_words(student, placed) if placed else ""

    def _place(self, student: Student, place: Place, application: Application | None) -> str:
        """What stands in the way of this place: a no, no room, no days."""
        state = application.state if application else ""
        if state == ApplicationState.DECLINED:
            return _(
                "Het bedrijf heeft nee gezegd tegen %(name)s. Laat het bedrijf eerst zijn antwoord"
                " veranderen."
            ) % {"name": student.full_name}
        holds = state == ApplicationState.ACCEPTED
        if self.used.get(place.pk, 0) - int(holds) >= place.how_many:
            return _("Bij dit bedrijf is geen plek meer vrij.")
        dates = self.dates[place.pk]
        if not dates:
            return _("Het bedrijf kan op geen enkele dag van deze periode.")
        clash = next((row for row in self.taken[student.pk] if row.date in set(dates)), None)
        if clash:
            return _("Overlap: op %(day)s is deze leerling al bij %(company)s.") % {
                "day": day_words(clash.date),
                "company": clash.company.name,
            }
        return ""


def _dates_of(places: Sequence[Place]) -> dict[int, list[date]]:
    """Per place the period's days on its weekdays, without those the company said no to."""
    ids = {p.period_id for p in places}
    periods = {p.pk: p for p in Period.objects.filter(pk__in=ids).prefetch_related("exceptions")}
    closed = set(
        PollDay.objects.filter(
            invitation__in={p.invitation_id for p in places if p.invitation_id}, available=False
        )
        .order_by("pk")
        .values_list("invitation_id", "date")
    )
    dates = {}
    for place in places:
        period = periods[place.period_id]
        weekdays = [d for d in period.weekdays if not place.weekdays or d in place.weekdays]
        days = period.days(weekdays) if weekdays else []
        dates[place.pk] = [d for d in days if (place.invitation_id, d) not in closed]
    return dates
