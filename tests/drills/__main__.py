"""`python -m tests.drills [--small] [NAME …]`: run drills, a line each; 1 when a promise broke.

`--small`: the same with fewer mails, kills and rows, to try a change.
"""

from __future__ import annotations

import importlib
import logging
import signal
import subprocess
import sys
import time

from stage.devtools.embedded.processes import die_with_parent
from stage.devtools.embedded.run import handle_signals

DRILLS = ("workers", "broker", "web", "imports", "database", "mailserver", "trail", "pooler")
POOLED = ("pooler",)  # PgBouncer stands before their database


def main(names: list[str]) -> int:
    """Each drill in a process of its own, since Django holds on to one database."""
    size = ["--small"] if "--small" in names else []
    names = [name for name in names if name != "--small"]
    unknown = set(names) - set(DRILLS)
    if unknown:
        sys.stderr.write(f"No drill {', '.join(sorted(unknown))}; there are {', '.join(DRILLS)}.\n")
        return 2
    failed = 0
    for name in names or DRILLS:
        words = [sys.executable, "-m", "tests.drills", "--one", name, *size]
        done = subprocess.run(words, check=False)  # our own module
        failed += done.returncode != 0
    return 1 if failed else 0


def one(name: str, *, small: bool = False) -> int:
    """Run a drill and print its line."""
    die_with_parent(signal.SIGTERM)
    handle_signals()
    logging.disable(logging.ERROR)
    from stage.devtools.embedded.engines import Engines
    from tests.drills import Broken
    from tests.drills.pooled import PooledEngines
    from tests.drills.product import running

    begin = time.monotonic()
    with running(PooledEngines if name in POOLED else Engines) as product:
        drill = importlib.import_module(f"tests.drills.{name}")
        try:
            line, code = drill.run(product, **(drill.SMALL if small else {})), 0
        except Broken as broken:
            line, code = f"BROKEN: {broken}", 1
    sys.stdout.write(f"{name:<11}{line} ({time.monotonic() - begin:.0f} s)\n")
    sys.stdout.flush()
    return code


if __name__ == "__main__":
    words = sys.argv[1:]
    if words[:1] == ["--one"]:
        sys.exit(one(words[1], small="--small" in words))
    sys.exit(main(words))
