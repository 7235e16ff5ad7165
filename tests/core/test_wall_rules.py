"""The rules of the walls as text: no app names a table above it, and every question is asked."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps

from stage.core import checks
from stage.core.tenants import walls as tenant_walls
from stage.core.tenants.walls import answered, contributions, others, rule_for, table_of_walls
from stage.schools.models import SchoolSettings

# From low to high; on one line: strangers to each other.
ORDER = [
    {"core"},
    {"schools"},
    {"companies"},
    {"placements"},
    {"agreements"},
    {"assessments", "attendance"},
    {"web"},
]
TEXTS = ("walls", "tenants/wall_rules", "tenants/walls", "tenants/plan")


def tables_not_below(label: str) -> set[str]:
    """Tables of apps above this one, and of its strangers."""
    level = next(n for n, labels in enumerate(ORDER) if label in labels)
    others_ = set().union(*ORDER[level:]) - {label}
    return {m._meta.db_table for m in apps.get_models() if m._meta.app_label in others_}


def test_every_app_with_walls_has_its_place_in_the_order():
    with_walls = {model._meta.app_label for model in table_of_walls()}
    assert with_walls <= set().union(*ORDER)


@pytest.mark.parametrize("label", sorted({m._meta.app_label for m in table_of_walls()}))
def test_no_rule_names_a_table_above_its_app(label):
    config = apps.get_app_config(label)
    texts = [Path(config.path) / f"{name}.py" for name in TEXTS]
    words = {w for p in texts if p.exists() for w in re.findall(r"\w+", p.read_text())}
    assert words & tables_not_below(label) == set()


def test_the_test_above_reads_what_it_should():
    words = set(re.findall(r"\w+", Path("placements/walls.py").read_text()))
    assert "placements_placement" in words & tables_not_below("core")


def test_what_higher_apps_answer_is_in_the_rule_and_only_for_the_lower_tables_verbs():
    wall = table_of_walls()[SchoolSettings]
    rule = rule_for(SchoolSettings, wall, "company", "r")
    for table in ("companies_invitation", "companies_place", "placements_placement"):
        assert f"SELECT {table}.school_id FROM {table}" in rule
    assert wall.company == "r"


def test_a_question_without_an_answer_is_false():
    assert answered(f"school_id = 1 AND {others('nobody')}") == "school_id = 1 AND (false)"


def test_an_answer_that_nobody_asks_for_is_refused(monkeypatch):
    assert checks.every_answer_is_asked(None) == []
    placements = import_module("placements.walls")
    answers = placements.CONTRIBUTIONS | {"company_dinner": "true"}
    monkeypatch.setattr(placements, "CONTRIBUTIONS", answers)
    assert [error.id for error in checks.every_answer_is_asked(None)] == ["stage.E007"]


def test_questions_are_answered_in_derived_and_named_rules_alike():
    asked = [
        r for w in table_of_walls().values() for r in w.rules.values() if re.search(r"<<\w", r)
    ]
    assert len(asked) > 8
    for model, wall in table_of_walls().items():
        for role in tenant_walls.ROLES:
            for verb in wall.verbs(role) if wall.forced else "":
                assert not re.search(r"<<\w", rule_for(model, wall, role, verb))
    assert set(contributions()) >= {"company_schools", "company_periods"}
