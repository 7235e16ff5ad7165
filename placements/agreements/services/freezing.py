"""The text is fixed: from here on everybody signs exactly this."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from placements.agreements import mails
from placements.agreements.enums import AgreementState
from placements.agreements.facts import FACTS
from placements.agreements.models import Agreement, AgreementArticle
from placements.agreements.queries import checking, reading, signers
from placements.agreements.services.locks import lock
from placements.agreements.workflow import AGREEMENT
from placements.models import Placement, RuleOverride
from stage.core.record import audit, frozen, workflow
from stage.core.who.policies import Conflict, coordinator_of, require


@transaction.atomic
def freeze(agreement: Agreement, *, reasons: dict[str, str], actor) -> None:
    """Fix the text, note why rules were passed over, and ask everybody to sign.

    `reasons` holds a sentence per rule that is not met (`Point.rule`). Raises Conflict when a part
    is unchecked, a signer unknown, a rule blocks or a reason misses.
    """
    require(coordinator_of, actor, agreement)
    held = lock(agreement)
    if held.state != AgreementState.FILLING:
        raise Conflict(_("De tekst staat al vast."))
    missing = checking.missing_for(held, signers.slots_of(held))
    if missing:
        raise Conflict(" ".join(missing))
    document = reading.compose(held)
    _note_reasons(held, document, reasons, actor)
    _plan_as_agreed(held, document, actor)
    _keep_articles(held, document["articles"])
    workflow.apply(
        agreement,
        AGREEMENT["freeze"],
        actor=actor,
        **frozen.freezing(document, actor=actor),
    )
    mails.ask_to_sign(agreement)


def _note_reasons(agreement, document: dict, reasons: dict[str, str], actor) -> None:
    points = checking.points_of(agreement, document)
    blocking = [point.text for point in points if point.blocks]
    if blocking:
        raise Conflict(" ".join(blocking))
    unexplained = [point.text for point in points if not reasons.get(point.rule, "").strip()]
    if unexplained:
        raise Conflict(_("Leg uit waarom dit toch kan: %(points)s") % {"points": unexplained[0]})
    with override("nl"):  # kept with the agreement, in its language, whoever fixes the text
        kept = checking.points_of(agreement, document)
    for point in kept:
        row = RuleOverride.objects.create_about(
            agreement,
            rule=point.rule,
            finding=point.text[:300],
            reason=reasons[point.rule].strip()[:500],
            by_id=actor.membership,
        )
        audit.record(actor, "rule_overridden", row, fields=("reason",))


def _plan_as_agreed(agreement, document: dict, actor) -> None:
    """Days planned on the placement's usual times move along with the times that were agreed."""
    placement = Placement.objects.get(pk=agreement.placement_id)
    agreed = {fact.key: fact.plans(document[fact.party][fact.key]) for fact in FACTS if fact.plans}
    if all(getattr(placement, name) == value for name, value in agreed.items()):
        return
    usual = placement.planned_days.filter(day_from=placement.day_from, day_to=placement.day_to)
    usual.update(**agreed)
    Placement.objects.filter(pk=placement.pk).update(**agreed)
    audit.record(actor, "placement_times_agreed", placement, fields=tuple(agreed))


def _keep_articles(agreement, articles: list[dict]) -> None:
    for article in articles:
        AgreementArticle.objects.filter(agreement=agreement, number=article["number"]).update(
            title=article["title"], text=article["text"], digest=article["digest"]
        )
