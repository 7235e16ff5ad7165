"""Who may apply, decide, match and look: predicates on an application or a placement."""

from __future__ import annotations

from django.utils.translation import gettext as _

from stage.core.enums import Audience
from stage.core.policies import ALLOWED, Answer, Denied, coordinator_of, own_student

__all__ = [
    "by_job",
    "coordinator_of",
    "decides_for_company",
    "of_the_company",
    "own_student",
    "sees_in_full",
]


def decides_for_company(actor, obj) -> Answer:
    """Somebody of the company who proved to read its mail; a link alone may be opened by others."""
    if actor.is_company and actor.proven and obj.company_id in actor.scope.companies:
        return ALLOWED
    return Denied(_("Dit kan alleen iemand van het bedrijf zelf."))


def of_the_company(actor, obj) -> Answer:
    """Somebody of the company, also by a link alone: enough to take back an offer."""
    if actor.is_company and obj.company_id in actor.scope.companies:
        return ALLOWED
    return Denied(_("Dit kan alleen iemand van het bedrijf zelf."))


def by_job(actor, obj) -> Answer:
    """A scheduled job that works in the object's school."""
    if actor.role == Audience.JOB and actor.school_id == obj.school_id:
        return ALLOWED
    return Denied(_("Dit gaat vanzelf. U hoeft niets te doen."))


def sees_in_full(actor, placement) -> Answer:
    """Who sees more of a placement than a name, a class and a company."""
    school = actor.school_id == placement.school_id
    if school and actor.is_coordinator:
        return ALLOWED
    if school and actor.is_teacher and placement.teacher_id == actor.membership:
        return ALLOWED
    at_home = actor.is_student or actor.is_guardian
    if school and at_home and actor.student_id == placement.student_id:
        return ALLOWED
    if actor.is_company and actor.proven and placement.company_id in actor.scope.companies:
        return ALLOWED
    return Denied(_("Je begeleidt deze leerling niet."))
