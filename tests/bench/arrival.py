"""An arrival as a whole: its requests in turn, its processor time, and how many a second."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from stage.devtools.embedded.engines import Engines
from stage.devtools.embedded.run import Stack
from tests.bench import ways
from tests.bench.client import Line, percentile
from tests.bench.processors import used

LINES = 4
COUNT = 400  # arrivals of each way
WARM = 60


@dataclass(frozen=True)
class Arrivals:
    """What one way of checking in costs; milliseconds of a whole arrival."""

    name: str
    requests: int
    per_second: float
    web: float
    database: float
    p50: float
    p99: float

    def row(self) -> str:
        numbers = [self.web, self.database, self.web + self.database, self.p50, self.p99]
        cells = [self.name, str(self.requests), f"{self.per_second:.0f}"]
        return f"| {' | '.join([*cells, *(f'{n:.1f}' for n in numbers)])} |"


HEAD = (
    "| an arrival by | requests | a second | web CPU ms | database CPU ms | together | p50 ms"
    " | p99 ms |\n|---|---:|---:|---:|---:|---:|---:|---:|"
)


def measure(engines: Engines, stack: Stack, count: int = COUNT) -> str:
    """A table: every way, each student once."""
    waiting: dict[str, list[ways.Student]] = defaultdict(list)
    for student in ways.expected_today(engines):
        waiting[student.way].append(student)
    lines = [HEAD]
    for name, modes, steps in ways.WAYS:
        here = next(waiting[mode] for mode in modes if len(waiting[mode]) > WARM)
        chosen = [here.pop() for _ in range(min(count + WARM, len(here)))]
        lines.append(_way(engines, stack, name, steps, chosen).row())
    return "\n".join(lines)


def _way(engines, stack, name: str, steps: Callable, students: list[ways.Student]) -> Arrivals:
    address = stack.web.getsockname()
    were = ways.count_arrivals(engines)
    run(address, steps, students[:WARM])
    before, began = used(engines, stack), time.perf_counter()
    took, requests = run(address, steps, students[WARM:])
    seconds, spent = time.perf_counter() - began, used(engines, stack).since(before)
    if ways.count_arrivals(engines) - were != len(students):
        raise RuntimeError(f"{name}: not everybody is in")
    each = 1000 / len(took)
    return Arrivals(
        name,
        requests // len(took),
        len(took) / seconds,
        spent.web * each,
        spent.database * each,
        percentile(took, 0.5),
        percentile(took, 0.99),
    )


def run(address, steps: Callable, students: Iterable[ways.Student]) -> tuple[list[float], int]:
    """Milliseconds of each arrival over a few lines at once, and how many requests it took.

    Raises what the first that went wrong raised.
    """
    left, lock = iter(list(students)), threading.Lock()
    took: list[float] = []
    wrong: list[Exception] = []
    requests = 0

    def work() -> None:
        nonlocal requests
        line = Line(address)
        try:
            while not wrong:
                with lock:
                    student = next(left, None)
                if student is None:
                    break
                began = time.perf_counter()
                number = arrive(line, steps(student))
                with lock:
                    took.append((time.perf_counter() - began) * 1000)
                    requests += number
        except Exception as error:
            wrong.append(error)
        finally:
            line.close()

    threads = [threading.Thread(target=work) for _ in range(LINES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise wrong[0]
    return took, requests


def arrive(line: Line, steps: ways.Steps) -> int:
    """Send what the way asks for, one after another; how many requests there were."""
    ask, number = next(steps), 0
    while True:
        answer = line.send(ask)
        number += 1
        try:
            ask = steps.send(answer)
        except StopIteration:
            return number
