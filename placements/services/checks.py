"""Whether the people attached to a placement can be."""

from __future__ import annotations

from django.utils.translation import gettext as _

from companies.models import Contact
from companies.services.contacts import line_at
from placements.models import Placement
from stage.core.enums import Role
from stage.core.models import Membership
from stage.core.who.policies import Conflict


def check_teacher(placement: Placement, teacher: Membership | None) -> None:
    """Raises Conflict unless this is staff of the placement's school, or nobody."""
    if teacher is None:
        return
    fits = teacher.school_id == placement.school_id and teacher.ended_at is None
    if not fits or teacher.role not in (Role.TEACHER, Role.COORDINATOR):
        raise Conflict(_("Deze stagebegeleider werkt niet meer op deze school."))


def line_of(supervisor: Contact | None, company_id: int, *, actor) -> Contact | None:
    """The supervisor as somebody of this company, where who is of its family has a line too.

    Raises Conflict for somebody of another company.
    """
    if supervisor is None or not supervisor.active:
        return supervisor
    return line_at(supervisor, company_id, actor=actor)


def check_supervisor(placement: Placement, supervisor: Contact | None) -> None:
    """Raises Conflict unless this is somebody of the placement's company, or nobody."""
    if supervisor is None:
        return
    if supervisor.company_id != placement.company_id or not supervisor.active:
        raise Conflict(_("Deze praktijkopleider werkt niet meer bij dit bedrijf."))
