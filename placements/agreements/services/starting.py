"""A first version for a placement, and a new version when the text turns out to be wrong."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from placements.agreements import mails
from placements.agreements.enums import Party
from placements.agreements.facts import PARTIES, known_of
from placements.agreements.known import Known
from placements.agreements.models import Agreement, AgreementAnswer, AgreementArticle
from placements.agreements.policies import party_of
from placements.agreements.queries.listing import STARTABLE
from placements.agreements.services.texts import ensure_default_articles
from placements.agreements.workflow import AGREEMENT, PLACEMENT
from placements.enums import PlacementState
from placements.models import Placement
from stage.core.record import audit, workflow
from stage.core.tenants import tenancy
from stage.core.who.policies import Conflict, coordinator_of, require


@transaction.atomic
def start_agreements(placements: Iterable[Placement], *, actor) -> list[Agreement]:
    """Make an agreement for each placement and ask student and company for their part.

    Raises NotAllowed, and Conflict when one of them has an agreement already; then none is made.
    """
    made = [_start(placement, actor) for placement in placements]
    for agreement in made:
        mails.ask_to_fill(agreement)
    return made


def _start(placement: Placement, actor) -> Agreement:
    require(coordinator_of, actor, placement)
    if placement.period.is_taster:
        raise Conflict(_("Bij een snuffelstage hoort geen overeenkomst."))
    if placement.state == PlacementState.CONCEPT:
        workflow.apply(placement, PLACEMENT["start_agreement"], actor=actor)
    elif placement.state not in STARTABLE:
        raise Conflict(_("Bij deze stage kan geen overeenkomst meer beginnen."))
    try:
        with transaction.atomic():
            agreement = Agreement.objects.create_about(
                placement,
            )
    except IntegrityError as error:
        raise Conflict(_("Voor deze stage is er al een overeenkomst.")) from error
    _copy_articles(agreement, ensure_default_articles(placement.school))
    known = Known(placement)
    _write_answers(agreement, {party: known_of(party, known) for party in PARTIES})
    audit.record(actor, "agreement_started", agreement)
    return agreement


def _copy_articles(agreement: Agreement, rows) -> None:
    AgreementArticle.objects.bulk_create(
        AgreementArticle.about(
            agreement,
            number=number,
            title=row.title,
            text=row.text,
            parties=row.parties,
        )
        for number, row in enumerate(rows, start=1)
    )


def _write_answers(agreement: Agreement, answers: dict[str, dict]) -> None:
    AgreementAnswer.objects.bulk_create(
        AgreementAnswer.about(
            agreement,
            party=party,
            fields=fields,
        )
        for party, fields in answers.items()
    )


@transaction.atomic
def object_to(agreement: Agreement, *, text: str, actor) -> Agreement:
    """A party says what is not right: the text opens again as a new version, all sign anew.

    What is wrong with an amendment ends that alone; what was signed before it holds.
    """
    if agreement.is_amendment:
        return _end_amendment(agreement, text, actor)
    return new_version(agreement, "object", text, actor)


@transaction.atomic
def revise(agreement: Agreement, *, text: str, actor) -> Agreement:
    """The coordinator changes a frozen or signed agreement: a new version, all sign anew."""
    return new_version(agreement, "revise", text, actor)


def _end_amendment(agreement: Agreement, text: str, actor) -> Agreement:
    transition = AGREEMENT["object"]
    require(transition.policy, actor, agreement)
    with tenancy.as_school_of(agreement):
        said = {"objection": text, "objection_by": party_of(actor) or Party.SCHOOL}
        workflow.apply(agreement, transition, actor=actor, **said)
        mails.tell_objection(agreement)
    return agreement


def new_version(agreement: Agreement, edge: str, text: str, actor) -> Agreement:
    """The text opens again: what was signed, with its amendments, gives way to it."""
    transition = AGREEMENT[edge]
    require(transition.policy, actor, agreement)
    with tenancy.as_school_of(agreement):
        workflow.apply(agreement, transition, actor=actor)
        amendments = list(agreement.amendments.in_force().order_by("version"))
        signed = [row for row in amendments if row.is_complete]
        for row in amendments:
            workflow.apply(row, AGREEMENT["revise"], actor=actor)
        last = signed[-1] if signed else agreement
        answers = {row.party: row.fields for row in last.answers.all()}
        newest = Agreement.objects.filter(placement=agreement.placement_id)
        newer = Agreement.objects.create_about(
            agreement.placement,
            version=newest.aggregate(Max("version"))["version__max"] + 1,
            objection=text,
            objection_by=party_of(actor) or Party.SCHOOL,
        )
        _copy_articles(newer, ensure_default_articles(newer.placement.school))
        _write_answers(newer, answers)
        audit.record(actor, "agreement_version_started", newer)
        mails.ask_to_fill(newer)
        mails.tell_objection(newer)
    return newer
