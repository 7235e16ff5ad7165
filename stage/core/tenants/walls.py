"""The walls in the database, as data: who may do what with which rows of which table.

Each app's `walls.py` declares one `Wall` per model. From that one table come the row-level security
policies, the grants, the composite foreign keys and the triggers that keep tenant columns as they
were (`plan`). What stands in the catalogue is compared with it, mended and dropped after every
`migrate` (`laying`), so that the declaration *is* the wall; a table that nobody names gets no
grant at all.

Verbs: r (SELECT), i (INSERT), u (UPDATE), d (DELETE).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from types import ModuleType

from django.apps import AppConfig, apps
from django.db import models

ROLES = ("school", "student", "company", "bureau", "operator", "system")
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
    operator: str = ""
    system: str = "riud"
    app: str = ""  # the log-in role itself, before a scope is chosen
    # "role" or "role.verb" -> a name in RULES, or SQL
    rules: Mapping[str, str] = field(default_factory=dict)
    # Tenant columns that references to this table carry along; None: those that are never empty.
    key: tuple[str, ...] | None = None
    # A reference of this table -> tenant columns of which the row it names has another, on purpose:
    # a student who moves goes to another company.
    apart: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # role -> what a row must be after its UPDATE, where that is more or other than its rule
    after: Mapping[str, str] = field(default_factory=dict)
    # "role.r" or "role.u" -> the only columns that role reads or changes
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # A function of no arguments that a trigger calls after each INSERT; it reads the rows that were
    # added as the table `written` (`Peephole`, where others may not do what it does).
    after_insert: str = ""
    # A trigger refuses UPDATE to everybody, and DELETE where the system has no right to it.
    append_only: bool = False
    # Columns that nobody changes any more once `fixed_when` (SQL about OLD) holds.
    fixed: tuple[str, ...] = ()
    fixed_when: str = ""
    forced: bool = True  # False only for the short list in tests/core/test_walls.py
    why: str = ""  # the reason, where forced is False

    def verbs(self, role: str) -> str:
        return getattr(self, role)


@dataclass(frozen=True)
class Peephole:
    """A SECURITY DEFINER function owned by `stage_system`: facts a wall hides, as counts only.

    Each app's `walls.py` lists its own in `FUNCTIONS`; `tests/core/test_walls.py` lists them all.
    `body` is a query; it must narrow itself by the running scope's settings. What a trigger calls
    (`Wall.after_insert`) returns `trigger`, its body is a block of plpgsql, and its role is the
    owner, who lays the trigger: nobody can call it.
    """

    name: str
    arguments: str
    returns: str
    body: str
    roles: tuple[str, ...]
    why: str
    rows: int = 5  # about how many it gives

    @property
    def signature(self) -> str:
        return f"{self.name}({self.arguments})"

    @property
    def is_trigger(self) -> bool:
        return self.returns == "trigger"

    def create(self, schema: str = "public") -> str:
        how = "plpgsql" if self.is_trigger else "sql STABLE"
        # PostgreSQL would expect a thousand, and read whole tables to join them.
        if self.returns.startswith(("TABLE", "SETOF")):
            how += f" ROWS {self.rows}"
        return (
            f"CREATE OR REPLACE FUNCTION {schema}.{self.signature} RETURNS {self.returns}"
            f" LANGUAGE {how} SECURITY DEFINER SET search_path = public, pg_temp"
            f" AS $$ {self.body} $$"
        )


def peepholes() -> list[Peephole]:
    """Every such function of the apps' `walls.py`."""
    return [p for _config, module in _modules() for p in getattr(module, "FUNCTIONS", ())]


def one_of(column: str, *words: str) -> str:
    """A condition on a column of text, as PostgreSQL reads it back unchanged.

    It would write `IN` in another way each time such a policy is lifted and laid again.
    """
    return f"{column}::text = ANY ('{{{','.join(words)}}}'::text[])"


def others(question: str, column: str = "school_id") -> str:
    """In a rule: what higher apps answer to a question, OR-ed; false where nobody answers.

    So no table names a table above it. The lower rule says where the answer counts, and its verbs
    what for; an app answers in `CONTRIBUTIONS` of its `walls.py`, `{column}` being the asked one.
    """
    return f"<<{question} {column}>>"


def contributions() -> dict[str, list[str]]:
    """Question -> the answers of the apps' `walls.py`."""
    found: dict[str, list[str]] = {}
    for _config, module in _modules():
        for question, answer in getattr(module, "CONTRIBUTIONS", {}).items():
            found.setdefault(question, []).append(answer)
    return found


