"""`make mutants`: put a small fault in the product, and see whether a test notices.

Faults are drawn with a fixed seed (`drawing.py`). A run of all tests says which of them run which
line (`covering.py`); each fault is tried in a copy of the tree against those (`trying.py`).

What was tried stands in `var/mutants.json` and is not tried again as long as the file stays the
same; stop and go on as you like.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from queue import SimpleQueue
from threading import Lock

# What starts the engines would otherwise choose the settings, for the tests it starts too.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stage.settings.test")

from tests.mutants.covering import covered  # noqa: E402
from tests.mutants.drawing import ROOT, Mutant, draw  # noqa: E402
from tests.mutants.trying import Bench, bench, tests_for  # noqa: E402

KEPT = ROOT / "var" / "mutants.json"
DONE = ("killed", "hangs", "broken", "survived")


class Verdicts:
    """What was tried, kept after each."""

    def __init__(self) -> None:
        self.known = json.loads(KEPT.read_text()) if KEPT.exists() else {}
        self.lock = Lock()

    def of(self, mutant: Mutant) -> str:
        """The verdict on a fault of this very file, or "" when it was not tried."""
        verdict = self.known.get(mutant.key, {}).get("verdict", "")
        return verdict if verdict in DONE else ""

    def keep(self, mutant: Mutant, verdict: str) -> None:
        """Write it down, and say it."""
        with self.lock:
            self.known[mutant.key] = {"verdict": verdict, "what": mutant.words}
            KEPT.parent.mkdir(exist_ok=True)
            KEPT.write_text(json.dumps(self.known, indent=1, sort_keys=True) + "\n")
            sys.stdout.write(f"{verdict:9} {mutant.subject:9} {mutant.words}\n")
            sys.stdout.flush()


def try_out(mutant: Mutant, where: Bench, tests: list[str]) -> str:
    """The verdict on one: how it was noticed, or "survived"."""
    if not tests:
        return "survived"
    file = where.tree / mutant.path
    file.write_text(mutant.mutated)
    try:
        return where.noticed(tests) or "survived"
    finally:
        file.write_text(mutant.source)


def main() -> None:
    """Draw, try what was not tried, and count."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants")
    parser.add_argument("--number", type=int, default=15)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    verdicts, drawn = Verdicts(), draw(options.number, options.seed)
    if waiting := [mutant for mutant in drawn if not verdicts.of(mutant)]:
        _try_all(waiting, verdicts, options.workers)
    lived = [mutant for mutant in drawn if verdicts.of(mutant) == "survived"]
    share = 100 * (len(drawn) - len(lived)) / max(len(drawn), 1)
    sys.stdout.write(f"\n{len(drawn)} mutants, {len(lived)} survived, {share:.0f} % noticed\n")
    for mutant in lived:
        sys.stdout.write(f"  {mutant.words}\n")


def _try_all(waiting: list[Mutant], verdicts: Verdicts, workers: int) -> None:
    known = covered(workers)
    free: SimpleQueue[Bench] = SimpleQueue()
    with ExitStack() as up, ThreadPoolExecutor(workers) as pool:
        for _ in range(workers):
            free.put(up.enter_context(bench()))

        def one(mutant: Mutant) -> None:
            where = free.get()
            try:
                verdicts.keep(mutant, try_out(mutant, where, tests_for(mutant, known)))
            finally:
                free.put(where)

        for _ in pool.map(one, waiting):
            pass


if __name__ == "__main__":
    main()
