"""Lists on a phone: rows of which enough are in sight, that one tap opens and one tap chooses."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.e2e.crawl import Found, Looker

# Of the demo's busiest school, in a window of 390 x 844 px: rows that are whole in sight.
IN_SIGHT = {
    "schools:student_list": 6,
    "assessments:mark_list": 6,
    "companies:company_list": 5,
    "placements:placement_list": 4,
    "agreements:agreement_list": 4,
}
WHOLE_ROWS = """() => [...document.querySelectorAll("table.brief tbody tr")]
    .map(row => row.getBoundingClientRect())
    .filter(box => box.top >= 0 && box.bottom <= innerHeight).length"""
ROW = "table.brief tbody tr"


@pytest.fixture
def looker(stack, browser):
    looker = Looker(browser, stack.url)
    yield looker
    looker.close()


def open_list(looker: Looker, crowd: dict, name: str):
    cookies = crowd["people"]["coordinator"][0]
    page = looker.open(Found("coordinator", name, reverse(name), "-", cookies))
    # The filters fold away when the script has come.
    page.locator(".filter-bar.folded").wait_for()
    return page


@pytest.mark.parametrize(("name", "rows"), IN_SIGHT.items())
def test_a_list_shows_its_rows_without_scrolling(looker, crowd, name, rows):
    assert open_list(looker, crowd, name).evaluate(WHOLE_ROWS) >= rows


def test_a_tap_anywhere_in_a_row_opens_it(looker, crowd):
    page = open_list(looker, crowd, "schools:student_list")
    row = page.locator(ROW).nth(2)
    path = row.locator("th a").get_attribute("href")
    box = row.bounding_box()
    with page.expect_navigation():
        page.mouse.click(box["x"] + box["width"] - 12, box["y"] + box["height"] - 6)
    assert page.url == looker.base + path


def test_a_tap_at_the_front_of_a_row_only_chooses_it(looker, crowd):
    page = open_list(looker, crowd, "schools:student_list")
    box = page.locator(ROW).nth(2).bounding_box()
    for where in (12, 40):  # the whole front is the box to tick
        page.mouse.click(box["x"] + where, box["y"] + box["height"] / 2)
    page.mouse.click(box["x"] + 30, box["y"] + box["height"] / 2)
    assert page.locator(ROW).nth(2).locator("[data-row]").is_checked()
    assert page.locator("[data-chosen]").inner_text() == "1"
    assert page.locator(".bulk-bar").is_visible()


def test_what_a_row_leaves_out_on_a_phone_stands_in_it_on_a_desk(looker, crowd):
    page = open_list(looker, crowd, "schools:student_list")
    number = page.locator(ROW).first.locator("td[data-label='Nummer']")
    assert not number.is_visible()
    looker.resize("desk")
    assert number.is_visible()


def test_all_that_were_found_are_chosen_until_one_is_taken_off(looker, crowd):
    page = open_list(looker, crowd, "schools:student_list")
    page.locator(ROW).nth(2).locator("[data-row]").check()
    found = page.locator("[data-found]")
    found.check()
    many = found.get_attribute("data-found")
    assert int(many) > page.locator(ROW).count()
    assert page.locator("[data-chosen]").inner_text() == many
    page.locator(ROW).nth(3).locator("[data-row]").uncheck()
    assert not found.is_checked()
    assert page.locator("[data-chosen]").inner_text() == str(page.locator(ROW).count() - 1)


def test_a_choice_acts_at_once_and_keeps_its_place(looker, crowd):
    page = open_list(looker, crowd, "schools:student_list")
    looker.resize("desk")
    box = page.locator(".filter-bar select[name=stage]")
    box.focus()
    box.select_option("none")
    page.wait_for_url("**stage=none*")
    assert box.evaluate("box => box === document.activeElement")
    # The button is for who has no scripts, and shows to who comes to it by keyboard.
    button = page.locator(".filter-bar button[type=submit]")
    assert button.bounding_box()["width"] <= 2
    for _field in range(12):
        page.keyboard.press("Tab")
        if button.evaluate("button => button === document.activeElement"):
            break
    assert button.bounding_box()["width"] > 40
