"""Engines with PgBouncer in transaction mode before them.

Needs the program: `apt-get install pgbouncer` (it is looked for in PATH and in /usr/sbin).
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from urllib.parse import quote

from stage.devtools.embedded import account
from stage.devtools.embedded.engines import DATABASE, Engines
from stage.devtools.embedded.processes import spawn, stop, wait_until
from tests.drills import Broken

LINES = 4  # to PostgreSQL, per log-in role
CONFIGURATION = """\
[databases]
{database} = host={sockets} port=5432
[pgbouncer]
pool_mode = transaction
default_pool_size = {lines}
max_client_conn = 200
listen_port = 5432
unix_socket_dir = {folder}
auth_type = trust
auth_file = {folder}/users.txt
"""


class PooledEngines(Engines):
    """Everybody but the owner of the tables, who migrates, comes in through PgBouncer."""

    pooler: subprocess.Popen[bytes] | None = None

    def start(self) -> PooledEngines:
        super().start()
        try:
            self._start_pooler()
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        if self.pooler is not None:
            stop(self.pooler, signum=signal.SIGINT, seconds=10)
            self.pooler = None
        super().stop()

    def database_url(self, role: str, database: str = DATABASE) -> str:
        if role == "stage_owner":
            return super().database_url(role, database)
        return f"postgres://{role}@/{database}?host={quote(str(self.sockets / 'pooler'))}"

    def _start_pooler(self) -> None:
        program = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
        if program is None:
            raise Broken("PgBouncer is not installed: apt-get install pgbouncer")
        folder = self.sockets / "pooler"
        folder.mkdir(mode=0o700, exist_ok=True)
        (folder / "users.txt").write_text('"stage_app" ""\n"stage_worker" ""\n')
        values = {"database": DATABASE, "sockets": self.sockets, "lines": LINES, "folder": folder}
        (folder / "pooler.ini").write_text(CONFIGURATION.format(**values))
        account.hand_over(self.mode, self.sockets)
        with (self.logs / "pooler.log").open("wb") as log:
            self.pooler = spawn(
                account.command(self.mode, program, folder / "pooler.ini"),
                pid_file=self.pids / "pooler.pid",
                log=log,
                cwd="/",
                **account.popen_arguments(self.mode),
            )
        if not wait_until((folder / ".s.PGSQL.5432").exists, seconds=10):
            raise Broken(f"PgBouncer does not start: {(self.logs / 'pooler.log').read_text()}")
