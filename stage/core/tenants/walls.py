"""The walls in the database, as data: who may do what with which rows of which table.

Each app's `walls.py` declares one `Wall` per model. From that one table come the row-level security
policies, the grants, the composite foreign keys and the triggers that keep tenant columns as they
were. They are laid anew after every `migrate` (`stage.core.apps`), so that the declaration *is* the
wall; a table that nobody names gets no grant at all.

Verbs: r (SELECT), i (INSERT), u (UPDATE), d (DELETE).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from types import ModuleType

from django.apps import AppConfig, apps
from django.db import models, transaction

ROLES = ("school", "student", "company", "bureau", "system")
TENANT_COLUMNS = ("region", "school", "student", "company")
VERBS = {"r": "SELECT", "i": "INSERT", "u": "UPDATE", "d": "DELETE"}

_SCHOOL = "nullif(current_setting('app.school', true), '')::bigint"
_STUDENT = "nullif(current_setting('app.student', true), '')::bigint"


def _ids(name: str) -> str:
    # The sub-select is evaluated once per statement; without it, once per row.
    return f"ANY ((SELECT app_ids('app.{name}'))::bigint[])"


def _pair(name: str) -> str:
    # School and company as one number: a list of pairs that one index condition can be added to.
    return f"((school_id << 32) | company_id) = {_ids(name)}"


_COMPANY = f"company_id = {_ids('companies')}"  # leads the index; what follows narrows it
_CONTACT = _pair("contact_pairs")
_SIGNATORY = _pair("signatory_pairs")

# Rules by name. Each refers to the row's own columns, or to a table whose rules do (security.md).
RULES: dict[str, str] = {
    "all": "true",
    "school": f"school_id = {_SCHOOL}",
    "school_or_pool": (
        f"(school_id = {_SCHOOL} OR (school_id IS NULL AND region_id = {_ids('regions')}))"
    ),
    "school_or_shared": f"(school_id = {_SCHOOL} OR school_id IS NULL)",
    "student": f"(school_id = {_SCHOOL} AND student_id = {_STUDENT})",
    "student_self": f"(school_id = {_SCHOOL} AND id = {_STUDENT})",
    "pool": f"region_id = {_ids('regions')}",
    "pool_only": f"(school_id IS NULL AND region_id = {_ids('regions')})",
    # Company people. Rows of the pool by company; a school's rows by pair, in what the person may.
    "company": _COMPANY,
    "company_pair": f"({_COMPANY} AND {_pair('pairs')})",
    "company_contact": f"({_COMPANY} AND {_CONTACT})",
    "company_signatory": f"({_COMPANY} AND {_SIGNATORY})",
    "company_names": f"({_COMPANY} AND ({_CONTACT} OR {_SIGNATORY}))",
    # Where the person is contact for some school: who may keep the company's page.
    "company_keeps": "company_id = ANY ((SELECT app_companies('app.contact_pairs'))::bigint[])",
    "company_keeps_self": "id = ANY ((SELECT app_companies('app.contact_pairs'))::bigint[])",
    "company_guided": f"({_COMPANY} AND ({_CONTACT} OR placement_id = {_ids('placements')}))",
    "company_placement": (
        f"({_COMPANY} AND ({_CONTACT} OR {_SIGNATORY} OR id = {_ids('placements')}))"
    ),
    "company_placed": (
        f"({_COMPANY} AND ({_CONTACT} OR {_SIGNATORY} OR placement_id = {_ids('placements')}))"
    ),
    "company_invitation": f"({_COMPANY} AND ({_CONTACT} OR id = {_ids('invitations')}))",
    "company_invited": f"({_COMPANY} AND ({_CONTACT} OR invitation_id = {_ids('invitations')}))",
    "company_self": f"id = {_ids('companies')}",
    "mandate": f"school_id = {_ids('schools')}",
    "region_self": f"id = {_ids('regions')}",
}


@dataclass(frozen=True)
class Wall:
    """The rights of each audience on one table, as verbs; a rule is derived unless named."""

    school: str = ""
    student: str = ""
    company: str = ""
    bureau: str = ""
    system: str = "riud"
    app: str = ""  # the log-in role itself, before a scope is chosen
    # "role" or "role.verb" -> a name in RULES, or SQL
    rules: Mapping[str, str] = field(default_factory=dict)
    # Tenant columns that references to this table carry along; None: those that are never empty.
    key: tuple[str, ...] | None = None
    # role -> what a row must be after its UPDATE, where that is not its rule
    after: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # "role.verb" -> the only
    append_only: bool = False  # a trigger refuses UPDATE and DELETE to everybody
    fixed: tuple[str, ...] = ()  # columns nobody changes once this SQL about OLD holds:
    fixed_when: str = ""
    forced: bool = True  # False only for the short list in tests/test_walls.py
    why: str = ""  # the reason, where forced is False

    def verbs(self, role: str) -> str:
        return getattr(self, role)


@dataclass(frozen=True)
class Peephole:
    """A SECURITY DEFINER function owned by `stage_system`: facts a wall hides, as counts only.

    Each app's `walls.py` lists its own in `FUNCTIONS`; `tests/core/test_walls.py` lists them all.
    `body` is a query; it must narrow itself by the running scope's settings.
    """

    name: str
    arguments: str
    returns: str
    body: str
    roles: tuple[str, ...]
    why: str

    def sql(self) -> Iterator[str]:
        signature = f"{self.name}({self.arguments})"
        yield "GRANT CREATE ON SCHEMA public TO stage_system"
        yield "SET LOCAL ROLE stage_system"
        yield f"DROP FUNCTION IF EXISTS {signature}"
        yield (
            f"CREATE FUNCTION {signature} RETURNS {self.returns} LANGUAGE sql STABLE"
            f" SECURITY DEFINER SET search_path = public, pg_temp AS $$ {self.body} $$"
        )
        yield f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC"
        granted = ", ".join(f"stage_{role}" for role in self.roles)
        yield f"GRANT EXECUTE ON FUNCTION {signature} TO {granted}"
        yield "RESET ROLE"
        yield "REVOKE CREATE ON SCHEMA public FROM stage_system"


def peepholes() -> list[Peephole]:
    """Every such function of the apps' `walls.py`."""
    return [p for _config, module in _modules() for p in getattr(module, "FUNCTIONS", ())]


