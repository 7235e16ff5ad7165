"""Counts what a person has to press, so that a page that asks more than before fails a test.

A tap is one press of a button, link, box or option, the focus of a field that has not got it, a
choice from a native select, or a choice of a file. Typing itself and scrolling do not count. What
is not in sight cannot be tapped: the counter presses as a person does, without force.
"""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Locator, expect

from tests.e2e.people import Person


class Taps:
    """One person's taps on one errand."""

    def __init__(self, person: Person, errand: str):
        self.person = person
        self.page = person.page
        self.errand = errand
        self.trail: list[str] = []

    @property
    def count(self) -> int:
        return len(self.trail)

    def follow(self, address: str) -> None:
        """The button of a mail: a tap in the mailbox."""
        self.trail.append("the button in the mail")
        self.person.open(address)

    def press(self, name: str) -> None:
        """A button or link by its name."""
        pattern = re.compile(name, re.I)
        found = self.page.get_by_role("button", name=pattern).or_(
            self.page.get_by_role("link", name=pattern)
        )
        self._tap(found.filter(visible=True).first, name)
        self.page.wait_for_load_state()

    def tick(self, label: str, *, within: Locator | None = None) -> None:
        """A box or an option, by the words beside it: those are what is pressed."""
        pattern = re.compile(label, re.I)
        part = within or self.page.locator("main")
        box = part.get_by_role("checkbox", name=pattern).or_(
            part.get_by_role("radio", name=pattern)
        )
        code = box.first.get_attribute("id")
        self._tap(self.page.locator(f"label[for='{code}']").last, label)
        expect(box.first).to_be_checked()

    def untick(self, label: str) -> None:
        box = self.page.get_by_role("checkbox", name=re.compile(label, re.I)).first
        self._tap(self.page.locator(f"label[for='{box.get_attribute('id')}']").last, label)
        expect(box).not_to_be_checked()

    def fill(self, label: str, value: str) -> None:
        """Type in a field; getting there is a tap unless the page has put the focus there."""
        box = self._field(label)
        if not box.evaluate("box => box === document.activeElement"):
            self._tap(box, label)
        box.fill(value)

    def choose(self, label: str, value: str) -> None:
        """An option of a native select."""
        box = self._field(label)
        expect(box).to_be_visible()
        texts = box.locator("option").all_inner_texts()
        self.trail.append(f"{label}: {value}")
        box.select_option(label=next(t for t in texts if re.search(value, t, re.I)))

    def upload(self, path: Path) -> None:
        box = self.page.locator("main input[type=file]").first
        expect(box).to_be_visible()
        self.trail.append(path.name)
        box.set_input_files(str(path))

    def sees(self, text: str) -> None:
        self.person.sees(text)

    def _field(self, label: str) -> Locator:
        found = self.page.locator("main").get_by_label(re.compile(label, re.I))
        return found.filter(visible=True).first

    def _tap(self, target: Locator, words: str) -> None:
        expect(target).to_be_visible()
        self.trail.append(words)
        target.click()

    def __str__(self) -> str:
        return f"{self.errand}: {self.count} taps ({' · '.join(self.trail)})"
