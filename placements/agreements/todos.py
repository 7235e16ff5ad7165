"""What waits for whom about agreements."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, Min, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from placements import unsigned
from placements.agreements.enums import AgreementState, Party
from placements.agreements.models import (
    Agreement,
    AgreementAnswer,
    LateGuardian,
    Signature,
    SigningRefusal,
)
from placements.agreements.queries import signers
from placements.agreements.queries.listing import without_agreement
from placements.models import Placement
from stage.core.dutch.calendar import school_today
from stage.core.enums import Audience
from stage.core.ui import todo
from stage.core.ui.counting import read_all, totals
from stage.core.ui.todo import Todo, Urgency, urgency_by

# So long before the first day an agreement is filled in, and is signed, if all goes well.
FILLING_TAKES = timedelta(days=10)
SIGNING_TAKES = timedelta(days=7)


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
    return signers.in_turn(rows.exclude(_signed(party, **person)), party)


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


@todo.source(Audience.COORDINATOR)
def for_coordinator(actor) -> Iterable[Todo]:
    filling = Agreement.objects.visible_to(actor).filter(state=AgreementState.FILLING)
    anybody = [Party.STUDENT, Party.COMPANY, Party.SCHOOL]
    waiting = {
        "start": without_agreement(actor).filter(state="concept"),
        "school": to_fill(actor, Party.SCHOOL),
        "ready": filling.exclude(_unchecked(*anybody)),
        "mine": to_sign(actor, Party.SCHOOL),
    }
    starts = {"first": Min("starts")}
    later = {"first": Min("placement__starts")}
    counted = read_all(
        *(totals(rows, **(starts if what == "start" else later)) for what, rows in waiting.items())
    )
    for what, found in zip(waiting, counted, strict=True):
        for row in found:
            yield _coordinators(row["n"], what, date.fromisoformat(row["first"]))


def _coordinators(count: int, what: str, first_day: date) -> Todo:
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
    due = first_day - (SIGNING_TAKES if what == "mine" else FILLING_TAKES)
    urgency = urgency_by(due)
    return Todo(*(title, url, text, urgency), count=count, due=due, icon="file-text", button=button)


SHOWN = 10  # of a kind, one by one


@todo.source(Audience.COORDINATOR, Audience.TEACHER)
def who_does_not_sign(actor) -> Iterable[Todo]:
    """Somebody said not to sign, or that this is not the own child: a person calls."""
    rows = SigningRefusal.objects.visible_to(actor).open().select_related("student")
    for told in rows.order_by("at", "pk")[:SHOWN]:
        if told.is_stranger:
            title = _('Kijk het adres na: "dit is niet mijn kind"')
            text = _("%(name)s, bij %(student)s. Er gaat geen mail meer heen.")
        else:
            title = _("Bel: iemand wil niet tekenen")
            text = _("%(name)s, voor de stage van %(student)s.")
        yield Todo(
            title,
            reverse("agreements:refusal_settle", args=[told.public_id]),
            text % {"name": told.name, "student": told.student.full_name},
            urgency=Urgency.NOW,
            button=_("Bekijk"),
            icon="phone",
        )


@todo.source(Audience.COORDINATOR)
def who_must_sign_first(actor) -> Iterable[Todo]:
    """Students under sixteen who begin soon, or should have, and not everybody signed."""
    today = school_today()
    rows = unsigned.waiting(Placement.objects.visible_to(actor), today)
    for placement in rows.select_related("student", "company").order_by("starts", "pk")[:SHOWN]:
        names = {"student": placement.student.full_name, "company": placement.company.name}
        has_begun = placement.starts <= today
        yield Todo(
            _("Laat eerst tekenen: %(student)s is nog geen 16") % names,
            reverse("agreements:unsigned_start", args=[placement.public_id]),
            _("De stage bij %(company)s kan nog niet beginnen.") % names,
            urgency=Urgency.NOW if has_begun else Urgency.SOON,
            due=placement.starts,
            button=_("Bekijk"),
            icon="signature",
        )


@todo.source(Audience.COORDINATOR)
def who_became_known(actor) -> Iterable[Todo]:
    """Parents or carers added while an agreement was open or signed: do they sign as well?"""
    rows = LateGuardian.objects.visible_to(actor).filter(answer="")
    rows = rows.filter(agreement__state__in=(AgreementState.SIGNING, AgreementState.COMPLETE))
    for late in rows.select_related("guardian", "student", "agreement")[:SHOWN]:
        yield Todo(
            _("Kies of %(name)s ook tekent") % {"name": late.guardian.name},
            reverse("agreements:late_guardian", args=[late.public_id]),
            _("Kwam erbij toen de overeenkomst van %(student)s er al was.")
            % {"student": late.student.full_name},
            button=_("Kies"),
            icon="user-plus",
        )
