"""Scores of Lighthouse for the pages on a phone, as `make lighthouse` prints them.

A slow phone on slow 4G, as Lighthouse imitates it. Logged in by cookies of the demo. Not
collected by `make e2e`: it needs a machine that does nothing else.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.conftest import ROOT
from tests.e2e.crawl import Found, reach
from tests.e2e.test_pages import secrets_of

LEAST = 95
CATEGORIES = ("performance", "accessibility", "best-practices")
PROGRAM = ROOT / "var/npm/node_modules/lighthouse/cli/index.js"
# Role -> URL names of its pages.
PAGES = {
    "student": (
        "web:home",
        "attendance:week",
        "placements:place_browse",
        "placements:application_write",
        "attendance:report_write",
        "agreements:agreement_show",
    ),
    "anonymous": ("companies:invitation_answer",),
    "supervisor": ("web:home", "attendance:week_confirm", "assessments:assessment_fill"),
}
WANTED = [(role, name) for role, names in PAGES.items() for name in names]
pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def found(stack, crowd, browser) -> dict[tuple[str, str], Found]:
    """(role, URL name) -> where that page is, and for whom."""
    pages = {}
    for role in PAGES:
        people = crowd["people"][role]
        for page in reach(browser, stack.url, role, people, secrets_of(role, crowd)).pages:
            pages[role, page.name] = page
    return pages


@pytest.fixture(scope="module")
def table():
    """Lines of the table; printed when all pages were looked at."""
    lines: list[str] = []
    yield lines
    head = f"| page | {' | '.join(CATEGORIES)} | bytes |\n|---|{'---|' * 4}\n"
    sys.stdout.write("\n" + head + "\n".join(lines) + "\n")


@pytest.mark.parametrize(("role", "name"), WANTED, ids=[f"{r} {n}" for r, n in WANTED])
def test_scores(role, name, stack, found, table, tmp_path):
    report = run_lighthouse(stack.url, found[role, name], tmp_path)
    scores = {key: round(report["categories"][key]["score"] * 100) for key in CATEGORIES}
    weight = report["audits"]["total-byte-weight"]["numericValue"]
    numbers = " | ".join(str(score) for score in scores.values())
    table.append(f"| {role} `{name}` | {numbers} | {weight:,.0f} |")
    low = {key: score for key, score in scores.items() if score < LEAST}
    assert low == {}, f"{found[role, name].path}: {low}\n" + "\n".join(lost_points(report))


def run_lighthouse(base: str, page: Found, folder: Path) -> dict:
    """The report of one page, as a phone with an empty cache gets it."""
    cookies = "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in page.cookies)
    headers, report = folder / "headers.json", folder / "report.json"
    headers.write_text(json.dumps({"Cookie": cookies} if cookies else {}))
    done = subprocess.run(
        [
            str(shutil.which("node")),
            str(PROGRAM),
            base + page.path,
            "--quiet",
            "--output=json",
            f"--output-path={report}",
            f"--extra-headers={headers}",
            f"--only-categories={','.join(CATEGORIES)}",
            "--chrome-flags=--headless=new --no-sandbox",
        ],
        env={**os.environ, "CHROME_PATH": str(shutil.which("chromium"))},
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )
    assert done.returncode == 0, f"{page}: {done.stderr[-3000:]}"
    return json.loads(report.read_text())


def lost_points(report: dict) -> list[str]:
    """What Lighthouse found wanting."""
    return [
        f"{audit['id']}: {audit['title']} {audit.get('displayValue', '')}"
        for audit in report["audits"].values()
        if audit.get("score") is not None and audit["score"] < 0.9
    ]
