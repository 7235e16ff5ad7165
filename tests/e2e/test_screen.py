"""A company's screen: made by a contact, paired on a device of nobody, scanned by a student."""

from __future__ import annotations

import re

from django.urls import reverse
from playwright.sync_api import expect

from tests.e2e.people import DESK, PHONE

LIST, SHOW = reverse("attendance:screen_list"), reverse("attendance:screen")
SIGNS = re.compile(r"^\w{3}-\w{3}$")


def test_a_tablet_shows_codes_that_a_student_scans(stack, browser, crowd):
    contact = browser.new_context(**PHONE, base_url=stack.url, locale="nl-NL")
    contact.add_cookies(crowd["people"]["contact"][0])
    page = contact.new_page()
    page.goto(LIST)
    page.get_by_label("Waar staat het?").fill("Tablet bij de balie")
    page.get_by_role("button", name="Maak het scherm").click()
    code = page.locator("li", has_text="Tablet bij de balie").locator("strong").last.inner_text()

    # Nobody is logged in here.
    tablet = browser.new_context(**DESK, base_url=stack.url, locale="nl-NL").new_page()
    tablet.goto(SHOW)
    tablet.get_by_label("Code van het scherm").fill(code)
    tablet.get_by_role("button", name="Toon de code").click()
    signs = tablet.locator(".code")
    expect(signs).to_have_text(SIGNS)
    first = signs.inner_text()
    # It goes on by itself, without a press and without loading the page again.
    tablet.evaluate("window.stays = true")
    expect(signs).not_to_have_text(first, timeout=40_000)
    expect(signs).to_have_text(SIGNS)
    assert tablet.evaluate("window.stays")

    student = browser.new_context(**PHONE, base_url=stack.url, locale="nl-NL")
    student.add_cookies(crowd["people"]["student"][0])
    phone = student.new_page()
    phone.goto(reverse("attendance:scan_open", args=[signs.inner_text().replace("-", "")]))
    expect(phone.get_by_text(re.compile("Ik ben er|Je bent er al")).first).to_be_visible()

    page.goto(LIST)
    row = page.locator("li", has_text="Tablet bij de balie")
    expect(row.first).to_contain_text("laatst gezien")
    row.get_by_role("button", name="Trek in").last.click()
    expect(page.get_by_text("De code op dat scherm telt niet meer")).to_be_visible()
    tablet.reload()
    expect(tablet.get_by_label("Code van het scherm")).to_be_visible()
