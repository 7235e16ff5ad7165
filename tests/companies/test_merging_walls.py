"""Merged companies in the database: one school's word opens its rows at both, until an undo."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.models import F

from companies.models import Trust
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.tenants.walls import table_of_walls, tenant_columns
from tests.companies.test_merging import merge, unmerge

pytestmark = pytest.mark.django_db


def tables() -> list[str]:
    """Tables of schools' rows about a company that its people may read, by name."""
    return sorted(
        model._meta.db_table
        for model, wall in table_of_walls().items()
        if wall.forced
        and "r" in wall.company
        and {"school", "company"} <= set(tenant_columns(model))
    )


def seen(actor, school, company) -> dict[str, int]:
    """Per table how many rows of this school at this company raw SQL finds."""
    found = {}
    with use(actor.scope), transaction.atomic(), connection.cursor() as cursor:
        for table in tables():
            sql = f"SELECT count(*) FROM {table} WHERE school_id = %s AND company_id = %s"  # noqa: S608
            cursor.execute(sql, [school.pk, company.pk])
            found[table] = cursor.fetchone()[0]
    return found


@pytest.fixture
def laid(baited):
    """The world with bait in every table; what a test merges is taken back after it."""
    with transaction.atomic():
        with use(SYSTEM):  # everybody was known before
            Trust.objects.update(since=F("since") - timedelta(days=1))
        yield baited[0]
        transaction.set_rollback(True)


@pytest.fixture
def mechanic(laid):
    """The contact of the garage, whom Berk alone trusts, and at the garage alone."""
    contact = laid.noord.contacts[1]
    with use(SYSTEM):
        Trust.objects.filter(contact=contact).exclude(school=laid.berk.school).delete()
    return contact


@pytest.mark.parametrize("into_the_garage", [True, False])
def test_one_schools_word_opens_its_rows_at_both_and_no_other_schools(
    laid, mechanic, into_the_garage
):
    bakery, garage = laid.noord.companies
    baker, berk, els = laid.noord.contacts[0], laid.berk.school, laid.els.school
    everything = seen(laid.company_actor(baker), berk, bakery)
    assert {table for table, n in everything.items() if not n} == set()
    alone = seen(laid.company_actor(mechanic), berk, garage)
    assert alone["companies_invitation"] == 1
    nothing = dict.fromkeys(tables(), 0)
    assert seen(laid.company_actor(mechanic), berk, bakery) == nothing

    gone, stays = (bakery, garage) if into_the_garage else (garage, bakery)
    merge(laid, gone, stays)
    actor = laid.company_actor(mechanic)
    assert seen(actor, berk, bakery) == everything
    assert seen(actor, berk, garage) == alone
    for company in (bakery, garage):
        assert seen(actor, els, company) == nothing

    unmerge(laid, gone)
    actor = laid.company_actor(mechanic)
    assert seen(actor, berk, bakery) == nothing
    assert seen(actor, berk, garage) == alone


def test_a_supervisor_sees_no_more_placements_by_a_merge(laid):
    bakery, garage = laid.noord.companies
    guide = laid.noord.supervisors[1]
    merge(laid, bakery, garage)
    actor = laid.company_actor(guide)
    assert actor.scope.reach.contact == ()
    found = seen(actor, laid.berk.school, bakery)
    assert found["placements_placement"] == found["placements_studentcard"] == 0
