"""What a coordinator should know before matching a student with a place. Warns, never blocks."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from companies.models import Place
from placements.queries import distance
from stage.schools.models import Student

# Further than this by bicycle or bus is a long day for a pupil; as the crow flies.
FAR_KM = 20


@dataclass(frozen=True)
class Warning:
    """One remark: `key` for tests and filters, `text` for people."""

    key: str
    text: str


def warnings_for(
    student: Student, place: Place, *, free: int, has_supervisor: bool, holds_place: bool = False
) -> list[Warning]:
    """Everything that does not fit between a student and a place.

    `free` is the number of free places; `holds_place` when one of the taken ones is this student's.
    Ages are those on the first day of the period.
    """
    company = place.company
    found = []
    age = student.age_on(place.period.starts)
    if company.minimum_age and age < company.minimum_age:
        words = {"age": age, "minimum": company.minimum_age}
        text = _("Is dan %(age)s jaar, het bedrijf vraagt %(minimum)s.") % words
        found.append(Warning("age", text))
    if company.profiles and student.profile and student.profile.code not in company.profiles:
        text = _("Ander profiel dan %(profile)s.") % {"profile": student.profile.name}
        found.append(Warning("profile", text))
    far = distance(student, place.location)
    if far is not None and far > FAR_KM:
        found.append(Warning("far", _("Ver weg: %(km)s km.") % {"km": round(far)}))
    if free < 1 and not holds_place:
        found.append(Warning("full", _("Geen plek meer vrij.")))
    if not has_supervisor and place.supervisor_id is None:
        found.append(Warning("supervisor", _("Het bedrijf heeft nog geen praktijkopleider.")))
    return found
