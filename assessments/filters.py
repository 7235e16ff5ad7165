"""What the lists of assignments, handed-in work and marks can be narrowed to."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.enums import HandInState
from stage.core.dutch.names import search_key
from stage.core.ui.filters import Choice, Filters, Flag, ListFilters, Sort, Text, Thing
from stage.schools.filters import colleague, group, school_class
from stage.schools.models import Elective

MISSING, GIVEN, FINAL = "missing", "given", "final"
MARK_STATES = [
    (MISSING, _("Nog niet definitief")),
    (GIVEN, _("Voorlopig")),
    (FINAL, _("Definitief")),
]
EVERY = "all"
WORK_STATES = [*HandInState.choices, (EVERY, _("Alles"))]
SORTS = {
    "name": ("student__sort_name", "pk"),
    "class": ("student__school_class", "student__sort_name", "pk"),
    "ends": ("ends", "student__sort_name", "pk"),
}
FILES = [("xlsx", "xlsx"), ("csv", "csv")]


class AssignmentFilters(ListFilters):
    """The bank: words, a keuzevak, or the archive."""

    q = Text()
    elective = Thing(lambda actor: Elective.objects.visible_to(actor), what=_("het keuzevak"))
    archived = Flag(what=_("de status"))

    def narrow(self, rows):
        """Assignments in use, or with `archived` those that are not."""
        chosen = self.chosen
        rows = rows.filter(archived_at__isnull=not chosen["archived"])
        if q := chosen["q"]:
            rows = rows.filter(Q(title__icontains=q) | Q(text__icontains=q))
        return rows.filter(elective=chosen["elective"]) if chosen["elective"] else rows


class ArchiveFilters(Filters):
    """Whether an assignment is put back."""

    instead = ""
    restore = Flag()


class HandOutFilters(Filters):
    """The group that an assignment is handed out to."""

    instead = _("Kies hieronder de groep.")
    group = group()


class HandInFilters(ListFilters):
    """Work of students: a state (at first what was handed in), a class, a teacher."""

    instead = _("Je ziet het werk zonder dit filter.")
    state = Choice(choices=WORK_STATES, what=_("de status"))
    klas = school_class()
    teacher = colleague()

    @property
    def wanted_state(self) -> str:
        """The state whose work is shown, or EVERY."""
        return self.chosen["state"] or HandInState.HANDED_IN

    def narrow(self, rows):
        """The coordinator may ask for one teacher's students."""
        chosen = self.chosen
        if self.wanted_state != EVERY:
            rows = rows.filter(state=self.wanted_state)
        if chosen["klas"]:
            rows = rows.filter(student__school_class=chosen["klas"])
        if chosen["teacher"] and self.actor.is_coordinator:
            rows = rows.guided_by(chosen["teacher"].pk)
        return rows


class MarkFilters(ListFilters):
    """Placements to mark: name or number, class, and how far the mark is; also as a file."""

    q = Text()
    klas = school_class()
    state = Choice(choices=MARK_STATES, what=_("het cijfer"))
    sort = Sort(SORTS, default="name")
    export = Choice(choices=FILES)

    def narrow(self, rows):
        chosen = self.chosen
        if q := chosen["q"]:
            by_name = Q(student__search_name__contains=search_key(q))
            rows = rows.filter(by_name | Q(student__number__startswith=q))
        if chosen["klas"]:
            rows = rows.filter(student__school_class=chosen["klas"])
        wanted = {
            MISSING: Q(mark__locked_at__isnull=True),
            GIVEN: Q(mark__isnull=False, mark__locked_at__isnull=True),
            FINAL: Q(mark__locked_at__isnull=False),
        }
        return rows.filter(wanted[chosen["state"]]) if chosen["state"] else rows
