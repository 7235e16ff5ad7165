"""Lists and the board change in place: the cursor, the history, the focus and the words said."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

LIST = "/leerlingen/"
BOARD = "/stages/koppelen/"


def is_error(message) -> bool:
    # Chromium also reports the 422 of a form with an error in the console.
    return message.type == "error" and "status of 422" not in message.text


@pytest.fixture
def desk(stack, browser: Browser, crowd):
    """Open a path as the coordinator; afterwards no console may hold an error."""
    contexts, errors = [], []

    def at(path: str, *, scripts: bool = True) -> Page:
        context = browser.new_context(
            locale="nl-NL", viewport={"width": 1280, "height": 900}, java_script_enabled=scripts
        )
        contexts.append(context)
        context.add_cookies(crowd["people"]["coordinator"][0])
        page = context.new_page()
        page.on("console", lambda m: errors.append(m.text) if is_error(m) else None)
        page.on("pageerror", lambda e: errors.append(str(e)))
        page.goto(stack.url + path)
        return page

    yield at
    for context in contexts:
        context.close()
    assert errors == []


def mark(page: Page) -> None:
    """A new document has no mark."""
    page.evaluate("() => { document.documentElement.dataset.mark = 'here' }")


def is_same_document(page: Page) -> bool:
    return page.evaluate("() => document.documentElement.dataset.mark === 'here'")


def names(page: Page) -> list[str]:
    return page.locator("#results tbody th a").all_inner_texts()


def test_typing_changes_the_list_and_back_gives_the_former(desk):
    page = desk(LIST)
    before = names(page)
    wanted = before[-1]
    mark(page)
    search = page.locator("main input[type=search]")
    search.press_sequentially(wanted, delay=20)
    expect(page.locator("#results tbody tr")).to_have_count(1)
    assert names(page) == [wanted]
    page.wait_for_url("**q=*")
    assert is_same_document(page)
    expect(search).to_be_focused()
    assert search.evaluate("field => field.selectionStart") == len(wanted)
    expect(page.locator("[data-said][role=status]")).to_have_text("1 gevonden")
    # More letters in the same go are no further step back.
    search.press_sequentially("qq", delay=20)
    expect(page.locator("[data-said][role=status]")).to_have_text("Niets gevonden")
    page.go_back()
    expect(page.locator("#results tbody tr")).to_have_count(len(before))
    assert page.url.endswith(LIST)
    assert names(page) == before
    expect(page.locator("main input[type=search]")).to_have_value("")


def test_a_choice_changes_the_list_and_its_download(desk):
    page = desk(LIST)
    mark(page)
    choice = page.locator("main select[name=klas]")
    choice.focus()
    choice.select_option(index=1)
    page.wait_for_url("**klas=*")
    chosen = choice.input_value()
    expect(page.locator("#results tbody td[data-label=Klas]").first).to_contain_text(chosen)
    # The class, and the level beside it.
    classes = page.locator("#results tbody td[data-label=Klas]").all_inner_texts()
    assert {text.split()[0] for text in classes} == {chosen}
    assert is_same_document(page)
    expect(choice).to_be_focused()
    export = page.locator("#page-actions .menu-list a").first
    assert f"klas={chosen}" in export.get_attribute("href")


def test_opening_a_student_and_coming_back_gives_the_whole_page(desk):
    page = desk(LIST)
    page.locator("main select[name=klas]").select_option(index=1)
    page.wait_for_url("**klas=*")
    found = names(page)
    page.locator("#results tbody th a").first.click()
    page.get_by_role("link", name="Open als hele pagina").click()
    page.wait_for_url(re.compile(r"/leerlingen/[^/?]+/$"))
    page.go_back()
    expect(page.locator("#panel-title")).to_be_visible()
    expect(page.locator("nav.desk-nav")).to_be_attached()
    assert names(page) == found


def test_matching_by_keyboard_keeps_the_place_and_says_what_happened(desk):
    page = desk(f"{BOARD}?staat=nothing")
    line = page.locator("article").filter(has=page.locator(":scope > form select")).nth(6)
    line = page.locator(f"#{line.get_attribute('id')}")
    mark(page)
    line.locator("select").select_option(index=1)
    line.get_by_role("button", name="Koppel").focus()
    top = page.evaluate("() => scrollY")
    placed = int(page.locator("#board-strip").inner_text().split(" geplaatst")[0].split()[-1])
    page.keyboard.press("Enter")
    message = line.locator(".notices[role=status]")
    expect(message).to_contain_text("gaat naar")
    expect(message).to_be_focused()
    expect(line).to_contain_text("Geplaatst")
    expect(page.locator("#board-strip")).to_contain_text(f"{placed + 1} geplaatst")
    assert is_same_document(page)
    # Not back at the top: no further than it takes to show the whole message.
    assert top > 300
    assert abs(page.evaluate("() => scrollY") - top) < 200
    expect(line).to_be_in_viewport()
    # The next press of Tab is in the message: the way back, as by mouse.
    page.keyboard.press("Tab")
    expect(message.get_by_role("button", name="Ongedaan maken")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#notices")).to_contain_text("is losgemaakt van")


def test_matching_without_a_place_says_so_in_the_line(desk):
    page = desk(f"{BOARD}?staat=nothing")
    line = page.locator("article").first
    mark(page)
    line.get_by_role("button", name="Koppel").click()
    expect(line.locator(".notices[role=status]")).to_have_text(re.compile("Kies eerst een plek"))
    expect(line.locator(".notices[role=status]")).to_be_focused()
    assert is_same_document(page)


def test_without_scripts_everything_goes_by_whole_pages(desk):
    page = desk(LIST, scripts=False)
    wanted = names(page)[-1]
    page.locator("main input[type=search]").fill(wanted)
    page.locator("main input[type=search]").press("Enter")
    page.wait_for_url("**q=*")
    assert names(page) == [wanted]
    page.goto(page.url.split("/leerlingen")[0] + f"{BOARD}?staat=nothing")
    page.locator("article").first.get_by_role("button", name="Koppel").click()
    expect(page.locator("#notices")).to_contain_text("Kies eerst een plek")
    assert "staat=nothing" in page.url


def test_typing_beside_the_board_finds_places_and_leaves_the_students(desk):
    page = desk(BOARD)
    mark(page)
    students = page.locator("#results article").count()
    box = page.locator("input[name=plek]")
    places = page.locator("#board-places li .row-title")
    wanted = places.last.inner_text()
    box.fill(wanted)
    expect(places).to_have_text([wanted])
    assert is_same_document(page)
    assert box.evaluate("box => box === document.activeElement")
    assert page.locator("#results article").count() == students
    page.reload()
    expect(box).to_have_value(wanted)
    expect(places).to_have_text([wanted])


def test_a_place_is_dragged_to_a_student_and_a_student_to_a_place(desk):
    page = desk(f"{BOARD}?staat=nothing")
    mark(page)
    places = page.locator("#board-places li[data-drag]")
    lines = page.locator("article[data-drop]").filter(has=page.locator("select[name=place]"))
    for way in ("place to student", "student to place"):
        page.evaluate("() => scrollTo(0, 0)")
        line = page.locator(f"#{lines.first.get_attribute('id')}")
        name = places.first.get_attribute("data-name")
        if way == "place to student":
            places.first.drag_to(line)
        else:
            line.locator("[data-drag=student]").drag_to(places.first)
        expect(line.locator(".notices[role=status]")).to_contain_text(f"gaat naar {name}")
        expect(line).to_contain_text("Geplaatst")
        assert is_same_document(page)


def test_a_place_dragged_to_who_has_one_opens_the_move_with_it_chosen(desk):
    page = desk(f"{BOARD}?staat=placed")
    place = page.locator("#board-places li[data-drag]").first
    code = place.get_attribute("data-code")
    place.drag_to(page.locator("article[data-move]").first)
    page.wait_for_url(f"**/move/?plek={code}")
    expect(page.locator("select[name=place]")).to_have_value(code)
