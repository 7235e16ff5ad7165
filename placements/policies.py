"""Who may apply, decide, match and look: predicates on an application or a placement."""

from __future__ import annotations

from django.utils.translation import gettext as _

from companies import trust
from stage.core.enums import Audience
from stage.core.who.policies import ALLOWED, Answer, Denied, coordinator_of, own_student

__all__ = [
    "by_job",
    "coordinator_of",
    "decides_for_company",
    "own_student",
    "sees_in_full",
    "takes_back",
]


decides_for_company = trust.is_contact


def takes_back(actor, application) -> Answer:
    """Who may answer the invitation an offer came from, also by its link: it may be taken back."""
    invited = application.place.invitation_id in actor.scope.reach.invitations
    return ALLOWED if actor.is_company and invited else trust.is_contact(actor, application)


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
    if trust.guides(actor, placement):
        return ALLOWED
    return Denied(_("Je begeleidt deze leerling niet."))
