"""The placement changed: its papers follow.

What is still filled in takes the new facts over; what was fixed and not signed by all opens again
as a new version. What was signed by all stays, text and signatures; an amendment beside it shows
old and new, and those it concerns sign that. Uitvoeringsbesluit WVO 2020, articles 2.34 to 2.37:
a placement has a written agreement, so what differs from it is written too.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import override

from placements.agreements import mails
from placements.agreements.enums import AgreementState, Party
from placements.agreements.facts import FACTS, PARTIES, PLACEMENT, known_of
from placements.agreements.known import Known
from placements.agreements.models import Agreement, AgreementAnswer
from placements.agreements.queries import reading
from placements.agreements.services.filling import reopen
from placements.agreements.services.starting import new_version
from placements.agreements.workflow import AGREEMENT
from placements.changes.kinds import STAND_IN
from placements.changes.shown import title_of
from placements.models import Placement, PlacementChange
from stage.core.record import frozen, workflow

# A column of the placement -> the fact of the agreement that says it. Weekdays and dates are the
# placement's own facts, which nobody fills in.
SAID_BY = {
    "day_from": "day_from",
    "day_to": "day_to",
    "break_minutes": "break_minutes",
    "supervisor_id": "supervisor",
    "teacher_id": "teacher",
}
HOURS = "total_hours"


@transaction.atomic
def follow(change: PlacementChange, *, actor) -> Agreement | None:
    """Bring a placement's papers in line with it; answers the amendment, if one is to be signed.

    After a change, and after one was undone: what is open is worked out anew each time.
    """
    placement = Placement.objects.select_related(
        "student", "company", "school", "teacher", "supervisor", "location", "place__offer"
    ).get(pk=change.placement_id)
    whole = Agreement.objects.whole().in_force().filter(placement=placement).first()
    if whole is None or _for_a_while(change):
        return None
    if whole.state == AgreementState.FILLING:
        _take_over(whole, _facts_of(placement, [change]))
        return None
    if whole.state == AgreementState.SIGNING:
        with override("nl"):  # kept with the agreement
            words = title_of(change)
        newer = new_version(whole, "outdate", words, actor)
        _take_over(newer, _facts_of(placement, [change]))
        return None
    lapse_open(whole, actor=actor)
    # One that lapsed said what changed before: the new one says all that nobody signed yet.
    unsigned = placement.changes.done().filter(decided_at__gte=last_signed(whole).frozen_at)
    facts = _facts_of(placement, [change, *unsigned])
    return _amend(whole, placement, change, facts, actor=actor)


def _for_a_while(change: PlacementChange) -> bool:
    """Whether only who stands in for the supervisor changes: the agreement names that one."""
    before = change.before
    days = any(before.get(name) for name in ("removed", "added", "retimed"))
    values = set(before.get("values", ()))
    return bool(values) and not days and values <= set(STAND_IN)


def lapse_open(whole: Agreement, *, actor) -> None:
    """Amendments that wait for a signature and say something else by now."""
    for row in whole.amendments.filter(state=AgreementState.SIGNING):
        workflow.apply(row, AGREEMENT["lapse"], actor=actor)


def last_signed(whole: Agreement) -> Agreement:
    """What holds now: the newest amendment that all signed, else the agreement itself."""
    signed = whole.amendments.filter(state=AgreementState.COMPLETE).order_by("-version")
    return signed.first() or whole


def _facts_of(placement: Placement, changes: Iterable[PlacementChange]) -> dict[str, dict]:
    """Per party the answers that the changed columns of the placement give."""
    known = Known(placement)
    changed: set[str] = set()
    for before in (change.before for change in changes):
        changed |= {SAID_BY[name] for name in before.get("values", {}) if name in SAID_BY}
        if any(before.get(name) for name in ("removed", "added", "retimed", "values")):
            changed.add(HOURS)
    return {
        party: {fact.key: fact.known(known) for fact in FACTS if _asked(fact, party, changed)}
        for party in PARTIES
    }


def _asked(fact, party: str, changed: set[str]) -> bool:
    return fact.party == party and fact.field is not None and fact.key in changed


def _take_over(agreement: Agreement, facts: dict[str, dict]) -> None:
    """Answers that are still being given take the new facts; whom they concern looks again."""
    for row in agreement.answers.all():
        new = {k: v for k, v in facts[row.party].items() if row.fields.get(k) != v}
        if new:
            AgreementAnswer.objects.filter(pk=row.pk).update(fields={**row.fields, **new})
            reopen(agreement, row.party, set(new))


def _amend(
    whole: Agreement, placement: Placement, change: PlacementChange, facts: dict, *, actor
) -> Agreement | None:
    before = last_signed(whole)
    answers = {row.party: {**row.fields, **facts[row.party]} for row in before.answers.all()}
    document: dict[str, Any] = {
        **{party: answers.get(party, {}) for party in PARTIES},
        PLACEMENT: known_of(PLACEMENT, Known(placement)),
    }
    old = before.document or {}
    differing = [fact for fact in FACTS if _differs(fact, old, document)]
    if not any(fact.signs for fact in differing):
        return None
    newest = Agreement.objects.filter(placement=placement).aggregate(Max("version"))
    amendment = Agreement.objects.create_about(
        placement,
        version=newest["version__max"] + 1,
        amends=whole,
        change=change,
        parties=_concerned(differing),
    )
    AgreementAnswer.objects.bulk_create(
        AgreementAnswer.about(
            amendment, party=party, fields=fields, checked_at=timezone.now(), checked_by=""
        )
        for party, fields in answers.items()
    )
    with override("nl"):  # what people sign is Dutch, whoever's screen it is made on
        document |= {
            "agreement": amendment.public_id,
            "version": amendment.version,
            "amends": {"agreement": whole.public_id, "hash": whole.whole_hash},
            "from_on": change.from_on.isoformat(),
            "sides": _sides(old, document),
            "articles": [],
        }
    workflow.apply(
        amendment, AGREEMENT["amend"], actor=actor, **frozen.freezing(document, actor=actor)
    )
    mails.ask_to_sign(amendment)
    return amendment


def _differs(fact, old: dict, new: dict) -> bool:
    return old.get(fact.party, {}).get(fact.key) != new.get(fact.party, {}).get(fact.key)


def _concerned(differing: Iterable) -> list[str]:
    """Who signs: whose fact it is and whom it concerns. Days and times concern the parents too.

    Nadere regeling kinderarbeid 3:1 has them agree with when a child works.
    """
    found: set[str] = set()
    for fact in differing:
        if fact.party == PLACEMENT or fact.plans:
            found |= set(Party)
        elif fact.signs:
            found |= {fact.party, *fact.concerns}
    return [party.value for party in Party if party in found]


def _sides(old: dict, new: dict) -> list[list[str]]:
    """Each line of the text that reads otherwise now: its word, how it read, how it reads."""
    found = []
    for part in (*PARTIES, PLACEMENT):
        was = dict(reading.lines_of(part, old))
        for label, text in reading.lines_of(part, new):
            if was.get(label, "") != text and [label, was.get(label, ""), text] not in found:
                found.append([label, was.get(label, ""), text])
    return found
