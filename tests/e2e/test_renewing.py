"""The teacher's day renews itself: what a colleague did is there within a minute."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.seeds import AT_WORK_COMMAND

TODAY = "/aanwezig/vandaag/"


@pytest.fixture
def teacher(stack, browser: Browser):
    """Open the day as a teacher whose four students were not seen; each call is another device."""
    printed = stack.manage("shell", "-c", AT_WORK_COMMAND)
    cookies = json.loads(printed.split("JSON", 1)[1].splitlines()[0])["teacher"]
    contexts, errors = [], []

    def at() -> Page:
        context = browser.new_context(locale="nl-NL", viewport={"width": 390, "height": 844})
        contexts.append(context)
        context.add_cookies(cookies)
        page = context.new_page()
        page.on("pageerror", lambda e: errors.append(str(e)))
        page.clock.install()
        page.goto(stack.url + TODAY)
        expect(page.locator(".row")).to_have_count(4)
        page.evaluate("() => { document.documentElement.dataset.mark = 'here' }")
        return page

    yield at
    for context in contexts:
        context.close()
    assert errors == []


def settled(page: Page):
    return page.locator(".row").filter(has=page.get_by_role("button", name="Draai terug"))


def wait_a_minute(page: Page) -> None:
    with page.expect_response(lambda r: "HX-Request".lower() in r.request.headers):
        page.clock.run_for(76_000)


def test_what_a_colleague_settles_comes_by_itself(teacher):
    mine, colleagues = teacher(), teacher()
    colleagues.get_by_role("button", name="Is er sinds").first.click()
    expect(settled(colleagues)).to_have_count(1)
    expect(settled(mine)).to_have_count(0)
    wait_a_minute(mine)
    expect(settled(mine)).to_have_count(1)
    assert mine.evaluate("() => document.documentElement.dataset.mark") == "here"
    # What came in works as what stood there.
    settled(mine).get_by_role("button", name="Draai terug").click()
    expect(settled(mine)).to_have_count(0)


def test_nothing_moves_under_who_is_busy(teacher):
    mine, colleagues = teacher(), teacher()
    menu = mine.locator("summary", has_text="Afwezig").last
    menu.click()
    mine.get_by_label("Waarom").last.fill("Tandarts")
    colleagues.get_by_role("button", name="Is er sinds").first.click()
    expect(settled(colleagues)).to_have_count(1)
    mine.clock.run_for(130_000)
    expect(mine.get_by_label("Waarom").last).to_have_value("Tandarts")
    expect(settled(mine)).to_have_count(0)
    # Left again, it catches up.
    mine.keyboard.press("Escape")
    mine.evaluate("() => document.activeElement.blur()")
    wait_a_minute(mine)
    expect(settled(mine)).to_have_count(1)
