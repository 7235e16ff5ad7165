"""Who may do what: predicates on a placement, or on a row that hangs on one.

For staff the placement comes with its student, whose mentor counts as an own teacher.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from assessments.models import Evidence
from companies import trust
from placements.models import is_own_teacher
from stage.core.enums import FileKind
from stage.core.files import store as files
from stage.core.who.policies import ALLOWED, Answer, Denied, own_student, same_school

keep_bank = same_school
"""Every member of staff makes and mends assignments; nobody owns one."""

do_assignment = own_student
react = own_student


def guides(actor, row) -> Answer:
    """The coordinator, the teacher of the placement or the student's mentor."""
    placement = getattr(row, "placement", row)
    if not actor.is_staff or actor.school_id != placement.school_id:
        return Denied(_("Dit kan alleen een medewerker van de school."))
    own = is_own_teacher(actor, placement) or placement.student.mentor_id == actor.membership
    return ALLOWED if own else Denied(_("Je begeleidt deze leerling niet."))


hand_out = guides
review = guides
give_mark = guides


assess = trust.guides
"""The supervisor who was put on the placement, or the company's contact, who stands in."""


def concerns(actor, placement) -> Answer:
    """Who sees a student's assignments and assessment: student, own teacher, company."""
    if actor.is_student:
        return own_student(actor, placement)
    return trust.guides(actor, placement) if actor.is_company else guides(actor, placement)


@files.policy_for(FileKind.EVIDENCE)
def open_evidence(actor, file) -> Answer:
    """The student, the own teacher and, once handed in, the company; not the guardian."""
    related = "hand_in__placement__student" if actor.is_staff else "hand_in__placement"
    rows = Evidence.objects.visible_to(actor).filter(file_id=file.pk)
    evidence = rows.select_related(related).first()
    if evidence is None:
        return Denied(_("Dit bewijs is er niet meer."))
    return concerns(actor, evidence.hand_in.placement)
