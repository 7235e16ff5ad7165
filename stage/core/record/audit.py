"""The audit trail: append freely, sealed by a job, verified by a command.

Entries carry ids and names of fields, never values. A job numbers and hashes them per chain a few
seconds later, so that no request waits for a lock on the head of a chain; what it has to do stands
in a small table that a trigger on the entries fills. What cannot be seen from
inside, cutting off the newest seals, is seen by comparing with `heads()` as stored elsewhere.
"""

from __future__ import annotations

import hashlib
import json
import time
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from stage.core.models import AuditEntry, AuditSeal, AuditWaiting
from stage.core.tenants.tenancy import SYSTEM, use

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

BATCH = 1000  # entries per statement
_TYPES = {
    "id": "uuid",
    "at": "timestamptz",
    "region_id": "bigint",
    "school_id": "bigint",
    "actor_kind": "text",
    "actor_id": "bigint",
    "actor_role": "text",
    "verb": "text",
    "object_type": "text",
    "object_id": "bigint",
    "student_number": "bigint",
}
_PLAIN_COLUMNS = tuple(_TYPES)
_INSERT_MANY = (
    f"INSERT INTO core_auditentry ({', '.join(_PLAIN_COLUMNS)}, fields)"  # noqa: S608
    f" SELECT {', '.join(_PLAIN_COLUMNS)}, string_to_array(fields, E'\\n') FROM unnest("
    + ", ".join(f"%s::{kind}[]" for kind in _TYPES.values())
    + f", %s::text[]) AS rows({', '.join(_PLAIN_COLUMNS)}, fields)"
)
SEAL_BATCH = 2000  # entries per transaction
SEAL_FOR = 8.0  # seconds: a sealer makes room for the next, which beat starts each ten
_INSERT_SEALS = (
    "INSERT INTO core_auditseal (sealed_at, id, chain, number, entry_id, digest)"
    " SELECT %s, * FROM unnest(%s::uuid[], %s::text[], %s::bigint[], %s::uuid[], %s::text[])"
)
_HEADS = (
    "SELECT c.chain, h.number, h.digest FROM unnest(%s::text[]) AS c(chain), LATERAL"
    " (SELECT number, digest FROM core_auditseal s WHERE s.chain = c.chain"
    " ORDER BY number DESC LIMIT 1) AS h"
)
# Every chain starts at 1; from name to name, each found by one probe.
_CHAINS = (
    "WITH RECURSIVE next(chain) AS ((SELECT chain FROM core_auditseal ORDER BY chain LIMIT 1)"
    " UNION ALL SELECT (SELECT s.chain FROM core_auditseal s WHERE s.chain > next.chain"
    " ORDER BY s.chain LIMIT 1) FROM next WHERE next.chain IS NOT NULL)"
    " SELECT chain FROM next WHERE chain IS NOT NULL"
)
SEALED_WITHIN = timedelta(minutes=5)  # an older entry without a seal is an alarm
SEALER_LOCK = 7_301_001  # pg_try_advisory_xact_lock: one sealer at a time

# Every verb in words, as "Petra Lammers …"; each app names its own (`verbs.py`).
VERBS: dict[str, StrOrPromise] = {}


def name_verbs(words: Mapping[str, StrOrPromise]) -> None:
    """Say what an app's verbs are called. ValueError when another app has named one already."""
    if taken := VERBS.keys() & words.keys():
        raise ValueError(f"named twice: {sorted(taken)}")
    VERBS.update(words)


def record(actor, verb: str, obj=None, *, fields: Iterable[str] = (), school=None, student=None):
    """Append one entry in the caller's transaction. School, region and student come from `obj`."""
    record_all([entry_of(actor, verb, obj, fields=fields, school=school, student=student)])


def entry_of(actor, verb: str, obj=None, *, fields: Iterable[str] = (), school=None, student=None):
    """An entry that is not yet stored, for services that append many at once (`record_all`)."""
    school_id = getattr(obj, "school_id", None) or getattr(school, "pk", None)
    if obj is not None and obj._meta.label == "core.School":
        school_id = obj.pk
    student_id = getattr(obj, "student_id", None) or getattr(student, "pk", None)
    if obj is not None and obj._meta.model_name == "student":
        student_id = obj.pk
    region_id = getattr(obj, "region_id", None)
    if obj is not None and obj._meta.label == "core.Region":
        region_id = obj.pk
    if school_id is None and region_id is None and actor is not None:
        school_id = actor.scope.school
        region_id = actor.scope.regions[0] if actor.scope.regions and not school_id else None
    return AuditEntry(
        region_id=region_id,
        school_id=school_id,
        actor_kind=actor.kind if actor else "anonymous",
        actor_id=actor.id if actor else 0,
        actor_role=actor.role if actor else "",
        verb=verb,
        object_type=obj._meta.label if obj is not None else "",
        object_id=obj.pk if obj is not None and isinstance(obj.pk, int) else None,
        student_number=student_id,
        fields=sorted(fields),
    )


def record_all(entries: Iterable[AuditEntry]) -> None:
    """Append many entries of `entry_of` in the caller's transaction.

    One array per column: Django's own INSERT of many rows has a placeholder per cell here, since
    it knows no arrays of arrays, and takes six times as long. Nothing is asked back: most audiences
    may append here and not read.
    """
    waiting = list(entries)
    for start in range(0, len(waiting), BATCH):
        part = waiting[start : start + BATCH]
        columns = [[getattr(e, name) for e in part] for name in _PLAIN_COLUMNS]
        fields = ["\n".join(e.fields) for e in part]
        with connection.cursor() as cursor:
            cursor.execute(_INSERT_MANY, [*columns, fields])


