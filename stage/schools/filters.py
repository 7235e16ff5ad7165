"""Filters that lists of more than one app have: class, group, period, student, colleague."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from stage.core.models import Membership
from stage.core.ui.filters import Filters, Known, Text, Thing
from stage.schools.models import Group, Period, Student


class SchoolAddFilters(Filters):
    """In which region a new school comes, where a page says so beforehand."""

    instead = _("Kies de regio hieronder.")
    region = Text(what=_("de regio"))


def school_class() -> Known:
    """A class of the school, by its name."""
    rows = lambda actor: Student.objects.by_name(actor)  # noqa: E731
    return Known(rows, "school_class", max_length=20, what=_("de klas"))


def group() -> Thing:
    """A group that the actor sees."""
    rows = lambda actor: Group.objects.visible_to(actor).select_related("period")  # noqa: E731
    return Thing(rows, what=_("de groep"))


def period() -> Thing:
    """A period that the actor sees."""
    return Thing(lambda actor: Period.objects.visible_to(actor), what=_("de periode"))


def student() -> Thing:
    """A student that the actor sees."""
    return Thing(lambda actor: Student.objects.visible_to(actor), what=_("de leerling"))


def colleague() -> Thing:
    """Somebody who works or worked at the actor's school."""
    rows = lambda actor: Membership.objects.visible_to(actor).staff()  # noqa: E731
    return Thing(rows, what=_("de stagebegeleider"))
