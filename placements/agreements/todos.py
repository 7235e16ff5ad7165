"""What waits for whom about agreements."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from placements.agreements.enums import AgreementState, GuardiansNeeded, Party
from placements.agreements.models import (
    Agreement,
    AgreementAnswer,
    AgreementSettings,
    Signature,
)
from placements.agreements.queries import signers
from placements.agreements.queries.listing import without_agreement
from stage.core.enums import Audience
from stage.core.ui import todo
from stage.core.ui.counting import count_all
from stage.core.ui.todo import Todo


def _unchecked(*parties: str) -> Exists:
    rows = AgreementAnswer.objects.filter(agreement=OuterRef("pk"), checked_at__isnull=True)
    return Exists(rows.filter(party__in=parties))


def _signed(party: str, **person) -> Exists:
    return Exists(Signature.objects.filter(agreement=OuterRef("pk"), party=party, **person))


def to_fill(actor, party: str):
    """Agreements whose part of this party waits, as far as the actor sees them."""
    rows = Agreement.objects.visible_to(actor).filter(state=AgreementState.FILLING)
    return rows.filter(_unchecked(party))


def to_sign(actor, party: str, **person):
    """Agreements of which it is this party's turn to sign, as far as the actor sees them."""
    rows = Agreement.objects.visible_to(actor).filter(state=AgreementState.SIGNING)
    return signers.in_turn(_unsigned(rows, party, **person), party)


def _unsigned(rows, party: str, **person):
    return rows.exclude(_signed(party, **person))


def _url(name: str, agreement: Agreement) -> str:
    return reverse(f"agreements:{name}", args=[agreement.public_id])


@todo.source(Audience.STUDENT)
def for_student(actor) -> Iterable[Todo]:
    waiting = to_fill(actor, Party.STUDENT) | to_sign(actor, Party.STUDENT)
    for agreement in waiting.select_related("company"):
        company = {"company": agreement.company.name}
        if agreement.state == AgreementState.FILLING:
            yield Todo(
                _("Vul jouw deel van de stageovereenkomst in"),
                _url("agreement_fill", agreement),
                _("Voor je stage bij %(company)s. Dat kost een paar minuten.") % company,
                button=_("Vul in"),
                icon="file-text",
            )
        else:
            yield Todo(
                _("Teken je stageovereenkomst"),
                _url("agreement_sign", agreement),
                _("Voor je stage bij %(company)s.") % company,
                button=_("Lees en teken"),
                icon="file-text",
            )


@todo.source(Audience.GUARDIAN)
def for_guardian(actor) -> Iterable[Todo]:
    needed = AgreementSettings.objects.of(actor.school_id).guardians_needed
    person = {"person_id": actor.id} if needed == GuardiansNeeded.ALL else {}
    rows = to_sign(actor, Party.GUARDIAN, **person).select_related(
        "company", "student", "placement"
    )
    for agreement in rows:
        if agreement.student.is_minor_on(agreement.placement.starts):
            yield Todo(
                _("Teken de stageovereenkomst van %(student)s")
                % {"student": agreement.student.first_name},
                _url("agreement_show", agreement),
                _("Stage bij %(company)s.") % {"company": agreement.company.name},
                button=_("Lees en teken"),
                icon="file-text",
            )


def _is_signer(actor, agreement: Agreement) -> bool:
    """A signatory for that school; a contact learns on the page whether a signatory was named."""
    pair = (agreement.school_id, agreement.company_id)
    return pair in (*actor.scope.reach.signatory, *actor.scope.reach.contact)


@todo.source(Audience.COMPANY)
def for_company(actor) -> Iterable[Todo]:
    fill = list(to_fill(actor, Party.COMPANY))
    sign = [a for a in to_sign(actor, Party.COMPANY) if _is_signer(actor, a)]
    names = student_names(actor, [*fill, *sign])
    for agreement in fill:
        yield Todo(
            _("Vul de stageovereenkomst van %(student)s in")
            % {"student": names[agreement.student_id]},
            _url("agreement_fill", agreement),
            _("Uw gegevens, de werktijden en wat de leerling gaat doen."),
            button=_("Vul in"),
            icon="file-text",
        )
    for agreement in sign:
        yield Todo(
            _("Teken de stageovereenkomst van %(student)s")
            % {"student": names[agreement.student_id]},
            _url("agreement_show", agreement),
            button=_("Lees en teken"),
            icon="file-text",
        )


def student_names(actor, agreements) -> dict[int, str]:
    """Students' names by id, as these agreements give them: companies cannot read students."""
    rows = AgreementAnswer.objects.visible_to(actor).filter(
        agreement__in=agreements, party=Party.STUDENT
    )
    return {row.student_id: row.fields.get("name", "") for row in rows}


@todo.source(Audience.COORDINATOR)
def for_coordinator(actor) -> Iterable[Todo]:
    filling = Agreement.objects.visible_to(actor).filter(state=AgreementState.FILLING)
    signing = Agreement.objects.visible_to(actor).filter(state=AgreementState.SIGNING)
    anybody = [Party.STUDENT, Party.COMPANY, Party.SCHOOL]
    waiting = {
        "start": without_agreement(actor).filter(state="concept"),
        "school": to_fill(actor, Party.SCHOOL),
        "ready": filling.exclude(_unchecked(*anybody)),
        "mine": _unsigned(signing, Party.SCHOOL),
    }
    for what, count in zip(waiting, count_all(*waiting.values()), strict=True):
        if what == "mine" and count:  # whose turn it is, is asked only where something waits
            count = signers.in_turn(waiting[what], Party.SCHOOL).count()
        if count:
            yield _coordinators(count, what)


def _coordinators(count: int, what: str) -> Todo:
    titles = {
        "start": ngettext("Begin een stageovereenkomst", "Begin %(n)s stageovereenkomsten", count),
        "school": ngettext(
            "Controleer het deel van de school in een overeenkomst",
            "Controleer het deel van de school in %(n)s overeenkomsten",
            count,
        ),
        "ready": ngettext(
            "Stel de tekst van een overeenkomst vast",
            "Stel de tekst van %(n)s overeenkomsten vast",
            count,
        ),
        "mine": ngettext(
            "Teken een overeenkomst namens de school",
            "Teken %(n)s overeenkomsten namens de school",
            count,
        ),
    }
    text = {
        "start": _("De koppeling is gemaakt; de overeenkomst nog niet."),
        "school": _("Zeg dat de gegevens van de school kloppen."),
        "ready": _("Iedereen heeft gezegd dat het klopt."),
        "mine": _("De tekst staat vast."),
    }[what]
    button = {
        "start": _("Begin"),
        "school": _("Controleer"),
        "ready": _("Stel vast"),
        "mine": _("Teken"),
    }[what]
    url = reverse("agreements:agreement_list") + f"?staat={what}"
    if what == "start":
        url = reverse("agreements:agreement_start")
    title = titles[what] % {"n": count} if count > 1 else titles[what]
    return Todo(title, url, text, count=count, icon="file-text", button=button)
