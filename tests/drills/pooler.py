"""PgBouncer in transaction mode stands before PostgreSQL, with few lines behind it."""

from __future__ import annotations

import os
import random
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable

import psycopg
from django.db import DatabaseError, connection, connections, transaction
from django.urls import reverse

from attendance.models import CheckIn
from placements.models import Placement
from stage.core import mail
from stage.core.models import AuditEntry
from stage.core.tenants.tenancy import NOBODY, SYSTEM, Scope, school_scope, use
from stage.devtools.embedded.engines import DATABASE
from stage.schools.models import Student
from tests.clients import client_of, client_of_contact, client_of_guardian
from tests.drills import cast, expect
from tests.drills.browser import Browser
from tests.drills.pooled import LINES
from tests.drills.product import Product

SMALL = {"scopes": 200, "check_ins": 5, "mails": 10}
THREADS = 16
LEFT = (
    "SELECT current_user = session_user, coalesce(current_setting('app.school', true), ''),"
    " coalesce(current_setting('app.student', true), ''),"
    " coalesce(current_setting('app.pairs', true), ''), pg_backend_pid()"
)


def run(product: Product, scopes: int = 2000, check_ins: int = 40, mails: int = 100) -> str:
    """Nobody ever reads as somebody else, and people notice nothing of the pooler."""
    world = cast.committed_world()
    tried = Scopes(world, scopes)
    most = Most(product)
    campaign = cast.campaign_to(world, mails)
    browsers = _people(product, world)
    tried.start()
    coordinator = browsers[1]
    coordinator.post(f"{cast.address_of(campaign)}versturen/", {"when": "now"})
    mail.wake_outbox()
    pages = _walk(product, world, browsers, check_ins)
    tried.join()
    product.until(cast.is_settled, seconds=180, what="the campaign goes out")
    most.stop()
    expect("scopes that saw, or left, what is not theirs", tried.wrong, [])
    expect("scopes tried", tried.done, scopes)
    expect("pages that failed", [b.statuses for b in browsers if set(b.statuses) - {200, 302}], [])
    expect("mails received", product.sink.received.total(), mails)
    expect("lines to PostgreSQL, of each role at most", most.lines <= LINES, True)
    shared = sum(len(seen) > 1 for seen in tried.lines.values())
    expect("threads that went from line to line", shared, THREADS)
    kinds = ", ".join(f"{name} {count}" for name, count in sorted(tried.kinds.items()))
    return (
        f"{tried.done} scopes over {THREADS} threads and {LINES} lines ({kinds}): wrong 0;"
        f" meanwhile {check_ins} check-ins and {pages} pages without an error,"
        f" {mails} of {mails} mails"
    )


class Most:
    """The most lines that one log-in role had at once, asked of PostgreSQL itself."""

    ASKED = (
        "SELECT coalesce(max(n), 0) FROM (SELECT count(*) AS n FROM pg_stat_activity"
        " WHERE usename IN ('stage_app', 'stage_worker') GROUP BY usename) AS each_role"
    )

    def __init__(self, product: Product) -> None:
        self.lines = 0
        self._engines = product.stack.engines
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self._thread.start()

    def _look(self) -> None:
        with self._engines.connect(DATABASE) as direct:
            while not self._done.wait(0.2):
                row = direct.execute(self.ASKED).fetchone()
                self.lines = max(self.lines, row[0] if row else 0)

    def stop(self) -> None:
        self._done.set()
        self._thread.join()


class Scopes:
    """Sixteen threads that read as everybody in turn, in every shape a transaction has."""

    def __init__(self, world, count: int) -> None:
        self.done = 0
        self.wrong: list[str] = []
        self.kinds: Counter[str] = Counter()
        self.lines: dict[int, set[int]] = defaultdict(set)
        self._lock = threading.Lock()
        self._todo = iter(range(count))
        self._who = _expected(world)
        self._threads = [threading.Thread(target=self._work, args=(n,)) for n in range(THREADS)]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def join(self) -> None:
        for thread in self._threads:
            thread.join()

    def _work(self, number: int) -> None:
        chance = random.Random(number)  # noqa: S311 - any order will do
        try:
            while self._next() is not None:
                kind = chance.choice(sorted({name.split()[0] for name in self._who}))
                name = chance.choice([name for name in self._who if name.split()[0] == kind])
                scope, wanted = self._who[name]
                other = chance.choice(list(self._who.values()))
                shape = chance.choice(SHAPES)
                try:
                    faults = shape(scope, wanted, *other)
                    with use(NOBODY), connection.cursor() as cursor:
                        cursor.execute(LEFT)
                        *left, line = cursor.fetchone()
                    faults += [f"left {left}"] * (left != [True, "", "", ""])
                except Exception as error:
                    faults, line = [repr(error)], 0
                with self._lock:
                    self.done += 1
                    self.kinds[kind] += 1
                    self.lines[number].add(line)
                    self.wrong += [f"{name}, {shape.__name__}: {fault}" for fault in faults]
        finally:
            connections.close_all()

    def _next(self) -> int | None:
        with self._lock:
            return next(self._todo, None)


Seen = frozenset | None  # numbers of students and placements; None where nothing may be asked


def _seen(scope: Scope) -> Seen:
    """What that scope reads, in one statement by itself."""
    with use(scope):
        placed = Placement.objects.order_by().values_list("student_id", flat=True)
        if scope.role == "company":  # which may not ask the table of students at all
            return frozenset(placed)
        students = Student.objects.order_by().values_list("pk", flat=True)
        return frozenset(students.union(placed, all=True))


