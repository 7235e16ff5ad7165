"""What `make audit` makes of pip-audit's answers."""

import json
import runpy
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / "scripts" / "audit.py"
judge = runpy.run_path(str(SCRIPT))["judge"]


def answer(*packages):
    return json.dumps({"dependencies": list(packages), "fixes": []})


CLEAN = {"name": "django", "version": "5.2.19", "vulns": []}


def test_clean_when_every_pin_was_looked_up():
    assert judge({"django"}, answer(CLEAN), "") == []


def test_a_skipped_package_is_no_clean_one():
    skipped = {"name": "redis", "skip_reason": "not found"}
    assert judge({"django", "redis"}, answer(CLEAN, skipped), "") == ["redis: skipped, not found"]


def test_a_pin_that_the_answer_leaves_out_is_told():
    assert judge({"django", "redis"}, answer(CLEAN), "") == ["redis: not looked up"]


def test_a_known_vulnerability_is_told_with_its_cure():
    known = CLEAN | {"vulns": [{"id": "CVE-1", "fix_versions": ["5.2.20"]}]}
    assert judge({"django"}, answer(known), "") == ["django 5.2.19: CVE-1, mended in 5.2.20"]


def test_no_answer_is_no_clean_one():
    assert judge({"django"}, "", "one\nno network") == ["not looked up at all: no network"]
