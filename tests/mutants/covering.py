"""Which tests run which line of the product, and how long each takes: a whole run, kept.

pytest-cov notes for each line the tests that ran it. A fault is then tried against those alone;
who never runs the line cannot notice it.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import coverage

from tests.mutants.drawing import ROOT

FOLDER = ROOT / "var" / "mutants"
DATA, TIMES, OF = FOLDER / "coverage", FOLDER / "times.json", FOLDER / "of"
PRODUCT = ("stage", "companies", "placements", "attendance", "assessments")


@dataclass(frozen=True)
class Covered:
    """What ran, of one state of the tree."""

    lines: dict[str, dict[int, list[str]]]  # path -> line -> tests
    seconds: dict[str, float]  # test -> how long

    def tests_of(self, path: str, begin: int, end: int) -> list[str]:
        """Every test that ran one of these lines."""
        lines = self.lines.get(path, {})
        return sorted({test for n in range(begin, end + 1) for test in lines.get(n, ())})


def state() -> str:
    """The tree as it stands: another one was covered by other tests."""
    listed = subprocess.run(
        ["git", "ls-files", "-s", *PRODUCT, "tests"], cwd=ROOT, capture_output=True, check=True
    )
    changed = subprocess.run(
        ["git", "diff", "HEAD", "--", *PRODUCT, "tests"], cwd=ROOT, capture_output=True, check=True
    )
    return hashlib.sha256(listed.stdout + changed.stdout).hexdigest()


def covered(workers: int) -> Covered:
    """What the tests cover, from a run of all of them where none of this tree was kept."""
    if not OF.exists() or OF.read_text() != state():
        FOLDER.mkdir(parents=True, exist_ok=True)
        _run(workers)
        OF.write_text(state())
    return _read()


def _run(workers: int) -> None:
    settings = FOLDER / "coveragerc"
    sources = "\n    ".join(PRODUCT)
    settings.write_text(
        f"[run]\nsource =\n    {sources}\nomit =\n    */migrations/*\n    stage/devtools/*\n"
        f"data_file = {DATA}\nrelative_files = True\nconcurrency = thread\n"
    )
    parts = [
        "-m",
        "pytest",
        "-q",
        "-n",
        str(workers),
        "-m",
        "not sweep",
        "-p",
        "tests.mutants.times",
    ]
    parts += ["--ignore=tests/e2e", "--ignore=tests/bench"]
    parts += ["--cov", f"--cov-config={settings}", "--cov-context=test", "--cov-report="]
    sys.stdout.write("First a run of all tests, to see which of them run which line.\n")
    sys.stdout.flush()
    done = subprocess.run([sys.executable, *parts], cwd=ROOT, check=False)
    if done.returncode:
        raise SystemExit("The tests fail as they are: mend that first.")


def _read() -> Covered:
    data = coverage.CoverageData(basename=str(DATA))
    data.read()
    lines: dict[str, dict[int, list[str]]] = {}
    for path in data.measured_files():
        by_line: dict[int, list[str]] = defaultdict(list)
        for line, contexts in data.contexts_by_lineno(path).items():
            by_line[line] = sorted({name.split("|")[0] for name in contexts if name})
        lines[str(Path(path))] = by_line
    return Covered(lines, json.loads(TIMES.read_text()))
