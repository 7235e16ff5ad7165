"""Runs the whole product: engines, migrations, demo data, mail sink, worker, beat and web."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import NoReturn

from cryptography.hazmat.primitives.asymmetric import ec

from stage.devtools.embedded.console import line, note, timed
from stage.devtools.embedded.engines import ROOT, Engines
from stage.devtools.embedded.errors import EngineError
from stage.devtools.embedded.processes import die_with_parent, spawn, stop

HOST = "127.0.0.1"
PORTS_TRIED = 50
RESTARTS = 3
HEALTHY_AFTER = 60  # seconds; a child that lived this long has its restarts back


class Stopped(BaseException):
    """A signal asked us to stop; not an Exception, so that no handler swallows it."""


def push_key(file: Path) -> str:
    """The key of notices on phones, made the first time: another ends what was switched on."""
    if not file.exists():
        number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(urlsafe_b64encode(number.to_bytes(32)).rstrip(b"=").decode())
    return file.read_text()


@dataclass
class Child:
    """A part of the product that runs until it is stopped, and is restarted when it crashes."""

    name: str
    command: list[str]
    pass_fds: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    restarts: int = 0


@dataclass
class Stack:
    """The running product."""

    engines: Engines
    web: socket.socket
    mail: socket.socket
    children: list[Child] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.web.getsockname()[1]}"

    @property
    def state_file(self) -> Path:
        return self.engines.var / "stack.json"

    def environment(self, role: str = "worker") -> dict[str, str]:
        """Variables for a process of the product: a `worker`, the `web`, the tables' `owner`."""
        env = self.engines.environment() | {
            "DJANGO_SETTINGS_MODULE": os.environ.get(
                "DJANGO_SETTINGS_MODULE", "stage.settings.dev"
            ),
            "SITE_URL": self.url,
            "STATIC_ROOT": str(self.engines.var / "static"),
            "EMAIL_HOST": HOST,
            "EMAIL_PORT": str(self.mail.getsockname()[1]),
            "VAPID_PRIVATE_KEY": push_key(self.engines.var / "push.key"),
        }
        if role == "owner":
            env["DATABASE_URL"] = env["DATABASE_OWNER_URL"]
        if role == "web":
            # One URL only: what answers requests knows no way to see everything.
            env["DATABASE_URL"] = env.pop("DATABASE_WEB_URL")
            del env["DATABASE_OWNER_URL"]
        return env

    def start(self, *names: str) -> None:
        """Start these children."""
        for child in self._plan():
            if child.name in names:
                self.children.append(child)
                self._spawn(child)

    def watch(self) -> NoReturn:
        """Restart what crashes; EngineError when that does not help or an engine stopped."""
        while True:
            if dead := self.engines.died():
                raise EngineError(self._crash(dead, f"{dead} stopped by itself."))
            for child in self.children:
                if child.process is not None and child.process.poll() is not None:
                    self._restart(child, child.process.returncode)
            time.sleep(0.2)

    def stop(self) -> None:
        """Stop the children together, the last started first, then the engines."""
        for child in reversed(self.children):
            if child.process is not None and child.process.poll() is None:
                child.process.send_signal(signal.SIGTERM)
        for child in reversed(self.children):
            if child.process is not None:
                stop(child.process, signum=signal.SIGTERM, seconds=10)
        self.state_file.unlink(missing_ok=True)
        self.engines.stop()

    def _plan(self) -> list[Child]:
        mail, web = self.mail.fileno(), self.web.fileno()
        python, var = sys.executable, self.engines.var
        sink = str(Path(__file__).with_name("mail.py"))
        celery = [python, "-m", "celery", "-A", "stage"]
        worker = "worker -c 2 -l INFO --without-gossip --without-mingle"
        gunicorn = f"-k gthread -w 2 --threads 4 --preload --no-control-socket --bind fd://{web}"
        return [
            Child("mail", [python, "-P", sink, str(var / "mail"), str(mail)], (mail,)),
            Child(
                "web",
                [python, "-m", "gunicorn", "stage.wsgi", *gunicorn.split()]
                + ["--graceful-timeout", "5", "--access-logfile", "-"]
                + ["--logger-class", "stage.devtools.embedded.access_log.RedactedLogger"],
                (web,),
            ),
            Child("worker", [*celery, *worker.split()]),
            Child("beat", [*celery, "beat", "-l", "INFO", "-s", str(var / "beat"), "--pidfile="]),
        ]

    def _spawn(self, child: Child) -> None:
        child.started = time.monotonic()
        mode = "ab" if child.restarts else "wb"
        with self._log(child.name).open(mode) as log:
            child.process = spawn(
                child.command,
                pid_file=self.engines.pids / f"{child.name}.pid",
                log=log,  # type: ignore[arg-type]
                env=os.environ | self.environment("web" if child.name == "web" else "worker"),
                cwd=ROOT,
                pass_fds=child.pass_fds,
            )

    def _restart(self, child: Child, code: int) -> None:
        if time.monotonic() - child.started > HEALTHY_AFTER:
            child.restarts = 0
        if child.restarts >= RESTARTS:
            message = f"{child.name} crashed {RESTARTS + 1} times (last exit code {code})."
            raise EngineError(self._crash(child.name, message))
        child.restarts += 1
        note(f"{child.name} crashed (exit code {code}); restart {child.restarts} of {RESTARTS}")
        time.sleep(0.5 * child.restarts)
        self._spawn(child)

    def _crash(self, name: str, message: str) -> str:
        log = self._log(name)
        tail = log.read_text(errors="replace").splitlines()[-20:] if log.exists() else []
        return "\n".join([f"{message} Everything stops. The end of {log}:", *tail])

    def _log(self, name: str) -> Path:
        return self.engines.logs / f"{name}.log"


