"""How PostgreSQL itself would show what is declared.

It writes an expression back in its own way, so text cannot be compared with text. Whoever may make
temporary tables (the owner) lays each declared policy, trigger and function once on an empty copy
of its table that is thrown away, and reads it there. Everybody else compares with digests of what
was laid last, kept in the comment on the schema: quick, and honest about damage by accident, but
only the owner's comparison looks at the declaration itself.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from django.db import ProgrammingError, transaction

from stage.core.tenants import catalogue
from stage.core.tenants.plan import OWNER, Key, Made

MARK = "walls "
# A part -> the digests of what the catalogue may show: as laid, and as a restored dump lays it.
Digests = dict[Key, tuple[str, ...]]


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def may_draft(cursor) -> bool:
    """Whether this log-in may copy every table, as the owner may."""
    cursor.execute(
        "SELECT has_database_privilege(current_database(), 'TEMP')"
        " AND pg_has_role(session_user, %s, 'USAGE')",
        [OWNER],
    )
    return cursor.fetchone()[0]


def drafted(connection, parts: Mapping[Key, Made]) -> Digests:
    """Lay the drafts, read them back; in a transaction that the caller rolls back.

    A draft that PostgreSQL refuses (a column that is not there yet) is left out.
    """
    drafts = {key: made for key, made in parts.items() if made.draft}
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL check_function_bodies = off")
        cursor.execute("SET LOCAL client_min_messages = warning")
        functions = {k: m for k, m in drafts.items() if k.kind == "function"}
        _lay(connection, cursor, [m.draft.replace("@on@", "pg_temp") for m in functions.values()])
        for name, made in functions.items():
            if made.in_place:
                _stand_in(cursor, name.name, made)
        tables = sorted({key.table for key in drafts if key.table})
        copies = [f"CREATE TEMP TABLE {table} (LIKE public.{table})" for table in tables]
        cursor.execute(";\n".join(copies) or "SELECT")
        on_tables = [(key.table, made.draft) for key, made in drafts.items() if key.table]
        texts = [draft.replace("@on@", f"pg_temp.{table}") for table, draft in on_tables]
        _lay(connection, cursor, texts)
        once = _shown(cursor)
        _read_back(cursor)
        twice = _shown(cursor)
    return {
        key: tuple(dict.fromkeys(digest(shown[key] + made.rest) for shown in (once, twice)))
        for key, made in drafts.items()
        if key in once
    }


def _read_back(cursor) -> None:
    """Lay each policy from its own text, as restoring a dump does: `IN ('a', 'b')` changes."""
    cursor.execute(
        "SELECT string_agg(format('ALTER POLICY %I ON pg_temp.%I', policyname, tablename)"
        " || coalesce(' USING (' || qual || ')', '')"
        " || coalesce(' WITH CHECK (' || with_check || ')', ''), ';')"
        " FROM pg_policies WHERE schemaname = pg_my_temp_schema()::regnamespace::name"
    )
    statements = cursor.fetchone()[0]
    if statements:
        cursor.execute(statements)


def _stand_in(cursor, name: str, made: Made) -> None:
    """Policies call these; where one is missing, it is there for the length of the comparison."""
    cursor.execute("SELECT to_regproc(%s) IS NULL", [f"public.{name}"])
    if cursor.fetchone()[0]:
        cursor.execute(made.draft.replace("@on@", "public"))


def _lay(connection, cursor, statements: list[str]) -> None:
    """All in one go; when that fails, in halves, leaving out the ones that are refused."""
    if not statements:
        return
    try:
        with transaction.atomic(using=connection.alias):
            cursor.execute(";\n".join(statements))
    except ProgrammingError:
        half = len(statements) // 2
        if half:
            _lay(connection, cursor, statements[:half])
            _lay(connection, cursor, statements[half:])


def _shown(cursor) -> dict[Key, str]:
    schema = "pg_my_temp_schema()"
    shown = {}
    for table, name, text in catalogue.policies(cursor, schema):
        if catalogue.LOOKS_OUT not in text:
            shown[Key("policy", table, name)] = text
    for table, name, text in catalogue.triggers(cursor, schema):
        shown[Key("trigger", table, name)] = text
    for _schema, name, _arguments, _owner, _oid, _kind, text in catalogue.functions(cursor, schema):
        shown[Key("function", "", name)] = text
    return shown


def recorded(cursor, parts: Mapping[Key, Made]) -> Digests:
    """What was laid last, for those parts whose declaration is still the same."""
    cursor.execute("SELECT obj_description('public'::regnamespace, 'pg_namespace')")
    comment = cursor.fetchone()[0] or ""
    try:
        rows = json.loads(comment.removeprefix(MARK))
    except ValueError:
        return {}
    kept = {Key(*row[:3]): (row[3], tuple(row[4:])) for row in rows}
    return {
        key: kept[key][1]
        for key, made in parts.items()
        if key in kept and kept[key][0] == digest(made.declared)
    }


def record(cursor, parts: Mapping[Key, Made], digests: Digests) -> None:
    """Keep what was laid, for those who may not lay drafts."""
    rows = [[*key, digest(parts[key].declared), *digests[key]] for key in sorted(digests)]
    comment = MARK + json.dumps(rows, separators=(",", ":"))
    cursor.execute("SELECT obj_description('public'::regnamespace, 'pg_namespace')")
    if cursor.fetchone()[0] != comment:
        cursor.execute(f"COMMENT ON SCHEMA public IS '{comment.replace(chr(39), chr(39) * 2)}'")
