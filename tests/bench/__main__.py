"""`python -m tests.bench`: an own stack, a large school, and a table in Markdown on stdout."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterator
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


def main() -> None:
    """Measure everything once and print it."""
    where = machine()
    with temporary_engines() as engines, running(engines) as stack:
        import django

        django.setup()
        from tests.bench import data, floors, pages, report, work

        began = time.monotonic()
        made = data.build()
        floors.make_table(engines)
        floors.analyse(engines)
        say(f"data made in {time.monotonic() - began:.0f} s")
        stack.start("web", "bare", "worker")
        address, bare = stack.web.getsockname(), stack.bare.getsockname()
        shown = report.Report(where, floors.inserts_per_second(engines))
        for page in pages.pages_of(made):
            shown.pages.append(pages.measure(address, page))
            say(f"measured: {page.name}")
        shown.check_ins = work.check_ins(address, bare, made)
        shown.agreement = work.agreement(address, made)
        say("check-ins and agreement measured")
        shown.web_memory = memory(stack)["web"]
        shown.imports = work.imports(made)
        shown.worker_memory = memory(stack)["worker"]
        sys.stdout.write(shown.markdown())
    # Engines of their own, since it begins with another world: the letters of a campaign.
    subprocess.run([sys.executable, "-m", "tests.bench.mails"], check=True)  # our own module


if __name__ == "__main__":
    main()