def run(var: Path, *, port: int, with_parent: bool = False) -> None:
    """Run until a signal; EngineError says why it ended otherwise.

    `with_parent`: end when the process that started us ends, also when that was killed.
    """
    if with_parent:
        die_with_parent(signal.SIGTERM)
    begin = time.monotonic()
    handle_signals()
    engines = Engines(var)
    stack: Stack | None = None
    try:
        with timed("PostgreSQL 18 and Redis 6.2 from wheels"):
            engines.start()
        note(f"for development only: a power cut may cost the data in {var}")
        stack = Stack(engines, web=listen(port, PORTS_TRIED), mail=listen(0, 1))
        # At once, so that `manage.py` can be used against the engines when a migration fails.
        write_state(stack)
        with timed("tables and static files"):
            step("owner", stack.environment("owner"))
        # Starting is a matter of processor time: the web server warms up beside the demo data.
        stack.start("mail", "web")
        with timed("demo data"):
            logins = step("demo", stack.environment())
        with timed("web server; worker and beat follow"):
            wait_for_web(stack)
            stack.start("worker", "beat")
        line(banner(stack, logins, time.monotonic() - begin))
        stack.watch()
    except Stopped:
        pass
    finally:
        for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(signum, signal.SIG_IGN)
        if stack is None:
            engines.stop()
        else:
            with timed("stopped"):
                stack.stop()


def handle_signals() -> None:
    """Stop in order on Ctrl-C, on `kill` and when the terminal goes away.

    Set by hand: in the background of a shell script SIGINT arrives ignored.
    """

    def on_signal(_signum: int, _frame: FrameType | None) -> None:
        raise Stopped

    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, on_signal)


def listen(port: int, tries: int) -> socket.socket:
    """A listening socket on `port`, or on the first free one after it (0: any).

    Held by this process, so that nobody takes the port while a child restarts.
    """
    for number in range(port, port + tries):
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, number))
        except OSError:
            listener.close()
            continue
        listener.listen(128)
        if number != port:
            note(f"port {port} is in use, taking {number}; choose one with `make run PORT=…`")
        return listener
    raise EngineError(
        f"Ports {port} to {port + tries - 1} are all in use; choose one with `make run PORT=…`"
    )


def step(name: str, env: dict[str, str]) -> str:
    """Run a part of prepare.py; what it printed on stdout. EngineError when it fails."""
    parent = os.getpid()
    with subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-m", "stage.devtools.embedded.prepare", name],
        env=os.environ | env,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        process_group=0,
        preexec_fn=lambda: die_with_parent(signal.SIGKILL, parent),
    ) as process:
        try:
            output, _ = process.communicate()
        except BaseException:
            process.kill()
            raise
    if process.returncode:
        raise EngineError(f"The step '{name}' failed (exit code {process.returncode}); see above.")
    return output


def write_state(stack: Stack) -> None:
    """What `shell-env` and `psql` need to know, readable only by us."""
    state = {"pid": os.getpid(), "url": stack.url, "environment": stack.environment()}
    part = stack.state_file.with_suffix(".part")
    part.touch(mode=0o600)
    part.write_text(json.dumps(state, indent=1))
    part.replace(stack.state_file)


def wait_for_web(stack: Stack, seconds: float = 60) -> None:
    """Wait for the first answer; watches the children meanwhile."""
    end = time.monotonic() + seconds
    web = next(child for child in stack.children if child.name == "web")
    while time.monotonic() < end:
        if web.process is not None and web.process.poll() is not None:
            return  # watch() restarts it, or says why not
        with contextlib.suppress(TimeoutError, ConnectionError):
            status = ask(stack.url)
            if status >= 500:
                note(f"the first page answers {status}; see {stack.engines.logs / 'web.log'}")
            return
    note(f"no answer from {stack.url} after {seconds:.0f} s; see {stack.engines.logs / 'web.log'}")


def ask(url: str) -> int:
    """The status of a page; TimeoutError after a second (the port listens before gunicorn does)."""
    try:
        with urllib.request.urlopen(url, timeout=1) as answer:  # noqa: S310 - our own http address
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except urllib.error.URLError as error:
        raise TimeoutError from error


def banner(stack: Stack, logins: str, seconds: float) -> str:
    """The last thing shown: where it runs and who can log in."""
    return "\n".join(
        [
            "",
            f"Ready in {seconds:.1f} s:  {stack.url}",
            *([logins.rstrip()] if logins.strip() else []),
            f"Logs: {stack.engines.logs}   Stop: Ctrl-C",
        ]
    )
