"""Who may do what: predicates on a placement, or on a row that hangs on one."""

from __future__ import annotations

from django.utils.translation import gettext as _

from assessments.enums import FileKind
from assessments.models import Evidence
from companies import trust
from placements.policies import leads
from stage.core.files import kinds
from stage.core.who.policies import Answer, Denied, any_of, own_student, same_school
from stage.schools.guidance import guides, guides_all

keep_bank = same_school
"""Every member of staff makes and mends assignments; nobody owns one."""

do_assignment = own_student
react = own_student


hand_out_to_all = guides_all
review = leads
give_mark = leads


assess = trust.guides
"""The supervisor who was put on the placement, or the company's contact, who stands in."""


concerns = any_of(guides, own_student, trust.guides)
"""Who sees a student's assignments and assessment: own staff, the student, the company."""


@kinds.register(FileKind.EVIDENCE, takes=("image", "pdf"))
def open_evidence(actor, file) -> Answer:
    """The student, who guides it from school and, once handed in, the company; not the guardian."""
    rows = Evidence.objects.visible_to(actor).filter(file_id=file.pk)
    evidence = rows.select_related("hand_in__placement").first()
    if evidence is None:
        return Denied(_("Dit bewijs is er niet meer."))
    return concerns(actor, evidence.hand_in.placement)
