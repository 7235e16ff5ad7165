"""Drill: back up a product with data in it, restore it on an empty machine, and see that the walls
came along.

`python -m tests.drills.restore` makes a database of its own with the tests' two regions and three
schools and some private files, backs it up with `scripts/backup.sh`, stops that server, restores
with `scripts/restore.sh` on a server without any role or database of ours, compares every table,
wall and file, and then walks the permission table and the tests of the walls on what was restored.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from stage.devtools.embedded.engines import ROOT, Engines, postgres_program
from tests.drills import Broken

# What runs on the restored data; tests that empty the tables themselves are no part of it.
ON_RESTORED = [
    "tests/test_permissions.py",
    "tests/core/test_walls.py",
    "-k",
    "not autocommit and not threads",
]


class EmptyMachine(Engines):
    """PostgreSQL as it comes: no role, no database of ours."""

    def _bootstrap(self) -> None:
        pass


def call(command: list, environment: dict[str, str]) -> str:
    """A command's output; its own words and a failed drill when it fails."""
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise Broken(f"{command[:3]}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
    return done.stdout.strip()


def environment_of(engines: Engines, files: Path) -> dict[str, str]:
    return os.environ | {
        **engines.environment(),
        "PATH": f"{postgres_program('psql').parent}:{os.environ['PATH']}",
        "PGHOST": str(engines.sockets),
        "PGUSER": "postgres",
        "FILES_ROOT": str(files),
        "PYTHON": sys.executable,
        "DJANGO_SETTINGS_MODULE": "stage.settings.test",
    }


def fill(engines: Engines, files: Path) -> None:
    """Tables, the tests' world, and files of students."""
    environment = environment_of(engines, files)
    owner = environment | {"DATABASE_URL": environment["DATABASE_OWNER_URL"]}
    for command in (["createcachetable"], ["migrate", "-v0"]):
        call([sys.executable, "manage.py", *command], owner)
    call([sys.executable, "-m", "tests.drills.world"], environment)


def run(product=None) -> str:
    """Seconds, what was compared, and what was walked on the restored data."""
    folder = Path(tempfile.mkdtemp(prefix="stage-restore-"))
    folder.chmod(0o711)
    try:
        return drill(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def drill(folder: Path) -> str:
    source = Engines(folder / "source").start()
    try:
        fill(source, folder / "files")
        environment = environment_of(source, folder / "files")
        began = time.monotonic()
        call(["scripts/backup.sh", str(folder / "backup")], environment)
        backed_up = time.monotonic() - began
    finally:
        source.stop()
    machine = EmptyMachine(folder / "machine", createdb=True).start()
    try:
        environment = environment_of(machine, folder / "restored")
        began = time.monotonic()
        equal = call(["scripts/restore.sh", str(folder / "backup")], environment)
        restored = time.monotonic() - began
        damaged(machine, environment)
        tests = test_restored(machine, environment)
    finally:
        machine.stop()
    return f"back-up {backed_up:.1f} s, restore {restored:.1f} s; {equal}; {tests}"


def damaged(machine: Engines, environment: dict[str, str]) -> None:
    """A policy that a restore must not pass over is named, and mended."""
    owner = environment | {"DATABASE_URL": environment["DATABASE_OWNER_URL"]}
    extra = "CREATE POLICY extra ON schools_student TO stage_company USING (true)"
    with machine.connect("stage") as admin:
        admin.execute(extra)
    command = [sys.executable, "manage.py", "walls", "--check"]
    done = subprocess.run(command, cwd=ROOT, env=owner, capture_output=True, text=True)
    if done.returncode != 1 or "extra policy: schools_student extra" not in done.stdout:
        raise Broken(f"an extra policy was not named\n{done.stdout}\n{done.stderr}")
    call([sys.executable, "manage.py", "walls"], owner)
    call(command, owner)


def test_restored(machine: Engines, environment: dict[str, str]) -> str:
    """Walk the permission table and the walls on a copy of the restored database."""
    with machine.connect() as admin:
        admin.execute("CREATE DATABASE test_stage TEMPLATE stage OWNER stage_owner")
    environment |= {"DATABASE_URL": environment["DATABASE_OWNER_URL"]}
    said = call(
        [sys.executable, "-m", "pytest", "--reuse-db", "-vv", "-p", "no:xdist", *ON_RESTORED],
        environment,
    )
    passed = re.findall(r"^tests/\S+::.* PASSED", said, re.M)
    walked = [name for name in passed if "test_nobody_gets_where" in name]
    wall = [name for name in passed if "test_walls" in name]
    if not walked or not wall:
        raise Broken(f"nothing was walked\n{said[-2000:]}")
    return f"permission table in {len(walked)} parts, {len(wall)} tests of walls: all passed"


if __name__ == "__main__":
    from tests.drills.alone import main

    main(["restore"])
