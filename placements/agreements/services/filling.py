"""Each party's own part: saving answers, saying they are right, and what that re-opens."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from placements.agreements import mails, policies
from placements.agreements.enums import AgreementState, Party
from placements.agreements.facts import facts_of
from placements.agreements.models import Agreement, AgreementAnswer
from placements.agreements.services.locks import lock
from stage.core.record import audit
from stage.core.tenants import tenancy
from stage.core.who.policies import Conflict, NotAllowed


@transaction.atomic
def fill(agreement: Agreement, *, party: str, fields: dict, check: bool, actor) -> tuple[str, ...]:
    """Save a party's answers; with `check` it also says: this is right.

    Answers which parties have to look again. Raises NotAllowed, and Conflict once frozen.
    """
    answer = policies.may_fill(actor, agreement, party)
    if not answer:
        raise NotAllowed(answer.reason)
    with tenancy.as_school_of(agreement):
        if lock(agreement).state != AgreementState.FILLING:
            raise Conflict(
                _("De tekst staat al vast. Zeg wat er niet klopt. Dan gaat de tekst weer open.")
            )
        row = AgreementAnswer.objects.get(agreement=agreement, party=party)
        changed = {name for name, value in fields.items() if row.fields.get(name) != value}
        AgreementAnswer.objects.filter(pk=row.pk).update(
            fields={**row.fields, **fields},
            checked_at=timezone.now() if check else None,
            checked_by=_signed_off_by(actor, row) if check else "",
        )
        verb = "agreement_part_checked" if check else "agreement_part_filled"
        audit.record(actor, verb, row, fields=changed)
        return reopen(agreement, party, changed)


def _signed_off_by(actor, row: AgreementAnswer) -> str:
    # A student's log-in holds no name; the part itself does.
    name = actor.name or row.fields.get("name", "")
    if actor.is_coordinator and row.party != Party.SCHOOL:
        party = Party(row.party).label.lower()
        name = _("%(name)s, namens %(party)s") % {"name": name, "party": party}
    return name[:120]


def reopen(agreement: Agreement, party: str, changed: set[str]) -> tuple[str, ...]:
    """Whom the changed answers concern looks again, if they had said that theirs was right."""
    facts = [fact for fact in facts_of(party) if fact.key in changed]
    concerned = {other for fact in facts for other in fact.concerns}
    parts = agreement.answers.filter(party__in=concerned, checked_at__isnull=False)
    reopened = tuple(sorted(parts.values_list("party", flat=True)))
    if reopened:
        parts.update(checked_at=None, checked_by="")
        mails.ask_to_fill(agreement, parties=reopened, again=True)
    return reopened
