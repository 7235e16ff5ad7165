"""Somebody with all rights in the database alters the audit trail."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

from django.core.management import CommandError, call_command

from stage.core.models import AuditEntry
from stage.core.record import audit
from stage.core.tenants.tenancy import SYSTEM, use
from stage.devtools.embedded.engines import DATABASE
from tests.drills import Broken, cast, expect
from tests.drills.product import Product

SMALL: dict = {}
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
    heads.write_text(_verify()[1])
    expect("a whole trail fits", _verify(heads)[0], True)
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
        fits, _said = _verify(heads)
        for table in ("core_auditentry", "core_auditseal"):
            admin.execute(f"DELETE FROM {table}")
            admin.execute(f"INSERT INTO {table} TABLE keep_{table}")
            admin.execute(f"DROP TABLE keep_{table}")
    if fits:
        raise Broken(f"not found by verify_audit: {name}")
    found.append(name)


def _verify(heads: Path | None = None) -> tuple[bool, str]:
    """Whether the command found nothing, and what it printed."""
    out = StringIO()
    try:
        call_command("verify_audit", heads=heads, stdout=out, stderr=StringIO())
    except CommandError:
        return False, out.getvalue()
    return True, out.getvalue()
