"""`make mutants`: put a small fault in the product, and see whether a test of its subject notices.

Faults are drawn with a fixed seed (`drawing.py`) and tried in a copy of the tracked files. First
run the few test files that name the function and its module most; with `--near` these alone,
otherwise all tests of its part of the house after them. What was tried stands in
`var/mutants.json` and is not tried again as long as the file stays the same; stop and go on as you
like.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.mutants.drawing import ROOT, Mutant, draw

KEPT = ROOT / "var" / "mutants.json"
SECONDS = 900  # for the tests of one; who hangs is noticed too
HOUSE = {
    "placements": ("tests/placements",),
    "attendance": ("tests/attendance",),
    "assessments": ("tests/assessments",),
    "companies": ("tests/companies", "tests/abuse"),
    "stage": ("tests/core", "tests/web", "tests/abuse", "tests/placements"),
}
NAMING = ("tests", *sorted({folder for folders in HOUSE.values() for folder in folders}))
NEAR = 4  # test files
FAILED, INTERRUPTED = 1, 2  # exit codes of pytest; interrupted: a file that cannot be imported


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


def near(mutant: Mutant) -> list[str]:
    """The few test files, of any part, that name its function most, beside its module.

    A rule of the database is named by no test: the tests of walls are its own.
    """
    files = sorted(p for folder in NAMING for p in (ROOT / folder).glob("test_*.py"))
    module = Path(mutant.path).stem
    if "wall" in module:
        return [str(p.relative_to(ROOT)) for p in files if "wall" in p.stem][:NEAR]
    texts = {p: p.read_text() for p in files}
    own = tuple(f"{ROOT / folder}/" for folder in HOUSE[mutant.path.split("/")[0]])

    def says(path: Path, word: str) -> int:
        return len(re.findall(rf"\b{re.escape(word)}\b", texts[path]))

    def rank(path: Path) -> tuple[bool, bool, int]:
        function, of_module = says(path, mutant.function), says(path, module)
        both = bool(function and of_module)
        return both, str(path).startswith(own), function or of_module

    named = [p for p in files if says(p, mutant.function) or says(p, module)]
    return [str(p.relative_to(ROOT)) for p in sorted(named, key=rank, reverse=True)[:NEAR]]


def noticed(tree: Path, tests: list[str]) -> str:
    """How the tests notice: "killed", "hangs", "broken" (not even imported), or "" for not."""
    arguments = ["-m", "pytest", "-x", "-q", "-p", "no:randomly", "-m", "not sweep", *tests]
    environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
    try:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=tree,
            env=environment,
            capture_output=True,
            timeout=SECONDS,
        )
    except subprocess.TimeoutExpired:
        return "hangs"
    return {FAILED: "killed", INTERRUPTED: "broken"}.get(done.returncode, "")


def try_out(mutant: Mutant, tree: Path, *, near_only: bool) -> str:
    """The verdict on one: how it was noticed, or "survived"."""
    (tree / mutant.path).write_text(mutant.mutated)
    try:
        by_name = near(mutant)
        how = noticed(tree, by_name) if by_name else ""
        if not how and not near_only:
            how = noticed(tree, list(HOUSE[mutant.path.split("/")[0]]))
        return how or ("survived near" if near_only else "survived")
    finally:
        (tree / mutant.path).write_text(mutant.source)


def main() -> None:
    """Draw, try what was not tried, and count."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants")
    parser.add_argument("--number", type=int, default=15)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--near", action="store_true", help="only the test files that name it")
    options = parser.parse_args()
    known = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    drawn = draw(options.number, options.seed)
    enough = ("survived", "survived near") if options.near else ("survived",)
    done = ("killed", "hangs", "broken", *enough)
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        tree = Path(folder)
        copy_tree(tree)
        for mutant in drawn:
            verdict = known.get(mutant.key, {}).get("verdict")
            if verdict not in done:
                verdict = try_out(mutant, tree, near_only=options.near)
                known[mutant.key] = {"verdict": verdict, "what": mutant.words}
                KEPT.parent.mkdir(exist_ok=True)
                KEPT.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n")
            sys.stdout.write(f"{verdict:14} {mutant.subject:9} {mutant.words}\n")
            sys.stdout.flush()
    lived = sum(known[m.key]["verdict"].startswith("survived") for m in drawn)
    share = 100 * (len(drawn) - lived) / max(len(drawn), 1)
    sys.stdout.write(f"{len(drawn)} mutants, {lived} survived, {share:.0f} % noticed\n")


main()
