"""The student's pages as an app: what they weigh, what stays without a network, and for whom."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, Request, expect

from tests.e2e import sessions
from tests.e2e.people import PHONE
from tests.e2e.relay import Relay

TESTS = 34  # at least as many as there are below
KB = 1000
# The page itself; what a day without a network asks for as well; the page once more.
FIRST_PAGE, FIRST_VISIT, NEXT_VISIT = 60 * KB, 75 * KB, 10 * KB
HOME, WEEK, ME = "/", reverse("attendance:week"), reverse("web:me")
ABSENCE = reverse("attendance:absence_report")
DAY = {HOME, WEEK}
MARK = re.compile(r"Je internet doet het nu niet\.\s+Dit zag je het laatst om \d\d:\d\d\.")
NOTHING_KEPT = "Deze pagina is er nu niet"
IT_WAITS = "Bewaard op je telefoon"
NOT_SENT = "Geen internet: dit is nog niet verstuurd"
# As where a phone believes to have a network and nothing comes through it.
SAYS_ONLINE = "Object.defineProperty(Navigator.prototype, 'onLine', {get: () => true})"
KEPT = """async () => {
    const found = [];
    for (const name of await caches.keys()) {
        if (!name.startsWith("stage-pages-")) continue;
        const requests = await (await caches.open(name)).keys();
        found.push(...requests.map(request => new URL(request.url).pathname));
    }
    return found.sort().join(" ");
}"""
ALL_KEPT_TEXT = """async () => {
    let text = "";
    for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const request of await cache.keys()) {
            if (request.url.includes("/static/")) continue;
            text += await (await cache.match(request)).text();
        }
    }
    return text;
}"""


@pytest.fixture(scope="module")
def logins(stack) -> list:
    """Cookies of one student, each of a session of its own: some tests end it."""
    output = stack.manage("shell", "-c", sessions.PHONES_COMMAND.format(TESTS))
    return sessions.cookies_of(output)["people"]["phone"]


@pytest.fixture
def phone(stack, browser, logins):
    """A phone with a student logged in who is at work."""
    context = browser.new_context(
        **PHONE, base_url=stack.url, locale="nl-NL", timezone_id="Europe/Amsterdam"
    )
    context.set_default_timeout(20_000)
    context.add_cookies(logins.pop())
    yield context
    context.close()


def see_home(context: BrowserContext) -> tuple[Page, str]:
    """The page "Vandaag" once it is kept with the week, and the name it greets."""
    page = context.new_page()
    page.goto(HOME)
    wait_for_kept(page)
    return page, page.locator("h1").inner_text().removeprefix("Hoi ")


def wait_for_kept(page: Page) -> None:
    """Wait until what a day without a network asks for is kept on the phone, and nothing else."""
    for _ in range(200):
        kept = set(page.evaluate(KEPT).split())
        if kept >= DAY:
            assert kept == DAY
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"kept: {page.evaluate(KEPT)}, and not: {DAY}")


def nothing_of(name: str, page: Page) -> None:
    """No word about the person is left in what the phone keeps, or on the page."""
    assert page.evaluate(KEPT) == ""
    assert name not in page.evaluate(ALL_KEPT_TEXT)
    assert name not in page.locator("body").inner_text()


# --- bytes --------------------------------------------------------------------------------------


def test_home_fits_a_bad_network(phone):
    """All that came over the network, worker, offline page and kept week included."""
    finished: list[Request] = []
    phone.on("requestfinished", lambda request: finished.append(request))
    page, _name = see_home(phone)
    page.wait_for_load_state("networkidle")
    # Chromium does not tell the size of the worker's own script.
    script = (settings.BASE_DIR / "static/js/sw.js").read_bytes()
    first = weight(finished) + len(gzip.compress(script))
    shown = weight([request for request in finished if request.service_worker is None])
    finished.clear()
    page.goto(HOME)
    page.wait_for_load_state("networkidle")
    limits = (FIRST_PAGE, FIRST_VISIT, NEXT_VISIT)
    weights = (shown, first, weight(finished))
    assert all(n <= most for n, most in zip(weights, limits, strict=True)), weights
    # The measurement itself: font, styles, icons and pages cannot be less than this together.
    assert first > 25 * KB
    assert weight(finished) > KB


def weight(requests: list[Request]) -> int:
    """Bytes over the network, headers included: encodedDataLength of the DevTools protocol."""
    sizes = [request.sizes() for request in requests]
    return sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes)


def test_every_static_file_of_a_page_stays_for_a_year(phone):
    found: dict[str, str] = {}
    phone.on(
        "response",
        lambda answer: found.setdefault(answer.url, answer.headers.get("cache-control", "")),
    )
    page = phone.new_page()
    for path in (HOME, ABSENCE, ME):
        page.goto(path)
        page.wait_for_load_state("networkidle")
    files = {url: kept for url, kept in found.items() if "/static/" in url}
    assert any(url.endswith(".js") for url in files)
    short = {url: kept for url, kept in files.items() if "max-age=315360000" not in kept}
    assert short == {}


# --- without a network --------------------------------------------------------------------------


def test_last_seen_home_and_week_stay_and_say_so(phone):
    page, name = see_home(phone)
    expect(page.locator("[data-last-seen]")).to_be_hidden()
    phone.set_offline(True)
    page.reload()
    expect(page.locator("[data-last-seen]")).to_have_text(MARK)
    expect(page.locator("h1")).to_have_text(f"Hoi {name}")
    page.goto(WEEK)
    expect(page.locator("[data-last-seen]")).to_have_text(MARK)
    page.goto(ME)
    expect(page.locator("main")).to_contain_text(NOTHING_KEPT)
    phone.set_offline(False)
    page.goto(HOME)
    expect(page.locator("[data-last-seen]")).to_be_hidden()


def test_yesterdays_copy_tells_the_day_and_an_old_one_is_not_shown(phone):
    page, _name = see_home(phone)
    seen = """async hours => {
        const name = (await caches.keys()).find(found => found.startsWith("stage-pages-"));
        const cache = await caches.open(name);
        const kept = await cache.match("/");
        const headers = new Headers(kept.headers);
        headers.set("Stage-Seen", Date.now() - hours * 3600000);
        await cache.put("/", new Response(await kept.text(), {headers}));
    }"""
    page.evaluate(seen, 24)
    phone.set_offline(True)
    page.reload()
    expect(page.locator("[data-seen-before]")).to_be_visible()
    expect(page.locator("[data-seen-today]")).to_be_hidden()
    page.evaluate(seen, 24 * 8)
    page.reload()
    expect(page.locator("main")).to_contain_text(NOTHING_KEPT)


def test_nothing_about_a_person_is_kept_after_log_out(phone):
    page, name = see_home(phone)
    page.goto(ME)
    page.get_by_role("button", name="Log uit").click()
    page.wait_for_url("**/inloggen/")
    nothing_of(name, page)
    phone.set_offline(True)
    for path in (HOME, WEEK):
        page.goto(path)
        expect(page.locator("main")).to_contain_text(NOTHING_KEPT)
        nothing_of(name, page)


def test_log_out_without_a_network_forgets_and_says_what_is_left_to_do(phone):
    page, name = see_home(phone)
    page.goto(ME)
    phone.set_offline(True)
    page.get_by_role("button", name="Log uit").click()
    expect(page.locator("main")).to_contain_text("Je bent nog niet uitgelogd")
    nothing_of(name, page)


def test_another_log_in_on_the_same_phone_finds_nothing(phone, crowd):
    page, name = see_home(phone)
    phone.clear_cookies()
    phone.add_cookies(crowd["people"]["student"][1])
    # Not a page that is kept: the first answer is enough.
    page.goto(ME)
    nothing_of(name, page)
    phone.set_offline(True)
    page.goto(HOME)
    expect(page.locator("main")).to_contain_text(NOTHING_KEPT)


@pytest.mark.parametrize("role", ["teacher", "guardian", "supervisor"])
def test_who_is_no_student_leaves_nothing_and_empties_it(phone, crowd, role):
    page, name = see_home(phone)
    phone.clear_cookies()
    phone.add_cookies(crowd["people"][role][0])
    page.goto(HOME)
    assert (page.evaluate(KEPT), name in page.evaluate(ALL_KEPT_TEXT)) == ("", False)
    page.reload()
    assert page.evaluate(KEPT) == ""


# --- a network that hangs -----------------------------------------------------------------------


@pytest.fixture
def relay(stack) -> Iterator[Relay]:
    relay = Relay(urlsplit(stack.url).port)
    yield relay
    relay.close()


def test_a_network_that_hangs_shows_the_copy_and_waits_for_what_is_sent(browser, logins, relay):
    phone = browser.new_context(**PHONE, base_url=relay.url, locale="nl-NL")
    phone.set_default_timeout(30_000)
    phone.add_cookies(logins.pop())
    page, name = see_home(phone)
    sending = phone.new_page()
    sending.goto(ABSENCE)
    relay.hang()
    sending.locator("main form[method=post] button").first.click(no_wait_after=True)
    page.goto(HOME)
    expect(page.locator("[data-last-seen]")).to_have_text(MARK)
    expect(page.locator("h1")).to_have_text(f"Hoi {name}")
    # Sent before the page whose copy is shown; it waited, and its answer comes.
    relay.flow()
    expect(sending.locator(".error-summary")).to_be_visible()
    expect(sending.locator("[data-unsent-note]")).to_have_count(0)
    page.goto(HOME)
    expect(page.locator("[data-last-seen]")).to_be_hidden()
    phone.close()


# --- sending ------------------------------------------------------------------------------------


@pytest.mark.parametrize("knows", [True, False], ids=["phone knows", "phone does not know"])
@pytest.mark.parametrize("may_wait", [True, False], ids=["may wait", "may not wait"])
def test_what_was_typed_stays_when_it_cannot_be_sent(phone, knows, may_wait):
    if not knows:
        phone.add_init_script(SAYS_ONLINE)
    page, _name = see_home(phone)
    page.goto(ABSENCE)
    page.locator("main input[type=radio]").first.check(force=True)
    note = page.locator("main [name=note]")
    note.fill("Ik heb griep sinds vannacht")
    if not may_wait:
        page.evaluate("document.querySelector('main [data-queue]').removeAttribute('data-queue')")
    phone.set_offline(True)
    page.locator("main form[method=post] button").first.click()
    said = ("status", IT_WAITS) if may_wait else ("alert", NOT_SENT)
    expect(page.locator(f"main form [role={said[0]}]")).to_contain_text(said[1])
    expect(note).to_have_value("Ik heb griep sinds vannacht")
    expect(page.locator("form[data-sent]")).to_have_count(0)
