"""The list of students: who sees whom in full, search, filters and order."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stage.core.dutch.names import search_key
from stage.core.models import Membership
from stage.schools.enums import Leerweg
from stage.schools.models import Group, GroupStudent, Guardian, LoginCode, Student

SORTS = {
    "name": ("sort_name", "pk"),
    "class": ("school_class", "sort_name", "pk"),
    "year": ("year", "sort_name", "pk"),
    "number": ("number", "pk"),
}
# Filters that few use: folded away until one is on.
FOLDED = ("year", "leerweg", "group", "login")
LOG_INS = {
    "none": _("Nog geen kaart"),
    "card": _("Kaart, nog niet gebruikt"),
    "active": _("Logt in"),
}


def is_own(actor, student: Student) -> bool:
    """Whether this actor sees this student in full."""
    return Student.objects.visible_to(actor).filter(pk=student.pk).exists()


def filtered(actor, params: Mapping[str, str]) -> QuerySet[Student]:
    """The students of a list page by name, in its order.

    Filters a teacher may not know are left out.
    """
    own = params.get("mine") == "1"
    rows = Student.objects.visible_to(actor) if own else Student.objects.by_name(actor)
    return _filtered(actor, rows, params)


def filtered_own(actor, params: Mapping[str, str]) -> QuerySet[Student]:
    """The same of those whom the actor sees in full."""
    return _filtered(actor, Student.objects.visible_to(actor), params)


def _filtered(actor, rows, params: Mapping[str, str]) -> QuerySet[Student]:
    left = params.get("weg") == "1" and actor.is_coordinator
    rows = rows.exclude(left_on=None) if left else rows.present()
    if params.get("q"):
        rows = rows.search(params["q"]) if actor.is_coordinator else _by_name(rows, params["q"])
    if params.get("class"):
        rows = rows.filter(school_class=params["class"])
    if actor.is_coordinator:
        rows = _of_the_coordinator(rows, params)
    order = params.get("sort", "name")
    names = SORTS.get(order.removeprefix("-"), SORTS["name"])
    return rows.order_by(*(f"-{n}" for n in names) if order.startswith("-") else names)


def _by_name(rows: QuerySet[Student], text: str) -> QuerySet[Student]:
    return rows.filter(search_name__contains=search_key(text))


def _of_the_coordinator(rows: QuerySet[Student], params: Mapping[str, str]) -> QuerySet[Student]:
    if params.get("year", "").isdecimal():
        rows = rows.filter(year=int(params["year"][:2]))
    if params.get("leerweg") in Leerweg.values:
        rows = rows.filter(leerweg=params["leerweg"])
    if params.get("group"):
        inside = GroupStudent.objects.filter(student=OuterRef("pk"))
        rows = rows.filter(Exists(inside.filter(group__public_id=params["group"])))
    if params.get("login") in LOG_INS:
        rows = rows.filter(_log_in_is(params["login"]))
    return rows


def _log_in_is(state: str) -> Q:
    active = Q(Exists(Membership.objects.active().filter(student_id=OuterRef("pk"))))
    cards = LoginCode.objects.filter(
        student=OuterRef("pk"),
        used_at=None,
        stopped_at=None,
        expires_at__gt=timezone.now(),
    )
    card = Q(Exists(cards))
    return {"active": active, "card": ~active & card, "none": ~active & ~card}[state]


def without_log_in(actor):
    """Students who have neither a log-in nor a card."""
    return Student.objects.visible_to(actor).present().filter(_log_in_is("none"))


def with_stopped_guardian(actor):
    """Students of whom a guardian's address was stopped: the birthday was wrong five times."""
    stopped = Guardian.objects.visible_to(actor).stopped().filter(student=OuterRef("pk"))
    return Student.objects.visible_to(actor).present().filter(Exists(stopped))


def choices(actor) -> dict:
    """What the filters of the list offer this actor."""
    rows = Student.objects.by_name(actor).present().order_by()
    classes = rows.exclude(school_class="").values_list("school_class", flat=True)
    found = {"classes": sorted(set(classes.distinct()))}
    if actor.is_coordinator:
        found["years"] = sorted(set(rows.exclude(year=None).values_list("year", flat=True)))
        found["leerwegen"] = Leerweg.choices
        found["groups"] = list(Group.objects.visible_to(actor).select_related("period"))
        found["log_ins"] = list(LOG_INS.items())
    return found
