"""What the lists of finding places and of placements can be narrowed to."""

from __future__ import annotations

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from companies.filters import company
from companies.models import Place
from placements.enums import PlacementState
from placements.models import PlacementChange
from placements.progress import SIGNED, STEPS
from stage.core.dutch.names import search_key
from stage.core.ui.filters import (
    Choice,
    Codes,
    Filters,
    Flag,
    Known,
    ListFilters,
    Sort,
    Text,
    Thing,
)
from stage.schools.filters import colleague, group, period, school_class, student
from stage.schools.models import GroupStudent, Profile

MANY = 300  # placements on one page of choices or in one go of mails
DISTANCES = (5, 10, 20, 40)  # km
ORDERS = {
    "name": ("student__sort_name", "pk"),
    "company": ("company__sort_name", "student__sort_name", "pk"),
    "starts": ("starts", "student__sort_name", "pk"),
}
# To the board a signed placement is a placement.
STATES = tuple(step for step in STEPS if step.key != SIGNED)
MISSING = {"teacher": "teacher", "supervisor": "supervisor", "brief": "briefed_at"}


def named(rows, key: str):
    """Placements of a student or at a company of this name; `key` as `search_key` makes it."""
    by_student = rows.filter(student__search_name__contains=key)
    return by_student | rows.filter(company__search_name__contains=key)


class PlacementFilters(ListFilters):
    """Of a state, class, period, group, student, company or teacher, or with something missing."""

    q = Text()
    staat = Choice(choices=PlacementState.choices, what=_("de status"))
    periode = period()
    groep = group()
    klas = school_class()
    leerling = student()
    bedrijf = company()
    docent = colleague()
    mist = Choice(choices=[(name, name) for name in MISSING])
    sort = Sort(ORDERS, default="name")
    export = Choice(choices=[("xlsx", "xlsx")])

    def narrow(self, rows):
        """The placements asked for; `group`: of its students, in its period."""
        chosen = self.chosen
        lookups = {
            "state": chosen["staat"],
            "student__school_class": chosen["klas"],
            "period": chosen["periode"],
            "student": chosen["leerling"],
            "company": chosen["bedrijf"],
            "teacher": chosen["docent"],
        }
        rows = rows.filter(**{lookup: value for lookup, value in lookups.items() if value})
        if chosen["groep"]:
            inside = GroupStudent.objects.visible_to(self.actor).filter(group=chosen["groep"])
            inside = inside.filter(student=OuterRef("student"), group__period=OuterRef("period"))
            rows = rows.filter(Exists(inside))
        if key := search_key(chosen["q"]):
            rows = named(rows, key)
        if chosen["mist"]:
            rows = rows.live().filter(**{f"{MISSING[chosen['mist']]}__isnull": True})
        return rows


class ChosenFilters(Filters):
    """Placements to do something with."""

    instead = _("Kies de stages opnieuw.")
    row = Codes(most=MANY, what=_("de gekozen stages"))


class ChangeFilters(Filters):
    """Which request a change answers, and which place was chosen for a move."""

    instead = _("Kies opnieuw wat er verandert.")
    verzoek = Thing(
        lambda actor: PlacementChange.objects.visible_to(actor).asked(), what=_("het verzoek")
    )
    # Where to, when a place was dragged to a student who has one.
    plek = Thing(lambda actor: Place.objects.visible_to(actor).open(), what=_("de plek"))


class ChangeListFilters(ListFilters):
    """The page of what was asked."""


class BoardFilters(ListFilters):
    """One group's students on the board, and how much is shown beside them."""

    groep = group()
    q = Text()
    staat = Choice(choices=[(step.key, step.label) for step in STATES], what=_("de status"))
    klas = school_class()
    leerling = student()
    plek = Text(what=_("de naam bij de plekken"))
    plekken = Flag(on="alle")
    PASSING = (*ListFilters.PASSING, "leerling", "plekken")

    @property
    def is_on(self) -> bool:
        """Whether less than a group is shown: the board is always of one."""
        return any(self.shown[name] for name in ("q", "staat", "klas", "plek"))


class OneFilters(Filters):
    """Which company is asked for a student: found by a search, or new with its town."""

    instead = _("Kies hieronder het bedrijf.")
    q = Text()
    bedrijf = company()
    naam = Text(what=_("de naam"))
    plaats = Text(what=_("de plaats"))


class OneStudentFilters(ListFilters):
    """For which student a company is asked."""

    q = Text()

    def narrow(self, rows):
        key = search_key(self.chosen["q"])
        return rows.filter(search_name__contains=key) if key else rows


class PlaceFilters(ListFilters):
    """What a student looks for."""

    q = Text()
    profiel = Known(lambda actor: Profile.objects.all(), "code", what=_("het soort werk"))
    km = Choice(choices=[(str(d), str(d)) for d in DISTANCES], what=_("de afstand"))
    sorteer = Choice(choices=[(n, n) for n in ("afstand", "naam")], what=_("de volgorde"))
