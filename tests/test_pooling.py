"""Nothing in the product ties itself to one connection.

So a pooler in transaction mode may stand before PostgreSQL; `make drills ARGS="pooler"` tries a
real one.
"""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.urls import reverse

from attendance.tasks import ask_for_weeks
from companies.tasks import send_scheduled
from stage.core import tasks
from stage.core.mail import delivery
from stage.core.tenants.tenancy import NOBODY, SYSTEM, use
from tests.attendance.helpers import FRIDAY, at
from tests.clients import client_of, client_of_contact, client_of_guardian
from tests.test_architecture import APPS, ROOT

# What outlives its transaction, as it stands at the begin of a statement or anywhere in it.
TIES = {
    "a setting of the session": r"(?:^|;)\s*SET\s+(?!LOCAL\b|CONSTRAINTS\b|TRANSACTION\b)\w",
    "a setting that stays": r"set_config\s*\((?:[^()]|\([^()]*\))*,\s*(?:false|'f')\s*\)",
    "a lock of the session": r"\bpg_(?:try_)?advisory_(?:un)?lock(?:_shared|_all)?\s*\(",
    "listening": r"(?:^|;)\s*(?:UN)?LISTEN\s",
    "a prepared statement": r"(?:^|;)\s*(?:PREPARE|DEALLOCATE)\s",
    "a cursor of the server": r"(?:^|;)\s*DECLARE\s[^;]*\bCURSOR\b",
    "a temporary table": r"\bCREATE\s+(?:LOCAL\s+|GLOBAL\s+)?TEMP",
    "throwing all of it away": r"(?:^|;)\s*DISCARD\s",
}
PATTERNS = {name: re.compile(text, re.IGNORECASE) for name, text in TIES.items()}
# Where it does no harm: the owner of the tables alone, in a transaction that is rolled back.
MAY = {("stage/core/tenants/drafts.py", "a temporary table")}
# Calls of the driver or of Django that hold on to a connection.
CALLS = {"add_notify_handler", "notifies", "chunked_cursor", "prepare_threshold"}
EXAMPLES = {
    "a setting of the session": ["SET search_path TO x", "SELECT 1; SET ROLE x"],
    "a setting that stays": ["SELECT set_config('app.school', %s, false)"],
    "a lock of the session": ["SELECT pg_advisory_lock(1)", "SELECT pg_try_advisory_lock(1, 2)"],
    "listening": ["LISTEN mails"],
    "a prepared statement": ["PREPARE x AS SELECT 1"],
    "a cursor of the server": ["DECLARE c CURSOR WITH HOLD FOR SELECT 1"],
    "a temporary table": ["CREATE TEMP TABLE x (n int)"],
    "throwing all of it away": ["DISCARD ALL"],
}
HARMLESS = (
    "UPDATE x SET role = 'y'",
    "RESET ROLE",  # what every connection begins with
    "SET LOCAL check_function_bodies = off",
    "SET CONSTRAINTS ALL IMMEDIATE",
    "SELECT set_config('app.school', %s, true), coalesce(x, false)",
    "SELECT pg_advisory_xact_lock(1)",
    "SELECT pg_try_advisory_xact_lock(1)",
)


def ties_of(text: str) -> set[str]:
    return {name for name, pattern in PATTERNS.items() if pattern.search(text)}


def texts_of(tree: ast.AST) -> list[str]:
    """Every string of a module; docstrings are strings too, and may speak of anything."""
    spoken = {
        node.body[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    joined = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
    spoken |= {part for whole in joined for part in whole.values}
    found = [
        "".join(str(p.value) if isinstance(p, ast.Constant) else "x" for p in whole.values)
        for whole in joined
    ]
    return found + [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in spoken
    ]


def sources() -> list[Path]:
    """The product's own code: modules, migrations and SQL."""
    return [p for app in APPS for kind in ("*.py", "*.sql") for p in (ROOT / app).rglob(kind)]


def test_each_tie_is_known_when_seen():
    assert {name: all(name in ties_of(t) for t in texts) for name, texts in EXAMPLES.items()} == (
        dict.fromkeys(TIES, True)
    )
    assert [text for text in HARMLESS if ties_of(text)] == []


def test_no_statement_outlives_its_transaction():
    found = set()
    for path in sources():
        name, text = str(path.relative_to(ROOT)), path.read_text()
        texts = texts_of(ast.parse(text)) if path.suffix == ".py" else [text]
        found |= {(name, tie) for one in texts for tie in ties_of(one)}
    assert found == MAY


def test_nothing_of_the_driver_that_holds_on_to_a_connection_is_used():
    found = {
        (str(path.relative_to(ROOT)), name)
        for path in sources()
        if path.suffix == ".py"
        for node in ast.walk(ast.parse(path.read_text()))
        for name in [getattr(node, "attr", getattr(node, "arg", getattr(node, "id", "")))]
        if name in CALLS
    }
    assert found == set()


def test_the_connection_prepares_no_statements_and_keeps_no_cursors():
    chosen = settings.DATABASES["default"]
    assert chosen["DISABLE_SERVER_SIDE_CURSORS"] is True
    assert set(chosen["OPTIONS"]) <= {"sslmode", "sslrootcert"}
    assert connection.get_connection_params()["prepare_threshold"] is None


@pytest.mark.django_db
def test_no_function_in_the_database_sets_what_stays():
    with use(SYSTEM), connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
        )
        functions = cursor.fetchall()
    assert len(functions) > 10
    assert {name: ties_of(text) for name, text in functions if ties_of(text)} == {}


# name -> what the connection still has of it after pages and jobs
KEPT = {
    "settings": "SELECT name FROM pg_settings WHERE source = 'session'",
    "channels": "SELECT pg_listening_channels()",
    "prepared": "SELECT name FROM pg_prepared_statements",
    "cursors": "SELECT name FROM pg_cursors WHERE is_holdable",
    "locks": "SELECT objid FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()",
    "tables": "SELECT 'temporary' WHERE pg_my_temp_schema() <> 0",
    "role": "SELECT current_user WHERE current_user <> session_user",
    "scope": "SELECT name FROM (VALUES ('app.school'), ('app.student'), ('app.companies'),"
    " ('app.pairs'), ('app.actor')) AS named (name)"
    " WHERE coalesce(current_setting(name, true), '') <> ''",
}


def kept() -> dict[str, list]:
    found = {}
    with use(NOBODY), connection.cursor() as cursor:
        for name, sql in KEPT.items():
            cursor.execute(sql)
            found[name] = [row[0] for row in cursor.fetchall()]
    return found


def test_after_pages_and_jobs_the_connection_is_as_new(committed_world):
    world = committed_world
    connection.close()
    begin = kept()
    with at(FRIDAY, "15:00"):
        for client in (
            client_of(world.berk.coordinator),
            client_of(world.berk.logins[0]),
            client_of_contact(world.noord.contacts[0]),
            client_of_guardian(world.berk.guardians[0]),
        ):
            assert client.get(reverse("web:home")).status_code == 200
        for job in (ask_for_weeks, send_scheduled, tasks.seal_audit, tasks.sweep_outbox):
            job()
        delivery.deliver()
    assert kept() == begin == {name: [] for name in KEPT} | {"settings": begin["settings"]}
    # The check sees what does stay.
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '7s'; SELECT set_config('app.school', '1', false)")
        cursor.execute("SELECT pg_advisory_lock(7)")
    left = kept()
    connection.close()
    assert "lock_timeout" in left["settings"]
    assert left["scope"] == ["app.school"]
    assert left["locks"] == [7]
