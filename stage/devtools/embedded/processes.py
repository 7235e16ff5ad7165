"""Child processes that never outlive their parent, and the leftovers of those that did."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import psutil

PR_SET_PDEATHSIG = 1


def die_with_parent(signum: int, parent: int | None = None) -> None:
    """Ask the kernel to send `signum` to this process when its parent dies, however it dies.

    With `parent` given, end at once if that process is already gone (it died while we were being
    made). Linux only; elsewhere a killed parent leaves its children to the next start.
    """
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signum)
    if parent is not None and os.getppid() != parent:
        os._exit(1)


def spawn(
    command: Sequence[str | Path],
    *,
    pid_file: Path,
    log: IO[bytes] | None = None,
    env: Mapping[str, str] | None = None,
    cwd: str | Path | None = None,
    death_signal: int = signal.SIGTERM,
    pass_fds: Sequence[int] = (),
    **account: Any,
) -> subprocess.Popen[bytes]:
    """Start a child in a process group of its own, so that Ctrl-C reaches only the parent.

    `account` is `user`, `group` and `extra_groups` of Popen. The death signal is tied to the
    thread that forks: call this from the main thread.
    """
    parent = os.getpid()
    child = subprocess.Popen(  # noqa: S603 - our own commands
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT if log else None,
        env=env,
        cwd=cwd,
        process_group=0,
        pass_fds=pass_fds,
        preexec_fn=lambda: die_with_parent(death_signal, parent),
        **account,
    )
    try:
        pid_file.write_text(f"{child.pid} {psutil.Process(child.pid).create_time()}")
    except psutil.NoSuchProcess:
        pid_file.unlink(missing_ok=True)
    return child


def wait_until(ready: Callable[[], bool], *, seconds: float, every: float = 0.02) -> bool:
    """Ask `ready` again and again; whether it said yes within `seconds`."""
    end = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > end:
            return False
        time.sleep(every)
    return True


def stop(child: subprocess.Popen[bytes], *, signum: int, seconds: float) -> None:
    """Send `signum` and wait; kill the child's whole group when `seconds` were not enough."""
    if child.poll() is None:
        child.send_signal(signum)
    try:
        child.wait(seconds)
    except subprocess.TimeoutExpired:
        kill_group(child.pid)
        child.wait(10)


def kill_group(pid: int) -> None:
    """Kill a child and what it started; that it is gone already is fine."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def end_orphans(pid_dir: Path, *, seconds: float = 10) -> None:
    """End the processes whose pid files a killed parent left behind.

    A number that was given to another process in the meantime is told apart by its start time.
    """
    for pid_file in sorted(pid_dir.glob("*.pid")):
        orphan = _process_of(pid_file)
        if orphan is not None:
            _end(orphan, seconds)
        pid_file.unlink(missing_ok=True)


def _process_of(pid_file: Path) -> psutil.Process | None:
    try:
        pid, created = pid_file.read_text().split()
        process = psutil.Process(int(pid))
        same = abs(process.create_time() - float(created)) < 0.02
    except (OSError, ValueError, psutil.Error):
        return None
    return process if same else None


def _end(process: psutil.Process, seconds: float) -> None:
    # PostgreSQL waits for its clients on SIGTERM; SIGINT is its quick, clean stop.
    gentle = signal.SIGINT if process.name() == "postgres" else signal.SIGTERM
    with contextlib.suppress(psutil.NoSuchProcess):
        process.send_signal(gentle)
        if not wait_until(lambda: _gone(process), seconds=seconds):
            kill_group(process.pid)
            wait_until(lambda: _gone(process), seconds=2)


def _gone(process: psutil.Process) -> bool:
    # A zombie holds nothing any more, and where process 1 does not reap it stays for good.
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
