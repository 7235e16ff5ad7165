"""The mails about agreements. Each reads anew, and is not sent when it is no longer needed."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from companies.models import Company
from placements.agreements.enums import AgreementState, Party
from placements.agreements.models import Agreement, SigningRefusal
from placements.agreements.queries import reading, refusals, signers
from stage.core import mail
from stage.core.enums import NoticeKind, Pace
from stage.core.who import links

links.purpose("agreement", page="agreements:agreement_open", needs_code=True, proves=True)

BUTTONS = {
    "agreement_fill": _("Vul in en controleer"),
    "agreement_sign": _("Lees en teken"),
    "agreement_complete": _("Bekijk de overeenkomst"),
    "agreement_objected": _("Bekijk de overeenkomst"),
    "agreement_refused": _("Bekijk wat er is gezegd"),
}
LETTERS = {
    ("agreement_fill", "student"): "agreement_fill_for_student",
    ("agreement_fill", "contact"): "agreement_fill_for_contact",
    ("agreement_sign", "student"): "agreement_sign_for_student",
    ("agreement_sign", "guardian"): "agreement_sign_for_guardian",
    ("agreement_sign", "contact"): "agreement_sign_for_contact",
    ("agreement_complete", "student"): "agreement_complete_for_student",
    ("agreement_complete", "guardian"): "agreement_complete_for_guardian",
    ("agreement_complete", "contact"): "agreement_complete_for_contact",
    ("agreement_complete", "membership"): "agreement_complete_for_membership",
    ("agreement_objected", "membership"): "agreement_objected_for_membership",
    ("agreement_refused", "membership"): "agreement_refused_for_membership",
}
FILLS = {"student": Party.STUDENT, "contact": Party.COMPANY}


def _agreement(row) -> Agreement | None:
    rows = Agreement.objects.filter(pk=row.about_id)
    return rows.select_related("student", "company", "school", "placement").first()


def _letter(event: str, row, agreement: Agreement, **context) -> mail.Letter:
    facts = {
        "student": agreement.student.full_name,
        "first_name": agreement.student.first_name,
        "company": agreement.company.name,
        "school": agreement.school.name,
        "sender_name": agreement.school.name,
        "starts": agreement.placement.starts,
        "ends": agreement.placement.ends,
        "is_amendment": agreement.is_amendment,
        "sides": reading.read(agreement).sides if agreement.is_amendment else [],
        "button_url": _address(row, agreement),
        "button_label": BUTTONS[event],
    }
    return mail.Letter(LETTERS[event, row.person_kind], {**facts, **context})


def _address(row, agreement: Agreement) -> str:
    """Straight to the page for who logs in; by a personal link for who has no account."""
    if row.person_kind in ("contact", "guardian"):
        return links.link_for(
            person_kind=row.person_kind,
            person_id=row.person_id,
            purpose="agreement",
            target=agreement.public_id,
            region_id=row.region_id,
            school_id=row.school_id,
        )
    return settings.SITE_URL + reverse("agreements:agreement_show", args=[agreement.public_id])


@mail.event("agreement_fill", mail.Notice(NoticeKind.AGREEMENT))
def _fill(row) -> mail.Letter | None:
    agreement = _agreement(row)
    if agreement is None or agreement.state != AgreementState.FILLING:
        return None
    party = FILLS[row.person_kind]
    if not agreement.answers.filter(party=party, checked_at__isnull=True).exists():
        return None
    others = _others(agreement, party) if row.person_kind == "contact" else []
    return _letter("agreement_fill", row, agreement, objection=agreement.objection, others=others)


def _others(agreement: Agreement, party: str) -> list[str]:
    """Names of the company's other students of this school whose part waits as well."""
    rows = Agreement.objects.filter(
        company__in=Company.objects.of_family([agreement.company_id]),
        state=AgreementState.FILLING,
        answers__party=party,
        answers__checked_at__isnull=True,
    )
    rows = rows.exclude(pk=agreement.pk).select_related("student")
    return [other.student.full_name for other in rows]


@mail.event("agreement_sign", mail.Notice(NoticeKind.AGREEMENT))
def _sign(row) -> mail.Letter | None:
    return _ask_to_sign(row, reminder=False)


@mail.event("agreement_reminder", mail.Notice(NoticeKind.AGREEMENT))
def _reminder(row) -> mail.Letter | None:
    return _ask_to_sign(row, reminder=True)


def _ask_to_sign(row, *, reminder: bool) -> mail.Letter | None:
    agreement = _agreement(row)
    if agreement is None:
        return None
    waiting = _waiting_for(row, agreement)
    if reminder and waiting:
        agreement = next((a for a in waiting if a.pk == agreement.pk), waiting[0])
    if agreement.pk not in {a.pk for a in waiting}:
        return None
    who = (agreement.pk, row.person_kind, row.person_id)
    if reminder and who in refusals.refusing_people([agreement.pk]):
        return None  # the school calls about it
    others = [a.student.full_name for a in waiting if a.pk != agreement.pk]
    return _letter("agreement_sign", row, agreement, reminder=reminder, others=others)


def _waiting_for(row, agreement: Agreement) -> list[Agreement]:
    """The agreements that wait for this person's signature, of the company or the student."""
    about = Q(student_id=agreement.student_id)
    if row.person_kind == "contact":
        about = Q(company__in=Company.objects.of_family([agreement.company_id]))
    signing = Agreement.objects.filter(about, state=AgreementState.SIGNING)
    rows = list(signing.select_related("student", "company", "school", "placement"))
    slots = signers.slots_of_all(rows)
    return [a for a in rows if _waits(slots[a.pk], row)]


def _waits(slots, row) -> bool:
    return any(
        slot.waits and any((p.kind, p.id) == (row.person_kind, row.person_id) for p in slot.people)
        for slot in slots
    )


@mail.event(
    "agreement_complete",
    mail.Notice(
        NoticeKind.AGREEMENT, staff=Pace.DAILY, student=Pace.DAILY, company=True, guardian=True
    ),
)
def _complete(row) -> mail.Letter | None:
    agreement = _agreement(row)
    if agreement is None or agreement.state != AgreementState.COMPLETE:
        return None
    return _letter("agreement_complete", row, agreement)


@mail.event("agreement_objected", mail.Notice(NoticeKind.AGREEMENT, staff=Pace.DAILY))
def _objected(row) -> mail.Letter | None:
    agreement = _agreement(row)
    if agreement is None or not (agreement.is_filling or agreement.is_amendment):
        return None
    return _letter(
        "agreement_objected",
        row,
        agreement,
        objection=agreement.objection,
        objection_by=Party(agreement.objection_by).label.lower(),
    )


@mail.event("agreement_refused", mail.Notice(NoticeKind.AGREEMENT, staff=Pace.DAILY))
def _refused(row) -> mail.Letter | None:
    told = SigningRefusal.objects.filter(pk=row.about_id).open().first()
    if told is None:
        return None
    related = ("student", "company", "school", "placement")
    agreement = Agreement.objects.select_related(*related).get(pk=told.agreement_id)
    return _letter(
        "agreement_refused",
        row,
        agreement,
        who=told.name,
        party=Party(told.party).label.lower(),
        is_stranger=told.is_stranger,
        words=told.words,
        button_url=settings.SITE_URL + reverse("agreements:refusal_settle", args=[told.public_id]),
    )
