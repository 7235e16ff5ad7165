"""What somebody really does to be in, in every way a company may keep attendance.

A way gives the requests of one student, each made from the answer before it; the last answer must
say that the student is in.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Generator
from dataclasses import dataclass

from django.urls import reverse

from attendance.services import screens, shown
from placements.models import Placement
from stage.devtools.embedded.engines import DATABASE, Engines
from tests.bench.client import Ask
from tests.bench.country.trail import device_of, session_of

Answer = tuple[int, bytes, str]
Steps = Generator[Ask, Answer, None]

EXPECTED = """
SELECT p.student_id, p.public_id, p.company_id, l.poster_code, l.attendance_mode, sc.secret
FROM placements_placement p
JOIN companies_location l ON l.id = p.location_id
LEFT JOIN attendance_screen sc ON sc.location_id = l.id AND sc.withdrawn_at IS NULL
WHERE p.state = 'running' AND p.school_id >= 1001 AND EXISTS (
    SELECT FROM placements_plannedday d
    WHERE d.placement_id = p.id AND d.date = (now() AT TIME ZONE 'Europe/Amsterdam')::date)
ORDER BY p.id % 1000, p.id
"""


ARRIVED = """
SELECT count(*) FROM attendance_checkin
WHERE date = (now() AT TIME ZONE 'Europe/Amsterdam')::date AND school_id >= 1001
"""


@dataclass(frozen=True)
class Student:
    """Somebody of the country who is expected today, and not in yet."""

    number: int
    placement: str
    company: int
    poster: str
    way: str
    secret: str | None

    @property
    def session(self) -> str:
        return session_of(self.number)

    @property
    def supervisor(self) -> str:
        return device_of(self.company)


def expected_today(engines: Engines) -> list[Student]:
    """Everybody, the schools among each other."""
    with engines.connect(DATABASE) as admin:
        return [Student(*row) for row in admin.execute(EXPECTED).fetchall()]


def count_arrivals(engines: Engines) -> int:
    """How many of the country are in today."""
    with engines.connect(DATABASE) as admin:
        return admin.execute(ARRIVED).fetchone()[0]


def forget_arrivals(engines: Engines) -> None:
    """As if nobody of the country came today."""
    with engines.connect(DATABASE) as admin:
        admin.execute("SET session_replication_role = replica")
        for table in ("attendance_checkin", "core_received"):
            when = "date = current_date" if table == "attendance_checkin" else "true"
            admin.execute(f"DELETE FROM {table} WHERE {when} AND school_id >= 1001")
        admin.execute("VACUUM ANALYZE attendance_checkin")


def press(code: str, **more: str) -> dict[str, str]:
    """What the button sends: `stage_nonce` is the word that the page's script adds."""
    return {"code": code, "method": "poster", "stage_nonce": secrets.token_hex(16)} | more


def field(page: bytes, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"'.encode(), page)
    if found is None:
        raise RuntimeError(f"no {name} in {page[:300]!r}")
    return found[1].decode()


def _arrived(session: str, answer: Answer) -> Steps:
    """Follow where the answer leads, as a browser does."""
    if answer[0] == 302:
        answer = yield Ask(answer[2], session)
    _must_say(answer, b"Je bent er")


def _must_say(answer: Answer, words: bytes) -> None:
    if answer[0] != 200 or words not in answer[1]:
        raise RuntimeError(f"{answer[0]}: {answer[1][-1500:]!r}")


def by_poster(student: Student) -> Steps:
    """The page of the poster, the button, and what it says then."""
    page = yield Ask(reverse("attendance:scan_open", args=[student.poster]), student.session)
    form = press(student.poster, nonce=field(page[1], "nonce"))
    answer = yield Ask(reverse("attendance:check_in"), student.session, form)
    yield from _arrived(student.session, answer)


def by_screen(student: Student) -> Steps:
    """The code that the company's screen shows now."""
    code = screens.code_at(student.secret or "", screens.step_now())
    page = yield Ask(reverse("attendance:scan_open", args=[code]), student.session)
    form = press(code, nonce=field(page[1], "nonce"), ticket=field(page[1], "ticket"))
    answer = yield Ask(reverse("attendance:check_in"), student.session, form)
    yield from _arrived(student.session, answer)


def by_button(student: Student) -> Steps:
    """One button on the student's home."""
    home = yield Ask(reverse("web:home"), student.session)
    _must_say(home, b"Ik ben er")
    form = {"stage_nonce": secrets.token_hex(16)}
    answer = yield Ask(reverse("attendance:check_in"), student.session, form)
    yield from _arrived(student.session, answer)


def by_shown_code(student: Student) -> Steps:
    """The student's phone shows a code; who supervises scans it and says so."""
    page = yield Ask(reverse("attendance:code_show"), student.session)
    _must_say(page, b"data:image")
    code = shown.code_of(Placement(public_id=student.placement))
    device = student.supervisor
    scanned = yield Ask(reverse("attendance:code_scanned", args=[code]), "", None, device)
    _must_say(scanned, b"Is er")
    path = reverse("attendance:code_present", args=[code])
    yield from _ticked(device, (yield Ask(path, "", {"is": "er"}, device)))


def by_supervisor(student: Student) -> Steps:
    """Who supervises opens the day and ticks."""
    device = student.supervisor
    _must_say((yield Ask(reverse("attendance:company_today"), "", None, device)), b"Is er")
    path = reverse("attendance:company_present", args=[student.placement])
    yield from _ticked(device, (yield Ask(path, "", {"is": "er"}, device)))


def _ticked(device: str, answer: Answer) -> Steps:
    answer = yield Ask(answer[2], "", None, device)
    _must_say(answer, b"<h1>")


# Its name, how a company keeps attendance, and what is done.
WAYS: list[tuple[str, tuple[str, ...], Callable[[Student], Steps]]] = [
    ("poster", ("",), by_poster),
    ("code on the company's screen", ("screen",), by_screen),
    ("one button, no code", ("student",), by_button),
    ("student's code, scanned by the company", ("", "supervisor"), by_shown_code),
    ("supervisor ticks", ("supervisor",), by_supervisor),
]
