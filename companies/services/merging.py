"""Two entries of the pool that are one company, and the way back. No row moves.

`Company.merged_into` says it, and everything reads a company by its family. What that widens, and
what ends with an undo: docs/decisions/0016-merging-moves-no-row.md.
"""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from companies import policies
from companies.doubles import UNDO_FOR
from companies.enums import ChangeKind, TrustEnd
from companies.models import Company, NotSame, Trust
from companies.services.changes import note_change
from companies.services.trust import end_rows, hold_families
from stage.core.record import audit
from stage.core.tenants.tenancy import scope_at, use
from stage.core.who.policies import Conflict, require


@transaction.atomic
def merge(company: Company, *, into: Company, actor) -> None:
    """Say that `company` is the same as `into`, which stays; all that hangs on either is of both.

    Raises Conflict for a company that is part of another merge: there are no chains.
    """
    for one in (company, into):
        require(policies.may_merge, actor, one)
    # In one order, against a colleague who merges one of the two the other way, or further.
    rows = Company.objects.select_for_update(no_key=True).order_by("pk")
    locked = {row.pk: row for row in rows.filter(pk__in={company.pk, into.pk})}
    gone, stays = locked[company.pk], locked[into.pk]
    _check(gone, stays)
    gone.merged_into, gone.merged_at = stays, timezone.now()
    gone.save(update_fields=["merged_into", "merged_at"])
    company.refresh_from_db()
    audit.record(actor, "company_merged", gone, fields=("merged_into",))
    names = {"before": {"name": gone.name}, "after": {"name": stays.name}}
    note_change(ChangeKind.MERGED, gone, **names, actor=actor)


def _check(gone: Company, stays: Company) -> None:
    if gone.pk == stays.pk:
        raise Conflict(_("Dit is hetzelfde bedrijf."))
    if gone.region_id != stays.region_id:
        raise Conflict(_("Deze bedrijven zijn van twee regio's."))
    if gone.merged_into_id:
        raise Conflict(_("%(name)s is al samengevoegd met een ander bedrijf.") % vars(gone))
    if stays.merged_into_id:
        raise Conflict(_("%(name)s is al samengevoegd met een ander bedrijf.") % vars(stays))
    if Company.objects.filter(merged_into=gone).exists():
        raise Conflict(
            _("Met %(name)s is al een ander bedrijf samengevoegd. Laat %(name)s blijven.")
            % vars(gone)
        )


@transaction.atomic
def say_apart(one: Company, other: Company, *, actor) -> None:
    """Say that two companies that look alike are two: they are proposed no more. Twice is once."""
    for company in (one, other):
        require(policies.may_merge, actor, company)
    if one.family_id == other.family_id:
        raise Conflict(_("Dit is hetzelfde bedrijf."))
    first, second = NotSame.key(one, other)
    _row, made = NotSame.objects.get_or_create(
        region_id=one.region_id, first_id=first, second_id=second
    )
    if made:
        audit.record(actor, "company_not_the_same", one)


@transaction.atomic
def unmerge(company: Company, *, actor) -> None:
    """Take a merge back: the company stands by itself again, with every row it ever had.

    Whom anybody vouched for since, at any member of the family, is asked about again. Raises
    Conflict for a company that was not merged, or longer ago than `UNDO_FOR`.
    """
    require(policies.may_merge, actor, company)
    # Whoever just vouches is waited for, and ends here too.
    hold_families(company.region_id, undoing=True)
    family = company.family.select_for_update(no_key=True).order_by("pk")
    members = {row.pk: row for row in family}
    gone = members.get(company.pk)
    if gone is None or gone.merged_into_id is None or gone.merged_at is None:
        raise Conflict(_("%(name)s is niet samengevoegd.") % vars(company))
    if gone.merged_at < timezone.now() - UNDO_FOR:
        raise Conflict(_("Dit is langer dan 30 dagen geleden. Het kan niet meer uit elkaar."))
    stays, since = members[gone.merged_into_id], gone.merged_at
    gone.merged_into = gone.merged_at = None
    gone.save(update_fields=["merged_into", "merged_at"])
    company.refresh_from_db()
    audit.record(actor, "company_unmerged", gone, fields=("merged_into",))
    for one, other in ((gone, stays), (stays, gone)):
        names = {"before": {"name": other.name}, "after": {"name": one.name}}
        note_change(ChangeKind.UNMERGED, one, **names, actor=actor)
    _end_vouched(list(members), since, actor=actor)


def _end_vouched(company_ids: list[int], since: datetime, *, actor) -> None:
    """End what schools were told of these companies while they were one, each in its own scope."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT school_id FROM schools_vouching(%s)", [company_ids])
        schools = [school_id for (school_id,) in cursor.fetchall()]
    for school_id in schools:
        with use(scope_at(school_id, 0)):
            live = Trust.objects.live().filter(school_id=school_id, company_id__in=company_ids)
            rows = live.filter(Q(since__gte=since) | Q(widened_at__gte=since))
            end_rows(rows.order_by("pk"), TrustEnd.UNMERGED, actor=actor)
