"""A card per period that is coming or runs: where its students stand, and what comes next."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlencode

from django.db.models import OuterRef, Prefetch, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from placements import progress, standings
from placements.enums import PlacementState
from placements.models import Placement
from stage.core.dutch.calendar import school_today
from stage.schools.models import Group, Period
from stage.web.progress import Strip, strip_of

MOST = 6  # periods
MANY = 20  # groups of one period

# Furthest first, as in the strip of a group: state of the placement, words, colour.
_PARTS = (
    (PlacementState.FINISHED, gettext_lazy("klaar"), "good"),
    (PlacementState.RUNNING, gettext_lazy("op stage"), "good"),
    (PlacementState.SIGNED, gettext_lazy("getekend"), "good"),
    (PlacementState.AGREEMENT, gettext_lazy("overeenkomst loopt"), "info"),
    (PlacementState.CONCEPT, gettext_lazy("geplaatst"), "half"),
)


class Where(NamedTuple):
    """How one student stands in one period."""

    standing: str
    placement: str  # its state; "" without one

    @property
    def step(self) -> str:
        """The same on the scale of a group's strip."""
        if self.placement:
            done = self.placement in progress.DONE
            return progress.SIGNED if done else progress.PLACED
        known = (progress.ACCEPTED, progress.APPLIED)
        return self.standing if self.standing in known else progress.NOTHING


class Next(NamedTuple):
    """What comes next for a period: a sentence that leads there."""

    text: str
    url: str


@dataclass(frozen=True)
class PeriodCard:
    """One period, in numbers; each student counts once, in how many groups it may be."""

    period: Period
    students: dict[int, Where]
    strips: list[Strip]

    @property
    def runs(self) -> bool:
        return self.period.starts <= school_today()

    @property
    def when(self) -> str:
        """How long until it begins, or until it is over."""
        today = school_today()
        if not self.runs:
            days = (self.period.starts - today).days
            words = ngettext("begint morgen", "begint over %(n)s dagen", days)
        else:
            days = (self.period.ends - today).days
            if not days:
                return _("vandaag is de laatste dag")
            words = ngettext("loopt, nog %(n)s dag", "loopt, nog %(n)s dagen", days)
        return words % {"n": days} if "%(" in words else words

    @property
    def count(self) -> int:
        return len(self.students)

    @property
    def parts(self) -> list[tuple]:
        """For `{% group_strip %}`; each number leads to its students."""
        states = Counter(where.placement for where in self.students.values())
        found = [
            (self._said(state, words), states[state], tone, self._placements(state))
            for state, words, tone in _PARTS
            if states[state]
        ]
        if states[""]:
            url = self._students(standings.NO_PLACE)
            found.append((_("geen plek"), states[""], "attention", url))
        return found

    def _said(self, state: str, words) -> str:
        """A snuffelstage is ready without signatures."""
        ready = state == PlacementState.SIGNED and self.period.is_taster
        return str(progress.READY_LABEL if ready else words)

    @property
    def next(self) -> Next:
        """The first thing on the way to a full period that is not done."""
        states = Counter(where.placement for where in self.students.values())
        many = Counter(where.standing for where in self.students.values())
        if not self.students:
            return Next(_("Zet leerlingen in een groep"), reverse("web:group_list"))
        return (
            self._to_place(many)
            or self._to_agree(states)
            or Next(
                _("Iedereen is op stage") if self.runs else _("Alles is klaar voor de eerste dag"),
                f"{reverse('placements:placement_list')}?{urlencode(self._here)}",
            )
        )

    def _to_place(self, many: Counter) -> Next | None:
        """What is to be done for who has no place."""
        if n := many[standings.ACCEPTED]:
            words = ngettext(
                "Koppel %(n)s leerling met een ja", "Koppel %(n)s leerlingen met een ja", n
            )
            here = f"{self.strips[0].board_url}&staat={progress.ACCEPTED}"
            one = len(self.strips) == 1  # the board shows one group
            return Next(words % {"n": n}, here if one else self._students(standings.ACCEPTED))
        if n := many[standings.REFUSED]:
            words = ngettext(
                "Bel %(n)s leerling die nergens een plek kreeg",
                "Bel %(n)s leerlingen die nergens een plek kregen",
                n,
            )
            return Next(words % {"n": n}, self._students(standings.REFUSED))
        if n := many[standings.NOTHING] + many[standings.APPLIED]:
            words = ngettext("%(n)s leerling zoekt nog", "%(n)s leerlingen zoeken nog", n)
            return Next(words % {"n": n}, self._students(standings.NO_PLACE))
        return None

    def _to_agree(self, states: Counter) -> Next | None:
        """What is to be done for who has a place and no signed agreement."""
        if n := states[PlacementState.CONCEPT]:
            words = ngettext("Begin %(n)s overeenkomst", "Begin %(n)s overeenkomsten", n)
            return Next(words % {"n": n}, reverse("agreements:agreement_start"))
        if n := states[PlacementState.AGREEMENT]:
            words = ngettext(
                "%(n)s overeenkomst is nog niet getekend",
                "%(n)s overeenkomsten zijn nog niet getekend",
                n,
            )
            return Next(words % {"n": n}, self._placements(PlacementState.AGREEMENT))
        return None

    @property
    def _here(self) -> dict[str, str]:
        return {"periode": self.period.public_id}

    def _placements(self, state: str) -> str:
        query = urlencode({**self._here, "staat": state})
        return f"{reverse('placements:placement_list')}?{query}"

    def _students(self, standing: str) -> str:
        query = urlencode({"period": self.period.public_id, "stage": standing})
        return f"{reverse('schools:student_list')}?{query}"


def period_cards(actor) -> list[PeriodCard]:
    """The periods of the actor's school that are not over, soonest first; three queries."""
    groups = Group.objects.visible_to(actor).order_by("name", "pk")
    rows = Period.objects.visible_to(actor).filter(ends__gte=school_today())
    rows = rows.prefetch_related(Prefetch("groups", groups)).order_by("starts", "pk")
    periods = list(rows[:MOST])
    members = _members(actor, periods) if periods else {}
    return [_card(period, members) for period in periods]


def _members(actor, periods: Iterable[Period]) -> dict[int, dict[int, Where]]:
    """Per group its students, and where they stand."""
    placement = Placement.objects.live().filter(
        student_id=OuterRef("student_id"), period_id=OuterRef("group__period_id")
    )
    rows = standings.seekers(actor).filter(group__period__in=periods)
    rows = rows.annotate(state=Subquery(placement.order_by().values("state")[:1]))
    found: dict[int, dict[int, Where]] = defaultdict(dict)
    for group, student, standing, state in rows.order_by("pk").values_list(
        "group_id", "student_id", "standing", "state"
    ):
        found[group][student] = Where(standing, state or "")
    return found


def _card(period: Period, members: dict[int, dict[int, Where]]) -> PeriodCard:
    students: dict[int, Where] = {}
    strips = []
    for group in period.groups.all():
        inside = members.get(group.pk, {})
        students |= inside
        counts = Counter(where.step for where in inside.values())
        strips.append(strip_of(group, counts))
    return PeriodCard(period, students, strips[:MANY])
