"""What should stand in the catalogue: every part of the walls, with the statements that make it.

A part is one policy, one grant, one key … Its `is_` is how the catalogue would show it
(`catalogue`); None where only PostgreSQL can say so, from a `draft` that is laid on an empty
copy of the table and thrown away (`drafts`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from django.db import models

from stage.core.tenants.walls import (
    HELPERS,
    ROLES,
    VERBS,
    CompositeKey,
    Wall,
    answered,
    composite_keys,
    peepholes,
    plain_grants,
    rule_for,
    table_of_walls,
    tenant_columns,
)

OWNER = "stage_owner"
AUDIENCES = (*ROLES, "app")
# Who may do what in the schema, as `postgres/database.sql` says.
SCHEMA = {"USAGE": (*(f"stage_{role}" for role in AUDIENCES), OWNER), "CREATE": (OWNER,)}


class Key(NamedTuple):
    """What a part is: the same on paper and in the catalogue."""

    kind: str
    table: str  # empty for what belongs to no table
    name: str

    def __str__(self) -> str:
        return f"{self.kind}: {' '.join(part for part in (self.table, self.name) if part)}"


class Relation(NamedTuple):
    """A table, view or sequence that is there; `kind` as in pg_class.relkind."""

    name: str
    kind: str


@dataclass(frozen=True)
class Made:
    """A part as declared."""

    is_: str | None
    make: tuple[str, ...]
    draft: str = ""  # `@on@`: the copy, or the schema for functions
    rest: str = ""  # what `is_` holds besides what the draft shows
    in_place: bool = False  # replaced where it stands, never dropped

    @property
    def declared(self) -> str:
        return self.draft or " ".join(self.make)


def plan(relations: Iterable[Relation]) -> dict[Key, Made]:
    """Every part that should be there, given what tables there are."""
    present = list(relations)
    tables = {r.name for r in present if r.kind in "rp"}
    walls = table_of_walls()
    parts: dict[Key, Made] = dict(functions())
    for privilege, roles in SCHEMA.items():
        for role in roles:
            sql = f"GRANT {privilege} ON SCHEMA public TO {role}"
            parts[Key("schema grant", "", f"{role} {privilege}")] = Made("", (sql,))
    for model, wall in walls.items():
        table = model._meta.db_table
        if table not in tables:
            parts[Key("table", table, "")] = Made("", ())
            continue
        parts.update(_rows(table, forced=wall.forced))
        parts.update(policies(model, wall))
        parts.update(triggers(model, wall))
        parts.update(_grants(model, wall))
    ours = {model._meta.db_table for model in walls}
    for relation in present:
        parts.update(_others_things(relation, ours))
    parts.update(_keys(composite_keys(walls), tables))
    return parts


def _rows(table: str, *, forced: bool) -> Iterator[tuple[Key, Made]]:
    off = (f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",)
    on = (
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
    )
    yield Key("row security", table, ""), Made("forced", on) if forced else Made("off", off)


def policies(model: type[models.Model], wall: Wall) -> Iterator[tuple[Key, Made]]:
    """The policies of one table."""
    table = model._meta.db_table
    if not wall.forced:
        return
    for role in AUDIENCES:
        for verb in wall.verbs(role):
            rule = rule_for(model, wall, role, verb)
            clause = {
                "r": f"USING ({rule})",
                "i": f"WITH CHECK ({rule})",
                "u": f"USING ({rule}) WITH CHECK ({answered(wall.after.get(role, rule))})",
                "d": f"USING ({rule})",
            }[verb]
            name = f"{role}_{verb}"
            draft = f"CREATE POLICY {name} ON @on@ FOR {VERBS[verb]} TO stage_{role} {clause}"
            make = (draft.replace("@on@", f"public.{table}"), *_looks_inside(table, name, clause))
            yield Key("policy", table, name), Made(None, make, draft)


# Inside a sub-select a column that its table has lost is taken for the row's own of that name, and
# `school_id IN (SELECT school_id FROM …)` is then always true. `p` is the policy.
CORRELATED = "concat(p.polqual, p.polwithcheck) ~ ':varlevelsup [1-9]'"


def _looks_inside(table: str, name: str, clause: str) -> Iterator[str]:
    if " FROM " in clause:
        yield (
            "DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_policy p"  # noqa: S608
            f" WHERE polrelid = 'public.{table}'::regclass AND polname = '{name}'"
            f" AND {CORRELATED}) THEN RAISE undefined_column USING"
            " MESSAGE = 'a sub-select names a column that its table does not have'; END IF; END $$"
        )


def _drafted(draft: str, table: str, rest: str = "") -> Made:
    return Made(None, (draft.replace("@on@", f"public.{table}"),), draft, rest)


def triggers(model: type[models.Model], wall: Wall) -> Iterator[tuple[Key, Made]]:
    """The triggers of one table."""
    table = model._meta.db_table
    columns = [f"{c}_id" for c in tenant_columns(model)]
    if columns:
        yield Key("trigger", table, "keep_tenant"), _drafted(keep_tenant(columns), table)
    if wall.fixed:
        draft = (
            "CREATE TRIGGER keep_fixed BEFORE UPDATE ON @on@ FOR EACH ROW"
            f" WHEN (({wall.fixed_when}) AND ({_changed(wall.fixed)}))"
            " EXECUTE FUNCTION keep_fixed()"
        )
        yield Key("trigger", table, "keep_fixed"), _drafted(draft, table)
    if wall.append_only:
        # Where retention deletes, the system may; what was said is still never changed.
        events = "UPDATE" if "d" in wall.system else "UPDATE OR DELETE"
        draft = (
            f"CREATE TRIGGER append_only BEFORE {events} ON @on@"
            " FOR EACH ROW EXECUTE FUNCTION append_only()"
        )
        yield Key("trigger", table, "append_only"), _drafted(draft, table)
    if wall.after_insert:
        draft = (
            f"CREATE TRIGGER {wall.after_insert} AFTER INSERT ON @on@ REFERENCING NEW TABLE AS"
            f" written FOR EACH STATEMENT EXECUTE FUNCTION {wall.after_insert}()"
        )
        yield Key("trigger", table, wall.after_insert), _drafted(draft, table)


def keep_tenant(columns: Iterable[str]) -> str:
    """The trigger that keeps these columns of a row as they were; `@on@` is the table."""
    return (
        "CREATE TRIGGER keep_tenant BEFORE UPDATE ON @on@ FOR EACH ROW"
        f" WHEN ({_changed(columns)}) EXECUTE FUNCTION keep_tenant()"
    )


def _changed(columns: Iterable[str]) -> str:
    return " OR ".join(f"OLD.{c} IS DISTINCT FROM NEW.{c}" for c in columns)


def _grants(model: type[models.Model], wall: Wall) -> Iterator[tuple[Key, Made]]:
    for role in AUDIENCES:
        for verb in wall.verbs(role):
            columns = wall.columns.get(f"{role}.{verb}")
            for suffix in [f" ({column})" for column in columns] if columns else [""]:
                yield _grant(model._meta.db_table, f"stage_{role}", f"{VERBS[verb]}{suffix}")


def _grant(relation: str, role: str, privilege: str, of: str = "") -> tuple[Key, Made]:
    sql = f"GRANT {privilege} ON {of}public.{relation} TO {role}"
    return Key("grant", relation, f"{role} {privilege}"), Made("", (sql,))


def _others_things(relation: Relation, ours: set[str]) -> Iterator[tuple[Key, Made]]:
    """What holds for everything that is there: the owner, Django's tables, sequences."""
    name = relation.name
    if relation.kind == "S":
        for role in AUDIENCES:
            yield _grant(name, f"stage_{role}", "USAGE", "SEQUENCE ")
        return
    yield Key("owner", name, ""), Made(OWNER, (f"ALTER TABLE public.{name} OWNER TO {OWNER}",))
    if name in ours:
        return
    for role, verbs in plain_grants(name).items():
        for verb in verbs:
            yield _grant(name, f"stage_{role}", VERBS[verb])
    if relation.kind in "rp":
        yield from _rows(name, forced=False)