def saw(actor, obj, what: str = "saw") -> None:
    """Record that somebody looked at a page or took an export about a student."""
    record(actor, what, obj)


def digest_of(previous: str, number: int, entry: AuditEntry) -> str:
    """The seal's hash: the previous one, the number and every field of the entry."""
    body = json.dumps(
        [
            previous,
            number,
            str(entry.id),
            entry.at.isoformat(),
            entry.region_id,
            entry.school_id,
            entry.actor_kind,
            entry.actor_id,
            entry.actor_role,
            entry.verb,
            entry.object_type,
            entry.object_id,
            entry.student_number,
            entry.fields,
        ],
        separators=(",", ":"),
    )
    return hashlib.sha256(body.encode()).hexdigest()


def seal(seconds: float = SEAL_FOR) -> int:
    """Number and hash what is not sealed yet, for so long at most; returns how many.

    In batches that commit. Safe to run twice at once: where another does it, there is nothing to
    do here.
    """
    end, total = time.monotonic() + seconds, 0
    while True:
        count = _seal_some(SEAL_BATCH)
        total += count
        if count < SEAL_BATCH or time.monotonic() > end:
            return total


def _seal_some(limit: int) -> int:
    """One batch, the oldest first; how many were taken from the queue."""
    with use(SYSTEM), transaction.atomic():
        if not _is_sealer():
            return 0
        queue = AuditWaiting.objects.order_by("at", "entry_id")
        ids = list(queue.values_list("entry_id", flat=True)[:limit])
        if not ids:
            return 0
        unsealed = AuditEntry.objects.filter(pk__in=ids, seal__isnull=True)
        waiting = list(unsealed.order_by("at", "id"))
        last = _heads({e.chain for e in waiting})
        rows = []
        for entry in waiting:
            chain = entry.chain
            number, previous = last.get(chain, (0, ""))
            number += 1
            digest = digest_of(previous, number, entry)
            last[chain] = (number, digest)
            rows.append((uuid.uuid4(), chain, number, entry.pk, digest))
        now = timezone.now()
        with connection.cursor() as cursor:
            if rows:
                cursor.execute(_INSERT_SEALS, [now, *map(list, zip(*rows, strict=True))])
            cursor.execute("DELETE FROM core_auditwaiting WHERE entry_id = ANY(%s)", [ids])
        return len(ids)


def _is_sealer() -> bool:
    """Whether this is the one sealer, until the transaction ends; never waits for another."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SEALER_LOCK])
        return cursor.fetchone()[0]


def _heads(chains: Iterable[str]) -> dict[str, tuple[int, str]]:
    """The last number and hash of these chains: one probe of the index for each."""
    with connection.cursor() as cursor:
        cursor.execute(_HEADS, [list(chains)])
        return {chain: (number, digest) for chain, number, digest in cursor.fetchall()}


def heads() -> dict[str, tuple[int, str]]:
    """The last number and hash of every chain, to keep outside the database."""
    with use(SYSTEM), connection.cursor() as cursor:
        cursor.execute(_CHAINS)
        chains = [chain for (chain,) in cursor.fetchall()]
        return _heads(chains)


@dataclass(frozen=True)
class Broken:
    """A place where the trail was altered."""

    chain: str
    number: int
    why: str


def missing_heads(known: dict[str, tuple[int, str]]) -> list[Broken]:
    """Which heads kept outside the database (see `heads`) are not in it any more.

    A chain from which the newest entries were removed together with their seals is whole in itself:
    only what was written down elsewhere shows that it was longer.
    """
    with use(SYSTEM):
        found = {
            chain: AuditSeal.objects.filter(chain=chain, number=number, digest=digest).exists()
            for chain, (number, digest) in sorted(known.items())
        }
    return [
        Broken(chain, known[chain][0], "the head that was kept is not there")
        for chain, is_there in found.items()
        if not is_there
    ]


def verify() -> list[Broken]:
    """Walk every chain; an altered, removed or inserted entry breaks it at its place."""
    broken: list[Broken] = []
    with use(SYSTEM):
        chain, number, previous = "", 0, ""
        seals = AuditSeal.objects.order_by("chain", "number")
        for page in _pages(seals):
            entries = AuditEntry.objects.in_bulk([s.entry_id for s in page])
            for s in page:
                if s.chain != chain:
                    chain, number, previous = s.chain, 0, ""
                number += 1
                entry = entries.get(s.entry_id)
                if s.number != number:
                    broken.append(Broken(s.chain, number, "seal missing"))
                    number = s.number
                if entry is None:
                    broken.append(Broken(s.chain, s.number, "entry missing"))
                elif digest_of(previous, s.number, entry) != s.digest or entry.chain != s.chain:
                    broken.append(Broken(s.chain, s.number, "altered"))
                previous = s.digest
    return broken


def _pages(seals, size: int = 2000):
    last: tuple[str, int] = ("", 0)
    while True:
        after = Q(chain__gt=last[0]) | Q(chain=last[0], number__gt=last[1])
        page = list(seals.filter(after)[:size])
        if not page:
            return
        yield page
        last = (page[-1].chain, page[-1].number)