_QUESTION = re.compile(r"<<(\w+) (\w+)>>")


def answered(rule: str) -> str:
    """The rule with every question in it answered."""
    given = contributions() if "<<" in rule else {}

    def answer(asked: re.Match[str]) -> str:
        texts = [a.replace("{column}", asked[2]) for a in given.get(asked[1], ())]
        return f"({' OR '.join(texts) or 'false'})"

    return _QUESTION.sub(answer, rule)


def unasked() -> set[str]:
    """Questions that are answered and that no rule asks."""
    walls = table_of_walls().values()
    rules = [rule for wall in walls for rule in (*wall.rules.values(), *wall.after.values())]
    asked = {m[1] for rule in rules for m in _QUESTION.finditer(RULES.get(rule, rule))}
    return set(contributions()) - asked


def table_of_walls() -> dict[type[models.Model], Wall]:
    """Every model with its wall, from the apps' `walls.py`; the one table all else is made from."""
    walls: dict[type[models.Model], Wall] = {}
    for config, module in _modules():
        for name, wall in getattr(module, "WALLS", {}).items():
            walls[config.get_model(name)] = wall
    return walls


@cache
def _modules() -> list[tuple[AppConfig, ModuleType]]:
    found = []
    for config in apps.get_app_configs():
        try:
            found.append((config, import_module(f"{config.name}.walls")))
        except ModuleNotFoundError as error:
            if error.name != f"{config.name}.walls":
                raise
    return found


def tenant_columns(model: type[models.Model]) -> tuple[str, ...]:
    """The tenant columns a model carries itself, in a fixed order (field names)."""
    names = {f.attname for f in model._meta.concrete_fields}
    return tuple(c for c in TENANT_COLUMNS if f"{c}_id" in names)


def rule_for(model: type[models.Model], wall: Wall, role: str, verb: str) -> str:
    """The SQL condition that holds for `role` doing `verb` on this table."""
    if role in ("system", "app"):
        return "true"
    named = wall.rules.get(f"{role}.{verb}", wall.rules.get(role))
    if named is not None:
        return answered(RULES.get(named, named))
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

    @property
    def unique_name(self) -> str:
        """Of the unique key on the target that this one refers to."""
        digest = hashlib.sha256("/".join((self.target, *self.columns)).encode()).hexdigest()[:8]
        return f"tenant_key_{self.target[:30]}_{digest}"


def composite_keys(walls: Mapping[type[models.Model], Wall]) -> Iterator[CompositeKey]:
    """One key per foreign key between walled tables, over the tenant columns both sides carry.

    A tenant column that may be empty on the target is carried only where the wall's `key` says so:
    PostgreSQL would refuse a reference to the row in which it is empty.
    """
    for model, column, target in _references(walls):
        own = set(tenant_columns(model)) - set(walls[model].apart.get(column, ()))
        shared = [
            f"{c}_id"
            for c in _key_columns(target, walls[target])
            if c in own and f"{c}_id" != column
        ]
        if shared:
            yield CompositeKey(
                table=model._meta.db_table,
                target=target._meta.db_table,
                columns=(*shared, "id"),
                local=(*shared, column),
            )


def _references(
    walls: Mapping[type[models.Model], Wall],
) -> Iterator[tuple[type[models.Model], str, type[models.Model]]]:
    """Model, column and target of every reference between walled tables."""
    for model in walls:
        for f in model._meta.concrete_fields:
            if f.related_model in walls and f.name not in ("region", "school"):
                yield model, f.attname, f.related_model
    # Plain columns of a lower table that hold the number of a row above it.
    for config, module in _modules():
        for (label, column), target in getattr(module, "REFERENCES", {}).items():
            yield apps.get_model(label), column, config.get_model(target)


def _key_columns(target: type[models.Model], wall: Wall) -> tuple[str, ...]:
    if wall.key is not None:
        return wall.key
    return tuple(c for c in tenant_columns(target) if not target._meta.get_field(c).null)


# Django's and allauth's own tables: for the log-in role only, which holds no tenant's rows.
LOGIN_TABLES = ("django_session", "account_", "mfa_", "usersessions_", "socialaccount_")


def plain_grants(table: str) -> dict[str, str]:
    """Role -> verbs on a table that is no model of ours."""
    if table.startswith(LOGIN_TABLES):
        return {"app": "riud", "system": "riud"}
    if table == "django_content_type":
        return {"app": "r"}
    if table == "django_cache":
        return {"app": "riud"}  # no audience plants what others read
    return {}
