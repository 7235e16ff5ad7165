"""What else a migration may do to a table that others' policies look into."""

from __future__ import annotations

import copy

import pytest
from django.apps import apps
from django.db import OperationalError, migrations, models, transaction
from django.db.migrations.state import ProjectState

from attendance.models import FailedScan
from companies.models import Company, Invitation
from placements.models import Application, Placement, StudentCard
from stage.core.tenants.laying import compare, lay
from stage.core.tenants.tenancy import SYSTEM, use
from stage.schools.models import PeriodException
from tests.owner import as_owner, owner_connection
from tests.upgrade.columns import Column, alter, audiences, longer, seen, undone, walls

pytestmark = pytest.mark.django_db
CARDS = ("placements_studentcard",)


def differences(connection) -> list[str]:
    return [str(difference) for difference in compare(connection)]


def test_migration_operations_leave_the_walls_and_what_is_seen(filled):
    connection, world = filled
    before = walls(connection, CARDS), seen(connection, audiences(world), CARDS)
    state = ProjectState.from_apps(apps)
    field = models.DateTimeField(null=True, blank=True)
    with undone(), connection.schema_editor() as editor:
        for operation in (
            migrations.RemoveField("StudentCard", "revoked_at"),
            migrations.AddField("StudentCard", "revoked_at", field),
        ):
            after = state.clone()
            operation.state_forwards("placements", after)
            operation.database_forwards("placements", editor, state, after)
            state = after
        assert walls(connection, CARDS) == before[0]
        assert seen(connection, audiences(world), CARDS) == before[1]
        assert before[1]["company", "placements_studentcard"] > 0


def test_a_column_is_renamed_and_made_longer_at_once(filled):
    connection, _world = filled
    old = Application._meta.get_field("state")
    new = copy.copy(old)
    new.column, new.max_length = "status", 60
    with undone():
        with connection.schema_editor() as editor:
            editor.alter_field(Application, old, new, strict=True)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT qual FROM pg_policies"
                " WHERE tablename = 'placements_application' AND policyname = 'company_r'"
            )
            assert "((status)::text <> 'draft'::text)" in cursor.fetchone()[0]


def test_a_column_that_another_is_made_of_is_retyped_and_the_other_made_again(filled):
    connection, _world = filled
    key = Company._meta.get_field("merged_into")
    families = "SELECT id, family_id FROM companies_company ORDER BY id"
    indexes = "SELECT indexdef FROM pg_indexes WHERE tablename = 'companies_company' ORDER BY 1"

    def asked(sql: str) -> list:
        with use(SYSTEM), connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall()

    before = asked(families), asked(indexes)
    with undone():
        alter(connection, Column(key, ()), key, longer(key))
        assert (asked(families), asked(indexes)) == before
        assert before[0]


def test_a_column_away_until_a_later_migration_closes_the_table_and_says_so(filled, caplog):
    connection, world = filled
    field = StudentCard._meta.get_field("revoked_at")
    before = walls(connection, CARDS), seen(connection, audiences(world), CARDS)
    with undone():
        with connection.schema_editor() as editor:
            editor.remove_field(StudentCard, field)
        assert "company_r on placements_studentcard cannot stand yet" in caplog.text
        between = seen(connection, audiences(world), CARDS)
        assert between == before[1] | {("company", "placements_studentcard"): 0}
        assert [line.partition(":")[0] for line in lay(connection)] == ["policy"]
        with connection.schema_editor() as editor:
            editor.add_field(StudentCard, field)
        assert lay(connection) == []
        assert walls(connection, CARDS) == before[0]
        assert seen(connection, audiences(world), CARDS) == before[1]


def test_a_sub_select_never_takes_the_rows_own_column_for_one_that_is_gone(filled, monkeypatch):
    """`period_id IN (SELECT period_id FROM …)` would be always true: every row for everybody."""
    from placements import walls as rules

    connection, world = filled
    answers = rules.CONTRIBUTIONS | {
        "company_periods": "{column} IN (SELECT period_id FROM placements_placement)"
    }
    monkeypatch.setattr(rules, "CONTRIBUTIONS", answers)
    tables = ("schools_periodexception",)
    before = seen(connection, audiences(world), tables)
    with undone():
        with connection.schema_editor() as editor:
            editor.remove_field(Placement, Placement._meta.get_field("period"))
        closed = before | {("company", "schools_periodexception"): 0}
        assert seen(connection, audiences(world), tables) == closed
        assert any("schools_periodexception company_r: a sub-select" in x for x in lay(connection))
        assert seen(connection, audiences(world), tables) == closed
    assert before["company", "schools_periodexception"] > 0
    assert PeriodException._meta.db_table == tables[0]


def test_a_table_that_goes_takes_no_other_tables_policy_along(filled):
    connection, _world = filled
    with undone():
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE extra (id bigint)")
            cursor.execute("DROP POLICY school_r ON attendance_failedscan")
            cursor.execute(
                "CREATE POLICY school_r ON attendance_failedscan FOR SELECT TO stage_school"
                " USING (school_id IN (SELECT extra.id FROM extra))"
            )
        gone = type(
            "Extra",
            (models.Model,),
            {
                "__module__": __name__,
                "Meta": type("Meta", (), {"app_label": "upgraded", "db_table": "extra"}),
            },
        )
        with connection.schema_editor() as editor:
            editor.delete_model(gone)
        # As declared, at once: the old rule named what is gone.
        assert differences(connection) == []
    assert FailedScan._meta.db_table == "attendance_failedscan"


def test_every_tenant_column_that_is_left_is_kept_while_one_is_away(filled):
    connection, _world = filled
    with undone():
        with connection.schema_editor() as editor:
            editor.remove_field(Invitation, Invitation._meta.get_field("region"))
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname = 'keep_tenant'"
                " AND tgrelid = 'companies_invitation'::regclass"
            )
            kept = cursor.fetchone()[0]
    assert "old.school_id IS DISTINCT FROM new.school_id" in kept
    assert "old.company_id IS DISTINCT FROM new.company_id" in kept


def test_a_migration_waits_no_longer_than_a_second_for_a_table(transactional_db):
    field = Application._meta.get_field("state")
    longer = copy.copy(field)
    longer.max_length = 60
    other = owner_connection()
    with other.cursor() as holding:
        holding.execute("BEGIN")
        holding.execute("LOCK TABLE placements_application IN ACCESS SHARE MODE")
        with (
            as_owner() as connection,
            pytest.raises(OperationalError, match="lock timeout"),
            transaction.atomic(),
            connection.schema_editor() as editor,
        ):
            editor.alter_field(Application, field, longer, strict=True)
    other.close()
