"""What a page could cost at least: the same statements, the same template, the same document."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from unittest.mock import patch

from django.db import connection, transaction
from django.template.backends.django import Template
from django.test import Client

from stage.core.tenants.tenancy import NOBODY, Scope, current, use
from stage.devtools.embedded.engines import DATABASE, Engines, postgres_program

TABLE = (
    "CREATE TABLE bench_row (id bigserial PRIMARY KEY, who bigint, at timestamptz);"
    " GRANT SELECT, INSERT ON bench_row TO stage_app;"
    " GRANT USAGE ON SEQUENCE bench_row_id_seq TO stage_app"
)


def make_table(engines: Engines) -> None:
    """The table of the one-row insert."""
    with engines.connect(DATABASE) as admin:
        admin.execute(TABLE)


def analyse(engines: Engines) -> None:
    """What autovacuum would have done by the time a real table is this large."""
    with engines.connect(DATABASE) as admin:
        admin.execute("ANALYZE")


def inserts_per_second(engines: Engines, seconds: int = 5) -> float:
    """One-row inserts by pgbench over eight connections of the same role."""
    script = engines.var / "insert.sql"
    script.write_text("INSERT INTO bench_row (who, at) VALUES (1, now());\n")
    command = [str(postgres_program("pgbench")), "-h", str(engines.sockets), "-U", "stage_app"]
    command += ["-n", "-c", "8", "-j", "2", "-T", str(seconds), "-f", str(script), DATABASE]
    shown = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    line = next(line for line in shown.splitlines() if line.startswith("tps"))
    return float(line.split()[2])


@dataclass
class Inside:
    """What one request in this process did."""

    statements: list[tuple[Scope, str, object]] = field(default_factory=list)
    template_ms: float = 0.0  # without what the database took meanwhile
    html: str = ""


def look_inside(client: Client, path: str) -> Inside:
    """Open a page in this process: its statements, and how long its template took."""
    seen = Inside()
    spent = {"sql": 0.0}

    def note(execute, sql, params, many, context):
        seen.statements.append((current(), sql, params))
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            spent["sql"] += time.perf_counter() - began

    real = Template.render

    def render(self, context=None, request=None):
        began, sql = time.perf_counter(), spent["sql"]
        shown = real(self, context, request)
        took = time.perf_counter() - began - (spent["sql"] - sql)
        seen.template_ms = max(seen.template_ms, took * 1000)
        seen.html = str(shown)
        return shown

    with connection.execute_wrapper(note), patch.object(Template, "render", render):
        answer = client.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answers {answer.status_code}")
    return seen


def replay(statements: list[tuple[Scope, str, object]]) -> float:
    """Milliseconds of the same statements in the same scopes, rows fetched, without a page."""
    began = time.perf_counter()
    with transaction.atomic():
        for scope, sql, params in statements:
            with use(scope), connection.cursor() as cursor:
                cursor.execute(sql, params)
                if cursor.description:
                    cursor.fetchall()
        transaction.set_rollback(True)
    return (time.perf_counter() - began) * 1000


def repeat(count: int, work: Callable[[], float], warm: int = 3) -> list[float]:
    """So many outcomes of `work`, after some that do not count."""
    return [work() for _ in range(count + warm)][warm:]


@contextmanager
def logged_in(session: str):
    """A test client of this process with that session."""
    client = Client(HTTP_HOST="127.0.0.1")
    client.cookies["sessionid"] = session
    with use(NOBODY):
        yield client
