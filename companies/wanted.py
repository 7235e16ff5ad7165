"""How many students of which profile a letter asks places for: numbers, never names.

Kept with the campaign as {code of a profile: number}; without a code: any profile.
"""

from __future__ import annotations

from django.db.models import Count
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stage.schools.models import Group, Profile, Student


def wanted_of(group: Group, *, actor) -> dict[str, int]:
    """The students of a group that the actor sees, by profile."""
    rows = Student.objects.visible_to(actor).present()
    rows = rows.filter(pk__in=group.members.values("student_id")).order_by()
    counts = rows.values_list("profile__code").annotate(many=Count("pk")).order_by("profile__code")
    return {code or "": many for code, many in counts}


def wanted_rows(wanted: dict[str, int]) -> list[tuple[str, int]]:
    """Name of the profile and number, most first; the name is empty for any profile."""
    asked = {code: many for code, many in wanted.items() if many}
    if not asked:
        return []
    names = dict(Profile.objects.filter(code__in=asked).values_list("code", "name"))
    rows = [(names.get(code, ""), many) for code, many in asked.items()]
    return sorted(rows, key=lambda row: (row[0] == "", -row[1], row[0]))


def wanted_words(wanted: dict[str, int]) -> str:
    """In words: "12 leerlingen Groen en 1 leerling Techniek"; empty when nothing was filled in."""
    parts = [f"{_students(many)} {name}".strip() for name, many in wanted_rows(wanted)]
    return get_text_list(parts, _("en"))


def _students(many: int) -> str:
    return ngettext("%(n)s leerling", "%(n)s leerlingen", many) % {"n": many}
