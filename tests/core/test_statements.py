"""Statements written once give what the ORM gives, within the same walls."""

from __future__ import annotations

import pytest
from django.db import ProgrammingError, transaction

from placements.agreements.models import ArticleTemplate
from stage.core.enums import Role
from stage.core.models import Membership
from stage.core.tenants.statements import insert_once
from stage.core.tenants.tenancy import SYSTEM, school_scope, use
from stage.core.who import identities

pytestmark = pytest.mark.django_db


def test_roles_of_a_log_in_are_those_of_the_orm(world):
    membership = world.berk.coordinator
    with use(SYSTEM):
        Membership.objects.create(
            user=membership.user, role=Role.BUREAU, region=world.noord.region, name="Bureau"
        )
        rows = Membership.objects.active().filter(user=membership.user).order_by("pk")
        wanted = list(rows.select_related("user", "school", "region"))
    found = identities.memberships_of(membership.user_id)
    assert found == wanted
    assert len(found) == 2
    for one, other in zip(found, wanted, strict=True):
        assert vars(one).keys() == vars(other).keys()
        assert (one.role, one.user.password) == (other.role, other.user.password)
        assert (one.school, one.region.name) == (other.school, other.region.name)
        assert getattr(one.school, "name", "") == getattr(other.school, "name", "")


def test_a_role_that_ended_and_a_user_who_may_not_come_in_are_gone(world, client):
    membership = world.berk.teacher
    client.force_login(membership.user)
    assert client.get("/").status_code == 200
    with use(SYSTEM):
        membership.user.is_active = False
        membership.user.save()
    assert client.get("/").status_code == 302
    with use(SYSTEM):
        membership.user.is_active = True
        membership.user.save()
        Membership.objects.filter(pk=membership.pk).update(ended_at="2026-01-01T00:00Z")
    assert identities.memberships_of(membership.user_id) == []


def test_insert_once_stores_a_row_or_says_that_it_was_there(world):
    with use(SYSTEM):
        school = world.berk.school
        row = ArticleTemplate(school=school, number=1, title="Groningen", text="x")
        assert insert_once(row)
        assert ArticleTemplate.objects.get(pk=row.pk).title == "Groningen"
        again = ArticleTemplate(school=school, number=1, title="Assen", text="x")
        with transaction.atomic():
            assert not insert_once(again)
            # The transaction goes on.
            assert ArticleTemplate.objects.get(school=school).title == "Groningen"
        assert again.pk is None


def test_insert_once_does_not_climb_over_the_wall(world):
    theirs = ArticleTemplate(school=world.els.school, number=1, title="Assen", text="x")
    ours = use(school_scope(world.berk.school))
    with ours, pytest.raises(ProgrammingError), transaction.atomic():
        insert_once(theirs)
