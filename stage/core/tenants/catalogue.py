"""What stands in PostgreSQL's catalogue: every part of the walls, with what would take it away.

Reads only, and takes no lock that anybody waits for. A part is shown as `plan` expects it.
Run with `search_path` on `public` alone, or names are written differently.
"""
# ruff: noqa: S608 - the only pieces put into a statement are schemas that stand here

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from stage.core.tenants.plan import CORRELATED, Key, Relation, rights

LOOKS_OUT = "LOOKS AT THE ROW FROM INSIDE A SUB-SELECT"


@dataclass(frozen=True)
class Found:
    """A part as it stands, and the statements that remove it."""

    is_: str
    drop: tuple[str, ...] = ()


def relations(cursor) -> list[Relation]:
    """Tables, views and sequences of the product."""
    cursor.execute(
        "SELECT relname, relkind::text FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S') ORDER BY relname"
    )
    return [Relation(*row) for row in cursor.fetchall()]


def found(cursor) -> dict[Key, Found]:
    """Every part that stands there, declared or not."""
    parts: dict[Key, Found] = {}
    for part in (_tables, _grants, _policies, _triggers, _constraints, _functions, _schema):
        parts.update(part(cursor))
    parts.update(_default_privileges(cursor))
    return parts


def _tables(cursor) -> Iterator[tuple[Key, Found]]:
    cursor.execute(
        "SELECT relname, relkind::text, pg_get_userbyid(relowner), relrowsecurity,"
        " relforcerowsecurity FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " AND relkind IN ('r', 'p', 'v', 'm', 'f')"
    )
    for table, kind, owner, enabled, forced in cursor.fetchall():
        yield Key("owner", table, ""), Found(owner)
        if kind in "rp":
            state = ("forced" if forced else "not forced") if enabled else "off"
            yield Key("row security", table, ""), Found(state)


def _grants(cursor) -> Iterator[tuple[Key, Found]]:
    cursor.execute(
        "SELECT c.relname, c.relkind = 'S', '', a.* FROM pg_class c, aclexplode(c.relacl) a"
        " WHERE c.relnamespace = 'public'::regnamespace AND a.grantee <> c.relowner"
        " UNION ALL SELECT c.relname, false, t.attname, a.*"
        " FROM pg_class c JOIN pg_attribute t ON t.attrelid = c.oid, aclexplode(t.attacl) a"
        " WHERE c.relnamespace = 'public'::regnamespace AND a.grantee <> c.relowner"
    )
    rows = cursor.fetchall()
    names = _names(cursor)
    for table, is_sequence, column, _grantor, grantee, privilege, grantable in rows:
        role = names.get(grantee, "PUBLIC")
        of = f"{privilege} ({column})" if column else privilege
        on = f"SEQUENCE public.{_quoted(table)}" if is_sequence else f"public.{_quoted(table)}"
        drop = f"REVOKE {of} ON {on} FROM {role} CASCADE"
        is_ = "WITH GRANT OPTION" if grantable else ""
        yield Key("grant", table, f"{role} {of}"), Found(is_, (drop,))


def _names(cursor) -> dict[int, str]:
    cursor.execute("SELECT oid, quote_ident(rolname) FROM pg_roles")
    return dict(cursor.fetchall())


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _policies(cursor) -> Iterator[tuple[Key, Found]]:
    for table, name, text in policies(cursor, "'public'::regnamespace"):
        drop = f"DROP POLICY {_quoted(name)} ON public.{_quoted(table)}"
        yield Key("policy", table, name), Found(text, (drop,))


def policies(cursor, schema: str) -> list[tuple[str, str, str]]:
    """Table, name and whole text of each policy in a schema."""
    cursor.execute(
        "SELECT c.relname, p.polname, concat_ws(' ',"
        " CASE WHEN p.polpermissive THEN NULL ELSE 'RESTRICTIVE' END, p.polcmd::text, 'TO',"
        " (SELECT string_agg(CASE r WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(r)::text END, ', '"
        "  ORDER BY r) FROM unnest(p.polroles) AS r),"
        " 'USING ' || pg_get_expr(p.polqual, p.polrelid),"
        " 'WITH CHECK ' || pg_get_expr(p.polwithcheck, p.polrelid),"
        f" CASE WHEN {CORRELATED} THEN '{LOOKS_OUT}' END)"
        " FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid"
        f" WHERE c.relnamespace = {schema}"
    )
    return cursor.fetchall()


def _triggers(cursor) -> Iterator[tuple[Key, Found]]:
    for table, name, text in triggers(cursor, "'public'::regnamespace"):
        drop = f"DROP TRIGGER {_quoted(name)} ON public.{_quoted(table)}"
        yield Key("trigger", table, name), Found(text, (drop,))


def triggers(cursor, schema: str) -> list[tuple[str, str, str]]:
    """Table, name and text of each trigger in a schema, without the table's schema."""
    cursor.execute(
        "SELECT c.relname, t.tgname, regexp_replace(pg_get_triggerdef(t.oid),"
        " ' ON \\S+ ', ' ON ' || c.relname || ' ') || ' ENABLED ' || t.tgenabled::text"
        " FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
        f" WHERE NOT t.tgisinternal AND c.relnamespace = {schema}"
    )
    return cursor.fetchall()


