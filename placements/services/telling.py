"""Who gets which mail when a change is done, known before it is: done, read and put back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from placements.changes.mails import words_for
from placements.changes.wanted import Wanted
from placements.models import Placement, PlacementChange
from placements.services.changing import change_placement
from stage.core.enums import MailState
from stage.core.mail import letters
from stage.core.models import OutboxMail
from stage.core.who.policies import Conflict


class Mailed(NamedTuple):
    """Somebody who gets mail of a change, and what each is about."""

    kind: str
    id: int
    name: str
    what: tuple[str, ...]


class _PutBack(Exception):
    """Nothing of the rehearsal stays."""


def mailed_by(
    placement: Placement, wanted: Wanted, *, asked: PlacementChange | None = None, actor
) -> list[Mailed]:
    """Everybody who will be mailed of this change by whichever app, in the order of the outbox.

    The change is done in a savepoint that is rolled back: so this list cannot differ from what is
    sent. Empty where it cannot be done; the page says why. Raises NotAllowed.
    """
    found: list[Mailed] = []
    try:
        with transaction.atomic():
            reason = wanted.rule_reason or "-"  # asked on the same page; its words change no mail
            change = change_placement(
                placement, replace(wanted, rule_reason=reason), asked=asked, actor=actor
            )
            found = list(_people(change))
            raise _PutBack
    except (_PutBack, Conflict):
        return found


def _people(change: PlacementChange) -> Iterator[Mailed]:
    rows = OutboxMail.objects.filter(held_by=change.step, state=MailState.QUEUED).order_by("pk")
    what: dict[tuple[str, int], list[str]] = {}
    for row in rows:
        if letters.HANDLERS[row.event](row) is not None:
            what.setdefault((row.person_kind, row.person_id), []).append(words_for(row.event))
    for (kind, number), words in what.items():
        person = letters.resolve_person(kind, number)
        if person is not None and person.email and person.known and not person.stopped:
            name = person.name or _("De leerling")
            yield Mailed(kind, number, name, tuple(dict.fromkeys(words)))
