"""The desk: everything found from everywhere, a page of rows in sight, and a row beside it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.people import AXE, LEVELS
from tests.e2e.test_swaps import desk  # noqa: F401 (a fixture)

LISTS = ["/leerlingen/", "/stages/plaatsingen/", "/bedrijven/", "/stages/overeenkomsten/"]


def ready(page: Page) -> Page:
    """Until the scripts that a page fetches for itself are there."""
    page.wait_for_load_state("networkidle")
    return page


def opened(page: Page) -> str:
    return page.evaluate("new URL(location.href).searchParams.get('open')") or ""


def broken_rules(page: Page) -> list[str]:
    page.evaluate(AXE.read_text())
    found = page.evaluate("levels => axe.run({runOnly: levels})", LEVELS)
    return [f"{v['id']}: {v['nodes'][0]['html'][:200]}" for v in found["violations"]]


@pytest.mark.parametrize("path", LISTS)
def test_twenty_five_rows_fit_on_one_screen(desk, path):  # noqa: F811
    page = desk(path)
    rows = page.locator(".table.dense tbody tr")
    assert rows.count() == 25
    heights = [box["height"] for box in (row.bounding_box() for row in rows.all()) if box]
    assert max(heights) <= 40
    table = page.locator(".table-wrap").bounding_box()
    assert table is not None
    assert table["height"] <= 900
    assert page.evaluate("document.querySelector('.table-wrap').scrollWidth <= 968")


def test_a_finger_gets_its_room(stack, browser: Browser, crowd):
    context = browser.new_context(
        viewport={"width": 1024, "height": 768}, has_touch=True, is_mobile=True
    )
    context.add_cookies(crowd["people"]["coordinator"][0])
    page = context.new_page()
    page.goto(stack.url + "/leerlingen/")
    row = page.locator(".table.dense tbody tr").first.bounding_box()
    assert row is not None
    assert row["height"] >= 44
    context.close()


@pytest.mark.parametrize("path", LISTS)
def test_a_row_opens_beside_the_list(desk, path):  # noqa: F811
    page = ready(desk(path))
    rows = page.locator("a[data-opens]")
    third, fifth = rows.nth(2), rows.nth(4)
    third.click()
    title = page.locator("#panel-title")
    expect(title).to_be_focused()
    assert opened(page) == third.get_attribute("data-opens")
    expect(rows).to_have_count(25)
    assert broken_rules(page) == []
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(title).to_contain_text(fifth.inner_text())
    page.reload()
    expect(page.locator("#panel-title")).to_contain_text(fifth.inner_text())
    page.keyboard.press("Escape")
    expect(page.locator(".side-panel")).to_have_count(0)
    expect(fifth).to_be_focused()
    assert opened(page) == ""


def test_back_closes_what_was_opened(desk):  # noqa: F811
    page = ready(desk(LISTS[0]))
    page.locator("a[data-opens]").first.click()
    expect(page.locator(".side-panel")).to_have_count(1)
    page.go_back()
    expect(page.locator(".side-panel")).to_have_count(0)
    assert page.url.endswith("/leerlingen/")


def test_without_scripts_a_row_is_a_link(desk):  # noqa: F811
    page = desk(LISTS[0], scripts=False)
    name = page.locator("a[data-opens]").first.inner_text()
    page.locator("a[data-opens]").first.click()
    expect(page.locator("h1")).to_have_text(name)


def test_everything_is_found_from_any_page(desk):  # noqa: F811
    page = ready(desk("/periodes/"))
    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name="Zoek in alles")
    expect(field).to_be_focused()
    page.keyboard.type("bak")
    options = page.get_by_role("option")
    expect(options.first).to_be_visible()
    assert broken_rules(page) == []
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    wanted = options.first.get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(re.escape(wanted or "?")))


def test_escape_closes_what_was_found_and_enter_opens_its_page(desk):  # noqa: F811
    page = ready(desk("/leerlingen/"))
    page.keyboard.press("/")
    page.keyboard.type("bak")
    expect(page.locator("#finds")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#finds")).to_be_hidden()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Zoeken")
    expect(page.locator(".found").first).to_be_visible()


def test_a_slash_in_a_field_is_a_slash(desk):  # noqa: F811
    page = ready(desk("/leerlingen/"))
    field = page.locator("main input[type=search]")
    field.press("/")
    expect(field).to_be_focused()


def test_on_a_phone_an_icon_leads_to_the_page(stack, browser: Browser, crowd):
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    context.add_cookies(crowd["people"]["teacher"][0])
    page = context.new_page()
    page.goto(stack.url + "/leerlingen/")
    page.get_by_role("link", name="Zoek in alles").click()
    field = page.locator("main input[type=search]")
    expect(field).to_be_focused()
    field.press_sequentially("an", delay=30)
    expect(page.locator(".found").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()
