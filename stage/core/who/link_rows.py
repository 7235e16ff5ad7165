"""The rows behind links: made once for a person and an occasion, renewed before they expire."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from stage.core.mail import ahead
from stage.core.models import Link
from stage.core.tenants.tenancy import NOBODY, use


@dataclass(frozen=True)
class Occasion:
    """Who is led where. Each school knows a person by an address of its own."""

    person_kind: str
    person_id: int
    purpose: str
    target: str
    region_id: int
    school_id: int | None


def row_for(occasion: Occasion, days: int) -> Link:
    """The link of an occasion; made once, renewed when it is about to expire."""
    return ahead.of(("link", occasion), lambda: _row_for(occasion, days))


def _row_for(occasion: Occasion, days: int) -> Link:
    now = timezone.now()
    values = vars(occasion)
    region = {"region_id": values["region_id"]}
    with use(NOBODY), transaction.atomic():
        link, _made = Link.objects.get_or_create(
            **{name: value for name, value in values.items() if name not in region},
            revoked_at=None,
            defaults={**region, "expires_at": now + timedelta(days=days)},
        )
        if _is_old(link, now):
            link.expires_at = now + timedelta(days=days)
            link.save(update_fields=["expires_at"])
    return link


def read_ahead(occasions: Iterable[Occasion], days: int) -> None:
    """Make and read those of many, all of one purpose and school; one about to expire is renewed

    by itself later.
    """
    wanted = {(o.person_kind, o.person_id, o.target): o for o in occasions}
    if not wanted:
        return
    first, now = next(iter(wanted.values())), timezone.now()
    rows = Link.objects.filter(
        purpose=first.purpose,
        school_id=first.school_id,
        revoked_at=None,
        person_id__in={o.person_id for o in wanted.values()},
        target__in={o.target for o in wanted.values()},
    ).order_by("pk")
    with use(NOBODY), transaction.atomic():
        there = {(r.person_kind, r.person_id, r.target) for r in rows}
        missing = [
            Link(**vars(o), expires_at=now + timedelta(days=days))
            for key, o in wanted.items()
            if key not in there
        ]
        if missing:  # somebody else may make one at the same time
            Link.objects.bulk_create(missing, ignore_conflicts=True)
        found = {(r.person_kind, r.person_id, r.target): r for r in rows.all()}
    ahead.keep(
        {
            ("link", wanted[key]): row
            for key, row in found.items()
            if key in wanted and not _is_old(row, now)
        }
    )


def _is_old(link: Link, now: datetime) -> bool:
    return link.expires_at < now + timedelta(days=1)
