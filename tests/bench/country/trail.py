"""What was mailed, who is logged in, and the audit trail with its seals."""

from __future__ import annotations

from datetime import timedelta
from hashlib import md5, sha256

import psycopg
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from stage.core.models import AuditEntry, AuditSeal, Device, Link, OutboxMail, User
from stage.core.who import identities
from tests.bench.country.loading import AT_WORK, FIRST, Country, Rows
from tests.bench.country.places import ASKED, COMPANIES, code

# A year of a school's trail, in the order of time, the schools among each other.
TRAIL = "(SELECT n, s FROM generate_series(1, {entries}) n, {schools} ORDER BY n, s) x"
WHEN = "now() - interval '2 hours' - ({entries} - n) * (interval '365 days' / {entries})"
SENT = {"person_kind": "'contact'", "person_id": "c", "region_id": "{region}", "school_id": "s"}
LETTERS = "(SELECT s, m, {company} c FROM (SELECT s, m, 1 + m % 400 k FROM {schools},"
LETTERS += " generate_series(1, 940) m) y) x"

ROWS = [
    Rows(
        OutboxMail,
        ASKED,
        SENT
        | {
            "id": "gen_random_uuid()",
            "event": "'invitation'",
            "key": "'land:' || (p - 1) * 400 + k",
            "state": "'sent'",
            "attempts": "1",
            "message_id": "'<' || (p - 1) * 400 + k || '@stage.test>'",
            "not_before": "now() - q * interval '80 days'",
            "created_at": "now() - q * interval '80 days'",
            "changed_at": "now() - q * interval '80 days'",
        },
    ),
    Rows(
        OutboxMail,
        LETTERS,
        SENT
        | {
            "id": "gen_random_uuid()",
            "event": "'confirm_week'",
            "key": "'land-week:' || s || ':' || m",
            "state": "'sent'",
            "attempts": "1",
            "not_before": "now() - m * interval '3 hours'",
            "created_at": "now() - m * interval '3 hours'",
            "changed_at": "now() - m * interval '3 hours'",
        },
    ),
    Rows(
        Link,
        f"{ASKED} WHERE q <= 2",
        SENT
        | {
            "public_id": code("(p - 1) * 400 + k"),
            "purpose": "'invitation'",
            "target": code("(p - 1) * 400 + k"),
            "expires_at": "now() + (90 - q * 80) * interval '1 day'",
        },
    ),
    Rows(
        Device,
        COMPANIES,
        {
            "digest": "encode(sha256(('land' || i)::bytea), 'hex')",
            "person_kind": "'contact'",
            "person_id": "i",
            "email": "'kim' || i || '@bedrijf.test'",
            "expires_at": "now() + interval '90 days'",
        },
    ),
    Rows(
        AuditEntry,
        TRAIL,
        {
            "id": "md5(s || '-' || n)::uuid",
            "at": WHEN,
            "school_id": "s",
            "actor_kind": "'user'",
            "actor_id": "(s - 1) * 1000 + 1 + n % 999",
            "actor_role": "CASE WHEN n % 3 = 0 THEN 'coordinator' ELSE 'student' END",
            "verb": "CASE WHEN n % 3 = 0 THEN 'saw' ELSE 'checked_in' END",
            "object_type": "'attendance.CheckIn'",
            "object_id": "n",
            "student_number": "(s - 1) * 1000 + 1 + n % 999",
            "fields": "ARRAY['at', 'flags']",
        },
    ),
    Rows(
        AuditSeal,
        TRAIL,
        {
            "id": "gen_random_uuid()",
            "chain": "'school-' || s",
            "number": "n",
            "entry_id": "md5(s || '-' || n)::uuid",
            "digest": "md5(n::text) || md5(s::text)",
            "sealed_at": WHEN,
        },
    ),
]


def session_of(user: int) -> str:
    """What stands in the cookie of this user of the country."""
    return md5(f"land {user}".encode()).hexdigest()


def device_of(contact: int) -> str:
    """What stands in the cookie of this contact's phone."""
    return f"land{contact}"


def log_ins(admin: psycopg.Connection, country: Country) -> None:
    """Sessions that the product accepts, of everybody at work and of the staff."""
    if sha256(b"land1").hexdigest() != _hashed("land1"):
        raise RuntimeError("devices are hashed in another way now")
    schools = range(FIRST, FIRST + country.schools)
    users = [(s - 1) * 1000 + j for s in schools for j in range(1, AT_WORK + 1)]
    users += [5_000_000 + (s - 1) * 16 + t for s in schools for t in range(15)]
    users += [6_000_000 + FIRST + n for n in range(country.regions)]
    store, hashed = SessionStore(), User(password="!").get_session_auth_hash()
    ends = timezone.now() + timedelta(days=30)
    copy = "COPY django_session (session_key, session_data, expire_date) FROM STDIN"
    with admin.cursor() as cursor, cursor.copy(copy) as out:
        for user in users:
            kept = {
                SESSION_KEY: str(user),
                BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
                HASH_SESSION_KEY: hashed,
                identities.SESSION_KEY: user,
            }
            out.write_row((session_of(user), store.encode(kept), ends))


def _hashed(secret: str) -> str:
    from stage.core.who.links import hashed

    return hashed(secret)