def table_of_walls() -> dict[type[models.Model], Wall]:
    """Every model with its wall, from the apps' `walls.py`; the one table all else is made from."""
    walls: dict[type[models.Model], Wall] = {}
    for config, module in _modules():
        for name, wall in getattr(module, "WALLS", {}).items():
            walls[config.get_model(name)] = wall
    return walls


def _modules() -> Iterator[tuple[AppConfig, ModuleType]]:
    for config in apps.get_app_configs():
        try:
            module = import_module(f"{config.name}.walls")
        except ModuleNotFoundError as error:
            if error.name != f"{config.name}.walls":
                raise
            continue
        yield config, module


def tenant_columns(model: type[models.Model]) -> tuple[str, ...]:
    """The tenant columns a model carries itself, in a fixed order (field names)."""
    names = {f.name for f in model._meta.concrete_fields}
    return tuple(c for c in TENANT_COLUMNS if c in names)


def rule_for(model: type[models.Model], wall: Wall, role: str, verb: str) -> str:
    """The SQL condition that holds for `role` doing `verb` on this table."""
    if role in ("system", "app"):
        return "true"
    named = wall.rules.get(f"{role}.{verb}", wall.rules.get(role))
    if named is not None:
        return RULES.get(named, named)
    return RULES[_derived_rule(model, role)]


def _derived_rule(model: type[models.Model], role: str) -> str:
    columns = tenant_columns(model)
    nullable = "school" in columns and model._meta.get_field("school").null
    if role == "school":
        if not nullable and "school" in columns:
            return "school"
        return "school_or_pool" if nullable else "pool"
    if role == "student":
        if "student" in columns:
            return "student"
        return "school" if "school" in columns else "pool"
    if role == "company" and "company" in columns:
        if "school" not in columns:
            return "company"
        has_placement = any(f.name == "placement" for f in model._meta.concrete_fields)
        return "company_guided" if has_placement else "company_contact"
    if role == "bureau" and "region" in columns and (nullable or "school" not in columns):
        return "pool_only" if nullable else "pool"
    if role == "bureau" and "school" in columns:
        return "mandate"
    raise LookupError(f"{model.__name__}: no rule can be derived for {role}; name one")


