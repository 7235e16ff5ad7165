"""What a company was asked, as its page shows it."""

from __future__ import annotations

from collections import defaultdict

from companies.models import Invitation, PassedOn

MANY = 20


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
