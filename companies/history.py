"""What a company was asked, as its page shows it."""

from __future__ import annotations

from collections import defaultdict

from django.urls import reverse
from django.utils import timezone

from companies.doubles import UNDO_FOR
from companies.enums import ChangeKind
from companies.field_words import ChangedFact, lines_of
from companies.models import Company, CompanyChange, Invitation, PassedOn

MANY, FEW = 20, 10


def latest(asked, actor) -> list[Invitation]:
    """The latest invitations, each with `handed`: to which colleagues it was passed on.

    The bureau sees which school asked, not for what nor why not.
    """
    if actor.is_bureau:
        rows = list(asked.select_related("school", "place").order_by("-pk")[:MANY])
    else:
        related = asked.with_delivery().select_related("period", "place", "campaign")
        rows = list(related.order_by("-pk")[:MANY])
    handed: dict[int, list[PassedOn]] = defaultdict(list)
    passed = PassedOn.objects.visible_to(actor).filter(invitation__in=[row.pk for row in rows])
    for one in passed.select_related("to"):
        handed[one.invitation_id].append(one)
    for row in rows:
        row.handed = handed[row.pk]
    return rows


def changes(company: Company, actor) -> list[tuple[CompanyChange, str, list[ChangedFact]]]:
    """What was changed of a company lately: who came, left or handed over, and which facts."""
    rows = CompanyChange.objects.visible_to(actor).filter(
        company__family_id=company.family_id, undone_at__isnull=True
    )
    found = list(rows.select_related("company")[:FEW])
    for row in found:
        row.undo_url = _undo_of(row) if actor.is_bureau else ""
    return [(row, _who(row), lines_of(row)) for row in found]


def _undo_of(change: CompanyChange) -> str:
    """Where a merge is taken back, as long as it stands and is fresh enough."""
    gone = change.company
    late = gone.merged_at is None or gone.merged_at < timezone.now() - UNDO_FOR
    if change.kind != ChangeKind.MERGED or gone.merged_into_id is None or late:
        return ""
    return reverse("companies:doubles_undo", args=[gone.public_id])


def _who(change: CompanyChange) -> str:
    """Who left, and who took over; empty for another change, and for whom we forgot."""
    if change.kind not in (ChangeKind.LEFT, ChangeKind.HANDED):
        return ""
    names = [change.before.get("name", ""), change.after.get("name", "")]
    return " → ".join(dict.fromkeys(filter(None, names)))