HELPERS = """
CREATE OR REPLACE FUNCTION app_ids(name text) RETURNS bigint[]
LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT coalesce(('{' || nullif(current_setting(name, true), '') || '}')::bigint[], '{}') $$;
CREATE OR REPLACE FUNCTION app_companies(name text) RETURNS bigint[]
LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT coalesce(array_agg(DISTINCT pair & 4294967295), '{}') FROM unnest(app_ids(name)) pair $$;
CREATE OR REPLACE FUNCTION keep_tenant() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the tenant of a row in % cannot change', TG_TABLE_NAME
   USING ERRCODE = 'restrict_violation'; END $$;
CREATE OR REPLACE FUNCTION keep_fixed() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'what is fixed in % cannot change', TG_TABLE_NAME
   USING ERRCODE = 'restrict_violation'; END $$;
CREATE OR REPLACE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% takes no changes', TG_TABLE_NAME
   USING ERRCODE = 'restrict_violation'; END $$;
"""


def wall_sql() -> Iterator[str]:
    """All statements that lay the walls, safe to repeat; run as the owner of the tables."""
    walls = table_of_walls()
    yield HELPERS
    for model, wall in walls.items():
        yield from _policies(model, wall)
        yield from _grants(model, wall)
        yield from _tenant_trigger(model)
    keys = list(composite_keys(walls))
    for target, columns in sorted({(k.target, k.columns) for k in keys}):
        yield _unique(target, columns)
    for key in keys:
        yield key.sql()
    for peephole in peepholes():
        yield from peephole.sql()


def _policies(model: type[models.Model], wall: Wall) -> Iterator[str]:
    table = model._meta.db_table
    if not wall.forced:
        yield f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"
        return
    yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
    yield f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"
    yield (
        "DO $$ DECLARE p text; BEGIN FOR p IN SELECT policyname FROM pg_policies"  # noqa: S608
        f" WHERE schemaname = 'public' AND tablename = '{table}' LOOP"
        f" EXECUTE format('DROP POLICY %I ON {table}', p); END LOOP; END $$"
    )
    for role in (*ROLES, "app"):
        for verb in wall.verbs(role):
            rule = rule_for(model, wall, role, verb)
            clause = {
                "r": f"USING ({rule})",
                "i": f"WITH CHECK ({rule})",
                "u": f"USING ({rule}) WITH CHECK ({wall.after.get(role, rule)})",
                "d": f"USING ({rule})",
            }[verb]
            yield (
                f"CREATE POLICY {role}_{verb} ON {table} FOR {VERBS[verb]} TO stage_{role} {clause}"
            )
    if wall.append_only:
        yield (
            f"CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION append_only()"
        )
    if wall.fixed:
        changed = " OR ".join(f"OLD.{c} IS DISTINCT FROM NEW.{c}" for c in wall.fixed)
        yield (
            f"CREATE OR REPLACE TRIGGER keep_fixed BEFORE UPDATE ON {table} FOR EACH ROW"
            f" WHEN (({wall.fixed_when}) AND ({changed})) EXECUTE FUNCTION keep_fixed()"
        )


def _grants(model: type[models.Model], wall: Wall) -> Iterator[str]:
    table = model._meta.db_table
    everyone = ", ".join(f"stage_{r}" for r in (*ROLES, "app"))
    yield f"REVOKE ALL ON {table} FROM {everyone}"
    for role in (*ROLES, "app"):
        if wall.verbs(role):
            verbs = ", ".join(_granted(wall, role, verb) for verb in wall.verbs(role))
            yield f"GRANT {verbs} ON {table} TO stage_{role}"


def _granted(wall: Wall, role: str, verb: str) -> str:
    columns = wall.columns.get(f"{role}.{verb}")
    return f"{VERBS[verb]} ({', '.join(columns)})" if columns else VERBS[verb]


def _tenant_trigger(model: type[models.Model]) -> Iterator[str]:
    columns = [f"{c}_id" for c in tenant_columns(model)]
    table = model._meta.db_table
    if columns:
        changed = " OR ".join(f"OLD.{c} IS DISTINCT FROM NEW.{c}" for c in columns)
        yield (
            f"CREATE OR REPLACE TRIGGER keep_tenant BEFORE UPDATE ON {table}"
            f" FOR EACH ROW WHEN ({changed}) EXECUTE FUNCTION keep_tenant()"
        )


