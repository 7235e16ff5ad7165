"""One fault in a copy of the tree, against the tests that run it, on engines that stay up."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from stage.devtools.embedded.engines import temporary_engines
from tests.mutants.covering import Covered
from tests.mutants.drawing import ROOT, Mutant

# Seconds of tests that run the line; those that name its function come first, then the quick ones.
BUDGET = 60
MOST = 300  # tests of one try
SECONDS = 600  # who hangs is noticed too
NEAR = 4  # test files
TEST_DATABASES = "SELECT datname FROM pg_database WHERE datname LIKE 'test%'"
FAILED, INTERRUPTED = 1, 2  # exit codes of pytest; interrupted: a file that cannot be imported


@dataclass(frozen=True)
class Bench:
    """Where faults are tried, one at a time: a copy of the tree and a database of its own."""

    tree: Path
    environment: dict[str, str]

    def noticed(self, tests: list[str]) -> str:
        """How these tests notice: "killed", "hangs", "broken" (not even imported), "" for not."""
        arguments = ["-m", "pytest", "-x", "-q", "-p", "no:randomly", "-p", "no:cacheprovider"]
        try:
            done = subprocess.run(
                [sys.executable, *arguments, "--reuse-db", "-m", "not sweep", *tests],
                cwd=self.tree,
                env={**os.environ, **self.environment},
                capture_output=True,
                timeout=SECONDS,
            )
            how = {FAILED: "killed", INTERRUPTED: "broken"}.get(done.returncode, "")
        except subprocess.TimeoutExpired:
            how = "hangs"
        self.clear_up()
        return how

    def clear_up(self) -> None:
        """The next one finds no rows that a test left which was cut off halfway."""
        url = self.environment["DATABASE_URL"]
        with psycopg.connect(url, autocommit=True) as connection:
            for (name,) in connection.execute(TEST_DATABASES).fetchall():
                with psycopg.connect(url, dbname=name) as made:
                    is_clean = made.execute("SELECT count(*) FROM core_region").fetchone() == (0,)
                if not is_clean:
                    connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def bench() -> Iterator[Bench]:
    """A copy of the tree, and engines of its own."""
    with (
        tempfile.TemporaryDirectory(prefix="mutants-") as folder,
        temporary_engines(createdb=True) as engines,
    ):
        copy_tree(Path(folder))
        owner = engines.environment()["DATABASE_OWNER_URL"]
        yield Bench(Path(folder), engines.environment() | {"DATABASE_URL": owner})


def copy_tree(target: Path) -> None:
    """What git tracks, as it stands now, and the browser's packages."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)
    (target / "var").mkdir(exist_ok=True)
    if (ROOT / "var" / "npm").exists():
        (target / "var" / "npm").symlink_to((ROOT / "var" / "npm").resolve())


def tests_for(mutant: Mutant, known: Covered) -> list[str]:
    """Those that ran the lines: of files that name the function first, then the quickest.

    A rule of the database runs when the walls are laid, in no test: the tests of walls are its own.
    """
    named = near(mutant)
    running = known.tests_of(mutant.path, mutant.line, mutant.last_line)
    if not running:
        return named
    first = [test for test in running if test.split("::")[0] in named]
    rest = [test for test in running if test not in first]
    chosen, spent = [], 0.0
    for group in (first, rest):
        for test in sorted(group, key=lambda test: known.seconds.get(test, 1.0)):
            spent += known.seconds.get(test, 1.0)
            if len(chosen) == MOST or (chosen and spent > BUDGET):
                break
            chosen.append(test)
        spent = min(spent, BUDGET / 2)  # half of the time is for others
    return chosen


def near(mutant: Mutant) -> list[str]:
    """The few test files that name its function most, beside its module."""
    files = sorted(p for p in (ROOT / "tests").rglob("test_*.py") if "e2e" not in p.parts)
    module = Path(mutant.path).stem
    if "wall" in module:
        return [str(p.relative_to(ROOT)) for p in files if "wall" in p.stem]
    texts = {p: p.read_text() for p in files}

    def says(path: Path, word: str) -> int:
        return len(re.findall(rf"\b{re.escape(word)}\b", texts[path]))

    def rank(path: Path) -> tuple[bool, int]:
        function, of_module = says(path, mutant.function), says(path, module)
        return bool(function and of_module), function or of_module

    named = [p for p in files if says(p, mutant.function) or says(p, module)]
    return [str(p.relative_to(ROOT)) for p in sorted(named, key=rank, reverse=True)[:NEAR]]
