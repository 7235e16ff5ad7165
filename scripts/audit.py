"""Judges what pip-audit answered: `audit.py FOLDER` with a NAME.json and NAME.log per pin file."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==", re.M)


def judge(pins: set[str], answer: str, log: str) -> list[str]:
    """What is wrong with one file's answer; empty when every pin was looked up and is clean."""
    try:
        found = json.loads(answer)["dependencies"]
    except (ValueError, KeyError):
        words = log.strip().splitlines()
        return [f"not looked up at all: {words[-1] if words else 'pip-audit said nothing'}"]
    wrong = [f"{d['name']}: skipped, {d['skip_reason']}" for d in found if d.get("skip_reason")]
    for package in found:
        for known in package.get("vulns", []):
            mended = ", ".join(known["fix_versions"]) or "no version yet"
            wrong.append(
                f"{package['name']} {package['version']}: {known['id']}, mended in {mended}"
            )
    missing = pins - {_normal(d["name"]) for d in found}
    return wrong + [f"{name}: not looked up" for name in sorted(missing)]


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def main(folder: Path) -> int:
    total, failed = 0, 0
    for file in sorted(Path("requirements").glob("*.txt")):
        pins = {_normal(name) for name in PIN.findall(file.read_text())}
        answer, log = (folder / f"{file.stem}{end}" for end in (".json", ".log"))
        wrong = judge(pins, answer.read_text(), log.read_text())
        total, failed = total + len(pins), failed + len(wrong)
        for line in wrong:
            sys.stdout.write(f"{file.name}: {line}\n")
    if failed:
        sys.stdout.write(f"{failed} things to look at; nothing is said of what was not looked up\n")
        return 1
    sys.stdout.write(f"{total} pins looked up, none skipped, no known vulnerability\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
