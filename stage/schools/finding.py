"""What of a school can be found from every page: students, colleagues and periods."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stage.core.dutch.calendar import school_today
from stage.core.dutch.names import full_name
from stage.core.enums import Audience, Role
from stage.core.models import Membership
from stage.core.ui import finding
from stage.core.ui.finding import Finding, Found
from stage.schools import student_list
from stage.schools.models import Period, Student


@finding.source(
    "students",
    gettext_lazy("Leerlingen"),
    *(Audience.COORDINATOR, Audience.TEACHER),
    order=10,
    icon="user",
)
def students(actor, text: str) -> Finding:
    """By name, for the coordinator also by number. Of somebody else's student name and class."""
    rows = Student.objects.by_name(actor).present()
    rows = student_list.named(rows, actor, text).order_by("sort_name", "pk")
    names = ("public_id", "first_name", "infix", "last_name", "school_class")
    return Finding(rows.values(*names), _student, reverse("schools:student_list"))


def _student(row: dict) -> Found:
    return Found(
        full_name(row["first_name"], row["infix"], row["last_name"]),
        reverse("schools:student_show", args=[row["public_id"]]),
        _("Klas %(class)s") % {"class": row["school_class"]} if row["school_class"] else "",
    )


@finding.source(
    "colleagues", gettext_lazy("Collega's"), Audience.COORDINATOR, order=50, icon="users"
)
def colleagues(actor, text: str) -> Finding:
    """People who work at the school now."""
    rows = Membership.objects.visible_to(actor).active().staff().filter(school=actor.school_id)
    rows = rows.filter(name__icontains=text).order_by("name", "pk")
    return Finding(rows.values("public_id", "name", "role"), _colleague)


def _colleague(row: dict) -> Found:
    url = reverse("schools:staff_edit", args=[row["public_id"]])
    return Found(row["name"], url, str(Role(row["role"]).label))


@finding.source(
    "periods", gettext_lazy("Periodes"), Audience.COORDINATOR, order=60, icon="calendar"
)
def periods(actor, text: str) -> Finding:
    """Periods by name, those to come and those that run first."""
    rows = Period.objects.visible_to(actor).filter(name__icontains=text).order_by("-ends", "pk")
    return Finding(rows.values("public_id", "name", "ends"), _period)


def _period(row: dict) -> Found:
    url = reverse("schools:period_show", args=[row["public_id"]])
    is_over = row["ends"] < school_today().isoformat()
    return Found(row["name"], url, _("Voorbij") if is_over else "")
