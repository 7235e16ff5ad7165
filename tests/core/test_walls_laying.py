"""The walls against their declaration: what was damaged by hand is named, mended and dropped."""

from __future__ import annotations

import threading
import time

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, transaction

from stage.core.management.commands import migrate
from stage.core.tenants import catalogue, drafts
from stage.core.tenants.laying import WallsError, compare, lay
from stage.core.work import health
from tests.owner import as_owner, owner_connection

pytestmark = pytest.mark.django_db

# What somebody did by hand, and the line that says so.
DAMAGE = {
    "CREATE POLICY extra ON schools_student FOR SELECT TO stage_company USING (true)": (
        "extra policy: schools_student extra (r TO stage_company USING true)"
    ),
    "GRANT SELECT ON schools_guardian TO stage_company": (
        "extra grant: schools_guardian stage_company SELECT"
    ),
    "GRANT SELECT (first_name) ON schools_student TO stage_company": (
        "extra grant: schools_student stage_company SELECT (first_name)"
    ),
    "GRANT TRUNCATE ON core_auditentry TO stage_app": (
        "extra grant: core_auditentry stage_app TRUNCATE"
    ),
    "GRANT SELECT ON core_link TO PUBLIC": "extra grant: core_link PUBLIC SELECT",
    "GRANT SELECT ON schools_period TO stage_bureau WITH GRANT OPTION": (
        "extra grant: schools_period stage_bureau SELECT (WITH GRANT OPTION)"
    ),
    "REVOKE SELECT ON schools_group FROM stage_student": (
        "missing grant: schools_group stage_student SELECT"
    ),
    "GRANT UPDATE ON SEQUENCE schools_student_id_seq TO stage_company": (
        "extra grant: schools_student_id_seq stage_company UPDATE"
    ),
    "REVOKE USAGE ON SEQUENCE schools_task_id_seq FROM stage_school": (
        "missing grant: schools_task_id_seq stage_school USAGE"
    ),
    "DROP POLICY school_r ON schools_task": "missing policy: schools_task school_r",
    "ALTER POLICY school_r ON schools_period USING (true)": (
        "changed policy: schools_period school_r (r TO stage_school USING true)"
    ),
    "ALTER POLICY company_r ON placements_studentcard TO PUBLIC": (
        "changed policy: placements_studentcard company_r (r TO PUBLIC USING"
    ),
    "ALTER TABLE companies_company NO FORCE ROW LEVEL SECURITY": (
        "changed row security: companies_company (not forced)"
    ),
    "ALTER TABLE companies_contact DISABLE ROW LEVEL SECURITY": (
        "changed row security: companies_contact (off)"
    ),
    "ALTER TABLE core_user ENABLE ROW LEVEL SECURITY": "changed row security: core_user",
    "DROP TRIGGER keep_tenant ON schools_student": "missing trigger: schools_student keep_tenant",
    "ALTER TABLE core_auditentry DISABLE TRIGGER append_only": (
        "changed trigger: core_auditentry append_only"
    ),
    "CREATE TRIGGER also BEFORE INSERT ON schools_task"
    " FOR EACH ROW EXECUTE FUNCTION keep_tenant()": "extra trigger: schools_task also",
    "CREATE FUNCTION leak() RETURNS bigint LANGUAGE sql SECURITY DEFINER"
    " AS 'SELECT count(*) FROM schools_student'": "extra function: leak",
    "CREATE FUNCTION pool_asks(everything boolean) RETURNS bigint LANGUAGE sql AS 'SELECT 1'": (
        "extra function: pool_asks(everything boolean)"
    ),
    "CREATE OR REPLACE FUNCTION app_ids(name text) RETURNS bigint[] LANGUAGE sql STABLE"
    " AS 'SELECT ARRAY[1, 2, 3]::bigint[]'": "changed function: app_ids",
    "GRANT EXECUTE ON FUNCTION contact_is_known TO stage_student": (
        "changed function: contact_is_known"
    ),
    "GRANT CREATE ON SCHEMA public TO stage_company": ("extra schema grant: stage_company CREATE"),
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO stage_company": (
        'extra default privilege: stage_company SELECT ON TABLES OF stage_owner IN SCHEMA "public"'
    ),
    "ALTER TABLE schools_task ADD CONSTRAINT tenant_left_over UNIQUE (id, name)": (
        "extra unique key: schools_task tenant_left_over"
    ),
}


