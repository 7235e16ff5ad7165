"""Reading aloud: with a voice of the device itself, and with no other."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Browser, Page, expect

# The voices of a device, which a browser without sound has not got; what is said is kept.
DEVICE = """
(voices) => {
  window.said = [];
  window.SpeechSynthesisUtterance = class extends EventTarget {
    constructor(text) { super(); this.text = text; }
  };
  const device = new EventTarget();
  device.getVoices = () => voices;
  device.speak = (words) => {
    window.said.push([words.text, words.voice.name]);
    window.now = words;
  };
  device.cancel = () => {};
  Object.defineProperty(window, "speechSynthesis", { value: device });
}
"""
FAR = {"name": "far", "lang": "nl-NL", "localService": False}
OWN = {"name": "own", "lang": "nl-NL", "localService": True}
ENGLISH = {"name": "english", "lang": "en-GB", "localService": True}


@pytest.fixture
def report(stack, browser: Browser, crowd):
    """Open today's report as the student at work, on a device with these voices."""
    contexts = []

    def on(*voices: dict) -> Page:
        context = browser.new_context(locale="nl-NL", viewport={"width": 390, "height": 844})
        contexts.append(context)
        context.add_init_script(f"({DEVICE})({json.dumps(voices)})")
        context.add_cookies(crowd["people"]["student"][0])
        page = context.new_page()
        page.goto(f"{stack.url}/aanwezig/verslagen/")
        page.locator("a[href*='/verslag/']").first.click()
        return page

    yield on
    for context in contexts:
        context.close()


def test_what_is_typed_is_read_and_a_second_press_stops_it(report):
    page = report(FAR, ENGLISH, OWN)
    page.locator("textarea").fill("Brood gebakken.")
    button = page.get_by_role("button", name="Lees voor")
    button.click()
    assert page.evaluate("() => window.said") == [["Brood gebakken.", "own"]]
    expect(button).to_have_attribute("aria-pressed", "true")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")
    button.click()
    page.evaluate("() => window.now.dispatchEvent(new Event('end'))")
    expect(button).to_have_attribute("aria-pressed", "false")


def test_no_voice_that_sends_the_words_away(report):
    page = report(FAR, ENGLISH)
    expect(page.locator("textarea")).to_be_visible()
    page.wait_for_load_state("networkidle")
    expect(page.locator("[data-read-aloud]")).to_be_hidden()
