"""`python -m tests.bench.mails`: letters of a campaign a second, by two workers, beside bare SMTP.

The floor is one loop of smtplib that sends as many texts of the same size to the same mail server.
Both run in turns. Every letter must arrive, each once.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from statistics import median

import psutil

from stage.devtools.embedded.engines import temporary_engines
from tests.bench.__main__ import machine, running, say

AIM = 0.5
WORKER = """
import sys
import django
django.setup()
from stage.core.mail import delivery
print("ready", flush=True)
for _go in sys.stdin:
    while delivery.deliver():
        pass
    print("done", flush=True)
"""
LOOP = """
import smtplib, sys, time
host, port, letters, size = sys.argv[1], *map(int, sys.argv[2:])
text = b"Subject: x\\r\\n\\r\\n" + b"\\r\\n".join([b"x" * 70] * (size // 72))
began, spent = time.perf_counter(), time.process_time()
with smtplib.SMTP(host, port, local_hostname="localhost") as smtp:
    for n in range(letters):
        smtp.sendmail("stage@localhost", [f"bare{n}@x.test"], text)
print(time.perf_counter() - began, time.process_time() - spent)
"""


@dataclass
class Rates:
    """Letters a second of each round."""

    workers: int
    bare: list[float] = field(default_factory=list)
    product: list[float] = field(default_factory=list)
    # Milliseconds of processor a letter, which do not hang on what else the machine does.
    own: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    @property
    def ratio(self) -> float:
        return median(self.product) / median(self.bare)

    def markdown(self, where: str) -> str:
        cost = {name: f"{median(values):.2f}" for name, values in self.own.items()}
        lines = [where, "", "| what | letters a second | of the floor | ms of processor a letter |"]
        lines += ["|---|---:|---:|---|"]
        lines += [f"| bare smtplib, one loop | {median(self.bare):.0f} | floor | {cost['bare']} |"]
        who = f"{self.workers} worker{'s' * (self.workers > 1)}"
        lines += [
            f"| {who} | {median(self.product):.0f} | {self.ratio:.2f} (aim {AIM}) |"
            f" {cost['workers']} + {cost['database']} in PostgreSQL |"
        ]
        return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--letters", type=int, default=800, help="in each round")
    parser.add_argument("--rounds", type=int, default=3)
    wanted = parser.parse_args()
    where = machine()
    with temporary_engines() as engines, running(engines) as stack:
        import django

        django.setup()
        rates = measure(stack, wanted.workers, wanted.letters, wanted.rounds)
        sys.stdout.write(rates.markdown(where))


def measure(stack, workers: int = 2, letters: int = 800, rounds: int = 3) -> Rates:
    """Send so many letters by the product and by smtplib, in turns."""
    from tests.drills import cast

    world, rates = cast.committed_world(), Rates(workers)
    stack.start("mail")
    # As in production: nothing is kept of each statement.
    environment = os.environ | stack.environment() | {"DEBUG": "false", "QUIET_HOURS": "false"}
    processes = [_worker(environment) for _ in range(workers)]
    try:
        for n in range(rounds + 1):  # the first one warms up and does not count
            count = letters if n else 100
            product, size, own = _campaign(world, stack, processes, count, f"r{n}.test")
            bare, alone = _bare(stack.mail.getsockname(), count, size)
            say(f"{product:.0f} and {bare:.0f} letters a second")
            if n:
                rates.product.append(product)
                rates.bare.append(bare)
                rates.own["bare"].append(alone)
                for name, spent in own.items():
                    rates.own[name].append(spent / count * 1000)
    finally:
        for process in processes:
            process.terminate()
            process.wait(10)
    return rates


def _worker(environment) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", WORKER],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    _hear(process, "ready")
    return process


def _hear(process: subprocess.Popen[str], word: str) -> None:
    assert process.stdout is not None
    heard = process.stdout.readline().strip()
    if heard != word:
        raise RuntimeError(f"the worker says {heard!r} instead of {word!r}")


def _spent(stack, processes) -> dict[str, float]:
    """Seconds of processor of the workers, and of what the database does for everybody."""
    found = {"workers": sum(_seconds(psutil.Process(p.pid)) for p in processes)}
    server = psutil.Process(stack.engines._postgres.pid)
    return found | {"database": sum(map(_seconds, server.children(recursive=True)))}


def _seconds(process: psutil.Process) -> float:
    with suppress(psutil.NoSuchProcess):
        times = process.cpu_times()
        return times.user + times.system
    return 0.0


def _campaign(world, stack, processes, letters: int, domain: str) -> tuple[float, int, dict]:
    """Letters a second, the size of one, and the seconds of processor that they took."""
    from companies.services import send_campaign
    from stage.core.tenants.tenancy import use
    from tests.drills import cast

    campaign = cast.campaign_to(world, letters, domain=domain)
    actor = world.actor(world.berk.coordinator)
    with use(actor.scope):
        send_campaign(campaign, actor=actor)
    cast.minutes_pass(6)  # what can be taken back waits a little
    before, began = _spent(stack, processes), time.perf_counter()
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        _hear(process, "done")
    took, after = time.perf_counter() - began, _spent(stack, processes)
    found = [path.read_bytes() for path in (stack.engines.var / "mail").glob("*.eml")]
    found = [text for text in found if f"@{domain}".encode() in text.splitlines()[1]]
    people = {text.splitlines()[1] for text in found}
    if (len(found), len(people)) != (letters, letters):
        raise RuntimeError(f"{len(found)} of {letters} arrived, {cast.states()}")
    own = {name: spent - before[name] for name, spent in after.items()}
    return letters / took, len(found[0]), own


def _bare(address: tuple[str, int], letters: int, size: int) -> tuple[float, float]:
    """Texts of that size a second, by one loop in a process of its own; its processor ms a text."""
    done = subprocess.run(
        [sys.executable, "-c", LOOP, *map(str, (*address, letters, size))],
        capture_output=True,
        text=True,
        check=True,
    )
    took, spent = map(float, done.stdout.split())
    return letters / took, spent / letters * 1000


if __name__ == "__main__":
    main()
