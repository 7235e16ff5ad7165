"""Taps, losses of network, kills of the tab and lost answers in any order: all counts once.

Each sequence writes reports of one day, which the trail of the school counts. `QUEUE_SEQUENCES`
says how many; each is known by its number.
"""

from __future__ import annotations

import contextlib
import os
import random
import re

import pytest
from playwright.sync_api import BrowserContext, Error, Route, expect

from tests.e2e import waiting
from tests.e2e.test_queue import HOME, KEPT, OPTIONS, _json, _today, head, ready

SEQUENCES = int(os.environ.get("QUEUE_SEQUENCES", "4"))
STEPS = 12
WAITING = """() => new Promise(resolve => {
    const request = indexedDB.open("stage-queue");
    request.onsuccess = () => {
        const rows = request.result.transaction("waiting").objectStore("waiting").getAll();
        rows.onsuccess = () => resolve(rows.result.filter(row => row.state === "waiting").length);
    };
})"""
KEPT_NOTE = "Bewaard op je telefoon"


def kept_too(page, path: str) -> None:
    page.wait_for_load_state("networkidle")
    for _ in range(100):
        if page.evaluate(KEPT, [path]):
            return
        page.wait_for_timeout(100)
    raise AssertionError("not kept")


class Sequence:
    """One phone, and what happens to it."""

    def __init__(self, number: int, phone: BrowserContext) -> None:
        self.chance = random.Random(number)
        self.phone, self.number = phone, number
        self.pressed: list[str] = []
        self.has_network = self.is_bad = True
        self.page = ready(phone)
        self.day = _today(self.page)
        self.page.goto(self.address)
        kept_too(self.page, self.address)
        phone.route("**/aanwezig/verslag/**", self._road)

    @property
    def address(self) -> str:
        return f"/aanwezig/verslag/{self.day}/"

    def _road(self, route: Route) -> None:
        """On the way to the product, or back, a report that the queue sends may be lost."""
        is_queued = "stage-nonce" in route.request.headers
        if not self.has_network:
            route.abort("internetdisconnected")
        elif is_queued and self.is_bad and (bad := self.chance.random()) < 0.5:
            if bad < 0.3:  # it arrived, and nobody hears of it
                route.fetch()
            route.abort("connectionreset")
        else:
            route.continue_()

    def write(self) -> None:
        words = f"Verslag {self.number}, keer {len(self.pressed)}."
        self.page.goto(self.address)
        self.page.get_by_label(re.compile("wat heb je gedaan", re.I)).fill(words)
        self.page.get_by_role("button", name="Bewaar").click()
        kept = self.page.get_by_text(KEPT_NOTE)
        expect(kept.or_(self.page.get_by_text("is bewaard")).first).to_be_visible()
        self.pressed.append(words)

    def seen(self) -> list[str]:
        """What the phone still says of what was not taken."""
        return self.page.locator("[data-why]").all_inner_texts()

    def network(self) -> None:
        self.has_network = not self.has_network
        self.phone.set_offline(not self.has_network)

    def kill(self) -> None:
        self.page.close()
        self.page = self.phone.new_page()
        self.page.goto(HOME)

    def try_again(self) -> None:
        button = self.page.get_by_role("button", name="Probeer nu")
        if button.is_visible():
            button.click()

    def run(self) -> None:
        steps = [self.write, self.write, self.network, self.kill, self.try_again]
        for _ in range(STEPS):
            self.chance.choice(steps)()

    def end(self) -> None:
        """The network is back, and good."""
        self.is_bad = False
        if not self.has_network:
            self.network()
        self.kill()
        for _ in range(400):
            # A page that asks for itself anew answers at the next try.
            with contextlib.suppress(Error):
                if self.page.evaluate(WAITING) == 0:
                    # A page of its own: the one that sent the last may be on its way to itself.
                    self.kill()
                    return
            self.page.wait_for_timeout(100)
        raise AssertionError(f"still waits: {head(self.page).inner_text()}")


@pytest.fixture(scope="module")
def schools(stack) -> list:
    return _json(stack.manage("shell", "-c", waiting.SEED.format(SEQUENCES)))


@pytest.mark.parametrize("number", range(SEQUENCES))
def test_nothing_is_lost_and_nothing_doubled(stack, browser, schools, number):
    school = schools[number]
    phone = browser.new_context(**OPTIONS, base_url=stack.url)
    phone.add_cookies(school["logins"][0][0])
    sequence = Sequence(number, phone)
    sequence.run()
    sequence.end()
    assert sequence.seen() == []
    phone.close()
    told = _json(stack.manage("shell", "-c", waiting.TELL.format(school["school"])))
    expected = [{"text": sequence.pressed[-1], "photo": False}] if sequence.pressed else []
    assert (told["written"], told["reports"]) == (len(sequence.pressed), expected)
