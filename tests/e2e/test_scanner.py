"""The scanner on the student's phone: it opens at once, also where the browser reads no codes."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import qrcode
from django.urls import reverse
from PIL import Image
from playwright.sync_api import BrowserContext, expect

from tests.e2e import sessions
from tests.e2e.people import PHONE

SCANNER = reverse("attendance:scan_typed")
WIDTH, HEIGHT = 640, 480
READER = re.compile(r"/static/js/qr-reader")
READS_NONE = "delete window.BarcodeDetector"
READS_OTHERS = """window.BarcodeDetector = class {
    static async getSupportedFormats() { return ["ean_13"]; }
    constructor() { throw new TypeError("none of these"); }
}"""
READS_ITSELF = """window.BarcodeDetector = class {
    static async getSupportedFormats() { return ["qr_code"]; }
    async detect(video) {
        return video.videoWidth ? [{rawValue: "%s"}] : [];
    }
}"""


def film_of(text: str, path: Path) -> Path:
    """What a camera sees that looks at a code, askew on a grey wall, as Chromium plays it."""
    code = qrcode.make(text, box_size=6).get_image().convert("L")
    wall = Image.new("L", (WIDTH, HEIGHT), 150)
    turned = code.rotate(9, expand=True, fillcolor=150)
    turned.thumbnail((360, 360))
    wall.paste(turned, ((WIDTH - turned.width) // 2, (HEIGHT - turned.height) // 2))
    film = io.BytesIO()
    film.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\n".encode())
    for _frame in range(4):
        film.write(b"FRAME\n" + wall.tobytes() + bytes([128]) * (WIDTH * HEIGHT // 2))
    path.write_bytes(film.getvalue())
    return path


@pytest.fixture(scope="module")
def logins(stack) -> list:
    output = stack.manage("shell", "-c", sessions.PHONES_COMMAND.format(8))
    return sessions.cookies_of(output)["people"]["phone"]


@pytest.fixture
def phone(stack, playwright, logins, tmp_path) -> Iterator:
    """Make a phone of a student whose camera sees a film; without one it has no camera."""
    opened = []

    def make(seen: str | None, script: str = "", *, may: bool = True) -> BrowserContext:
        flags = ["--use-fake-ui-for-media-stream"] if may else []
        if seen is not None:
            film = film_of(seen, tmp_path / "film.y4m")
            flags += ["--use-fake-device-for-media-stream"]
            flags += [f"--use-file-for-fake-video-capture={film}"]
        program = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = playwright.chromium.launch(executable_path=program, args=flags)
        opened.append(browser)
        context = browser.new_context(**PHONE, base_url=stack.url, locale="nl-NL")
        context.add_cookies(logins.pop())
        if may:
            context.grant_permissions(["camera"], origin=stack.url)
        if script:
            context.add_init_script(script)
        return context

    yield make
    for browser in opened:
        browser.close()


@pytest.fixture
def poster(stack, crowd) -> str:
    return stack.url + crowd["secret"]["attendance:scan_open"]


@pytest.mark.parametrize("browser_reads", [READS_NONE, READS_OTHERS])
def test_our_reader_comes_where_the_browser_reads_no_codes(phone, poster, browser_reads):
    page = phone(poster, browser_reads).new_page()
    with page.expect_response(READER):
        page.goto(SCANNER)
    # No press: the camera opens with the page, and the code it sees is opened.
    page.wait_for_url(poster)
    expect(page.get_by_text(re.compile("Ik ben er|Je bent er al")).first).to_be_visible()


def test_our_reader_stays_away_where_the_browser_reads_codes(phone, poster):
    page = phone(poster, READS_ITSELF % poster).new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(SCANNER)
    page.wait_for_url(poster)
    assert [url for url in asked if READER.search(url)] == []


def test_somebody_elses_code_is_not_opened(phone):
    page = phone("https://elders.example/raar", READS_NONE).new_page()
    page.goto(SCANNER)
    expect(page.get_by_text("Dit is geen code van Stage")).to_be_visible()
    expect(page).to_have_url(re.compile(f"{SCANNER}$"))
    expect(page.locator("video")).to_be_visible()


@pytest.mark.parametrize("script", ["", "delete Navigator.prototype.mediaDevices"])
def test_without_a_camera_the_code_is_typed(phone, poster, script):
    page = phone(None, script, may=False).new_page()
    page.goto(SCANNER)
    expect(page.get_by_text("De camera gaat niet aan. Typ hieronder de code.")).to_be_visible()
    expect(page.get_by_text("Richt de camera")).to_be_hidden()
    expect(page.locator("video")).to_be_hidden()
    page.get_by_label("Typ de code").fill(poster.rstrip("/").rsplit("/", 1)[1][:5])
    page.get_by_role("button", name="Ga verder").click()
    expect(page.get_by_text("Je hebt 5 tekens, het zijn er 6.")).to_have_count(1)
    page.get_by_label("Typ de code").fill(poster.rstrip("/").rsplit("/", 1)[1][:6])
    page.get_by_role("button", name="Ga verder").click()
    page.wait_for_url(re.compile("/aanwezig/scan/"))


def test_it_does_not_work_leads_to_a_person(phone, stack):
    page = phone(None, READS_NONE, may=False).new_page()
    page.goto(SCANNER)
    page.get_by_text("Het lukt niet").click()
    expect(page.get_by_role("link", name=re.compile("^Bel ")).first).to_be_visible()
    page.get_by_role("button", name="Laat school weten").click()
    expect(page.get_by_text("School ziet nu dat aanmelden niet lukt")).to_be_visible()
