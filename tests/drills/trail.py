"""Somebody with all rights in the database alters the audit trail."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from stage.core import audit
from stage.core.models import AuditEntry
from stage.core.tenancy import SYSTEM, use
from stage.embedded.engines import DATABASE
from tests.drills import Broken, cast, expect
from tests.drills.product import Product

SMALL: dict = {}
ROOT = Path(__file__).resolve().parents[2]
LAST = "(SELECT entry_id FROM core_auditseal WHERE chain = %s ORDER BY number DESC LIMIT 3)"
TAMPERINGS = {
    "changed": ("UPDATE core_auditentry SET verb = 'nothing' WHERE id = %s",),
    "entry deleted": ("DELETE FROM core_auditentry WHERE id = %s",),
    "entry and seal deleted": (
        "DELETE FROM core_auditseal WHERE entry_id = %s",
        "DELETE FROM core_auditentry WHERE id = %s",
    ),
    "moved to another school": ("UPDATE core_auditentry SET school_id = NULL WHERE id = %s",),
}


def run(product: Product) -> str:
    """Every alteration is found, that of the newest entries too."""
    world = cast.committed_world()
    actor = world.actor(world.berk.coordinator)
    with use(actor.scope):
        for n in range(20):
            audit.record(actor, f"did_{n}", world.berk.group)
    audit.seal()
    chain = f"school-{world.berk.school.pk}"
    heads = product.stack.engines.var / "heads"
    heads.write_text(_verify(product)[1])
    expect("a whole trail", _verify(product, "--heads", str(heads))[0], 0)
    with use(SYSTEM):
        victim = AuditEntry.objects.get(verb="did_7").pk
    found = []
    for name, statements in TAMPERINGS.items():
        _tamper(product, heads, name, [(s, [victim]) for s in statements], found)
    tail = [
        (f"CREATE TEMP TABLE tail AS SELECT entry_id FROM {LAST} x", [chain]),
        ("DELETE FROM core_auditseal WHERE entry_id IN (SELECT entry_id FROM tail)", []),
        ("DELETE FROM core_auditentry WHERE id IN (SELECT entry_id FROM tail)", []),
    ]
    _tamper(product, heads, "newest entries and seals deleted", tail, found)
    return f"{len(found)} of {len(found)} alterations found: {', '.join(found)}"


def _tamper(product: Product, heads: Path, name: str, statements: list, found: list) -> None:
    """Alter as superuser, verify, and put everything back."""
    engines = product.stack.engines
    with engines.connect(DATABASE) as admin:
        admin.execute("SET session_replication_role = replica")  # no triggers, no foreign keys
        for table in ("core_auditentry", "core_auditseal"):
            admin.execute(f"CREATE TABLE keep_{table} AS TABLE {table}")
        for statement, values in statements:
            admin.execute(statement, values or None)
        code, said = _verify(product, "--heads", str(heads))
        for table in ("core_auditentry", "core_auditseal"):
            admin.execute(f"DELETE FROM {table}")
            admin.execute(f"INSERT INTO {table} TABLE keep_{table}")
            admin.execute(f"DROP TABLE keep_{table}")
    if code == 0:
        raise Broken(f"not found by verify_audit: {name}\n{said}")
    found.append(name)


def _verify(product: Product, *words: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "manage.py", "verify_audit", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout
