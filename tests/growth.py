"""Rows that a statement reads, as PostgreSQL counts them; and schools that make a country larger.

Each statement is run once more before it runs, under EXPLAIN (ANALYZE) in its own scope, and rolled
back. What stands in the plan is compared with PostgreSQL's own counts per table, which see what a
plan does not show: functions, triggers and keys.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import connection
from django.utils import timezone
from psycopg.pq import TransactionStatus

from companies.enums import CampaignState, InvitationState
from companies.models import Campaign, Invitation
from placements.enums import ApplicationState, PlacementState
from placements.models import Application, Placement
from stage.core.models import AuditEntry, Device, Link, OutboxMail, School
from stage.core.record import audit
from stage.core.tenants.tenancy import NOBODY, SYSTEM, use
from tests.owner import owner_connection
from tests.world import add_path, build_region, build_school

VERBS = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")
NOT_OURS = ("set_config", "pg_")  # the scope, and what is read in the catalogue
AVOIDED = ("enable_seqscan", "enable_hashjoin", "enable_mergejoin", "jit")
TOUCHED = (
    "SELECT coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)), 0)::bigint"
    " FROM pg_stat_xact_user_tables"
)


@dataclass
class Read:
    """What one page or job read: rows per statement, in order, and where they stand."""

    statements: list[tuple[int, str, Counter[str]]] = field(default_factory=list)

    def grown(self, before: Read) -> tuple[int, str]:
        """How many rows more the statement reads that grew most; in which tables, and its text."""
        texts: Counter[str] = Counter()
        tables: dict[str, Counter[str]] = defaultdict(Counter)
        for sign, read in ((1, self), (-1, before)):
            for rows, sql, where in read.statements:
                texts[sql] += sign * rows
                for table, n in where.items():
                    tables[sql][table] += sign * n
        if not texts:
            return 0, ""
        sql = max(texts, key=lambda text: texts[text])
        where = ", ".join(f"{t} +{n}" for t, n in tables[sql].most_common(3) if n > 0)
        # From where it says what is read.
        return texts[sql], f"[{where}] {sql[max(sql.find(' FROM '), 0) :][:600]}"


@contextmanager
def as_if_large():
    """An index that leads to the rows is taken, however small the tables still are.

    For the whole connection: functions keep their plans from call to call.
    """
    with connection.cursor() as cursor:
        cursor.execute("; ".join(f"SET {name} = off" for name in AVOIDED) + "; DISCARD PLANS")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("; ".join(f"RESET {name}" for name in AVOIDED) + "; DISCARD PLANS")


@contextmanager
def counted():
    """Gives a `Read` that fills while the block runs."""
    read = Read()

    def wrapper(execute, sql, params, many, context):
        text = sql.lstrip().upper()
        ours = text.startswith(VERBS) and not many and not any(name in sql for name in NOT_OURS)
        if ours and connection.connection.info.transaction_status != TransactionStatus.INERROR:
            rows, where = rows_of(sql, params)
            read.statements.append((rows, sql, where))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(wrapper):
        yield read


def rows_of(sql: str, params) -> tuple[int, Counter[str]]:
    """The rows that this statement reads now, and those of each table in its plan.

    It changes nothing.
    """
    connection.enter()  # the driver's own cursors carry no scope
    raw = connection.connection
    with raw.transaction(force_rollback=True):
        [before] = raw.execute(TOUCHED).fetchone()
        [found] = raw.execute(
            f"EXPLAIN (ANALYZE, TIMING OFF, SUMMARY OFF, FORMAT JSON) {sql}", params
        ).fetchone()
        [after] = raw.execute(TOUCHED).fetchone()
    plan = json.loads(found) if isinstance(found, str) else found
    where: Counter[str] = Counter()
    in_plan(plan[0]["Plan"], where)
    return max(where.total(), after - before), where


def in_plan(node: dict, where: Counter[str]) -> None:
    """Count rows that came out of tables and indexes, with those that a filter threw away."""
    if "Relation Name" in node and node["Node Type"] != "ModifyTable":
        names = ("Actual Rows", "Rows Removed by Filter", "Rows Removed by Index Recheck")
        rows = sum(node.get(name, 0) for name in names) * node.get("Actual Loops", 1)
        index = node.get("Index Name", node["Node Type"])
        where[f"{node['Relation Name']} ({index})"] += round(rows)
    for child in node.get("Plans", ()):
        in_plan(child, where)


def add_schools(count: int) -> None:
    """More schools, each in a region of its own, with all that a school has and nothing due."""
    for n in range(count):
        home = build_region(f"Ver{n}")
        sw = build_school(f"School{n}", f"{n:02}XX00", home)
        add_path(sw, home)
    _nothing_is_due()
    _trail_and_mails(timezone.now(), timezone.now() - timedelta(days=60))
    analyse()


def _nothing_is_due() -> None:
    far = {"school__name__startswith": "School"}
    Placement.objects.filter(**far).update(state=PlacementState.CANCELLED)
    Application.objects.filter(**far).update(state=ApplicationState.WITHDRAWN)
    Invitation.objects.filter(**far).update(state=InvitationState.NO)
    Campaign.objects.filter(**far).update(state=CampaignState.DRAFT)


def _trail_and_mails(now, long_ago) -> None:
    schools = list(School.objects.filter(name__startswith="School").order_by("pk"))
    AuditEntry.objects.bulk_create(
        AuditEntry(school=school, actor_kind="job", verb="did", at=long_ago)
        for school in schools
        for _n in range(10)
    )
    OutboxMail.objects.bulk_create(
        OutboxMail(
            event="old",
            person_kind="contact",
            person_id=n,
            key=f"{school.pk}:{n}",
            region_id=school.region_id,
            school=school,
            state="sent",
        )
        for school in schools
        for n in range(10)
    )
    with use(NOBODY):
        for school in schools:
            Link.objects.create(
                person_kind="contact",
                person_id=school.pk,
                purpose="week",
                region_id=school.region_id,
                expires_at=now + timedelta(days=9),
            )
            Device.objects.bulk_create(
                Device(
                    digest=f"{school.pk}-{n}",
                    person_kind="contact",
                    person_id=school.pk,
                    email=f"wie{n}@school{school.pk}.test",
                    expires_at=now + timedelta(days=9),
                )
                for n in range(5)
            )
    with use(SYSTEM):
        while audit.seal():
            pass


def analyse() -> None:
    """What autovacuum would have done by now."""
    owner = owner_connection()
    with owner.cursor() as cursor:
        cursor.execute("ANALYZE")
    owner.close()
