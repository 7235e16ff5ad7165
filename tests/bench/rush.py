"""So many presses a second, each at its own moment, and how long each waited for its answer."""

from __future__ import annotations

import itertools
import queue
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.urls import reverse

from stage.devtools.embedded.engines import Engines
from stage.devtools.embedded.run import Stack
from tests.bench import client, ways
from tests.bench.processors import Used, used

RATE = 111  # a second: 200,000 students in half an hour
LINES = 24  # kept connections; more than the server has threads
HEAD = (
    "| {rate} presses a second, {seconds:.0f} s | answered a second | wrong | p50 ms | p95 ms"
    " | p99 ms | web CPU ms | database CPU ms |\n|---|---:|---:|---:|---:|---:|---:|---:|"
)


@dataclass
class Rush:
    """What came of it. Milliseconds count from the moment a press was due."""

    took: list[float] = field(default_factory=list)
    wrong: list[object] = field(default_factory=list)
    seconds: float = 0.0
    spent: Used = Used(0.0, 0.0)

    def row(self, name: str) -> str:
        each = 1000 / max(len(self.took), 1)
        parts = [client.percentile(self.took, share) for share in (0.5, 0.95, 0.99)]
        numbers = [*parts, self.spent.web * each, self.spent.database * each]
        rate = len(self.took) / self.seconds
        cells = [name, f"{rate:.0f}", str(len(self.wrong)), *(f"{n:.1f}" for n in numbers)]
        return f"| {' | '.join(cells)} |"


Asks = Iterator[client.Ask]


def run(
    address: tuple[str, int],
    asks: Asks,
    is_right: Callable,
    *,
    seconds: float,
    rate: int = RATE,
    stop: threading.Event | None = None,
) -> Rush:
    """Send at that rate for so long, whether or not the answers keep up; or until `stop`."""
    rush, lock = Rush(), threading.Lock()
    due: queue.Queue = queue.Queue()

    def work() -> None:
        line = client.Line(address)
        while (found := due.get()) is not None:
            moment, ask = found
            try:
                answer = line.send(ask)
                bad = None if is_right(answer) else (answer[0], answer[2], answer[1][-400:])
            except OSError as error:
                bad = repr(error)
            took = (time.perf_counter() - moment) * 1000
            with lock:
                rush.took.append(took)
                if bad is not None:
                    rush.wrong.append(bad)
        line.close()

    threads = [threading.Thread(target=work) for _ in range(LINES)]
    for thread in threads:
        thread.start()
    began = time.perf_counter()
    for number in range(int(seconds * rate)):
        moment = began + number / rate
        time.sleep(max(0.0, moment - time.perf_counter()))
        ask = next(asks, None)
        if ask is None or (stop is not None and stop.is_set()):
            break
        due.put((moment, ask))
    for _thread in threads:
        due.put(None)
    for thread in threads:
        thread.join()
    rush.seconds = time.perf_counter() - began
    return rush


def is_in(answer) -> bool:
    """The page that says so, answered at once."""
    return answer[0] == 200 and b"Je bent er" in answer[1]


def presses(students) -> Asks:
    """One press of each."""
    path = reverse("attendance:check_in")
    return (client.Ask(path, s.session, ways.press(s.poster)) for s in students)


def at_the_poster(engines: Engines) -> list[ways.Student]:
    return [s for s in ways.expected_today(engines) if s.way == ""]


def measure(engines: Engines, stack, seconds: float, rate: int = RATE) -> str:
    """The press and the bare view at the same rate, in turns; 0 wrong is the aim."""
    floor, press = Rush(), Rush()
    left = seconds
    ways.forget_arrivals(engines)
    while left > 0:
        students = at_the_poster(engines)
        _warm(stack, students)
        students = students[200:]
        # Everybody can press once a day: then they are sent home, which is not counted.
        leg = min(left, len(students) / rate)
        bare = (client.Ask("/insert/", s.session) for s in students)
        _add(floor, engines, stack, "bare", bare, lambda a: a[0] == 302, min(leg, 30), rate)
        _add(press, engines, stack, "web", presses(students), is_in, leg, rate)
        ways.forget_arrivals(engines)
        left -= leg
    lines = [HEAD.format(rate=rate, seconds=press.seconds)]
    lines += [floor.row("bare view: session and insert"), press.row("the press by itself")]
    if press.wrong:
        lines.append(f"\nThe first wrong answer: {press.wrong[0]!r:.300}")
    return "\n".join(lines)


def _warm(stack: Stack, students) -> None:
    client.throughput(stack.web.getsockname(), list(presses(students[:200])), is_in)
    bare = [client.Ask("/insert/", s.session) for s in students[:200]]
    client.throughput(stack.bare.getsockname(), bare, lambda a: a[0] == 302)


def _add(rush: Rush, engines, stack, server: str, asks, is_right, seconds, rate) -> None:
    address = (stack.bare if server == "bare" else stack.web).getsockname()
    before = used(engines, stack, server)
    found = run(address, asks, is_right, seconds=seconds, rate=rate)
    spent = used(engines, stack, server).since(before)
    rush.took += found.took
    rush.wrong += found.wrong
    rush.seconds += found.seconds
    rush.spent = Used(rush.spent.web + spent.web, rush.spent.database + spent.database)


def without_end(engines: Engines, among: list[tuple[str, str]]) -> Asks:
    """Presses of everybody, over and over: the second time they are in already.

    One of every ten is of `among`: what stands in a cookie, and the code of a poster.
    """
    path, own = reverse("attendance:check_in"), itertools.cycle(among)
    for _turn in itertools.count():
        for number, ask in enumerate(presses(at_the_poster(engines))):
            yield ask
            if number % 9 == 0:
                session, code = next(own)
                yield client.Ask(path, session, ways.press(code))
