"""A right code counts a while longer than it works: who just came in with it need not ask another.

A code works ten minutes and once. From then on it is a **proof**, for half an hour: of this person,
at the address the code was mailed to, in the browser that asked it, and for what it was asked for
alone. It is no row of its own, so nothing can be made of one without the code itself.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.utils import timezone

from stage.core import mail
from stage.core.models import Link, MailedCode
from stage.core.tenants.tenancy import NOBODY, use
from stage.core.who import links

PROOF_MINUTES = 30


def proven_at(
    person: mail.Person, *, purposes: Collection[str], browser: str, since: datetime
) -> datetime | None:
    """When this person last gave a right code for one of these purposes in this browser, if ever.

    Not longer ago than half an hour, and not before `since`: from when what is shown stood fixed.
    """
    if not (browser and purposes):
        return None
    earliest = max(since, timezone.now() - timedelta(minutes=PROOF_MINUTES))
    with use(NOBODY):
        rows = MailedCode.objects.filter(
            person_kind=person.kind,
            person_id=person.id,
            purpose__in=purposes,
            browser=links.hashed(browser),
            used_at__gte=earliest,
        ).order_by("pk")
        # An address that the school changed meanwhile proves nothing of the new one.
        used = [row.used_at for row in rows if links.is_at_address_of(row, person)]
    return max((at for at in used if at is not None), default=None)


def purposes_of_links(person: mail.Person, *, purpose: str, target: str) -> list[str]:
    """For what codes were asked behind this person's links about one thing."""
    with use(NOBODY):
        rows = Link.objects.filter(
            person_kind=person.kind,
            person_id=person.id,
            purpose=purpose,
            target=target,
            revoked_at=None,
        ).order_by("pk")
        return [links.code_purpose(row) for row in rows if links.purpose_of(row).proves]
