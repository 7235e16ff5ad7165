"""Without a network: what is pressed waits on the phone, is seen, and counts once."""

from __future__ import annotations

import json
import re
import shutil
import time
from contextlib import closing

import pytest
from django.urls import reverse
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e import waiting
from tests.e2e.people import AXE, LEVELS, PHONE

TESTS = 16  # at least as many as there are below
HOME, ABSENCE, ME = "/", reverse("attendance:absence_report"), reverse("web:me")
SCAN = reverse("attendance:scan_open", args=["X"]).removesuffix("X/")
OPTIONS = {**PHONE, "locale": "nl-NL", "timezone_id": "Europe/Amsterdam"}
ONE = "1 melding wacht op internet."
SENT = "Alles is verstuurd."
# Pages that the worker keeps for the first minutes without a network.
KEPT = """async paths => {
    for (const name of await caches.keys()) {
        if (!name.startsWith("stage-pages-")) continue;
        const requests = await (await caches.open(name)).keys();
        const found = requests.map(request => new URL(request.url).pathname);
        if (paths.every(path => found.includes(path))) return true;
    }
    return false;
}"""


@pytest.fixture(scope="module")
def schools(stack) -> list:
    return _json(stack.manage("shell", "-c", waiting.SEED.format(TESTS)))


@pytest.fixture
def school(schools) -> dict:
    return schools.pop()


@pytest.fixture
def phone(stack, browser, school):
    """A phone on which the first student of a school is logged in."""
    context = browser.new_context(**OPTIONS, base_url=stack.url)
    context.set_default_timeout(20_000)
    context.add_cookies(school["logins"][0][0])
    with closing(context):
        yield context


@pytest.fixture
def told(stack, school):
    """What the product holds of the school now."""
    return lambda: _json(stack.manage("shell", "-c", waiting.TELL.format(school["school"])))


def _json(output: str):
    return json.loads(output.split("JSON", 1)[1].splitlines()[0])


def ready(context: BrowserContext, *paths: str) -> Page:
    """The home page, once the phone can do without a network."""
    page = context.new_page()
    page.goto(HOME)
    for _ in range(200):
        if page.evaluate(KEPT, [HOME, *paths]):
            return page
        page.wait_for_timeout(100)
    raise AssertionError("not kept")


def bar(page: Page):
    return page.locator("[data-queue-bar]")


def head(page: Page):
    return page.locator("[data-queue-head]")


def arrive(page: Page) -> float:
    """Press "Ik ben er" without a network, and see that it waits."""
    page.get_by_role("button", name="Ik ben er", exact=True).click()
    expect(head(page)).to_have_text(ONE)
    return time.time()


def is_in(page: Page) -> None:
    """The page says of itself that it arrived."""
    expect(page.get_by_text(re.compile(r"Je bent er sinds \d\d:\d\d"))).to_be_visible()


def test_what_is_pressed_waits_in_sight_and_goes_out_once(phone, told):
    page = ready(phone)
    phone.set_offline(True)
    page.reload()
    pressed = arrive(page)
    page.get_by_role("button", name="Ik ben er", exact=True).click()
    page.get_by_text("Wacht op internet", exact=True).click()
    expect(page.locator("[data-queue-list] li")).to_have_count(1)
    expect(page.locator("[data-queue-list] [data-what]")).to_have_text("Aanmelding")
    expect(page.locator("[data-queue-list] [data-when]")).to_have_text(re.compile(r"^\d\d:\d\d$"))
    assert told()["arrivals"] == []
    phone.set_offline(False)
    is_in(page)
    (row,) = told()["arrivals"]
    assert abs(row["at"] - pressed) < 3
    assert abs(row["device"] - pressed) < 3


def test_a_whole_day_without_a_network_arrives_in_its_order(phone, told):
    """In the shed: in, and home again; the page does not know yet that anybody is in."""
    page = ready(phone)
    phone.set_offline(True)
    page.reload()
    home = page.get_by_role("button", name="Ik ga naar huis", exact=True)
    expect(home).to_be_hidden()
    came = arrive(page)
    page.wait_for_timeout(1100)
    home.click()
    expect(head(page)).to_have_text("2 meldingen wachten op internet.")
    home.click()
    phone.set_offline(False)
    expect(page.get_by_text(re.compile(r"Je was er van \d\d:\d\d tot \d\d:\d\d"))).to_be_visible()
    found = told()
    assert len(found["arrivals"]) == 1
    ((kind, went),) = found["rest"]
    assert kind == "end"
    assert 0 < went - found["arrivals"][0]["at"] < 20
    assert abs(found["arrivals"][0]["at"] - came) < 3