def _keys(keys: Iterable[CompositeKey], tables: set[str]) -> Iterator[tuple[Key, Made]]:
    for key in keys:
        if {key.table, key.target} - tables:
            continue
        unique = f"UNIQUE ({', '.join(key.columns)})"
        yield (
            Key("unique key", key.target, key.unique_name),
            _constraint(key.target, key.unique_name, unique),
        )
        refers = (
            f"FOREIGN KEY ({', '.join(key.local)}) REFERENCES {key.target}"
            f"({', '.join(key.columns)}) DEFERRABLE INITIALLY DEFERRED"
        )
        # Rows that are there already are looked at in a second step, which lets others write on.
        add = _constraint(key.table, key.name, f"{refers} NOT VALID")
        yield Key("tenant key", key.table, key.name), Made(refers, add.make)


def _constraint(table: str, name: str, text: str) -> Made:
    return Made(text, (f"ALTER TABLE public.{table} ADD CONSTRAINT {name} {text}",))


_HELPER = re.compile(r"CREATE OR REPLACE FUNCTION (\w+)\(([^)]*)\)[^;]*?\$\$.*?\$\$;", re.S)


def functions() -> Iterator[tuple[Key, Made]]:
    """The functions that policies and triggers call, and those that look past the walls."""
    everybody = ", ".join(f"stage_{role}" for role in AUDIENCES)
    for found in _HELPER.finditer(HELPERS):
        name, signature = found[1], f"public.{found[1]}({found[2]})"
        draft = found[0].replace(f"FUNCTION {name}(", f"FUNCTION @on@.{name}(", 1)
        make = (
            draft.replace("@on@", "public"),
            f"REVOKE ALL ON FUNCTION {signature} FROM {everybody}",
            f"GRANT EXECUTE ON FUNCTION {signature} TO PUBLIC",
        )
        rest = rights(OWNER, ["PUBLIC EXECUTE"])
        # Policies hold on to these: replaced where they stand.
        yield Key("function", "", name), Made(None, make, draft, rest, in_place=True)
    for hole in peepholes():
        signature = f"public.{hole.signature}"
        roles = [f"stage_{role}" for role in hole.roles]
        opened = (
            "GRANT CREATE ON SCHEMA public TO stage_system",
            "SET LOCAL ROLE stage_system",
            hole.create(),
            f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC",
            f"GRANT EXECUTE ON FUNCTION {signature} TO {', '.join(roles)}",
            "RESET ROLE",
            "REVOKE CREATE ON SCHEMA public FROM stage_system",
        )
        rest = rights("stage_system", [f"{role} EXECUTE" for role in roles])
        # A trigger holds on to its function: that one is replaced where it stands.
        made = Made(None, opened, hole.create("@on@"), rest, in_place=hole.is_trigger)
        yield Key("function", "", hole.name), made


def rights(owner: str, given: Iterable[str]) -> str:
    """Who owns a function and who may call it, as the catalogue shows it."""
    return f" OWNER {owner} GRANTED {', '.join(sorted(given))}"
