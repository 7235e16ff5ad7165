"""`make test` needs no more than the packages it installs."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Makes packages look as if they were never installed, then collects.
COLLECT = """
import sys
sys.modules.update(dict.fromkeys(sys.argv[1].split(",")))
import pytest
sys.exit(pytest.main(sys.argv[2:]))
"""


def e2e_only() -> set[str]:
    """Import names of what only the browser tests install."""
    lines = (ROOT / "requirements/e2e.in").read_text().splitlines()
    names = (line.partition("==")[0].strip() for line in lines if line[:1].isalpha())
    return {name.replace("-", "_") for name in names}


def arguments() -> list[str]:
    """What `make test` gives pytest."""
    plan = subprocess.run(
        ["make", "-n", "test"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    line = next(line for line in plan.stdout.splitlines() if "-m pytest" in line)
    return shlex.split(line.partition("-m pytest")[2])


def test_collects_without_the_packages_of_the_browser_tests():
    assert "playwright" in e2e_only()
    words = [w for w in arguments() if w not in ("-n", "2")]
    done = subprocess.run(
        [sys.executable, "-c", COLLECT, ",".join(e2e_only()), *words, "--collect-only", "-qq"],
        cwd=ROOT,
        env={k: v for k, v in os.environ.items() if not k.startswith("PYTEST")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