def test_pauses_without_a_network_are_each_of_their_own(phone, told):
    page = ready(phone)
    page.get_by_role("button", name="Ik ben er", exact=True).click()
    page.goto(HOME)
    is_in(page)
    phone.set_offline(True)
    pause = page.get_by_role("button", name="Pauze", exact=True)
    back = page.get_by_role("button", name="Weer aan het werk", exact=True)
    expect(back).to_be_hidden()
    for button in (pause, pause, back, pause, back):
        button.click()
        page.wait_for_timeout(300)
    expect(head(page)).to_have_text("4 meldingen wachten op internet.")
    phone.set_offline(False)
    expect(bar(page)).to_be_hidden()
    page.goto(HOME)
    is_in(page)
    assert [kind for kind, _at in told()["rest"]] == ["pause", "back", "pause", "back"]


def test_the_bar_is_accessible_and_fits_a_phone(phone):
    page = ready(phone)
    phone.set_offline(True)
    arrive(page)
    page.get_by_text("Wacht op internet", exact=True).click()
    page.evaluate(AXE.read_text())
    found = page.evaluate(
        "levels => axe.run(document, {runOnly: levels}).then(r => r.violations.map(v => v.id))",
        LEVELS,
    )
    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for button in page.locator("[data-queue-bar] button:visible").all():
        assert button.bounding_box()["height"] >= 44


def test_it_outlives_the_phone(stack, browser, school, told, tmp_path):
    """The browser is gone, and comes back with a network."""
    cookies = [c | {"expires": time.time() + 86400} for c in school["logins"][0][0]]
    program = shutil.which("chromium") or shutil.which("chromium-browser")

    def start():
        return browser.browser_type.launch_persistent_context(
            str(tmp_path / "phone"), executable_path=program, base_url=stack.url, **OPTIONS
        )

    with closing(start()) as phone:
        phone.add_cookies(cookies)
        page = ready(phone)
        phone.set_offline(True)
        pressed = arrive(page)
    assert told()["arrivals"] == []
    with closing(start()) as phone:
        page = phone.new_page()
        page.goto(HOME)
        is_in(page)
    (row,) = told()["arrivals"]
    assert abs(row["at"] - pressed) < 3


def test_two_tabs_send_it_once(phone, told):
    page = ready(phone)
    other = phone.new_page()
    other.goto(HOME)
    sent = []
    phone.on("request", lambda r: sent.append(r.url) if r.method == "POST" else None)
    phone.set_offline(True)
    arrive(page)
    expect(head(other)).to_have_text(ONE)
    phone.set_offline(False)
    for tab in (page, other):
        expect(head(tab)).not_to_have_text(ONE)
    assert len(told()["arrivals"]) == 1
    assert len(sent) == 1


def test_another_log_in_neither_sees_nor_sends_it(phone, school, told):
    page = ready(phone)
    phone.set_offline(True)
    arrive(page)
    phone.clear_cookies()
    phone.add_cookies(school["logins"][1][0])
    phone.set_offline(False)
    # The page still open is the first student's; the log-in is not.
    expect(page.locator("[data-queue-note]")).to_have_text("Log in om te versturen.")
    page.goto(HOME)
    page.wait_for_load_state("networkidle")
    expect(bar(page)).to_be_hidden()
    assert told()["arrivals"] == []
    # Whose it is comes back, by a log-in of later.
    phone.clear_cookies()
    phone.add_cookies(school["logins"][0][1])
    page.goto(HOME)
    is_in(page)
    assert len(told()["arrivals"]) == 1


def test_a_log_in_that_ended_says_what_to_do(phone, school, told):
    page = ready(phone)
    phone.set_offline(True)
    arrive(page)
    phone.clear_cookies(name="sessionid")
    phone.set_offline(False)
    expect(page.get_by_text("Log in om te versturen.")).to_be_visible()
    expect(bar(page).get_by_role("link", name="Log in")).to_be_visible()
    assert told()["arrivals"] == []
    phone.add_cookies(school["logins"][0][1])
    page.get_by_role("button", name="Probeer nu").click()
    is_in(page)
    assert len(told()["arrivals"]) == 1


def test_a_refused_one_says_why_until_it_is_seen(phone, told):
    page = ready(phone)
    page.goto(ABSENCE)
    phone.set_offline(True)
    page.locator("input[name=kind][value=late]").check(force=True)
    page.locator("main form[method=post] button").last.click()
    expect(head(page)).to_have_text(ONE)
    phone.set_offline(False)
    for _ in range(2):
        expect(head(page)).to_have_text("1 melding is niet aangenomen.")
        expect(page.locator("[data-why]")).to_contain_text("Vul in hoe laat.")
        page.goto(HOME)
    assert told()["absences"] == 0
    page.get_by_role("button", name="Gezien").click()
    expect(bar(page)).to_be_hidden()
    page.reload()
    expect(bar(page)).to_be_hidden()


