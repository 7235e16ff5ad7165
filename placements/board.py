"""The matching board of one group: where each student stands, and which places have room."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import nsmallest
from math import inf

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from companies.models import Place
from placements import queries, vetoes
from placements.eligibility import Finding, Pair, examine
from placements.enums import ApplicationState
from placements.models import Application, Placement
from placements.progress import ACCEPTED, APPLIED, NOTHING, PLACED, STEP_OF
from placements.words import SCHOOL_WORDS
from stage.core.dutch.names import search_key
from stage.core.ui.dates import weekday_names
from stage.core.ui.tones import Word
from stage.schools.models import Group, GroupStudent, Student

SUGGESTED = 25  # places a student's line offers; all of them on asking
# In the order in which they ask for attention.
_ORDER = (ACCEPTED, NOTHING, APPLIED, PLACED)
_MATCHABLE = (
    ApplicationState.WITH_COMPANY,
    ApplicationState.PARKED,
    ApplicationState.ACCEPTED,
    ApplicationState.EXPIRED,
)


@dataclass(frozen=True)
class Wish:
    """One application on the board."""

    application: Application
    word: Word
    km: float | None
    findings: Sequence[Finding]  # what stands in the way, and what does not fit
    can_match: bool


@dataclass
class Line:
    """One student on the board."""

    student: Student
    placement: Placement | None = None
    wishes: list[Wish] = field(default_factory=list)
    possible: Sequence[str] = ()  # what the reader may do with the placement
    options: Sequence[Suggestion] = ()  # places to choose from; `suggest` sets those of shown lines

    @property
    def state(self) -> str:
        if self.placement:
            return PLACED
        running = {w.application.state for w in self.wishes}
        if ApplicationState.ACCEPTED in running:
            return ACCEPTED
        if running & {ApplicationState.WITH_COMPANY, ApplicationState.PARKED}:
            return APPLIED
        return NOTHING

    @property
    def word(self) -> Word:
        step = STEP_OF[self.state]
        return Word(step.badge, capfirst(str(step.label)))

    @property
    def is_accepted(self) -> bool:
        """Whether a company said yes and the school has to decide."""
        return self.state == ACCEPTED

    @property
    def can_match(self) -> bool:
        """Whether one of the own wishes can be matched, so that another place comes second."""
        return any(wish.can_match for wish in self.wishes)


@dataclass(frozen=True)
class Option:
    """A place on the board: how many are free of how many."""

    place: Place
    free: int

    @property
    def words(self) -> str:
        """Where it is, for whom, and on which days where not on all of the period's."""
        location, company = self.place.offer.location, self.place.company
        usual = set(self.place.period.weekdays) <= set(self.place.weekdays or range(1, 8))
        parts = (
            location.city if location else "",
            ", ".join(company.profiles),
            "" if usual else weekday_names(self.place.weekdays),
        )
        return " · ".join(part for part in parts if part)

    def is_about(self, key: str) -> bool:
        """Whether the company, its town or one of its profiles is meant; `key`: a `search_key`."""
        location, company = self.place.offer.location, self.place.company
        town = search_key(location.city) if location else ""
        named = key in company.search_name or key in town
        return named or key in map(search_key, company.profiles)


@dataclass(frozen=True)
class Suggestion:
    """A place as one student may choose it: how far, and whether that company refused it."""

    place: Place
    free: int
    km: float | None
    refused: bool

    @property
    def label(self) -> str:
        """As it stands in the list: "Bakkerij Jansen, 4 km (2)"."""
        name = self.place.company.name
        if self.km is not None:
            words = {"name": name, "km": round(self.km)}
            name = _("%(name)s, %(km)s km") % words
        if self.refused:
            name = _("%(name)s, zei nee") % {"name": name}
        return f"{name} ({self.free})"


@dataclass(frozen=True)
class Board:
    """A group's students and the places of its period."""

    group: Group
    lines: list[Line]
    options: list[Option]

    def count(self, state: str) -> int:
        return sum(line.state == state for line in self.lines)

    @property
    def free(self) -> int:
        return sum(o.free for o in self.options)

    @property
    def with_room(self) -> list[Option]:
        return [o for o in self.options if o.free]

    def places_about(self, key: str) -> list[Option]:
        """The places asked for beside the students, full ones last; all without a `key`."""
        found = [o for o in self.options if not key or o.is_about(key)]
        return sorted(found, key=lambda option: not option.free)


