"""A school's day while the country presses; and the seconds from "I am ill" to the last mail."""

from __future__ import annotations

import secrets
import threading
import time

from django.conf import settings
from django.db.models import Count, Max
from django.urls import reverse
from django.utils import timezone

from attendance.models import Absence
from stage.core.enums import MailState
from stage.core.models import OutboxMail
from stage.core.tenants.tenancy import SYSTEM, use
from stage.devtools.embedded.engines import Engines
from tests.bench import client, rush, ways
from tests.bench.data import Data, sessions_of

COUNT = 40
OWN = 400  # students of the school itself, one of every ten who press
LONGEST = 400  # seconds that somebody waits for a mail here
WAITING = (MailState.QUEUED, MailState.CLAIMED, MailState.HANDOVER)


def today_page(engines: Engines, stack, data: Data) -> str:
    """The coordinator's day of 1,500 students, at rest and under so many presses a second."""
    [desk] = sessions_of([data.world.berk.coordinator])
    ask = client.Ask(reverse("attendance:today"), desk)
    address = stack.web.getsockname()
    client.throughput(address, [ask] * 24, lambda answer: answer[0] == 200)
    at_rest = client.times(address, ask, COUNT)
    over, kept = threading.Event(), {}

    own = data.students[:OWN]
    of_school = list(zip(sessions_of(own), data.posters, strict=False))

    def press() -> None:
        asks = rush.without_end(engines, of_school)
        right = lambda answer: answer[0] in (200, 302)  # noqa: E731
        kept["rush"] = rush.run(address, asks, right, seconds=600, stop=over)

    presses = threading.Thread(target=press)
    presses.start()
    time.sleep(5)
    busy = client.times(address, ask, COUNT)
    over.set()
    presses.join()
    told = kept["rush"]
    lines = ["| today, 1,500 students | p50 ms | p95 ms |", "|---|---:|---:|"]
    for name, took in (("at rest", at_rest), (f"under {rush.RATE} presses a second", busy)):
        parts = [client.percentile(took, share) for share in (0.5, 0.95)]
        lines.append(f"| {name} | {parts[0]:.0f} | {parts[1]:.0f} |")
    rate, wrong = len(told.took) / told.seconds, len(told.wrong)
    p99 = client.percentile(told.took, 0.99)
    lines.append(f"\nMeanwhile {rate:.0f} presses a second, {wrong} wrong, p99 {p99:.0f} ms.")
    return "\n".join(lines)


def until_the_last_mail(engines: Engines, stack, count: int = 5) -> str:
    """So many students report to be ill; when is the last person told that hears it by mail?

    The two minutes in which it can be taken back are part of it, and named.
    """
    ways.forget_arrivals(engines)
    stack.start("mail", "beat")
    students = ways.expected_today(engines)[-count:]
    began = []
    line = client.Line(stack.web.getsockname())
    path = reverse("attendance:absence_report")
    for student in students:
        began.append(timezone.now())
        form = {"kind": "ill", "when": "today", "stage_nonce": secrets.token_hex(16)}
        answer = line.send(client.Ask(path, student.session, form))
        if answer[0] != 302:
            raise RuntimeError(f"{answer[0]}: {answer[1][-400:]!r}")
        time.sleep(7)
    line.close()
    undo = settings.UNDO_SECONDS
    lines = [
        '| from "ik ben ziek" to the last mail | mails | seconds | without the time to undo it |',
        "|---|---:|---:|---:|",
    ]
    for number, (student, moment) in enumerate(zip(students, began, strict=True), 1):
        mails, seconds = _last(student.number, moment)
        lines.append(f"| student {number} | {mails} | {seconds:.0f} | {seconds - undo:.0f} |")
    lines.append(f"\nIt can be taken back for {undo} seconds.")
    return "\n".join(lines)


def _last(student: int, began) -> tuple[int, float]:
    """How many mails there were about this student, and the seconds until the last was handed."""
    end, waiting = time.monotonic() + LONGEST, -1
    while time.monotonic() < end:
        with use(SYSTEM):
            illness = Absence.objects.filter(student_id=student, reported_at__gte=began).get()
            about = OutboxMail.objects.filter(key__contains=illness.public_id)
            waiting = about.filter(state__in=WAITING).count()
            last = about.filter(state=MailState.SENT).aggregate(n=Count("*"), at=Max("changed_at"))
        if last["n"] and not waiting:
            return last["n"], (last["at"] - began).total_seconds()
        time.sleep(0.5)
    raise RuntimeError(f"{waiting} mails about student {student} still wait")
