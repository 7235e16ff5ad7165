"""What a school had running: the data of each release, kept so that every later one can be tried.

`python -m tests.upgrade.releases NAME` adds one: the small demo, made by the demo's services on
the migrations as they are now, dumped with its walls, and the migrations it stands on written
into `frozen.txt`. From then on those are never changed, only added to.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from stage.devtools.embedded.engines import ROOT, Engines, postgres_program, temporary_engines

HERE = Path(__file__).parent
DUMPS = HERE / "dumps"
FROZEN = HERE / "frozen.txt"


def migrations() -> list[Path]:
    """Every migration of ours, by its path in the project."""
    found = ROOT.glob("*/**/migrations/[0-9]*.py")
    return sorted(p.relative_to(ROOT) for p in found if ".venv" not in p.parts)


def digest(path: Path) -> str:
    return hashlib.sha256((ROOT / path).read_bytes()).hexdigest()


def frozen() -> dict[str, str]:
    """Path of a released migration -> the digest it was released with."""
    lines = FROZEN.read_text().splitlines()
    return {path: digest for digest, path in (line.split() for line in lines)}


def run(engines: Engines, *command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """A command of manage.py as the owner of the tables, as an upgrade runs it."""
    environment = os.environ | engines.environment()
    environment |= {
        "DATABASE_URL": environment["DATABASE_OWNER_URL"],
        "DJANGO_SETTINGS_MODULE": "stage.settings.test",
    }
    done = subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if check and done.returncode:
        raise RuntimeError(f"{command}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
    return done


def program(engines: Engines, name: str, *arguments: str, **rest) -> bytes:
    """A program of PostgreSQL as its superuser, whom no wall holds."""
    command = [postgres_program(name), "-h", engines.sockets, "-U", "postgres", *arguments]
    return subprocess.run(command, capture_output=True, check=True, **rest).stdout


@contextmanager
def restored(dump: Path) -> Iterator[Engines]:
    """A server of its own with the data of a release."""
    with temporary_engines() as engines:
        sql = gzip.decompress(dump.read_bytes())
        program(engines, "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", "stage", input=sql)
        yield engines


def rows(engines: Engines) -> dict[str, int]:
    """Table -> how many rows it holds, whoever may see them."""
    with engines.connect("stage") as admin:
        tables = admin.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r'"
            " AND relnamespace = 'public'::regnamespace ORDER BY 1"
        ).fetchall()
        counts = [admin.execute(f"SELECT count(*) FROM {name}").fetchone() for (name,) in tables]
    return {name: count[0] for (name,), count in zip(tables, counts, strict=True) if count}


def make(name: str) -> Path:
    """Dump the small demo and freeze the migrations it stands on."""
    target = DUMPS / f"{name}.sql.gz"
    if target.exists():
        raise FileExistsError(target)
    with temporary_engines() as engines:
        run(engines, "migrate", "-v0")
        build_demo(engines)
        sql = program(engines, "pg_dump", "--format=plain", "stage")
    DUMPS.mkdir(exist_ok=True)
    target.write_bytes(gzip.compress(sql, mtime=0))
    FROZEN.write_text("".join(f"{digest(path)} {path}\n" for path in migrations()))
    return target


def build_demo(engines: Engines) -> None:
    """As the log-in of the jobs, as `make run` does."""
    environment = os.environ | engines.environment()
    environment["DJANGO_SETTINGS_MODULE"] = "stage.settings.test"
    subprocess.run(
        [sys.executable, "manage.py", "demo", "--size", "small"],
        cwd=ROOT,
        env=environment,
        check=True,
    )


if __name__ == "__main__":
    made = make(*sys.argv[1:])
    sys.stdout.write(f"{made.relative_to(ROOT)}: {made.stat().st_size / 1024:.0f} kB\n")