def test_a_clock_ten_minutes_ahead_is_noticed_and_put_right(phone, told):
    phone.add_init_script("const now = Date.now; Date.now = () => now() + 600_000;")
    page = ready(phone)
    phone.set_offline(True)
    pressed = arrive(page)
    phone.set_offline(False)
    expect(page.locator("[data-queue-note]")).to_have_text(
        "De klok van je telefoon loopt 10 minuten voor. De goede tijd is verstuurd."
    )
    (row,) = told()["arrivals"]
    assert abs(row["at"] - pressed) < 3
    assert abs(row["device"] - pressed - 600) < 3


def test_thrown_away_is_not_sent(phone, told):
    page = ready(phone)
    phone.set_offline(True)
    arrive(page)
    page.get_by_text("Wacht op internet", exact=True).click()
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.get_by_role("button", name="Gooi weg").click()
    expect(head(page)).to_have_text(ONE)
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Gooi weg").click()
    expect(bar(page)).to_be_hidden()
    phone.set_offline(False)
    page.goto(HOME)
    page.wait_for_load_state("networkidle")
    assert told()["arrivals"] == []


def test_logging_out_with_something_waiting_warns_first(phone, school, told):
    page = ready(phone)
    page.goto(ME)
    other = phone.new_page()
    other.goto(HOME)
    phone.set_offline(True)
    arrive(other)
    expect(head(page)).to_have_text(ONE)
    asked = []
    page.once("dialog", lambda d: (asked.append(d.message), d.dismiss()))
    page.get_by_role("button", name="Log uit").click()
    expect(head(page)).to_have_text(ONE)
    assert "Er staat nog iets dat niet is verstuurd." in asked[0]
    page.once("dialog", lambda d: d.accept())
    page.get_by_role("button", name="Log uit").click()
    expect(page.locator("main")).to_contain_text("Je bent nog niet uitgelogd")
    phone.set_offline(False)
    page.goto(HOME)
    page.wait_for_load_state("networkidle")
    expect(bar(page)).to_be_hidden()
    assert told()["arrivals"] == []


def test_a_poster_scanned_where_there_is_no_network(stack, phone, school, told):
    code = (
        "from attendance.models import AttendanceSettings as S;"
        "from stage.core.tenants.tenancy import SYSTEM, use\n"
        f"with use(SYSTEM): S.objects.filter(school={school['school']}).update(way='qr')"
    )
    stack.manage("shell", "-c", code)
    page = ready(phone)
    # Seen once under this log-in, it is there when it is needed.
    page.goto(reverse("attendance:scan_typed"))
    page = ready(phone, reverse("attendance:scan_typed"))
    phone.set_offline(True)
    page.goto(f"{SCAN}{school['poster']}/")
    page.get_by_role("button", name="Ga verder").click()
    expect(head(page)).to_have_text(ONE)
    phone.set_offline(False)
    expect(head(page)).not_to_have_text(ONE)
    (row,) = told()["arrivals"]
    assert row["method"] == "poster"


def test_a_report_with_a_photo_waits_too(phone, told, tmp_path):
    page = ready(phone)
    page.goto(reverse("attendance:report_list"))
    page.goto(f"/aanwezig/verslag/{_today(page)}/")
    phone.set_offline(True)
    page.get_by_label(re.compile("wat heb je gedaan", re.I)).fill("Deeg gemaakt zonder internet.")
    Image.new("RGB", (2400, 1800), "navy").save(tmp_path / "foto.png")
    page.locator("input[data-photo]").set_input_files(str(tmp_path / "foto.png"))
    page.get_by_role("button", name="Bewaar").click()
    expect(head(page)).to_have_text(ONE)
    page.close()
    phone.set_offline(False)
    page = phone.new_page()
    page.goto(HOME)
    expect(page.get_by_text("Alles is verstuurd").or_(head(page))).not_to_have_text(ONE)
    page.wait_for_load_state("networkidle")
    assert told()["reports"] == [{"text": "Deeg gemaakt zonder internet.", "photo": True}]


def _today(page: Page) -> str:
    return page.evaluate(
        "new Intl.DateTimeFormat('sv-SE', {timeZone: 'Europe/Amsterdam'}).format(new Date())"
    )
