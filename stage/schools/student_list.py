"""The list of students: who sees whom in full, search, filters and order."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from stage.core.dutch.calendar import school_today
from stage.core.dutch.names import search_key
from stage.core.models import Membership
from stage.core.ui.filters import Choice, Flag, ListFilters, Number, Sort, Text
from stage.core.ui.tones import Word
from stage.schools import whereabouts
from stage.schools.enums import Leerweg
from stage.schools.filters import group, period, school_class
from stage.schools.models import Group, GroupStudent, Guardian, LoginCode, Period, Student

SORTS = {
    "name": ("sort_name", "pk"),
    "class": ("school_class", "sort_name", "pk"),
    "year": ("year", "sort_name", "pk"),
    "number": ("number", "pk"),
}
# Filters that few use: folded away until one is on.
FOLDED = ("year", "leerweg", "group", "period", "login")
LOG_INS = {
    "none": _("Nog geen kaart"),  # nor one on paper
    "card": _("Kaart, nog niet gebruikt"),
    "active": _("Logt in"),
}
# The same as badges; `text` where there is room for more words.
LOG_IN_WORDS = {
    "none": Word("attention", _("Nog geen kaart"), _("Nog geen kaart")),
    "made": Word(
        "attention", _("Kaart niet geprint"), _("Kaart gemaakt, nog niet geprint"), icon="id-card"
    ),
    "card": Word("info", _("Kaart geprint"), _("Kaart geprint, nog niet gebruikt"), icon="id-card"),
    "active": Word("good", _("Logt in"), _("Logt in")),
}


def is_own(actor, student: Student) -> bool:
    """Whether this actor sees this student in full."""
    return Student.objects.visible_to(actor).filter(pk=student.pk).exists()


class StudentFilters(ListFilters):
    """What the list of students can be narrowed to; some only by the coordinator."""

    q = Text()
    klas = school_class()
    mine = Flag()
    stage = Choice(choices=whereabouts.choices, what=_("de stage"))
    weg = Flag()
    year = Number(high=9, what=_("het leerjaar"))
    leerweg = Choice(choices=Leerweg.choices, what=_("de leerweg"))
    group = group()
    period = period()
    login = Choice(choices=LOG_INS.items(), what=_("het inloggen"))
    sort = Sort(SORTS, default="name")
    format = Choice(choices=[("xlsx", "xlsx"), ("csv", "csv")])  # of the file

    @property
    def is_folded_open(self) -> bool:
        """Whether a filter that few use is on."""
        return any(self.shown[name] for name in FOLDED)

    def narrow(self, rows):
        """The students asked for. Filters a teacher may not know are left out."""
        chosen, is_coordinator = self.chosen, self.actor.is_coordinator
        if text := chosen["q"]:
            rows = named(rows, self.actor, text)
        if chosen["klas"]:
            rows = rows.filter(school_class=chosen["klas"])
        for name, lookup in (("group", "group"), ("period", "group__period")):
            if chosen[name]:
                rows = rows.filter(_is_member(**{lookup: chosen[name]}))
        if chosen["stage"]:  # of whom the actor guides only
            rows = whereabouts.narrow(rows, self.actor, chosen["stage"], chosen["period"])
        return _of_the_coordinator(rows, chosen) if is_coordinator else rows


def filtered(filters: StudentFilters) -> QuerySet[Student]:
    """The students of a list page by name, in its order."""
    own = filters.chosen["mine"]
    rows = Student.objects.visible_to if own else Student.objects.by_name
    return _filtered(rows(filters.actor), filters)


def filtered_own(filters: StudentFilters) -> QuerySet[Student]:
    """The same of those whom the actor sees in full."""
    return _filtered(Student.objects.visible_to(filters.actor), filters)


def _filtered(rows, filters: StudentFilters) -> QuerySet[Student]:
    left = filters.chosen["weg"] and filters.actor.is_coordinator
    rows = rows.exclude(left_on=None) if left else rows.present()
    return filters.narrow(rows).order_by(*filters.order())


def named(rows, actor, text: str) -> QuerySet[Student]:
    """Students by name; by number for the coordinator only, since others may not know it."""
    if actor.is_coordinator:
        return rows.search(text)
    return rows.filter(search_name__contains=search_key(text))


def _is_member(**of) -> Exists:
    return Exists(GroupStudent.objects.filter(student=OuterRef("pk"), **of))


def _of_the_coordinator(rows: QuerySet[Student], chosen: dict) -> QuerySet[Student]:
    if chosen["year"]:
        rows = rows.filter(year=chosen["year"])
    if chosen["leerweg"]:
        rows = rows.filter(leerweg=chosen["leerweg"])
    if chosen["login"]:
        rows = rows.filter(_log_in_is(chosen["login"]))
    return rows


def _log_in_is(state: str) -> Q:
    active = Q(Exists(Membership.objects.active().filter(student_id=OuterRef("pk"))))
    working = LoginCode.objects.working().filter(student=OuterRef("pk"))
    cards = working.filter(printed_at__isnull=False)
    card = Q(Exists(cards))
    return {"active": active, "card": ~active & card, "none": ~active & ~card}[state]


def without_log_in(actor):
    """Students who have neither a log-in nor a card on paper."""
    return Student.objects.visible_to(actor).present().filter(_log_in_is("none"))


def with_stopped_guardian(actor):
    """Students of whom a guardian's address was stopped: the birthday was wrong five times."""
    stopped = Guardian.objects.visible_to(actor).guessed().filter(student=OuterRef("pk"))
    return Student.objects.visible_to(actor).present().filter(Exists(stopped))


def choices(actor) -> dict:
    """What the filters of the list offer this actor."""
    rows = Student.objects.by_name(actor).present().order_by()
    classes = rows.exclude(school_class="").values_list("school_class", flat=True)
    found = {"classes": sorted(set(classes.distinct())), "stages": whereabouts.choices()}
    if actor.is_coordinator:
        found["years"] = sorted(set(rows.exclude(year=None).values_list("year", flat=True)))
        found["leerwegen"] = Leerweg.choices
        found["groups"] = list(Group.objects.visible_to(actor).select_related("period"))
        coming = Period.objects.visible_to(actor).filter(ends__gte=school_today())
        found["periods"] = list(coming.order_by("starts", "pk"))
        found["log_ins"] = list(LOG_INS.items())
    return found