def _constraints(cursor) -> Iterator[tuple[Key, Found]]:
    cursor.execute(
        "SELECT c.relname, k.conname, k.contype::text, pg_get_constraintdef(k.oid)"
        " FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid"
        " WHERE c.relnamespace = 'public'::regnamespace AND k.conname LIKE 'tenant\\_%'"
    )
    for table, name, kind, text in cursor.fetchall():
        drop = f"ALTER TABLE public.{_quoted(table)} DROP CONSTRAINT {_quoted(name)}"
        kinds = {"u": "unique key", "f": "tenant key"}
        yield Key(kinds.get(kind, "constraint"), table, name), Found(text, (drop,))


def _functions(cursor) -> Iterator[tuple[Key, Found]]:
    seen = set()
    for schema, name, arguments, owner, oid, kind, text in functions(cursor, None):
        place = name if schema == "public" else f"{schema}.{name}"
        # The oldest of a name is taken for the declared one; every other is one too many.
        shown = f"{place}({arguments})" if place in seen else place
        seen.add(place)
        cursor.execute(
            "SELECT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(a.grantee) END"
            " || ' ' || a.privilege_type || CASE WHEN a.is_grantable THEN '*' ELSE '' END"
            " FROM pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a"
            " WHERE p.oid = %s AND a.grantee <> p.proowner",
            [oid],
        )
        may = rights(owner, [given for (given,) in cursor.fetchall()])
        what = {"p": "PROCEDURE", "a": "AGGREGATE"}.get(kind, "FUNCTION")
        drop = (
            f"SET LOCAL ROLE {_quoted(owner)}",
            f"DROP {what} {_quoted(schema)}.{_quoted(name)}({arguments})",
            "RESET ROLE",
        )
        yield Key("function", "", shown), Found(text + may, drop)


def functions(cursor, schema: str | None) -> list[tuple]:
    """Schema, name, arguments, owner, oid, kind and text of functions, the oldest first.

    None: of every schema that is not PostgreSQL's own, without what an extension brought.
    """
    where = (
        f"p.pronamespace = {schema}"
        if schema
        else (
            "n.nspname NOT IN ('pg_catalog', 'information_schema')"
            " AND n.nspname !~ '^pg_(toast|temp)' AND NOT EXISTS (SELECT 1 FROM pg_depend d"
            " WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')"
        )
    )
    cursor.execute(
        "SELECT n.nspname, p.proname, pg_get_function_identity_arguments(p.oid),"
        " pg_get_userbyid(p.proowner), p.oid, p.prokind::text, concat_ws(' ',"
        " pg_get_function_arguments(p.oid), 'RETURNS', pg_get_function_result(p.oid), l.lanname,"
        " p.provolatile::text, p.proparallel::text,"
        " CASE WHEN p.prosecdef THEN 'SECURITY DEFINER' END,"
        " CASE WHEN p.proisstrict THEN 'STRICT' END,"
        " CASE WHEN p.proleakproof THEN 'LEAKPROOF' END,"
        " CASE WHEN p.proretset THEN 'ROWS ' || p.prorows END,"
        " 'SET ' || array_to_string(p.proconfig, '; '), p.prosrc, pg_get_function_sqlbody(p.oid))"
        " FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
        f" JOIN pg_language l ON l.oid = p.prolang WHERE {where} ORDER BY p.oid"
    )
    return cursor.fetchall()


def _schema(cursor) -> Iterator[tuple[Key, Found]]:
    cursor.execute(
        "SELECT a.* FROM pg_namespace n,"
        " aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a"
        " WHERE n.nspname = 'public' AND a.grantee <> n.nspowner"
    )
    rows = cursor.fetchall()
    names = _names(cursor)
    for _grantor, grantee, privilege, grantable in rows:
        role = names.get(grantee, "PUBLIC")
        drop = f"REVOKE {privilege} ON SCHEMA public FROM {role} CASCADE"
        is_ = "WITH GRANT OPTION" if grantable else ""
        yield Key("schema grant", "", f"{role} {privilege}"), Found(is_, (drop,))


_KINDS = {"r": "TABLES", "S": "SEQUENCES", "f": "FUNCTIONS", "T": "TYPES", "n": "SCHEMAS"}


def _default_privileges(cursor) -> Iterator[tuple[Key, Found]]:
    """What would be given away with every new table: nothing should be."""
    cursor.execute(
        "SELECT d.defaclrole, n.nspname, d.defaclobjtype::text, a.grantee, a.privilege_type"
        " FROM pg_default_acl d LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace,"
        " aclexplode(d.defaclacl) a WHERE a.grantee <> d.defaclrole"
    )
    rows = cursor.fetchall()
    names = _names(cursor)
    for giver, schema, kind, grantee, privilege in rows:
        objects, role = _KINDS.get(kind, "LARGE OBJECTS"), names.get(grantee, "PUBLIC")
        if schema is None and role == "PUBLIC" and kind in "fT":
            continue  # what PostgreSQL itself gives on every function and type
        where = f" IN SCHEMA {_quoted(schema)}" if schema else ""
        drop = (
            f"ALTER DEFAULT PRIVILEGES FOR ROLE {names[giver]}{where}"
            f" REVOKE {privilege} ON {objects} FROM {role}"
        )
        name = f"{role} {privilege} ON {objects} OF {names[giver]}{where}"
        yield Key("default privilege", "", name), Found("", (drop,))
