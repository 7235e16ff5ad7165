"""`python -m tests.drills.alone [NAME …]`: the drills that need no running product beside them.

A line each; 1 when a promise is broken.
"""

from __future__ import annotations

import importlib
import sys
import time

DRILLS = ("restore", "files", "api", "headers")


def main(names: list[str]) -> None:
    from tests.drills import Broken

    failed = 0
    for name in names or DRILLS:
        began = time.monotonic()
        try:
            line = importlib.import_module(f"tests.drills.{name}").run()
        except Broken as broken:
            failed += 1
            line = f"BROKEN: {broken}"
        sys.stdout.write(f"{name:<11}{line} ({time.monotonic() - began:.0f} s)\n")
        sys.stdout.flush()
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main(sys.argv[1:])
