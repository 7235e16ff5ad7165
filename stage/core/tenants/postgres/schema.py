"""Changes tables without opening or emptying them.

PostgreSQL refuses to change the type of a column that a policy or trigger names, and takes both
away in silence when such a column is dropped. So whatever depends on the column, on other tables
too, is lifted by name, the column is changed, and all is laid again, in the transaction of the
migration: nobody ever sees a table without its walls. Why, and what happens where the old
expression cannot stand any more: docs/decisions/0011-walls-that-outlive-an-upgrade.md.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import IntegrityError, ProgrammingError, transaction
from django.db.backends.postgresql.schema import DatabaseSchemaEditor

# PostgreSQL calls off its own cleaning of a table that somebody waits for after deadlock_timeout,
# which is a second: whoever waits no longer than that would lose to it.
LOCK_SECONDS = 3
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Lifted:
    """A part of a wall that was taken off, and how it goes on again."""

    kind: str  # policy | trigger | constraint | grant | column
    table: str
    name: str
    drop: str
    make: str


class SchemaEditor(DatabaseSchemaEditor):
    """Django's, with hands that put the walls back."""

    def __enter__(self):
        super().__enter__()
        self._lifted: list[Lifted] = []
        if self.atomic_migration and not self.collect_sql:
            # Whoever waits for a table makes everybody behind wait too; `migrate` comes back.
            self.execute(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'")
        return self

    def __exit__(self, exc_type, exc_value, traceback):
        if exc_type is None:
            self._lay_again()
            for part in self._lifted:
                logger.warning(
                    "walls: %s %s on %s cannot stand yet; closed until it is laid after migrating",
                    part.kind,
                    part.name,
                    part.table,
                )
        super().__exit__(exc_type, exc_value, traceback)

    def _alter_column_type_sql(self, model, old_field, new_field, *args, **kwargs):
        # Asked for each column whose type changes, those that refer to it too, after a rename.
        self._lift_made_of(model._meta.db_table, new_field.column)
        self._lift(model._meta.db_table, new_field.column)
        return super()._alter_column_type_sql(model, old_field, new_field, *args, **kwargs)

    def alter_field(self, model, old_field, new_field, strict=False):
        super().alter_field(model, old_field, new_field, strict)
        self._lay_again()

    def remove_field(self, model, field):
        if field.column:
            self._lift(model._meta.db_table, field.column, also_keys=True)
        super().remove_field(model, field)
        self._lay_again()

    def delete_model(self, model):
        self._lift(model._meta.db_table)
        super().delete_model(model)
        self._lay_again()

    def add_field(self, model, field):
        super().add_field(model, field)
        self._lay_again()

    def create_model(self, model):
        super().create_model(model)
        self._lay_again()

    def alter_db_table(self, model, old_db_table, new_db_table):
        super().alter_db_table(model, old_db_table, new_db_table)
        self._lifted = [_on(part, old_db_table, new_db_table) for part in self._lifted]
        self._lay_again()

    def _lift(self, table: str, column: str | None = None, *, also_keys: bool = False) -> None:
        """Take off what names this column, or what on other tables names this table."""
        if self.collect_sql:
            return
        with self.connection.cursor() as cursor:
            cursor.execute(DEPENDENTS, [table, column, also_keys])
            lifted = [Lifted(*row) for row in cursor.fetchall()]
        for part in lifted:
            self.execute(part.drop, None)
        self._lifted += lifted

    def _lift_made_of(self, table: str, column: str) -> None:
        """Drop the generated columns that are made of this one, which PostgreSQL wants first."""
        if self.collect_sql:
            return
        with self.connection.cursor() as cursor:
            cursor.execute(MADE_OF, [table, column])
            found = cursor.fetchall()
        for name, drop, make in found:
            self._lift(table, name, also_keys=True)
            self.execute(drop, None)
            self._lifted.append(Lifted("column", table, name, drop, make))

    def _lay_again(self) -> None:
        """As they were; else as declared; what can do neither waits."""
        waiting = self._lifted
        self._lifted = []
        # Unique keys stand last in DEPENDENTS: what refers to them goes on after them.
        for part in reversed(waiting):
            if not any(self._stands(sql) for sql in (part.make, *declared(part))):
                self._lifted.insert(0, part)
                for sql in instead(self.connection, part):
                    self._stands(sql)

    def _stands(self, sql: str) -> bool:
        try:
            with transaction.atomic(using=self.connection.alias):
                self.execute(sql, None)
        except (ProgrammingError, IntegrityError):
            return False
        return True


def declared(part: Lifted) -> Iterator[str]:
    """The statements that make this part as it is declared now, where it is."""
    from stage.core.tenants.plan import Key, policies, triggers
    from stage.core.tenants.walls import table_of_walls

    for model, wall in table_of_walls().items():
        if model._meta.db_table == part.table:
            parts = dict([*policies(model, wall), *triggers(model, wall)])
            made = parts.get(Key(part.kind, part.table, part.name))
            if made is not None:
                yield ";\n".join(made.make)


def instead(connection, part: Lifted) -> Iterator[str]:
    """What holds meanwhile: the tenant columns that are left are kept as they were."""
    from stage.core.tenants.plan import keep_tenant

    if part.name == "keep_tenant":
        with connection.cursor() as cursor:
            cursor.execute(TENANT_COLUMNS_OF, [part.table])
            columns = [column for (column,) in cursor.fetchall()]
        if columns:
            sql = keep_tenant(columns).replace("@on@", f'public."{part.table}"')
            yield sql.replace("CREATE TRIGGER", "CREATE OR REPLACE TRIGGER")


def _on(part: Lifted, old: str, new: str) -> Lifted:
    """The same on a table that has another name by now."""
    if part.table != old:
        return part
    make = part.make.replace(f' ON public."{old}" ', f' ON public."{new}" ')
    return Lifted(part.kind, new, part.name, part.drop, make)


TENANT_COLUMNS_OF = """
SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(format('public.%%I', %s))
AND attname IN ('region_id', 'school_id', 'student_id', 'company_id') AND NOT attisdropped
"""
# Parameters: the table and a column of it. Gives the stored columns that are generated from it.
MADE_OF = """
SELECT a.attname, format('ALTER TABLE public.%%I DROP COLUMN %%I', c.relname, a.attname),
    concat_ws('; ', format('ALTER TABLE public.%%I ADD COLUMN %%I %%s GENERATED ALWAYS AS (%%s)'
        ' STORED%%s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
        pg_get_expr(e.adbin, c.oid), CASE WHEN a.attnotnull THEN ' NOT NULL' END),
        (SELECT string_agg(pg_get_indexdef(i.indexrelid), '; ') FROM pg_index i
        WHERE i.indrelid = c.oid AND a.attnum = ANY (i.indkey)))
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attgenerated <> ''
JOIN pg_attrdef e ON e.adrelid = c.oid AND e.adnum = a.attnum
WHERE c.relnamespace = 'public'::regnamespace AND c.relname = %s AND EXISTS (
    SELECT 1 FROM pg_depend d JOIN pg_attribute b ON b.attrelid = c.oid AND b.attname = %s
    WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid AND d.refobjsubid = b.attnum
    AND ((d.classid = 'pg_attrdef'::regclass AND d.objid = e.oid)
        OR (d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.objsubid = a.attnum)))
"""
# Parameters: the table, the column or NULL (then: what is on other tables), whether keys and grants
# too, as they go with a column that is dropped. In the order in which they come off.
DEPENDENTS = """
WITH asked AS (
    SELECT c.oid AS relation, a.attnum AS number, asked.whole
    FROM (VALUES (%s, %s, %s)) AS asked (relname, attname, whole)
    JOIN pg_class c ON c.relnamespace = 'public'::regnamespace AND c.relname = asked.relname
    LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = asked.attname
        AND NOT a.attisdropped
), needed AS (
    SELECT DISTINCT d.classid, d.objid, asked.relation, asked.number FROM pg_depend d, asked
    WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = asked.relation
    AND (asked.number IS NULL OR d.refobjsubid = asked.number)
)
SELECT kind, relname, name, format(off, name, relname), on_again FROM (
    SELECT 1 AS turn, 'policy' AS kind, c.relname, p.polname AS name,
        'DROP POLICY %%I ON public.%%I' AS off,
        concat('CREATE POLICY ', quote_ident(p.polname), ' ON public."', c.relname, '" AS ',
            CASE WHEN p.polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END, ' FOR ',
            CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE'
                WHEN 'd' THEN 'DELETE' ELSE 'ALL' END, ' TO ',
            (SELECT string_agg(CASE r WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(r)) END,
                ', ') FROM unnest(p.polroles) AS r),
            ' USING (' || pg_get_expr(p.polqual, p.polrelid) || ')',
            ' WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')') AS on_again
    FROM needed JOIN pg_policy p ON needed.classid = 'pg_policy'::regclass AND needed.objid = p.oid
    JOIN pg_class c ON c.oid = p.polrelid
    WHERE needed.number IS NOT NULL OR p.polrelid <> needed.relation
    UNION ALL
    SELECT 2, 'trigger', c.relname, t.tgname, 'DROP TRIGGER %%I ON public.%%I',
        regexp_replace(replace(pg_get_triggerdef(t.oid), 'CREATE TRIGGER',
            'CREATE OR REPLACE TRIGGER'), ' ON \\S+ ', ' ON public."' || c.relname || '" ')
    FROM needed JOIN pg_trigger t ON needed.classid = 'pg_trigger'::regclass
        AND needed.objid = t.oid AND NOT t.tgisinternal
    JOIN pg_class c ON c.oid = t.tgrelid
    WHERE needed.number IS NOT NULL
    UNION ALL
    SELECT CASE k.contype WHEN 'f' THEN 3 ELSE 4 END, 'constraint', c.relname, k.conname,
        'ALTER TABLE public.%%2$I DROP CONSTRAINT %%1$I',
        concat('ALTER TABLE public."', c.relname, '" ADD CONSTRAINT ', quote_ident(k.conname), ' ',
            pg_get_constraintdef(k.oid))
    FROM asked JOIN pg_constraint k ON k.conname LIKE 'tenant\\_%%' AND asked.whole
        AND ((k.conrelid = asked.relation AND asked.number = ANY (k.conkey))
            OR (k.confrelid = asked.relation AND asked.number = ANY (k.confkey)))
    JOIN pg_class c ON c.oid = k.conrelid
    UNION ALL
    SELECT 5, 'grant', c.relname, concat(g.privilege_type, ' of ', a.attname), 'SELECT',
        format('GRANT %%s (%%I) ON public."%%s" TO %%s', g.privilege_type, a.attname, c.relname,
            CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(g.grantee)) END)
    FROM asked JOIN pg_class c ON c.oid = asked.relation AND asked.whole
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = asked.number,
        aclexplode(a.attacl) g
) AS parts ORDER BY turn, relname, name
"""
