"""The parts of the path with the most traps, by keyboard alone: no mouse, no touch."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e import sessions

pytestmark = pytest.mark.e2e
# More presses than any page needs; a trap would use them all.
MOST_PRESSES = 150


@pytest.fixture(scope="module")
def crowd(stack) -> dict:
    return sessions.cookies_of(stack.manage("shell", "-c", sessions.COMMAND))


@pytest.fixture
def open_as(stack, browser: Browser, crowd):
    """Open a path as a role, in a browser that is closed afterwards."""
    contexts = []

    def at(role: str, path: str) -> Page:
        context = browser.new_context(locale="nl-NL", viewport={"width": 1280, "height": 900})
        contexts.append(context)
        if role != "anonymous":
            context.add_cookies(crowd["people"][role][0])
        page = context.new_page()
        page.goto(stack.url + path)
        return page

    yield at
    for context in contexts:
        context.close()


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is on a match of the selector."""
    for _press in range(MOST_PRESSES):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement?.matches(s) ?? false", selector):
            return
    raise AssertionError(f"{MOST_PRESSES} times Tab on {page.url} never reached {selector}")


def focused(page: Page, selector: str) -> bool:
    return page.evaluate("s => document.activeElement?.matches(s) ?? false", selector)


def test_the_skip_link_leads_to_the_content(open_as):
    page = open_as("coordinator", "/leerlingen/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_a_menu_opens_and_closes_and_gives_the_focus_back(open_as):
    page = open_as("coordinator", "/")
    tab_to(page, "summary.button")
    page.keyboard.press("Enter")
    expect(page.locator("details.menu .menu-list")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.locator("details.menu .menu-list")).to_be_hidden()
    assert focused(page, "summary.button")


def test_searching_sorting_and_choosing_rows(open_as):
    page = open_as("coordinator", "/leerlingen/")
    tab_to(page, "main input[type=search][name=q]")
    page.keyboard.type("van")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=van**")
    tab_to(page, "input[data-row]")
    page.keyboard.press("Space")
    expect(page.locator(".bulk-bar")).to_be_visible()
    tab_to(page, ".bulk-bar button")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).not_to_have_text("Leerlingen")


def test_an_empty_form_leads_to_its_summary_and_from_there_to_the_field(open_as):
    page = open_as("coordinator", "/periodes/nieuw/")
    tab_to(page, "main form .button.primary")
    page.keyboard.press("Enter")
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#id_name")).to_be_focused()


def test_a_dangerous_question_can_be_left_with_escape(open_as):
    page = open_as("coordinator", "/leerlingen/")
    tab_to(page, "tbody th a")
    page.keyboard.press("Enter")
    expect(page.locator("#panel-title")).to_be_focused()
    tab_to(page, "a[href*='/ouders/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/ouders/*/")
    tab_to(page, "[data-dialog]")
    page.keyboard.press("Enter")
    expect(page.locator("dialog[open]")).to_be_visible()
    assert page.evaluate("document.activeElement.closest('dialog') !== null")
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    assert focused(page, "[data-dialog]")


def test_a_company_reaches_the_last_button_without_a_mouse(open_as, crowd):
    # Not pressed: other tests read this invitation as one without an answer.
    page = open_as("anonymous", crowd["secret"]["companies:invitation_answer"])
    tab_to(page, "a[href*='antwoord=no']")
    page.keyboard.press("Enter")
    page.wait_for_url("**antwoord=no**")
    if page.locator("main form input[type=radio]").count():
        tab_to(page, "main form input[type=radio]")
        page.keyboard.press("Space")
        assert page.evaluate("document.activeElement.checked")
    tab_to(page, "main form .button.primary")
    assert page.evaluate("!document.activeElement.disabled")


def test_a_number_is_pressed_as_well_as_typed(open_as, crowd):
    page = open_as("anonymous", crowd["secret"]["companies:invitation_answer"] + "?antwoord=yes")
    box = page.locator("input[name=how_many]")
    box.fill("1")
    more, less = page.locator("[data-step=up]"), page.locator("[data-step=down]")
    more.click()
    more.click()
    expect(box).to_have_value("3")
    for _press in range(4):
        less.click()
    expect(box).to_have_value("1")  # nobody offers nought
    assert min(more.bounding_box()[side] for side in ("width", "height")) >= 44


def test_a_student_chooses_what_is_the_matter_without_a_mouse(open_as):
    page = open_as("student", "/aanwezig/afmelden/")
    tab_to(page, "input[name=kind]")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.checked")
    tab_to(page, "input[name=when]")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.checked")
    tab_to(page, "main form .button.primary")


def test_arrows_go_through_a_filter_and_enter_sends_it(open_as):
    page = open_as("coordinator", "/leerlingen/")
    tab_to(page, ".filter-bar select")
    select = page.locator(".filter-bar select").first
    name = select.get_attribute("name")
    before = page.url
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(select).to_be_focused()
    assert select.evaluate("box => box.selectedIndex") == 2
    assert page.url == before
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{name}=*")
    # Back where the hands were, on the page that came.
    expect(page.locator(f".filter-bar select[name={name}]")).to_be_focused()


def test_who_goes_on_from_a_filter_sends_it(open_as):
    page = open_as("coordinator", "/leerlingen/")
    tab_to(page, ".filter-bar select")
    name = page.locator(".filter-bar select").first.get_attribute("name")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.wait_for_url(f"**{name}=*")
    # On the next field: only the list was swapped.
    assert page.evaluate("document.activeElement.closest('.filter-bar') !== null")
