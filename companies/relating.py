"""What a page shows of the contact with a company: who keeps it, what comes next, what was said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from companies.models import Company, CompanyNote, CompanyOwner, FollowUp
from stage.core.models import Membership

SHOWN = 3  # lines of the log, and follow-ups, on the company's own page


@dataclass(frozen=True)
class Relation:
    """One company as somebody of a side sees it: the own owner, the bureau's, what comes next."""

    own: CompanyOwner | None
    bureau: CompanyOwner | None  # for a school
    open: list[FollowUp]


def names_of(numbers: Iterable[int], actor) -> dict[int, str]:
    """Number -> name of those whose names this actor may know; others' staff are not named."""
    rows = Membership.objects.visible_to(actor).filter(pk__in=set(numbers))
    return dict(rows.values_list("pk", "name"))


def owners_of(company: Company, actor) -> tuple[CompanyOwner | None, CompanyOwner | None]:
    """Who keeps the contact for the own side, and for the region's bureau.

    Of a family the one that stays counts first: what stood at another comes back with it.
    """
    found = CompanyOwner.objects.visible_to(actor).filter(company__family_id=company.family_id)
    rows = sorted(found, key=lambda row: row.company_id != company.pk)
    own = next((row for row in rows if row.school_id == actor.school_id), None)
    bureau = next((row for row in rows if row.school_id is None), None)
    return own, None if actor.is_bureau else bureau


def relation_of(company: Company, actor) -> Relation:
    """The top of a company's page; in three queries."""
    open_ones = FollowUp.objects.visible_to(actor).open()
    of_company = open_ones.filter(company__family_id=company.family_id).order_by("due", "pk")
    rows = list(of_company.select_related("school")[:SHOWN])
    if rows:
        name(rows, actor)
    own, bureau = owners_of(company, actor)
    return Relation(own, bureau, rows)


def log_of(company: Company, actor):
    """The lines of the log that this actor reads, the newest first."""
    rows = CompanyNote.objects.visible_to(actor).filter(company__family_id=company.family_id)
    return rows.select_related("school")


def name(rows: Iterable[FollowUp], actor) -> None:
    """Give follow-ups their `doer`."""
    rows = list(rows)
    names = names_of((row.who_id for row in rows), actor)
    for row in rows:
        row.doer = names.get(row.who_id, "")
        row.is_own = row.school_id == actor.school_id


def name_writers(rows: Iterable[CompanyNote], actor) -> list[CompanyNote]:
    """Give lines of the log their `writer`."""
    rows = list(rows)
    names = names_of((row.written_by_id for row in rows), actor)
    for row in rows:
        row.writer = names.get(row.written_by_id, "")
        row.is_own = row.school_id == actor.school_id
    return rows
