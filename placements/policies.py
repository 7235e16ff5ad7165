"""Who may apply, decide, match and look: predicates on an application or a placement."""

from __future__ import annotations

from django.utils.translation import gettext as _

from companies import trust
from placements.enums import ABOUT_DAYS
from stage.core.enums import Audience
from stage.core.who.policies import (
    ALLOWED,
    Answer,
    Denied,
    any_of,
    coordinator_of,
    own_guardian,
    own_student,
)
from stage.schools.guidance import guides, stand_ins

__all__ = [
    "answers_question",
    "asks_change",
    "asks_for_one",
    "by_job",
    "changes",
    "coordinator_of",
    "decides_for_company",
    "follows",
    "guides",
    "leads",
    "own_student",
    "sees_in_full",
    "starts_unsigned",
    "takes_back",
    "takes_change_back",
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


# The coordinator with a reason, and the calendar once that was given.
starts_unsigned = any_of(coordinator_of, by_job)


def _known_at_school(actor, application) -> Answer:
    """Somebody of any company whom the student's school knows as a contact."""
    schools = {school for school, _company in actor.scope.reach.contact}
    if actor.is_company and actor.proven and application.school_id in schools:
        return ALLOWED
    return Denied(_("Dit gaat vanzelf. U hoeft niets te doen."))


# What follows by itself on a yes, or on a yes that falls through: whoever took that step was asked
# for it. Only services take these steps, at other applications than the one they were asked about.
follows = any_of(coordinator_of, own_student, by_job, _known_at_school, guides)


def asks_for_one(actor, application) -> Answer:
    """Ask a company for one student, and enter what it said: who guides the student."""
    answer = guides(actor, application)
    if answer and not application.place.for_one:
        return Denied(_("Op deze sollicitatie antwoordt het bedrijf zelf."))
    return answer


def answers_question(actor, question) -> Answer:
    """Whom a company's question is put to: the student, or the school's coordinator."""
    return (own_student if question.is_to_student else coordinator_of)(actor, question)


def leads(actor, row) -> Answer:
    """The teacher on the placement, or the coordinator: they judge work and give the mark.

    So does who stands in for that teacher today. `row` is the placement or hangs on one. Who else
    guides the student reads along.
    """
    placement = getattr(row, "placement", row)
    if coordinator_of(actor, placement):
        return ALLOWED
    school = actor.is_staff and actor.school_id == placement.school_id
    if school and placement.teacher_id == actor.membership:
        return ALLOWED
    if school and placement.teacher_id and _stands_in(actor, placement):
        return ALLOWED
    if school:
        return Denied(_("Dit kan alleen de stagebegeleider van deze stage."))
    return Denied(_("Dit kan alleen een medewerker van de school."))


def _stands_in(actor, placement) -> bool:
    """Asked once per row that was read, as `guides` is."""
    asked = placement.__dict__.setdefault("_stood_in_by", {})
    if actor.membership not in asked:
        rows = stand_ins(placement.teacher_id, placement.student_id)
        asked[actor.membership] = actor.membership in {row.pk for row in rows}
    return asked[actor.membership]


def changes(actor, change) -> Answer:
    """Decide a change of a placement: the coordinator; its teacher what is about days alone.

    `change` is the row, or a plan: it has a `kind` and a placement.
    """
    if change.kind in ABOUT_DAYS:
        return leads(actor, change.placement)
    return coordinator_of(actor, change.placement)


# Who may say that something should change: the school decides.
asks_change = any_of(leads, own_student, own_guardian, trust.guides)


def takes_change_back(actor, change) -> Answer:
    """Who asked for a change may take that back until the school answers."""
    if change.asked_kind == actor.role and asks_change(actor, change.placement):
        return ALLOWED
    return coordinator_of(actor, change.placement)


_concerned = any_of(guides, own_student, own_guardian, trust.guides)


def sees_in_full(actor, placement) -> Answer:
    """Who sees more of a placement than a name, a class and a company."""
    return (
        ALLOWED if _concerned(actor, placement) else Denied(_("Je begeleidt deze leerling niet."))
    )
