"""Seconds of processor time that the web server and the database used."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass

import psutil

from stage.devtools.embedded.engines import Engines
from stage.devtools.embedded.run import Stack


@dataclass(frozen=True)
class Used:
    """Since the processes began; of two moments the difference counts."""

    web: float
    database: float

    def since(self, before: Used) -> Used:
        return Used(self.web - before.web, self.database - before.database)


def used(engines: Engines, stack: Stack, server: str = "web") -> Used:
    """What both used until now; `server` is the child of the stack that answers."""
    child = next(c for c in stack.children if c.name == server)
    if child.process is None:
        raise RuntimeError(f"{server} does not run")
    return Used(_of(child.process.pid), database_of(engines))


def database_of(engines: Engines) -> float:
    """What the database used until now."""
    return _of(int((engines.data / "postmaster.pid").read_text().splitlines()[0]))


def _of(pid: int) -> float:
    """Of a process, its children, and those that ended."""
    parent = psutil.Process(pid)
    times = parent.cpu_times()
    total = times.user + times.system + times.children_user + times.children_system
    for child in parent.children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            times = child.cpu_times()
            total += times.user + times.system
    return total
