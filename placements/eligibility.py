"""Whether a student can be placed somewhere: one rule, as codes, with the words beside them.

`match`, the page of all yeses, the board and whatever proposes pairs ask `examine`: what a page
says beforehand is what the service says afterwards. What is asked costs the same number of queries
for one pair and for a hundred. Run in the school's scope.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from companies.models import Place, PollDay
from placements.enums import ApplicationState
from placements.models import Application, Placement, PlannedDay
from placements.queries import companies_with_supervisor, distance, used_places
from stage.core.dutch.worktime import Rules
from stage.core.ui.dates import day_words
from stage.schools.models import GroupStudent, Period, Student

# Further than this by bicycle or bus is a long day for a pupil; as the crow flies.
FAR_KM = 20


class Code(StrEnum):
    """What can be said of a student and a place. Codes are kept where a decision is kept."""

    PLACE_GONE = "place_gone"
    LEFT_SCHOOL = "left_school"
    TOO_YOUNG = "too_young"
    NOT_IN_GROUP = "not_in_group"
    PLACED = "placed"
    DECLINED = "declined"
    FULL = "full"
    FOR_ANOTHER = "for_another"
    NO_DAYS = "no_days"
    OVERLAP = "overlap"
    AGE = "age"
    PROFILE = "profile"
    FAR = "far"
    NO_SUPERVISOR = "no_supervisor"


# These are told and block nothing.
REMARKS = frozenset({Code.AGE, Code.PROFILE, Code.FAR, Code.NO_SUPERVISOR})

WORDS = {
    Code.PLACE_GONE: _("Deze plek is er niet meer."),
    Code.LEFT_SCHOOL: _("%(name)s is van school."),
    Code.TOO_YOUNG: _("%(name)s is dan %(age)s jaar. Op die leeftijd mag alleen een snuffelstage."),
    Code.NOT_IN_GROUP: _("%(name)s zit niet in een groep van deze periode."),
    Code.PLACED: _("%(name)s is al geplaatst bij %(company)s."),
    Code.DECLINED: _(
        "Het bedrijf heeft nee gezegd tegen %(name)s. Laat het bedrijf eerst zijn antwoord"
        " veranderen."
    ),
    Code.FULL: _("Bij dit bedrijf is geen plek meer vrij."),
    Code.FOR_ANOTHER: _("Het bedrijf is voor een andere leerling gevraagd."),
    Code.NO_DAYS: _("Het bedrijf kan op geen enkele dag van deze periode."),
    Code.OVERLAP: _("Overlap: op %(day)s is deze leerling al bij %(company)s."),
    Code.AGE: _("Is dan %(age)s jaar, het bedrijf vraagt %(minimum)s."),
    Code.PROFILE: _("Ander profiel dan %(profile)s."),
    Code.FAR: _("Ver weg: %(km)s km."),
    Code.NO_SUPERVISOR: _("Het bedrijf heeft nog geen praktijkopleider."),
}


@dataclass(frozen=True)
class Finding:
    """One thing said of a pair: its code, and the facts that its words hold."""

    code: Code
    facts: Mapping[str, object] = field(default_factory=dict)

    @property
    def blocks(self) -> bool:
        return self.code not in REMARKS

    @property
    def text(self) -> str:
        """For people, in the language of the moment."""
        shown = {k: day_words(v) if isinstance(v, date) else v for k, v in self.facts.items()}
        return str(WORDS[self.code]) % shown

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Pair:
    """One student and one place: the application between them, the days, what is to be said."""

    student: Student
    place: Place
    application: Application | None
    dates: list[date]
    findings: tuple[Finding, ...] = ()

    @property
    def obstacle(self) -> Finding | None:
        """The first thing that stands in the way."""
        return next((f for f in self.findings if f.blocks), None)

    @property
    def remarks(self) -> list[Finding]:
        """What does not fit and blocks nothing."""
        return [f for f in self.findings if not f.blocks]


def examine(wanted: Sequence[tuple[Student, Place]], *, first: date | None = None) -> list[Pair]:
    """What a match of each pair would come down to, in the order asked; no day before `first`."""
    facts = _Facts(wanted, first)
    return [facts.pair(student, place) for student, place in wanted]


def placed_elsewhere(student: Student, placement: Placement) -> Finding:
    """That somebody has a place already."""
    return Finding(Code.PLACED, {"name": student.full_name, "company": placement.company.name})


class _Facts:
    """What the database knows of the students and places at hand."""

    def __init__(self, wanted: Sequence[tuple[Student, Place]], first: date | None) -> None:
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
        self.rules = Rules()
        self.used = used_places(places)
        dates = _dates_of(list(places.values()))
        self.dates = {
            pk: [d for d in days if not first or d >= first] for pk, days in dates.items()
        }
        self.taken = self._days_taken(students)
        self.supervised = companies_with_supervisor({p.company_id for p in places.values()})

    def _days_taken(self, students: set[int]) -> dict[int, list[PlannedDay]]:
        days = {day for dates in self.dates.values() for day in dates}
        rows = PlannedDay.objects.filter(student__in=students, date__in=days)
        taken = defaultdict(list)
        for row in rows.select_related("company").order_by("date", "pk"):
            taken[row.student_id].append(row)
        return taken

    def pair(self, student: Student, place: Place) -> Pair:
        application = self.applications.get((student.pk, place.pk))
        blocking = next(self._obstacles(student, place, application), None)
        findings = [blocking] if blocking else []
        findings += self._remarks(student, place)
        return Pair(student, place, application, self.dates[place.pk], tuple(findings))

    def _obstacles(
        self, student: Student, place: Place, application: Application | None
    ) -> Iterator[Finding]:
        yield from self._of_student(student, place)
        yield from self._of_place(student, place, application)

    def _of_student(self, student: Student, place: Place) -> Iterator[Finding]:
        """What about this student stands in the way of any place of the period."""
        name = {"name": student.full_name}
        if place.school_id != student.school_id or not place.stands:
            yield Finding(Code.PLACE_GONE)
        if student.leaving_on:
            yield Finding(Code.LEFT_SCHOOL, name)
        if not place.period.is_taster and self._only_looks(student, place.period.starts):
            yield Finding(Code.TOO_YOUNG, {**name, "age": student.age_on(place.period.starts)})
        if (student.pk, place.period_id) not in self.members:
            yield Finding(Code.NOT_IN_GROUP, name)
        if placed := self.placed.get((student.pk, place.period_id)):
            yield placed_elsewhere(student, placed)

    def _only_looks(self, student: Student, day: date) -> bool:
        """Whether the law lets somebody of this age come to look and no more (Rules)."""
        return self.rules.row("orientation_only", student.age_on(day), day) is not None

    def _of_place(
        self, student: Student, place: Place, application: Application | None
    ) -> Iterator[Finding]:
        """What stands in the way of this place: a no, no room, no days."""
        state = application.state if application else ""
        if place.for_one and application is None:
            yield Finding(Code.FOR_ANOTHER)
        if state == ApplicationState.DECLINED:
            yield Finding(Code.DECLINED, {"name": student.full_name})
        holds = state == ApplicationState.ACCEPTED
        if self.used.get(place.pk, 0) - int(holds) >= place.how_many:
            yield Finding(Code.FULL)
        dates = set(self.dates[place.pk])
        if not dates:
            yield Finding(Code.NO_DAYS)
        if clash := next((row for row in self.taken[student.pk] if row.date in dates), None):
            yield Finding(Code.OVERLAP, {"day": clash.date, "company": clash.company.name})

    def _remarks(self, student: Student, place: Place) -> Iterator[Finding]:
        """What does not fit. The age is that on the first day of the period."""
        company = place.company
        age = student.age_on(place.period.starts)
        if company.minimum_age and age < company.minimum_age:
            yield Finding(Code.AGE, {"age": age, "minimum": company.minimum_age})
        if company.profiles and student.profile and student.profile.code not in company.profiles:
            yield Finding(Code.PROFILE, {"profile": student.profile.name})
        km = distance(student, place.offer.location)
        if km is not None and km > FAR_KM:
            yield Finding(Code.FAR, {"km": round(km)})
        if place.supervisor_id is None and place.company_id not in self.supervised:
            yield Finding(Code.NO_SUPERVISOR)


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
        offered = place.weekdays
        weekdays = [d for d in period.weekdays if not offered or d in offered]
        days = period.days(weekdays) if weekdays else []
        dates[place.pk] = [d for d in days if (place.invitation_id, d) not in closed]
    return dates