@pytest.fixture
def owner(db):
    """The default connection is the owner's; what it does is undone."""
    with as_owner() as connection, transaction.atomic():
        yield connection
        transaction.set_rollback(True)


def stands(connection) -> dict:
    """Every part of the walls as PostgreSQL shows it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL search_path = public, pg_temp")
        return catalogue.found(cursor)


def unnamed(lines: list[str]) -> list[str]:
    return [line for line in DAMAGE.values() if not any(found.startswith(line) for found in lines)]


def test_every_damage_is_named_and_mended(owner, monkeypatch):
    before = stands(owner)
    assert compare(owner) == []
    with owner.cursor() as cursor:
        for sql in DAMAGE:
            # A function of stage_system is given away by whom it belongs to.
            role = "stage_system" if "contact_is_known" in sql else "none"
            cursor.execute(f"SET LOCAL ROLE {role}")
            cursor.execute(sql)
        cursor.execute("SET LOCAL ROLE none")
        key = next(key for key in before if key.kind == "tenant key")
        cursor.execute(f"ALTER TABLE {key.table} DROP CONSTRAINT {key.name}")
    lines = [str(difference) for difference in compare(owner)]
    assert unnamed(lines) == []
    assert f"missing {key}" in lines
    assert len(lines) == len(DAMAGE) + 1
    with monkeypatch.context() as patch:  # as the product's own log-in sees it
        patch.setattr(drafts, "may_draft", lambda cursor: False)
        assert [str(difference) for difference in compare(owner)] == lines
    assert lay(owner) == []
    assert compare(owner) == []
    assert stands(owner) == before


def test_laying_twice_changes_nothing(owner):
    before = stands(owner)
    with owner.cursor() as cursor:
        cursor.execute("SELECT max(xmin::text::bigint) FROM pg_policy")
        newest = cursor.fetchone()
    assert lay(owner) == []
    with owner.cursor() as cursor:
        cursor.execute("SELECT max(xmin::text::bigint) FROM pg_policy")
        assert cursor.fetchone() == newest
        cursor.execute(
            "SELECT relation::regclass::text, mode FROM pg_locks WHERE pid = pg_backend_pid()"
            " AND mode IN ('AccessExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock')"
            " AND relation IN (SELECT oid FROM pg_class"
            " WHERE relnamespace = 'public'::regnamespace)"
        )
        assert cursor.fetchall() == []
    assert stands(owner) == before


def test_an_expression_that_a_restored_dump_writes_differently_is_no_damage(owner):
    with owner.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(format('ALTER POLICY %I ON %I', policyname, tablename)"
            " || coalesce(' USING (' || qual || ')', '')"
            " || coalesce(' WITH CHECK (' || with_check || ')', ''), ';') FROM pg_policies"
        )
        cursor.execute(cursor.fetchone()[0])
    assert compare(owner) == []


def test_a_rule_about_a_column_that_is_not_there_yet_closes_the_table(owner):
    with owner.cursor() as cursor:
        cursor.execute("ALTER TABLE placements_studentcard DROP COLUMN revoked_at CASCADE")
    waiting = lay(owner)
    assert waiting == [
        'policy: placements_studentcard company_r: column "revoked_at" does not exist'
    ]
    assert [str(d) for d in compare(owner)] == ["missing policy: placements_studentcard company_r"]


@pytest.fixture
def committed(transactional_db):
    """The owner's connection, whose work stays: each test ends with the walls as declared."""
    with as_owner() as connection:
        yield connection
        assert lay(connection) == []