@dataclass(frozen=True)
class CompositeKey:
    """A foreign key that carries the tenant along, since foreign keys bypass row-level security."""

    table: str
    target: str
    columns: tuple[str, ...]  # tenant columns on the target, then `id`
    local: tuple[str, ...]

    @property
    def name(self) -> str:
        digest = hashlib.sha256(
            "/".join((self.table, self.target, *self.local)).encode()
        ).hexdigest()[:8]
        return f"tenant_{self.table[:30]}_{self.local[-1][:14]}_{digest}"

    def sql(self) -> str:
        add = (
            f"ALTER TABLE {self.table} ADD CONSTRAINT {self.name}"
            f" FOREIGN KEY ({', '.join(self.local)})"
            f" REFERENCES {self.target} ({', '.join(self.columns)}) DEFERRABLE INITIALLY DEFERRED"
        )
        return _once(self.name, add)


def composite_keys(walls: Mapping[type[models.Model], Wall]) -> Iterator[CompositeKey]:
    """One key per foreign key between walled tables, over the tenant columns both sides carry.

    A tenant column that may be empty on the target is carried only where the wall's `key` says so:
    PostgreSQL would refuse a reference to the row in which it is empty.
    """
    for model in walls:
        own = tenant_columns(model)
        for f in model._meta.concrete_fields:
            target = f.related_model
            if target is None or target not in walls or f.name in ("region", "school"):
                continue
            shared = [c for c in _key_columns(target, walls[target]) if c in own and c != f.name]
            if shared:
                yield CompositeKey(
                    table=model._meta.db_table,
                    target=target._meta.db_table,
                    columns=(*(f"{c}_id" for c in shared), "id"),
                    local=(*(f"{c}_id" for c in shared), f.attname),
                )


def _key_columns(target: type[models.Model], wall: Wall) -> tuple[str, ...]:
    if wall.key is not None:
        return wall.key
    return tuple(c for c in tenant_columns(target) if not target._meta.get_field(c).null)


def _unique(target: str, columns: tuple[str, ...]) -> str:
    digest = hashlib.sha256("/".join((target, *columns)).encode()).hexdigest()[:8]
    name = f"tenant_key_{target[:30]}_{digest}"
    return _once(name, f"ALTER TABLE {target} ADD CONSTRAINT {name} UNIQUE ({', '.join(columns)})")


def _once(name: str, statement: str) -> str:
    return (
        f"DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = '{name}')"  # noqa: S608
        f" THEN {statement}; END IF; END $$"
    )


def lay(connection) -> None:
    """Lay all walls in one transaction; skipped when they stand exactly as declared."""
    statements = [*wall_sql(), *_plain_grants(connection)]
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(relname || c.oid, ',' ORDER BY relname) FROM pg_class c"
            " JOIN pg_namespace n ON n.oid = relnamespace"
            " WHERE nspname = 'public' AND relkind = 'r'"
        )
        state = "\n".join([*statements, cursor.fetchone()[0] or ""])
        digest = hashlib.sha256(state.encode()).hexdigest()
        cursor.execute("SELECT obj_description('public'::regnamespace, 'pg_namespace')")
        if cursor.fetchone()[0] == f"walls {digest}":
            return
        for statement in statements:
            cursor.execute(statement)
        cursor.execute(f"COMMENT ON SCHEMA public IS 'walls {digest}'")


# Django's and allauth's own tables: for the log-in role only, which holds no tenant's rows.
LOGIN_TABLES = ("django_session", "account_", "mfa_", "usersessions_", "socialaccount_")


def _plain_grants(connection) -> Iterator[str]:
    roles = ", ".join(f"stage_{r}" for r in (*ROLES, "app"))
    for table in sorted(connection.introspection.table_names()):
        if table.startswith(LOGIN_TABLES):
            yield f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO stage_app, stage_system"
        elif table == "django_content_type":
            yield f"GRANT SELECT ON {table} TO stage_app"
        elif table == "django_cache":
            yield f"REVOKE ALL ON {table} FROM {roles}"  # no audience plants what others read
            yield f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO stage_app"
    yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {roles}"
