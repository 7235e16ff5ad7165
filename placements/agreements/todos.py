"""What waits for whom about agreements."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from placements.agreements import desk_todos  # noqa: F401 - registers by being read
from placements.agreements.enums import AgreementState, Party
from placements.agreements.models import Agreement, AgreementAnswer
from placements.agreements.queries import signers
from placements.agreements.queries.waiting import FILLING_TAKES, SIGNING_TAKES, to_fill, to_sign
from stage.core.enums import Audience
from stage.core.ui import todo
from stage.core.ui.todo import Todo, Urgency, urgency_by


def _url(name: str, agreement: Agreement) -> str:
    return reverse(f"agreements:{name}", args=[agreement.public_id])


def _by(agreement: Agreement, takes: timedelta) -> dict[str, Any]:
    """When it should be done, and how urgent that makes it."""
    due = agreement.placement.starts - takes
    return {"due": due, "urgency": urgency_by(due, at_least=Urgency.SOON)}


@todo.source(Audience.STUDENT)
def for_student(actor) -> Iterable[Todo]:
    waiting = to_fill(actor, Party.STUDENT) | to_sign(actor, Party.STUDENT)
    for agreement in waiting.select_related("company", "placement"):
        company = {"company": agreement.company.name}
        if agreement.state == AgreementState.FILLING:
            yield Todo(
                _("Vul jouw deel van de stageovereenkomst in"),
                _url("agreement_fill", agreement),
                _("Voor je stage bij %(company)s. Dat kost een paar minuten.") % company,
                button=_("Vul in"),
                icon="file-text",
                **_by(agreement, FILLING_TAKES),
            )
        else:
            yield Todo(
                _("Teken je stageovereenkomst"),
                _url("agreement_sign", agreement),
                _("Voor je stage bij %(company)s.") % company,
                button=_("Lees en teken"),
                icon="file-text",
                **_by(agreement, SIGNING_TAKES),
            )


@todo.source(Audience.GUARDIAN)
def for_guardian(actor) -> Iterable[Todo]:
    waiting = Agreement.objects.visible_to(actor).filter(state=AgreementState.SIGNING)
    for agreement in waiting.select_related("company", "student"):
        slots = signers.slots_of(agreement)
        if any(not slot.done and slot.signer_for(actor) for slot in slots):
            yield Todo(
                _("Teken de stageovereenkomst van %(student)s")
                % {"student": agreement.student.first_name},
                _url("agreement_sign", agreement),
                _("Stage bij %(company)s.") % {"company": agreement.company.name},
                button=_("Lees en teken"),
                icon="file-text",
                **_by(agreement, SIGNING_TAKES),
            )


def _is_signer(actor, agreement: Agreement) -> bool:
    """A signatory for that school; a contact learns on the page whether a signatory was named."""
    pair = (agreement.school_id, agreement.company_id)
    return pair in (*actor.scope.reach.signatory, *actor.scope.reach.contact)


@todo.source(Audience.COMPANY)
def for_company(actor) -> Iterable[Todo]:
    fill = list(to_fill(actor, Party.COMPANY).select_related("placement"))
    waiting = to_sign(actor, Party.COMPANY).select_related("placement")
    sign = [a for a in waiting if _is_signer(actor, a)]
    names = student_names(actor, [*fill, *sign])
    for agreement in fill:
        yield Todo(
            _("Vul de stageovereenkomst van %(student)s in")
            % {"student": names[agreement.student_id]},
            _url("agreement_fill", agreement),
            _("Uw gegevens, de werktijden en wat de leerling gaat doen."),
            button=_("Vul in"),
            icon="file-text",
            **_by(agreement, FILLING_TAKES),
        )
    for agreement in sign:
        yield Todo(
            _("Teken de stageovereenkomst van %(student)s")
            % {"student": names[agreement.student_id]},
            _url("agreement_show", agreement),
            button=_("Lees en teken"),
            icon="file-text",
            **_by(agreement, SIGNING_TAKES),
        )


def student_names(actor, agreements) -> dict[int, str]:
    """Students' names by id, as these agreements give them: companies cannot read students."""
    rows = AgreementAnswer.objects.visible_to(actor).filter(
        agreement__in=agreements, party=Party.STUDENT
    )
    return {row.student_id: row.fields.get("name", "") for row in rows}
