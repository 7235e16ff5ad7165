"""`python -m tests.bench.mails`: letters of a campaign a second, by two workers, beside bare SMTP.

The floor is one loop of smtplib that sends as many texts of the same size to the same mail server.
Both run in turns. Every letter must arrive, each once.
"""

from __future__ import annotations

import argparse
import os
import smtplib
import subprocess
import sys
import time
from dataclasses import dataclass, field
from statistics import median

from stage.devtools.embedded.engines import temporary_engines
from stage.devtools.embedded.run import listen
from tests.bench.__main__ import machine, running, say
from tests.drills.sink import Sink

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


@dataclass
class Rates:
    """Letters a second of each round."""

    workers: int
    bare: list[float] = field(default_factory=list)
    product: list[float] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        return median(self.product) / median(self.bare)

    def markdown(self, where: str) -> str:
        lines = [where, "", "| what | letters a second | of the floor |", "|---|---:|---:|"]
        lines += [f"| bare smtplib, one loop | {median(self.bare):.0f} | floor |"]
        who = f"{self.workers} worker{'s' * (self.workers > 1)}"
        lines += [f"| {who} | {median(self.product):.0f} | {self.ratio:.2f} (aim {AIM}) |"]
        return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--letters", type=int, default=1000, help="in each round")
    parser.add_argument("--rounds", type=int, default=3)
    wanted = parser.parse_args()
    where = machine()
    with temporary_engines() as engines, running(engines) as stack:
        import django

        django.setup()
        rates = measure(stack, wanted.workers, wanted.letters, wanted.rounds)
        sys.stdout.write(rates.markdown(where))


def measure(stack, workers: int = 2, letters: int = 1000, rounds: int = 3) -> Rates:
    """Send so many letters by the product and by smtplib, in turns."""
    from tests.drills import cast

    world = cast.committed_world()
    rates, listener = Rates(workers), listen(0, 1)
    with listener:
        sink = Sink(listener)
        port = str(listener.getsockname()[1])
        environment = os.environ | stack.environment() | {"EMAIL_PORT": port}
        # As in production: nothing is kept of each statement.
        environment |= {"DEBUG": "false", "QUIET_HOURS": "false"}
        processes = [_worker(environment) for _ in range(workers)]
        try:
            for n in range(rounds + 1):  # the first one warms up and does not count
                product = _campaign(world, sink, processes, letters if n else 100, f"r{n}.test")
                bare = _bare(sink, int(port), letters if n else 100)
                say(f"{product:.0f} and {bare:.0f} letters a second")
                if n:
                    rates.product.append(product)
                    rates.bare.append(bare)
        finally:
            for process in processes:
                process.terminate()
                process.wait(10)
            sink.close()
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


def _campaign(world, sink: Sink, processes, letters: int, domain: str) -> float:
    from companies.services import send_campaign
    from stage.core.tenants.tenancy import use
    from tests.drills import cast

    campaign = cast.campaign_to(world, letters, domain=domain)
    actor = world.actor(world.berk.coordinator)
    with use(actor.scope):
        send_campaign(campaign, actor=actor)
    cast.minutes_pass(6)  # what can be taken back waits a little
    began = time.perf_counter()
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        _hear(process, "done")
    took = time.perf_counter() - began
    counts = [n for address, n in sink.received.items() if address.endswith(domain)]
    if counts != [1] * letters:
        raise RuntimeError(f"{len(counts)} of {letters} arrived, {cast.states()}")
    return letters / took


def _bare(sink: Sink, port: int, letters: int) -> float:
    """The same number of texts as large as the last letter that came."""
    text = b"Subject: x\r\n\r\n" + b"\r\n".join([b"x" * 70] * (sink.size // 72))
    began = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port) as smtp:
        for n in range(letters):
            smtp.sendmail("stage@localhost", [f"bare{n}@x.test"], text)
    return letters / (time.perf_counter() - began)


if __name__ == "__main__":
    main()
