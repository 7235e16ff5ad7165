"""Signing on the screen: exactly the frozen text, a sentence, and a tick or a code of just now."""

from __future__ import annotations

from datetime import datetime

from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from placements.agreements.enums import AgreementState
from placements.agreements.forms import SignForm, SignWithCodeForm
from placements.agreements.queries import refusals, signers
from placements.agreements.services import signing
from placements.agreements.views.common import AsText, find, frame, text_of
from placements.agreements.views.show import PARTIES
from stage.core import mail
from stage.core.record import audit, frozen
from stage.core.tenants import tenancy
from stage.core.ui.filters import Choice, reads
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.who import links, proofs
from stage.core.who.access import allow
from stage.core.who.limits import address_of, source_of
from stage.core.who.policies import Conflict, NotAllowed

BROWSER_DAYS = 30


class CodeFilters(AsText):
    """Whether a code was mailed just now."""

    code = Choice(choices=[(told, told) for told in ("ja", "nee")])


@allow(*PARTIES)
def agreement_open(request, public_id):
    """Where a mailed link leads: to the signature that waits for this person, else to the text."""
    agreement = find(request, public_id)
    waits = agreement.is_signing and any(
        not slot.done and slot.signer_for(request.actor) for slot in signers.slots_of(agreement)
    )
    page = "agreement_sign" if waits else "agreement_show"
    return redirect(f"agreements:{page}", agreement.public_id)


@allow(*PARTIES, methods=("GET", "POST"))
@reads(CodeFilters)
def agreement_sign(request, public_id):
    """Read and sign. What was on the screen is what is signed: its hash comes along."""
    agreement = find(request, public_id)
    slot, signer = _turn(request, agreement)
    if slot is None:
        return redirect("agreements:agreement_show", agreement.public_id)
    by_code = signing.method_of(request.actor) == "code"
    proven = _proven_at(request, agreement, signer) if by_code else None
    with_code = by_code and proven is None
    form_class = SignWithCodeForm if with_code else SignForm
    statement = signing.statement_for(slot.party)
    form = form_class(request.POST or None, initial={"whole_hash": agreement.whole_hash})
    form.fields["agree"].label = statement
    if (
        request.method == "POST"
        and form.is_valid()
        and (not with_code or _code_is_right(request, agreement, signer, form))
    ):
        return _sign(request, agreement, form, statement)
    audit.saw(request.actor, agreement, "agreement_seen")
    context = {
        **frame(request, agreement),
        **text_of(request, agreement),
        "form": form,
        "slot": slot,
        "signer": signer,
        "with_code": with_code,
        "proven_at": proven,
        # The page was opened with a proof, and stood open until that was no longer one.
        "proof_over": with_code and request.method == "POST" and "code" not in request.POST,
        "code_asked": request.filters.chosen["code"],
        "code_to": _address(agreement, signer) if with_code else "",
        "short_hash": frozen.short(agreement.whole_hash),
        "refusal": refusals.own(request.actor, agreement),
        "may_refuse": refusals.kinds_for(request.actor),
    }
    return form_page(request, "agreements/sign.html", context)


def _proven_at(request, agreement, signer) -> datetime | None:
    """When this browser proved, behind this agreement's own link or on this page, who reads that

    mailbox. Not before this text was fixed: another text is another agreement's, and asks again.
    """
    person = _person(agreement, signer)
    if person is None or person.stopped or agreement.frozen_at is None:
        return None
    behind = proofs.purposes_of_links(person, purpose="agreement", target=agreement.public_id)
    return proofs.proven_at(
        person,
        purposes=[*behind, _purpose(agreement)],
        browser=links.browser_key(request),
        since=agreement.frozen_at,
    )


def _person(agreement, signer) -> mail.Person | None:
    """The signer at the address the agreement's school knows."""
    with tenancy.as_school_of(agreement):
        return mail.resolve_person(signer.kind, signer.id)


def _address(agreement, signer) -> str:
    """Where a code for this signer goes; empty when nobody knows any more."""
    person = _person(agreement, signer)
    return person.email if person else ""


def _turn(request, agreement):
    """The signature that waits for the actor; NotAllowed for who is no signer at all."""
    mine = [
        (slot, slot.signer_for(request.actor))
        for slot in signers.slots_of(agreement)
        if slot.signer_for(request.actor)
    ]
    if not mine:
        raise NotAllowed(_("Je bent niet degene die deze overeenkomst tekent."))
    if agreement.state != AgreementState.SIGNING:
        notice(request, _("Er is nu niets te tekenen."), tone="attention")
        return None, None
    waiting = next(((slot, signer) for slot, signer in mine if not slot.done), None)
    if waiting is None:
        notice(request, _("Deze handtekening staat er al."))
        return None, None
    if waiting[0].after:
        notice(request, waiting[0].not_yet, tone="attention")
        return None, None
    return waiting


def _purpose(agreement) -> str:
    """What a code asked here is for: a signature under this very text."""
    return f"sign:{agreement.public_id}:{agreement.whole_hash[:8]}"


def _code_is_right(request, agreement, signer, form) -> bool:
    person = _person(agreement, signer)
    if person is None or person.stopped:
        raise Http404
    answer = links.check_code(
        person,
        purpose=_purpose(agreement),
        browser=links.browser_key(request),
        typed=form.cleaned_data["code"],
    )
    if not answer.right:
        text = _("Deze code klopt niet. Kijk nog eens, of vraag een nieuwe code.")
        if not answer.tries_left:
            text = _("Deze code werkt niet meer. Vraag een nieuwe code.")
        form.add_error("code", text)
    return answer.right


def _sign(request, agreement, form, statement):
    evidence = signing.Evidence(
        method=signing.method_of(request.actor),
        statement=statement,
        address=address_of(request),
        browser=request.headers.get("User-Agent", ""),
    )
    try:
        signing.sign(
            agreement,
            whole_hash=form.cleaned_data["whole_hash"],
            evidence=evidence,
            actor=request.actor,
        )
    except Conflict as conflict:
        notice(request, str(conflict), tone="attention")
    else:
        notice(request, _("De handtekening staat eronder. Bedankt."))
    return redirect("agreements:agreement_show", agreement.public_id)


@allow("guardian", "company", methods=("POST",))
def agreement_code(request, public_id):
    """Mail a fresh code to who is about to sign."""
    agreement = find(request, public_id)
    slot, signer = _turn(request, agreement)
    if slot is None:
        return redirect("agreements:agreement_show", agreement.public_id)
    person = _person(agreement, signer)
    browser = links.browser_key(request) or links.new_browser_key()
    asked = (person is not None and not person.stopped) and links.ask_code(
        person,
        region_id=agreement.school.region_id,
        purpose=_purpose(agreement),
        browser=browser,
        source=source_of(request),
    )
    told = "ja" if asked else "nee"
    page = reverse("agreements:agreement_sign", args=[agreement.public_id])
    # To the code field, below a text of pages; what happened is said there.
    response = redirect(f"{page}?code={told}#handtekening")
    response.set_cookie(
        links.BROWSER_COOKIE,
        browser,
        max_age=BROWSER_DAYS * 86400,
        httponly=True,
        secure=request.is_secure(),
        samesite="Lax",
    )
    return response
