"""The whole product on engines of its own, whose parts can be killed one by one."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import django
import psutil

from stage.devtools.embedded.engines import Engines
from stage.devtools.embedded.processes import kill_group, stop, wait_until
from stage.devtools.embedded.run import Child, Stack, listen, step, wait_for_web
from tests.drills import Broken
from tests.drills.sink import Sink


class Product:
    """A running product; made by `running()`."""

    def __init__(self, stack: Stack, sink: Sink) -> None:
        self.stack = stack
        self.sink = sink
        self.crashes = 0  # parts that ended by themselves

    @property
    def url(self) -> str:
        return self.stack.url

    def child(self, name: str) -> Child:
        return next(child for child in self.stack.children if child.name == name)

    def process(self, name: str) -> subprocess.Popen[bytes]:
        process = self.child(name).process
        assert process is not None
        return process

    def kill(self, name: str) -> None:
        """kill -9 of a part and everything it started."""
        kill_group(self.process(name).pid)
        self.process(name).wait(10)

    def start(self, name: str) -> None:
        """Start a part again, as its supervisor would."""
        child = self.child(name)
        child.restarts += 1  # its log goes on
        self.stack._spawn(child)

    def tend(self) -> None:
        """Start what ended by itself, as a supervisor does."""
        for child in self.stack.children:
            if child.process is not None and child.process.poll() is not None:
                self.crashes += 1
                self.start(child.name)

    def kill_web_workers(self) -> None:
        """kill -9 of the processes that answer; the master makes new ones."""
        for process in psutil.Process(self.process("web").pid).children():
            process.kill()

    def log(self, name: str) -> str:
        return (self.stack.engines.logs / f"{name}.log").read_text(errors="replace")

    def stop_redis(self) -> None:
        process = self.stack.engines._redis
        assert process is not None
        stop(process, signum=signal.SIGKILL, seconds=10)

    def start_redis(self) -> None:
        engines = self.stack.engines
        (engines.sockets / "redis.sock").unlink(missing_ok=True)
        engines._start_redis()
        engines._wait()

    def pause_redis(self, *, on: bool) -> None:
        process = self.stack.engines._redis
        assert process is not None
        process.send_signal(signal.SIGSTOP if on else signal.SIGCONT)

    def restart_postgres(self, signum: int) -> None:
        """Stop it by SIGINT (in order) or SIGQUIT (a crash), and start it again."""
        engines = self.stack.engines
        process = engines._postgres
        assert process is not None
        stop(process, signum=signum, seconds=30)
        (engines.data / "postmaster.pid").unlink(missing_ok=True)
        engines._start_postgres()
        engines._wait()

    def until(self, ready: Callable[[], bool], *, seconds: float, what: str) -> None:
        """Wait, tending the parts; Broken when it takes too long."""

        def tended() -> bool:
            self.tend()
            return ready()

        if not wait_until(tended, seconds=seconds, every=0.2):
            raise Broken(f"{what}: not within {seconds:.0f} s")


@contextmanager
def running(kind: type[Engines] = Engines) -> Iterator[Product]:
    """Start everything with an empty database; Django in this process uses it too."""
    folder = tempfile.mkdtemp(prefix="stage-drill-")
    Path(folder).chmod(0o711)
    engines = kind(Path(folder) / "var").start()
    with listen(0, 1) as web, listen(0, 1) as mail:
        stack = Stack(engines, web=web, mail=mail)
        sink = Sink(mail)
        try:
            step("owner", stack.environment("owner"))
            os.environ.update(stack.environment())
            django.setup()
            stack.start("web", "worker", "beat")
            wait_for_web(stack)
            yield Product(stack, sink)
        finally:
            for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(signum, signal.SIG_IGN)
            stack.stop()
            sink.close()
            subprocess.run(["rm", "-rf", folder], check=False)


def seconds_of(function: Callable[[], object]) -> float:
    """How long it took."""
    begin = time.monotonic()
    function()
    return time.monotonic() - begin
