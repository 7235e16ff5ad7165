"""Companies of the pool that are likely one: found in all of it at once, for a person to judge.

By name and postcode ("&" is "en", the legal form says nothing), by telephone, by website. A KvK
number stands once in a region: the database refuses a second, and an import asks (`row_matching`).
Who merges them: `services.merging`; what somebody said is not the same stays away.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from companies.enums import AlikeBy
from companies.models import Company, NotSame

MOST = 200  # pairs on the list: more is for after these
TOO_COMMON = 8  # companies at one number or site: a chain, or a typing error, and no double
UNDO_FOR = timedelta(days=30)

# As `names.trade_key` says, in PostgreSQL's words: "&" was lost in `sort_name`, so "en" goes too.
_NAME = (
    "btrim(regexp_replace(regexp_replace(c.sort_name,"
    r" '\y(b ?v|n ?v|v ?o ?f|c ?v|u ?a|b ?a|stichting|vereniging|eenmanszaak|maatschap"
    r"|vennootschap onder firma|cooperatie|en)\y', ' ', 'g'), '\s+', ' ', 'g'))"
)
_SAME = f"""
WITH said AS (
  SELECT c.id, c.family_id, 'name' AS how,
         {_NAME} || ' ' || upper(replace(l.postcode, ' ', '')) AS what
    FROM companies_company c JOIN companies_location l ON l.company_id = c.id
   WHERE l.postcode <> '' AND {_NAME} <> '' AND c.region_id = ANY (%(regions)s)
  UNION ALL
  SELECT c.id, c.family_id, 'telephone', right(regexp_replace(c.telephone, '\\D', '', 'g'), 9)
    FROM companies_company c
   WHERE length(regexp_replace(c.telephone, '\\D', '', 'g')) >= 9
     AND c.region_id = ANY (%(regions)s)
  UNION ALL
  SELECT c.id, c.family_id, 'website',
         regexp_replace(lower(c.website), '^https?://(www\\.)?|[/?#].*$', '', 'g')
    FROM companies_company c WHERE c.website <> '' AND c.region_id = ANY (%(regions)s)
), groups AS (
  SELECT how, what, array_agg(DISTINCT family_id ORDER BY family_id) AS families
    FROM said GROUP BY how, what
  HAVING count(DISTINCT family_id) BETWEEN 2 AND {TOO_COMMON}
)
SELECT families[1] AS one, other, array_agg(how ORDER BY how)
  FROM groups, unnest(families[2:]) AS other
 WHERE NOT EXISTS (
   SELECT 1 FROM companies_notsame n WHERE n.first_id = families[1] AND n.second_id = other)
 GROUP BY 1, 2 ORDER BY count(*) DESC, 1, 2 LIMIT {MOST}
"""  # noqa: S608 - no value in it


@dataclass(frozen=True)
class Pair:
    """Two companies that are likely one, and by what."""

    one: Company
    other: Company
    by: tuple[AlikeBy, ...]


def likely(actor) -> list[Pair]:
    """The likely doubles of the actor's region, alike in most ways first. In two queries."""
    with connection.cursor() as cursor:
        cursor.execute(_SAME, {"regions": list(actor.scope.regions)})
        found = cursor.fetchall()
    numbers = {number for one, other, _how in found for number in (one, other)}
    rows = {c.pk: c for c in Company.objects.visible_to(actor).filter(pk__in=numbers)}
    return [
        Pair(rows[one], rows[other], tuple(AlikeBy(how) for how in ways))
        for one, other, ways in found
        if one in rows and other in rows
    ]


def is_said_apart(one: Company, other: Company) -> bool:
    """Whether somebody said of these two that they are not one."""
    first, second = NotSame.key(one, other)
    return NotSame.objects.filter(first=first, second=second).exists()


def merged_lately(actor):
    """Companies that were merged into another and may still be taken apart, the latest first."""
    rows = Company.objects.visible_to(actor).filter(
        merged_into__isnull=False, merged_at__gte=timezone.now() - UNDO_FOR
    )
    return rows.select_related("merged_into").order_by("-merged_at", "pk")
