"""`python -m tests.bench.sealing`: how many entries of the audit trail a second are sealed.

On engines of its own: so many entries are sealed already, over so many schools, and as many more
wait. Printed as Markdown, beside the figure of a trail a tenth as long.
"""

from __future__ import annotations

import argparse
import sys
import time

from stage.devtools.embedded.engines import temporary_engines
from tests.bench.__main__ import machine, running, say

# Entries as a day at school makes them: a check-in by a student of one of the schools.
ENTRIES = """
INSERT INTO core_auditentry (id, at, school_id, actor_kind, actor_id, actor_role, verb,
    object_type, object_id, student_number, fields)
SELECT gen_random_uuid(), clock_timestamp(), (SELECT min(id) FROM core_school) + n %% %s, 'user',
    n, 'student', 'checked_in', 'attendance.CheckIn', n, n, '{date,kind}'
FROM generate_series(1, %s) AS n
"""


def main() -> None:
    """Fill, seal, fill, seal, and print both figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--schools", type=int, default=600)
    parser.add_argument("--entries", type=int, default=300_000, help="sealed before the last run")
    parser.add_argument("--waiting", type=int, default=30_000, help="sealed while the clock runs")
    wanted = parser.parse_args()
    where = machine()
    with temporary_engines() as engines, running(engines):
        import django

        django.setup()
        _schools(wanted.schools)
        lines = [f"{where}", "", "| entries before | sealed | seconds | a second |"]
        lines.append("|---:|---:|---:|---:|")
        for before in (wanted.entries // 10, wanted.entries):
            _write(wanted.schools, before)
            say(f"{before:,} entries sealed in {_seal():.0f} s")
            _write(wanted.schools, wanted.waiting)
            took = _seal()
            rate = wanted.waiting / took
            lines.append(f"| {_count():,} | {wanted.waiting:,} | {took:.1f} | {rate:,.0f} |")
        sys.stdout.write("\n".join(lines) + "\n")


def _schools(count: int) -> None:
    from stage.core.models import Region, School
    from stage.core.tenants.tenancy import SYSTEM, use

    with use(SYSTEM):
        region = Region.objects.create(name="Noord")
        School.objects.bulk_create(
            School(region=region, name=f"School {n}", brin=f"{n:04}00") for n in range(count)
        )


def _write(schools: int, count: int) -> None:
    from django.db import connection, transaction

    from stage.core.tenants.tenancy import SYSTEM, use

    with use(SYSTEM), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(ENTRIES, [schools, count])


def _seal() -> float:
    from stage.core.record import audit

    began = time.monotonic()
    while audit.seal():
        pass
    return time.monotonic() - began


def _count() -> int:
    from stage.core.models import AuditSeal
    from stage.core.tenants.tenancy import SYSTEM, use

    with use(SYSTEM):
        return AuditSeal.objects.count()


if __name__ == "__main__":
    main()
