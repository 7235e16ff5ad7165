"""The agreement to read, print and object to: for every party and the teacher."""

from __future__ import annotations

from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from placements.agreements import documents, policies
from placements.agreements.enums import AgreementState, Party
from placements.agreements.forms import ObjectionForm, RevisionForm
from placements.agreements.models import Agreement, LateGuardian
from placements.agreements.queries import checking, reading, refusals, signers
from placements.agreements.queries.waiting import to_fill, to_sign
from placements.agreements.services import papers, starting
from placements.agreements.todos import student_names
from placements.agreements.views.common import find, frame, text_of
from placements.agreements.workflow import AGREEMENT
from stage.core.enums import Audience
from stage.core.record import audit, frozen
from stage.core.ui.download import PDF, download
from stage.core.ui.filters import Choice, Filters, reads
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.ui.parts import render_page
from stage.core.who.access import allow
from stage.core.who.policies import Conflict, require

PARTIES = (Audience.COORDINATOR, Audience.STUDENT, Audience.GUARDIAN, Audience.COMPANY)


class CopyFilters(Filters):
    """Which copy on paper."""

    instead = gettext_lazy("Kies hieronder wat je wilt printen.")
    voor = Choice(choices=[(name, name) for name in documents.COPIES])


class ShowFilters(CopyFilters):
    """Also what a file refused to be, which is said here; and whether all text is shown."""

    alles = Choice(choices=[("ja", "ja")])


@allow(*PARTIES, Audience.TEACHER)
@reads(ShowFilters)
def agreement_show(request, public_id):
    """The whole text, who did what, and what waits for the reader."""
    agreement = find(request, public_id)
    actor = request.actor
    audit.saw(actor, agreement, "agreement_seen")
    slots = signers.slots_of(agreement)
    parts = list(agreement.answers.all())
    filling = agreement.is_filling
    document = reading.compose(agreement)
    refusal, may_refuse = refusals.own(actor, agreement), refusals.kinds_for(actor)
    my_turn = _is_my_turn(actor, agreement, slots)
    context = {
        **frame(request, agreement),
        **text_of(request, agreement),
        "student_name": document["student"].get("name", ""),
        "parts": [(part, Party(part.party).label) for part in parts],
        "slots": slots,
        "points": checking.points_of(agreement, document) if filling and actor.is_staff else [],
        "missing": checking.missing_for(agreement, slots) if filling else [],
        "my_part": _my_part(actor, parts) if filling else None,
        "my_turn": my_turn,
        "not_yet": _not_yet(actor, slots) if agreement.is_signing else "",
        "short_hash": frozen.short(agreement.whole_hash),
        "others": _others(actor, agreement),
        "refusal": refusal,
        "may_refuse": may_refuse,
        "offers_refusal": my_turn and may_refuse and not refusal,
        "told": refusals.told_of(actor, agreement),
        "late_guardians": _undecided(actor, agreement),
        "newer": _newer(actor, agreement),
        "possible": _possible(agreement, actor),
        "may_note_paper": papers.may_note(actor, agreement, slots),
        "idle_title": _idle_title(actor),
    }
    return render_page(request, "agreements/show.html", context)


def _possible(agreement, actor) -> list[str]:
    """What this person may do with it; an amendment is not rewritten, it is made anew."""
    found = AGREEMENT.possible(agreement, actor)
    return [name for name in found if name != "revise"] if agreement.is_amendment else found


def _my_part(actor, parts):
    party = policies.party_of(actor)
    return next((part for part in parts if part.party == party), None)


def _is_my_turn(actor, agreement, slots) -> bool:
    if not agreement.is_signing:
        return False
    return any(slot.waits and slot.signer_for(actor) for slot in slots)


def _not_yet(actor, slots) -> str:
    """Who signs before the reader, in a sentence; empty where nobody does."""
    mine = (slot.not_yet for slot in slots if slot.after and slot.signer_for(actor))
    return next(mine, "")


def _idle_title(actor) -> str:
    if actor.is_company or actor.is_guardian:
        return _("U hoeft nu niets te doen")
    return _("Je hoeft nu niets te doen")


def _others(actor, agreement) -> list[tuple[Agreement, str]]:
    """Other agreements that wait for the same company: one mail leads to all of them."""
    if not actor.is_company:
        return []
    rows = [*to_fill(actor, Party.COMPANY), *to_sign(actor, Party.COMPANY)]
    rows = [row for row in rows if row.pk != agreement.pk]
    names = student_names(actor, rows)
    return [(row, names.get(row.student_id, "")) for row in rows]


def _undecided(actor, agreement) -> list[LateGuardian]:
    """Who was added while this was being signed, and the coordinator said nothing of yet."""
    if not actor.is_coordinator or agreement.is_superseded:
        return []
    rows = LateGuardian.objects.visible_to(actor).filter(agreement=agreement, answer="")
    return list(rows.select_related("guardian"))


def _newer(actor, agreement) -> Agreement | None:
    if not agreement.is_superseded:
        return None
    rows = Agreement.objects.visible_to(actor).filter(placement_id=agreement.placement_id)
    return rows.whole().exclude(state=AgreementState.SUPERSEDED).first()


@allow(*PARTIES, Audience.TEACHER)
@reads(CopyFilters)
def agreement_pdf(request, public_id):
    """The copies on paper; `?voor=bedrijf` gives one of them."""
    agreement = find(request, public_id)
    filters = request.filters
    if filters.errors:
        return filters.page_that_says_so("agreements:agreement_show", public_id)
    data = documents.agreement_pdf(agreement, only=filters.chosen["voor"])
    audit.saw(request.actor, agreement, "agreement_printed")
    return download(data, documents.file_name(agreement), PDF)


@allow(*PARTIES, methods=("GET", "POST"))
def agreement_object(request, public_id):
    """Say what is wrong: the text opens again and everybody signs anew."""
    agreement = find(request, public_id)
    require(policies.may_object, request.actor, agreement)
    form_class = RevisionForm if request.actor.is_coordinator else ObjectionForm
    form = form_class(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _open_again(request, agreement, form.cleaned_data["text"])
    signed = [slot.signature.name for slot in signers.slots_of(agreement) if slot.signature]
    context = {**frame(request, agreement), "form": form, "signed": signed}
    return form_page(request, "agreements/object.html", context)


def _open_again(request, agreement, text):
    actor = request.actor
    service = starting.revise if actor.is_coordinator else starting.object_to
    try:
        newer = service(agreement, text=text, actor=actor)
    except Conflict as conflict:
        notice(request, str(conflict), tone="attention")
        return redirect("agreements:agreement_show", agreement.public_id)
    if agreement.is_amendment:
        notice(request, _("De school leest wat er niet klopt. Deze wijziging vervalt."))
    else:
        notice(request, _("De overeenkomst is weer open. Iedereen kijkt en tekent opnieuw."))
    return redirect(reverse("agreements:agreement_show", args=[newer.public_id]))
