"""What the lists of attendance can be narrowed to."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from attendance.days import parse_week
from attendance.queries.staff import GROUPS
from companies.filters import company
from placements.models import Placement, PlacementChange
from stage.core.dutch.names import search_key
from stage.core.ui.filters import Choice, Day, Filters, Flag, Given, ListFilters, Text, Thing
from stage.schools.filters import colleague, group, school_class


class Week(Given):
    """An ISO week as 2027-W02; cleans to its days, Monday first, or None."""

    what = _("de week")

    def to_python(self, value) -> list[date] | None:
        if value in self.empty_values:
            return None
        try:
            return parse_week(value)
        except ValueError:
            raise self.not_understood() from None


class WeekFilters(Filters):
    """The week of a student."""

    instead = _("Je ziet deze week.")
    week = Week()


class DayFilters(ListFilters):
    """A day at school, and for a coordinator whose students; one state of them."""

    instead = _("Zonder datum zie je vandaag, zonder filter iedereen.")
    PASSING = (*ListFilters.PASSING, "dag")
    dag = Day()
    klas = school_class()
    bedrijf = company()
    begeleider = colleague()
    toon = Choice(choices=[(name, name) for name in GROUPS])

    def narrow(self, rows):
        """Of planned days those of a class, company and teacher."""
        lookups = {
            "student__school_class": self.chosen["klas"],
            "placement__company": self.chosen["bedrijf"],
            "placement__teacher": self.chosen["begeleider"],
        }
        return rows.filter(**{lookup: value for lookup, value in lookups.items() if value})


class HourFilters(ListFilters):
    """The list of hours: a group, one placement or a name, between two days."""

    instead = _("Zonder datum zie je dit schooljaar, zonder filter iedereen.")
    groep = group()
    stage = Thing(lambda actor: Placement.objects.visible_to(actor), what=_("de stage"))
    q = Text()
    van = Day()
    tot = Day()
    afdruk = Flag()


class MissedFilters(ListFilters):
    """Missed days of a group or a name; and the request that a decision answers."""

    instead = _("Zonder filter zie je iedereen.")
    PASSING = (*ListFilters.PASSING, "verzoek")
    groep = group()
    q = Text()
    verzoek = Thing(
        lambda actor: PlacementChange.objects.visible_to(actor).asked(), what=_("het verzoek")
    )

    def narrow(self, rows):
        """Of placements those of the group's students in its period, and of the name."""
        chosen = self.chosen
        if chosen["groep"]:
            members = chosen["groep"].members.order_by().values("student")
            rows = rows.filter(student__in=members, period=chosen["groep"].period_id)
        if chosen["q"]:
            rows = rows.filter(student__search_name__contains=search_key(chosen["q"]))
        return rows


class ScanFilters(Filters):
    """Whether the code on the poster was typed."""

    instead = ""
    typed = Flag()