@pytest.fixture
def reader():
    """Somebody who reads at the same time, as an open transaction or statement by statement."""
    other = owner_connection()
    other.ensure_connection()
    yield other.connection
    other.close()


def test_a_table_that_stands_is_not_locked(committed, reader):
    names = ", ".join({key.table for key in stands(committed) if key.kind == "row security"})
    reader.execute("BEGIN")
    reader.execute(f"LOCK TABLE {names} IN ACCESS SHARE MODE")
    assert lay(committed, pauses=()) == []


def test_a_table_in_use_is_waited_for_three_seconds_and_tried_again(committed, reader):
    with committed.cursor() as cursor:
        cursor.execute("DROP POLICY school_r ON schools_student")
        cursor.execute("DROP POLICY school_r ON schools_group")
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM schools_student")
    began = time.monotonic()
    with pytest.raises(WallsError, match="schools_student.*lock timeout"):
        lay(committed, pauses=())
    assert time.monotonic() - began < 10
    # The other one did not wait for it.
    assert [str(d) for d in compare(committed)] == ["missing policy: schools_student school_r"]

    laying = threading.Thread(target=_lay_patiently)
    laying.start()
    other = owner_connection()
    longest = 0.0
    for _ in range(15):
        began = time.monotonic()
        with other.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM schools_student")
        longest = max(longest, time.monotonic() - began)
        time.sleep(0.1)
    other.close()
    reader.execute("ROLLBACK")
    laying.join()
    assert longest < 5  # one wait and what the machine needs, never two
    assert compare(committed) == []


def _lay_patiently() -> None:
    with as_owner() as connection:
        lay(connection, pauses=(0.5,) * 20)


def test_migrate_comes_back_where_a_table_is_in_use(monkeypatch, capsys):
    tried = []

    def handle(self, *args, **options):
        tried.append(1)
        if len(tried) < 3:
            with as_owner() as one, transaction.atomic(), one.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '10ms'")
                other = owner_connection()
                with other.cursor() as holding:
                    holding.execute("BEGIN")
                    holding.execute("LOCK TABLE schools_task IN ACCESS SHARE MODE")
                    try:
                        cursor.execute("ALTER TABLE schools_task ADD COLUMN x int")
                    finally:
                        other.close()

    monkeypatch.setattr(migrate.migrate.Command, "handle", handle)
    monkeypatch.setattr(migrate.Command, "pauses", (0.01, 0.01))
    migrate.Command().handle()
    assert len(tried) == 3
    assert "in use" in capsys.readouterr().err
    tried.clear()
    monkeypatch.setattr(migrate.Command, "pauses", (0.01,))
    with pytest.raises(OperationalError):
        migrate.Command().handle()


def test_the_command_names_each_difference_and_ends_with_an_error(owner, capsys):
    call_command("walls", check=True)
    assert capsys.readouterr().out == "The walls are as declared.\n"
    with owner.cursor() as cursor:
        cursor.execute("GRANT SELECT ON schools_guardian TO stage_company")
    with pytest.raises(CommandError, match="1 differences"):
        call_command("walls", check=True)
    line = "extra grant: schools_guardian stage_company SELECT\n"
    assert capsys.readouterr().out == line
    call_command("walls")
    assert capsys.readouterr().out == f"{line}The walls are as declared; 1 differences mended.\n"
    call_command("walls", check=True)


def test_the_products_own_log_in_checks_and_mends_nothing(db, capsys):
    call_command("walls", check=True)
    assert capsys.readouterr().out == "The walls are as declared.\n"
    with pytest.raises(CommandError, match="Only the owner"):
        call_command("walls")


def test_health_counts_what_differs(owner):
    health._wall_differences.cache_clear()
    assert health._wall_differences(0) == 0
    with owner.cursor() as cursor:
        cursor.execute("CREATE POLICY extra ON schools_student TO stage_company USING (true)")
    assert health._wall_differences(1) == 1
    health._wall_differences.cache_clear()
    assert health.Health(database=True).good
    assert not health.Health(database=True, wall_differences=1).good
