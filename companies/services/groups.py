"""Which companies are asked for a group."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from companies import policies
from companies.models import Company, GroupCompany
from stage.core.record import audit
from stage.core.who.policies import require


@transaction.atomic
def choose_companies(
    group, *, shown: Collection[int], chosen: Collection[int], actor
) -> tuple[int, int]:
    """Of the companies that were shown, keep the chosen ones; others in the group stay.

    Returns how many came in and how many went out. What is not of the actor's pool is left aside.
    """
    require(policies.may_campaign, actor, group)
    pool = set(
        Company.objects.visible_to(actor)
        .present()
        .filter(pk__in=shown)
        .values_list("pk", flat=True)
    )
    rows = GroupCompany.objects.visible_to(actor).filter(group=group)
    present = set(
        rows.filter(company__family_id__in=pool).values_list("company__family_id", flat=True)
    )
    wanted = pool & set(chosen)
    added, removed = wanted - present, present - wanted
    GroupCompany.objects.bulk_create(
        [GroupCompany(school_id=group.school_id, group=group, company_id=c) for c in added],
        ignore_conflicts=True,
    )
    rows.filter(company__in=Company.objects.of_family(removed)).delete()
    if added or removed:
        audit.record(actor, "group_companies_chosen", group)
    return len(added), len(removed)
