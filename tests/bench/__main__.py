"""`python -m tests.bench`: an own stack, a large school, and a table in Markdown on stdout."""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from stage.devtools.embedded.engines import Engines, temporary_engines
from stage.devtools.embedded.run import Child, Stack, listen, step


class BareStack(Stack):
    """The product as `make run` starts it, and beside it the bare view under the same server."""

    def _plan(self) -> list[Child]:
        plan = super()._plan()
        web = next(child for child in plan if child.name == "web")
        old, new = self.web.fileno(), self.bare.fileno()
        command = [part.replace(f"fd://{old}", f"fd://{new}") for part in web.command]
        command = ["tests.bench.bare" if part == "stage.wsgi" else part for part in command]
        return [*plan, Child("bare", command, (new,))]


def say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


@contextmanager
def running(engines: Engines) -> Iterator[BareStack]:
    """The stack with empty tables; its processes end with it."""
    stack = BareStack(engines, web=listen(0, 1), mail=listen(0, 1))
    stack.bare = listen(0, 1)
    os.environ.update(stack.environment() | {"DJANGO_SETTINGS_MODULE": "stage.settings.dev"})
    os.environ["LOG_LEVEL"] = "WARNING"
    try:
        step("owner", stack.environment("owner"))
        yield stack
    finally:
        stack.stop()


def memory(stack: Stack) -> dict[str, float]:
    """The most each process held at once (VmHWM), in MB; of several the largest."""
    found: dict[str, float] = {}
    for child in stack.children:
        if child.name in ("web", "worker") and child.process is not None:
            parent = psutil.Process(child.process.pid)
            for process in parent.children(recursive=True) or [parent]:
                status = Path(f"/proc/{process.pid}/status").read_text()
                peak = next(line for line in status.splitlines() if line.startswith("VmHWM"))
                found[child.name] = max(found.get(child.name, 0), int(peak.split()[1]) / 1024)
    return found


def machine() -> str:
    """What it ran on."""
    names = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((n.split(":")[1].strip() for n in names if n.startswith("model name")), "?")
    load = os.getloadavg()[0]
    memory_gb = psutil.virtual_memory().total / 2**30
    return (
        f"{os.cpu_count()} × {model}, {memory_gb:.0f} GB, Python {platform.python_version()};"
        f" load before: {load:.1f}"
    )


PARTS = ("pages", "arrival", "both", "rush", "busy", "mails", "letters")


def wanted() -> argparse.Namespace:
    """What to load and what to measure."""
    parser = argparse.ArgumentParser(prog="tests.bench", description=__doc__)
    parser.add_argument("size", nargs="?", choices=("small", "country"), default="small")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--seconds", type=float, default=60, help="of presses by themselves")
    parser.add_argument("--schools", type=int, help="besides the large one: 60, or 600")
    return parser.parse_args()


def main() -> None:
    """Measure everything once and print it, part by part."""
    asked, where = wanted(), machine()
    schools = asked.schools or {"small": 60, "country": 600}[asked.size]
    with temporary_engines() as engines, running(engines) as stack:
        import django

        django.setup()
        from tests.bench import arrival, both_ways, busy, country, data, floors, rush

        began = time.monotonic()
        made = data.build()
        floors.make_table(engines)
        say(f"the large school made in {time.monotonic() - began:.0f} s")
        country.load(engines, country.Country(schools), say)
        stack.start("web", "bare", "worker")
        parts: dict[str, Callable[[], str]] = {
            "pages": lambda: pages_and_work(engines, stack, made),
            "arrival": lambda: arrival.measure(engines, stack),
            "both": lambda: both_ways.measure(engines),
            "rush": lambda: rush.measure(engines, stack, asked.seconds),
            "busy": lambda: busy.today_page(engines, stack, made),
            "mails": lambda: busy.until_the_last_mail(engines, stack),
            "letters": letters,
        }
        sys.stdout.write(f"Machine: {where}. {schools} schools beside the large one.\n\n")
        for name in asked.only:
            began = time.monotonic()
            sys.stdout.write(f"{parts[name]()}\n\n")
            sys.stdout.flush()
            say(f"measured in {time.monotonic() - began:.0f} s: {name}")


def letters() -> str:
    """Letters of a campaign; on engines of their own, since they begin with another world."""
    words = [sys.executable, "-m", "tests.bench.mails"]
    return subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True).stdout  # our own


def pages_and_work(engines: Engines, stack: BareStack, made) -> str:
    """Pages, check-ins one by one, the agreement and the lists, beside their floors."""
    from tests.bench import floors, pages, report, work

    address, bare = stack.web.getsockname(), stack.bare.getsockname()
    shown = report.Report(floors.inserts_per_second(engines))
    for page in pages.pages_of(made):
        shown.pages.append(pages.measure(address, page))
        say(f"measured: {page.name}")
    shown.check_ins = work.check_ins(address, bare, made)
    shown.agreement = work.agreement(address, made)
    shown.web_memory = memory(stack)["web"]
    shown.imports = work.imports(made)
    shown.worker_memory = memory(stack)["worker"]
    return shown.markdown()


if __name__ == "__main__":
    main()
