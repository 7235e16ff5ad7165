"""Pictures of every page, as `make screens` makes them in screens/, with contact sheets beside.

`full`: the demo. `empty`: a school that began today. `errors`: what goes wrong on purpose. `dark`:
a few pages in the dark. Not collected by `make e2e`: it judges nothing.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from django.urls import reverse
from PIL import Image, ImageDraw

from tests.e2e import sessions
from tests.e2e.conftest import ROOT
from tests.e2e.crawl import Found, Looker, Reach, name_of, reach
from tests.e2e.test_pages import ROLES, secrets_of

OUT = ROOT / "screens"
# A picture on a sheet: at most this wide and high, in pixels.
TILE = {"phone": (320, 760), "desk": (620, 760)}
PER_SHEET = {"phone": 8, "desk": 6}
DARK = {"coordinator": ("web:home", "placements:board"), "student": ("web:home", "attendance:week")}
# Role, page and what to press without filling in anything: the answer is 422.
UNFILLED = (
    ("coordinator", "companies:company_add"),
    ("coordinator", "schools:student_add"),
    ("coordinator", "schools:period_add"),
    ("coordinator", "schools:staff_invite"),
    ("coordinator", "companies:campaign_add"),
    ("student", "attendance:absence_report"),
    ("student", "attendance:scan_typed"),
    ("anonymous", "companies:invitation_answer"),
    ("anonymous", "web:link_ask"),
    ("anonymous", "web:student_login"),
    ("anonymous", "account_login"),
)
# What is chosen first on a page of which the form comes after a choice.
CHOSEN = {"companies:invitation_answer": "?antwoord=no"}
REFUSED = (
    ("student", "/bedrijven/"),
    ("coordinator", "/bestaat-niet/"),
    ("anonymous", "/l/verzonnen/"),
    ("contact", "/leerlingen/"),
)
pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def reachable(stack, crowd, browser) -> dict[str, Reach]:
    return {
        role: reach(browser, stack.url, role, crowd["people"][role], secrets_of(role, crowd))
        for role in ROLES
    }


@pytest.mark.parametrize("role", ROLES)
def test_full(role, stack, browser, reachable):
    shots = [shot for page in reachable[role].pages for shot in _both(stack, browser, page, "full")]
    _sheets("full", role, shots)


@pytest.fixture(scope="module")
def newcomers(stack) -> dict:
    return sessions.cookies_of(stack.manage("shell", "-c", sessions.FRESH_COMMAND))["people"]


@pytest.mark.parametrize("role", ["coordinator", "teacher", "bureau", "student"])
def test_empty(role, stack, browser, newcomers):
    pages = reach(browser, stack.url, role, newcomers[role], {}).pages
    _sheets("empty", role, [s for page in pages for s in _both(stack, browser, page, "empty")])


def test_errors(stack, browser, reachable, crowd):
    shots = []
    for role, name in UNFILLED:
        there = (page for page in reachable[role].pages if page.name == name)
        found = next(there, None) or Found(role, name, reverse(name), "-", crowd["people"][role][0])
        if name in CHOSEN:
            found = replace(found, path=found.path + CHOSEN[name])
        shots += _both(stack, browser, found, "errors", press=True)
    for role, path in REFUSED:
        found = Found(role, name_of(path) or "not_found", path, "-", crowd["people"][role][0])
        shots += _both(stack, browser, found, "errors")
    _sheets("errors", "all", shots)


def test_dark(stack, browser, reachable):
    shots = []
    for role, names in DARK.items():
        for found in reachable[role].pages:
            if found.name in names:
                shots += _both(stack, browser, found, "dark", color_scheme="dark")
    _sheets("dark", "all", shots)


def _both(stack, browser, found: Found, kind: str, *, press=False, **options) -> list[Path]:
    """A picture on a phone and one on a desk."""
    looker = Looker(browser, stack.url, **options)
    page = looker.open(found)
    if press:
        page.locator("main form button[type=submit], main form button:not([type])").last.click()
        page.wait_for_load_state()
    made = []
    for width in TILE:
        looker.resize(width)
        name = re.sub(r"\W+", "-", found.name or found.path).strip("-")
        path = OUT / kind / width / f"{found.role}--{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        # What is fixed above the window would stand in the middle of a picture of the whole page.
        page.evaluate("scrollTo(0, 0)")
        page.screenshot(path=path, full_page=True)
        made.append(path)
    looker.close()
    return made


def _sheets(kind: str, who: str, shots: list[Path]) -> None:
    """Tiles of one width together, a few to a sheet."""
    for width, (wide, high) in TILE.items():
        paths = [p for p in shots if p.parent.name == width]
        per = PER_SHEET[width]
        for number in range(0, len(paths), per):
            sheet = Image.new("RGB", ((wide + 12) * (per // 2), (high + 28) * 2), "white")
            for index, path in enumerate(paths[number : number + per]):
                corner = (index % (per // 2) * (wide + 12), index // (per // 2) * (high + 28))
                _tile(sheet, path, corner, (wide, high))
            sheet.save(OUT / f"sheet-{kind}-{who}-{width}-{number // per + 1}.png")


def _tile(sheet: Image.Image, path: Path, corner: tuple[int, int], size: tuple[int, int]) -> None:
    with Image.open(path) as picture:
        wide = size[0]
        small = picture.convert("RGB").resize((wide, picture.height * wide // picture.width))
    sheet.paste(small.crop((0, 0, wide, min(small.height, size[1]))), (corner[0], corner[1] + 20))
    ImageDraw.Draw(sheet).text((corner[0] + 2, corner[1] + 4), path.stem, fill="black")
