"""Drill: every hostile file through the pages where files come in, with its costs.

The same as `tests/test_hostile_files.py`, told in figures; `make test` runs it too.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from stage.devtools.embedded.engines import ROOT
from tests.drills import Broken


def run(product=None) -> str:
    """How many uploads, how many were refused, the slowest and the most memory of a web process."""
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "told.json"
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "pytest",
                "-p",
                "no:xdist",
                "--show-capture=no",
                "tests/test_hostile_files.py",
            ],
            cwd=ROOT,
            env=os.environ
            | {"HOSTILE_FIGURES": str(told), "DJANGO_SETTINGS_MODULE": "stage.settings.test"},
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise Broken(done.stdout[-3000:])
        lines = [json.loads(line) for line in told.read_text().splitlines()]
    refused = sum(line["status"] == 422 for line in lines)
    slowest = max(lines, key=lambda line: line["seconds"])
    most = max(line["megabytes"] for line in lines)
    return (
        f"{len(lines)} uploads of {len({line['name'] for line in lines})} files: {refused} refused"
        f" with a word, 0 server errors, 0 active content, 0 metadata; slowest"
        f" {slowest['seconds']:.1f} s ({slowest['name']}), most memory {most} MB"
    )


if __name__ == "__main__":
    from tests.drills.alone import main

    main(["files"])
