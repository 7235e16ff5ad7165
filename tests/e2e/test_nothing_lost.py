"""Back, a second tab, a double press, a log-in that ran out: nothing is lost and nothing breaks."""

from __future__ import annotations

import json
import re

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.e2e.people import Person
from tests.e2e.seeds import AT_WORK_COMMAND

REPORT = "Vandaag heb ik deeg gemaakt en de winkel geholpen. Dat ging heel goed."


@pytest.fixture
def at_work(stack) -> dict:
    printed = stack.manage("shell", "-c", AT_WORK_COMMAND)
    return json.loads(printed.split("JSON", 1)[1].splitlines()[0])


def _log_in_runs_out(someone: Person) -> None:
    someone.context.clear_cookies(name="sessionid")


def _page_runs_out(someone: Person) -> None:
    """The form's token is of an earlier log-in.

    The cookie is left alone: what the service worker asks for meanwhile would bring it back.
    """
    someone.page.evaluate(
        "document.querySelectorAll('[name=csrfmiddlewaretoken]').forEach("
        "field => { field.value = 'a'.repeat(64); })"
    )


@pytest.mark.parametrize(
    ("runs_out", "said"),
    [(_log_in_runs_out, "inloggen"), (_page_runs_out, "de pagina stond te lang open")],
    ids=["log-in", "page"],
)
def test_what_was_typed_outlives_a_log_in_and_a_page_that_ran_out(person, at_work, runs_out, said):
    aya: Person = person("Aya", phone=True)
    aya.context.add_cookies(at_work["student"])
    aya.open(f"/aanwezig/verslag/{_today(aya)}/")
    aya.fill("wat heb je gedaan", REPORT)
    runs_out(aya)
    aya.press("^bewaar")
    aya.sees(said)
    aya.context.add_cookies(at_work["student"])
    aya.open(f"/aanwezig/verslag/{_today(aya)}/")
    expect(aya.page.get_by_label(re.compile("wat heb je gedaan", re.I))).to_have_value(REPORT)
    aya.press("^bewaar")
    aya.sees("deeg gemaakt")
    # What arrived is not kept: the next report starts empty.
    expect_nothing_kept(aya.page)


def test_words_of_any_long_field_stay_in_the_tab(person, at_work):
    aya: Person = person("Aya", phone=True)
    aya.context.add_cookies(at_work["student"])
    aya.open("/aanwezig/afmelden/")
    aya.fill("iets bij zeggen", REPORT)
    aya.open("/")
    aya.open("/aanwezig/afmelden/")
    expect(aya.page.get_by_label(re.compile("iets bij zeggen", re.I))).to_have_value(REPORT)
    aya.open("/ik/")
    aya.press("^log uit")
    expect_nothing_kept(aya.page)


def test_a_second_tab_with_an_older_answer_is_told_so(person, at_work):
    sanne: Person = person("Sanne", phone=True)
    first, second = sanne.page, sanne.context.new_page()
    for tab in (first, second):
        tab.goto(f"{at_work['invitation']}")
        tab.get_by_role("link", name="Ja, wij doen mee").click()
    _offer(first, "3")
    expect(first.get_by_role("heading", name="Bedankt voor uw antwoord")).to_be_visible()
    _offer(second, "1")
    expect(second.get_by_text("gaf net ook antwoord")).to_be_visible()
    expect(second.locator(".facts").first).to_contain_text("3")


def test_back_and_a_double_press_after_sending_break_nothing(person, at_work):
    sanne: Person = person("Sanne", phone=True)
    page = sanne.page
    page.goto(at_work["invitation"])
    page.get_by_role("link", name="Ja, wij doen mee").click()
    page.get_by_label(re.compile("hoeveel leerlingen", re.I)).fill("2")
    page.get_by_role("button", name=re.compile("^verstuur", re.I)).dblclick()
    expect(page.get_by_role("heading", name="Bedankt voor uw antwoord")).to_be_visible()
    expect(page.locator(".facts").first).to_contain_text("2")
    page.go_back()
    expect(page.get_by_label(re.compile("hoeveel leerlingen", re.I))).to_be_visible()
    page.get_by_role("button", name=re.compile("^verstuur", re.I)).click()
    expect(page.get_by_role("heading", name="Bedankt voor uw antwoord")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Bedankt voor uw antwoord")).to_be_visible()
    expect(page.locator(".facts").first).to_contain_text("2")


def test_a_press_while_a_picture_is_made_smaller_counts(person, crowd, tmp_path):
    willem: Person = person("Willem", phone=True)
    willem.context.add_cookies(crowd["people"]["student"][0])
    willem.open("/leren/mijn/")
    page = willem.page
    page.locator("main a[href*='/leren/mijn/']").first.click()
    box = page.locator("input[data-photo]")
    # The page that opens, with its scripts, and not the one that is being left.
    expect(box).to_be_attached()
    page.wait_for_load_state()
    # A phone that takes its time: it goes on when the test says so.
    page.evaluate(
        "() => { const make = window.createImageBitmap; const slow = new Promise(go => {"
        " window.goOn = go; }); window.createImageBitmap = async (...words) => {"
        " await slow; return make(...words); }; }"
    )
    Image.new("RGB", (40, 30), "white").save(tmp_path / "wit.png")
    box.set_input_files(str(tmp_path / "wit.png"))
    pictures = page.locator("main img:not(.photo-preview)")
    before = pictures.count()
    button = page.get_by_role("button", name="Voeg toe")
    button.click()
    expect(button).to_have_attribute("aria-busy", "true")
    page.evaluate("window.goOn()")
    expect(pictures).to_have_count(before + 1)


def expect_nothing_kept(page: Page) -> None:
    """No words in the tab, neither unsent nor waiting for word that they arrived."""
    page.wait_for_function(
        "() => !Object.keys(sessionStorage).some(key => /^(draft|sent):/.test(key))"
    )


def _offer(page: Page, places: str) -> None:
    page.get_by_label(re.compile("hoeveel leerlingen", re.I)).fill(places)
    page.get_by_role("button", name=re.compile("^verstuur", re.I)).click()


def _today(someone: Person) -> str:
    """The day it is in the Netherlands, as addresses have it."""
    return someone.page.evaluate(
        "new Intl.DateTimeFormat('sv-SE', {timeZone: 'Europe/Amsterdam'}).format(new Date())"
    )