def board_of(group: Group, actor) -> Board:
    """Everything of one group in a fixed number of queries."""
    members = GroupStudent.objects.visible_to(actor).filter(group=group)
    students = list(
        Student.objects.visible_to(actor)
        .present()
        .filter(pk__in=members.values("student_id"))
        .select_related("profile")
        .order_by("sort_name", "pk")
    )
    options = options_of(group.period_id, actor)
    placed = {
        p.student_id: p
        for p in Placement.objects.visible_to(actor)
        .live()
        .filter(period_id=group.period_id)
        .select_related("company", "teacher", "supervisor")
    }
    applications = defaultdict(list)
    for row in (
        Application.objects.visible_to(actor)
        .filter(period_id=group.period_id, student__in=students)
        .select_related("company", "place__company", "place__offer__location", "place__period")
        .order_by("rank", "pk")
    ):
        applications[row.student_id].append(row)
    possible = vetoes.possible(placed.values(), actor)
    pairs = _examined([s for s in students if s.pk not in placed], applications)
    lines = [
        Line(
            student=s,
            placement=placed.get(s.pk),
            possible=possible[placed[s.pk].pk] if s.pk in placed else (),
            wishes=[_wish(a, s, pairs.get(a.pk)) for a in applications[s.pk]],
        )
        for s in students
    ]
    # Stable: within a state by name.
    lines.sort(key=lambda line: _ORDER.index(line.state))
    return Board(group, lines, options)


def suggest(found: Board, lines: Iterable[Line], *, every_for: str = "") -> None:
    """Give lines without a placement the places that suit best: own profile, near, by name.

    A thousand places in each of 25 lists would be a page of megabytes; `every_for` is the public id
    of the one student whose list holds them all.
    """
    room = found.with_room
    # Students of one town and profile are offered the same.
    best: dict[tuple[str, int | None], list[Option]] = {}
    for line in lines:
        student = line.student
        if line.placement is not None:
            continue
        if len(room) <= SUGGESTED or student.public_id == every_for:
            line.options = _for(line, room)
            continue
        alike = (student.city, student.profile_id)
        if alike not in best:
            best[alike] = nsmallest(
                SUGGESTED, room, key=lambda option, who=student: _far(option, who)
            )
        line.options = _for(line, best[alike])


def _for(line: Line, options: Iterable[Option]) -> list[Suggestion]:
    """The same places as this student may choose them; companies that refused it come last."""
    no = {
        wish.application.company_id
        for wish in line.wishes
        if wish.application.state == ApplicationState.DECLINED
    }
    found = [
        Suggestion(
            option.place,
            option.free,
            queries.distance(line.student, option.place.offer.location),
            option.place.company_id in no,
        )
        for option in options
    ]
    return sorted(found, key=lambda suggestion: suggestion.refused)


def _far(option: Option, student: Student) -> tuple[bool, float]:
    """How little a place suits a student: another profile, and the kilometres."""
    km = queries.distance(student, option.place.offer.location)
    own = student.profile is not None and student.profile.code in option.place.company.profiles
    return not own, inf if km is None else km


def options_of(period_id: int, actor) -> list[Option]:
    """The period's open places with what is free, by name of the company."""
    places = list(
        Place.objects.visible_to(actor)
        .open()
        .for_all()
        .filter(period_id=period_id)
        .select_related("company", "offer__location", "period")
        .order_by("company__sort_name", "pk")
    )
    used = queries.used_in(period_id)
    return [Option(p, max(p.how_many - used.get(p.pk, 0), 0)) for p in places]


def _examined(
    students: Iterable[Student], applications: Mapping[int, Sequence[Application]]
) -> dict[int, Pair]:
    """What a match of each wish that may still be matched would come down to, by application."""
    wanted = {
        a.pk: (student, a.place)
        for student in students
        for a in applications.get(student.pk, ())
        if a.state in _MATCHABLE
    }
    return dict(zip(wanted, examine(list(wanted.values())), strict=True))


def _wish(application: Application, student: Student, pair: Pair | None) -> Wish:
    return Wish(
        application=application,
        word=SCHOOL_WORDS[ApplicationState(application.state)],
        km=queries.distance(student, application.place.offer.location),
        findings=pair.findings if pair else (),
        can_match=pair is not None and pair.obstacle is None,
    )
