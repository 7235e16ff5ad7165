"""What the browser prints: where it is from, how many pages, nothing to press, nothing cut off."""

from __future__ import annotations

import re

import pypdfium2
import pytest
from django.urls import reverse

from tests.e2e.crawl import Found, Looker

PRINTED = [
    ("coordinator", "schools:student_list"),
    ("coordinator", "companies:company_list"),
    ("coordinator", "placements:placement_list"),
    ("coordinator", "placements:board"),
    ("coordinator", "attendance:list"),
    ("supervisor", "assessments:assessment_group"),
]
TO_PRESS = """() => [...document.querySelectorAll(
        "button, .button, select:not(td select), input[type=checkbox], nav a")]
    .filter(e => e.checkVisibility({visibilityProperty: true}))
    .map(e => e.outerHTML.slice(0, 120))"""
# A4 less its margins, at 96 pixels an inch.
PAPER = {"width": 688, "height": 1000}
CUT_OFF = """() => [...document.querySelectorAll("main *")]
    .filter(e => e.checkVisibility() && !e.closest(".hidden-visually, select"))
    .filter(e => e.getBoundingClientRect().right > innerWidth + 1)
    .map(e => e.outerHTML.slice(0, 120))"""
COLOURS = "[getComputedStyle(document.documentElement).backgroundColor, \
getComputedStyle(document.querySelector('h1')).color]"


@pytest.fixture
def looker(stack, browser):
    looker = Looker(browser, stack.url, color_scheme="dark")
    yield looker
    looker.close()


@pytest.mark.parametrize(("role", "name"), PRINTED)
def test_a_page_on_paper(looker, crowd, role, name):
    cookies = crowd["people"][role][0]
    page = looker.open(Found(role, name, reverse(name), "-", cookies))
    page.emulate_media(media="print")
    page.set_viewport_size(PAPER)
    assert page.evaluate(TO_PRESS) == []
    assert page.evaluate(CUT_OFF) == []
    # White paper, also from a device that is set to dark.
    assert page.evaluate(COLOURS) == ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]
    with pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True)) as paper:
        # The browser places letter by letter: where a space is, is not told.
        texts = ["".join(sheet.get_textpage().get_text_range().split()) for sheet in paper]
    for number, text in enumerate(texts, start=1):
        assert f"{number}/{len(texts)}" in text
    assert re.search(r"Geprintop\d{1,2}[a-z]+\d{4}", texts[0])
    if role == "coordinator":
        assert "StadscollegeArnhem" in texts[0]
