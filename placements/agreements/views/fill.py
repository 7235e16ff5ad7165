"""A party's own part of the agreement."""

from __future__ import annotations

from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from placements.agreements import policies
from placements.agreements.enums import AgreementState, Party
from placements.agreements.forms import PARTS
from placements.agreements.services import filling
from placements.agreements.views.common import find, frame
from stage.core.enums import Audience
from stage.core.ui.filters import Choice, Filters, reads
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.who.access import allow
from stage.core.who.policies import Conflict, NotAllowed


class PartFilters(Filters):
    """Whose part a coordinator fills in."""

    instead = gettext_lazy("Je ziet het deel van de school.")
    deel = Choice(choices=[(str(p), str(p)) for p in PARTS], what=gettext_lazy("het deel"))


@allow(Audience.COORDINATOR, Audience.STUDENT, Audience.COMPANY, methods=("GET", "POST"))
@reads(PartFilters)
def agreement_fill(request, public_id):
    """The actor's part, filled in with what is known; the coordinator may choose another's."""
    agreement = find(request, public_id)
    party = _party(request)
    answer = policies.may_fill(request.actor, agreement, party)
    if not answer:
        raise NotAllowed(answer.reason)
    if agreement.state != AgreementState.FILLING:
        notice(request, _("De tekst staat al vast."), tone="attention")
        return redirect("agreements:agreement_show", agreement.public_id)
    part = agreement.answers.get(party=party)
    check = request.POST.get("action") == "check"
    if request.method == "POST":
        form = PARTS[party](request.POST, partial=not check)
        if form.is_valid():
            return _save(request, agreement, party, form, check)
    else:
        form = PARTS[party](initial=part.fields)
    context = {
        **frame(request, agreement),
        "form": form,
        "party": party,
        "party_label": Party(party).label,
        "for_somebody_else": party != policies.party_of(request.actor),
        "part": part,
    }
    return form_page(request, "agreements/fill.html", context)


def _party(request) -> str:
    asked = request.filters.chosen["deel"]
    own = policies.party_of(request.actor)
    return asked if request.actor.is_coordinator and asked else str(own)


def _save(request, agreement, party, form, check):
    try:
        reopened = filling.fill(
            agreement, party=party, fields=form.answers(), check=check, actor=request.actor
        )
    except Conflict as conflict:
        notice(request, str(conflict), tone="attention")
        return redirect("agreements:agreement_show", agreement.public_id)
    text = _("Bewaard. Er is gezegd dat dit deel klopt.") if check else _("Bewaard voor later.")
    if reopened:
        names = _(" en ").join(str(Party(p).label).lower() for p in reopened)
        text += " " + _("Omdat er iets veranderde, kijkt ook opnieuw: %(who)s.") % {"who": names}
    notice(request, text)
    return redirect("agreements:agreement_show", agreement.public_id)
