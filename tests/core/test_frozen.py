"""What is frozen stays: the mechanism, seen on the agreement that people sign."""

from dataclasses import replace

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from placements.agreements.models import Agreement
from stage.core import checks
from stage.core.record import frozen
from stage.core.tenants import walls
from stage.core.tenants.tenancy import SYSTEM, use
from tests.placements.agreements import filled, fresh
from tests.placements.agreements import frozen as frozen_agreement

pytestmark = pytest.mark.django_db


def test_one_spelling_gives_one_hash_whatever_the_order():
    assert frozen.digest({"b": 1, "a": "é"}) == frozen.digest({"a": "é", "b": 1})
    assert frozen.digest({"a": 1}) != frozen.digest({"a": 2})
    assert frozen.canonical({"b": [1], "a": "é"}) == '{"a":"é","b":[1]}'.encode()
    assert frozen.short("0123456789abcdef" * 4) == "0123 4567 89ab cdef"
    assert frozen.short("") == ""


def test_it_is_kept_who_froze_it_and_when(world):
    agreement = frozen_agreement(world)
    row = fresh(agreement)
    assert row.frozen_by_id == world.berk.coordinator.pk
    assert row.frozen_at is not None
    assert row.is_intact
    row.document = row.document | {"version": 2}
    assert not row.is_intact
    assert not Agreement().is_intact


def test_nobody_puts_another_name_or_day_under_it(world):
    agreement = frozen_agreement(world)
    for change in ({"frozen_by": world.berk.teacher}, {"frozen_at": None}):
        with use(SYSTEM), pytest.raises(DatabaseError, match="fixed"), transaction.atomic():
            Agreement.objects.filter(pk=agreement.pk).update(**change)


def test_a_document_has_its_hash_and_its_moment_or_none_of_them(world):
    agreement = filled(world)
    for half in ({"document": {"a": 1}}, {"whole_hash": "0" * 64}):
        with use(SYSTEM), pytest.raises(IntegrityError), transaction.atomic():
            Agreement.objects.filter(pk=agreement.pk).update(**half)


def test_a_frozen_model_whose_wall_lets_it_change_is_refused(monkeypatch):
    assert checks.what_is_frozen_stays(None) == []
    table = dict(walls.table_of_walls())
    table[Agreement] = replace(table[Agreement], fixed=("document",))
    monkeypatch.setattr(checks, "table_of_walls", lambda: table)
    assert [error.id for error in checks.what_is_frozen_stays(None)] == ["stage.E010"]