def _expected(world) -> dict[str, tuple[Scope, Seen]]:
    """Who there is, and which students each must see; written down, not asked of the pooler."""
    who: dict[str, tuple[Scope, Seen]] = {"nobody": (NOBODY, None)}
    for sw in (world.berk, world.els, world.iep):
        name, own = sw.school.name, frozenset(student.pk for student in sw.students)
        who[f"school {name}"] = (school_scope(sw.school), own)
        for n, student in enumerate(sw.students):
            alone = frozenset([student.pk])
            home = world.zuid if sw is world.iep else world.noord
            who[f"student {name} {n}"] = (world.actor(sw.logins[n]).scope, alone)
            guardian = world.guardian_actor(sw.guardians[n], home.region)
            who[f"guardian {name} {n}"] = (guardian.scope, alone)
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as direct:
        for home in (world.noord, world.zuid):
            for n, contact in enumerate(home.contacts):
                scope = world.company_actor(contact).scope
                who[f"company {home.region.name} {n}"] = (scope, _of_company(direct, scope))
    return who


def _of_company(direct: psycopg.Connection, scope: Scope) -> frozenset:
    """The same on a line of its own that no pooler and no other scope ever had."""
    from stage.core.tenants.postgres.base import SET_COMPANY_SCOPE

    direct.execute(SET_COMPANY_SCOPE, scope.settings())
    rows = direct.execute("SELECT student_id FROM placements_placement").fetchall()
    direct.rollback()
    return frozenset(row[0] for row in rows)


def _compare(scope: Scope, wanted: Seen) -> list[str]:
    """Faults of one reading; nobody is refused by the database itself."""
    try:
        found = _seen(scope)
    except DatabaseError:
        return [] if wanted is None else ["was refused"]
    return [] if found == wanted else [f"saw {found} instead of {wanted}"]


def alone(scope: Scope, wanted: Seen, _other: Scope, _their: Seen) -> list[str]:
    """A statement without a transaction around it."""
    return _compare(scope, wanted)


def together(scope: Scope, wanted: Seen, other: Scope, their: Seen) -> list[str]:
    """Two scopes in one transaction, and back."""
    faults = []
    with transaction.atomic():
        for who, what in ((scope, wanted), (other, their), (scope, wanted)):
            if what is not None:
                faults += _compare(who, what)
    return faults


def savepoint(scope: Scope, wanted: Seen, other: Scope, their: Seen) -> list[str]:
    """A savepoint with another scope inside, rolled back."""
    faults = []
    with use(scope), transaction.atomic():
        if wanted is not None:
            faults += _compare(scope, wanted)
        with transaction.atomic():
            if their is not None:
                faults += _compare(other, their)
            transaction.set_rollback(True)
        if wanted is not None:
            faults += _compare(scope, wanted)
    return faults


def failed(scope: Scope, wanted: Seen, other: Scope, their: Seen) -> list[str]:
    """A statement that fails, in another scope, ends the transaction; the next one is as new."""
    try:
        with use(other), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM core_region")
            cursor.execute("SELECT 1 / 0")
    except DatabaseError:
        return _compare(scope, wanted)
    return ["nothing failed"]


def failed_savepoint(scope: Scope, wanted: Seen, other: Scope, their: Seen) -> list[str]:
    """What fails inside a savepoint leaves the scope around it as it was."""
    faults = []
    with use(scope), transaction.atomic():
        try:
            with use(other), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT 1 / 0")
        except DatabaseError:
            faults += _compare(scope, wanted) if wanted is not None else []
        else:
            faults += ["nothing failed"]
    return faults


SHAPES: tuple[Callable[..., list[str]], ...] = (
    alone,
    together,
    savepoint,
    failed,
    failed_savepoint,
)


def _people(product: Product, world) -> list[Browser]:
    clients = (
        client_of(world.berk.logins[0]),
        client_of(world.berk.coordinator),
        client_of(world.els.teacher),
        client_of_contact(world.noord.contacts[0]),
        client_of_guardian(world.berk.guardians[0]),
    )
    return [Browser(product.url, client) for client in clients]


def _walk(product: Product, world, browsers: list[Browser], check_ins: int) -> int:
    """One student checks in again and again, the others open their pages; how many they opened."""
    code, student = world.noord.locations[0].poster_code, world.berk.students[0]
    address, scan = reverse("attendance:check_in"), reverse("attendance:scan_open", args=[code])
    begin = time.monotonic()
    with use(SYSTEM):
        before = AuditEntry.objects.filter(verb="checked_in").count()
    for n in range(check_ins):
        with use(SYSTEM), transaction.atomic():
            CheckIn.objects.filter(student=student)._raw_delete("default")
        browsers[0].post(address, {"code": code, "nonce": f"pooler{n}nonce"}, form=scan)
        with use(SYSTEM):
            found = CheckIn.objects.filter(student=student).count()
        expect(f"check-ins after pressing, {time.monotonic() - begin:.0f} s in", found, 1)
        for browser in browsers[1:]:
            browser.get("/")
    with use(SYSTEM):
        after = AuditEntry.objects.filter(verb="checked_in").count()
    expect("check-ins in the trail", after - before, check_ins)
    return check_ins * len(browsers[1:])
