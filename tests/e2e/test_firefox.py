"""The scanner in Firefox ESR, which reads no codes itself: our own reader does."""

from __future__ import annotations

import json

import pytest
import qrcode
from django.urls import reverse

from tests.e2e import waiting
from tests.e2e.firefox import Firefox, firefox

TESTS = 3  # at least as many as there are below
SCANNER = reverse("attendance:scan_typed")
# A camera that looks at a code, askew on a grey wall; the page draws what it sees.
CAMERA = """() => {
    const rows = %s;
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [640, 480];
    const pen = canvas.getContext("2d");
    const side = 300 / rows.length;
    function draw() {
        pen.resetTransform();
        pen.fillStyle = "#969696";
        pen.fillRect(0, 0, 640, 480);
        pen.translate(320, 240);
        pen.rotate(0.16);
        pen.translate(-150, -150);
        rows.forEach((row, y) => row.forEach((dark, x) => {
            pen.fillStyle = dark ? "#101010" : "#f4f4f4";
            pen.fillRect(x * side, y * side, side + 0.5, side + 0.5);
        }));
    }
    navigator.mediaDevices.getUserMedia = async (wanted) => {
        if (!wanted.video) throw new TypeError("no picture asked");
        draw();
        setInterval(draw, 100);
        return canvas.captureStream(10);
    };
}"""
OURS = "performance.getEntriesByType('resource').some(e => e.name.includes('/js/qr-reader'))"


@pytest.fixture(scope="module")
def schools(stack) -> list:
    printed = stack.manage("shell", "-c", waiting.SEED.format(f"{TESTS}, 'qr'"))
    return json.loads(printed.split("JSON", 1)[1].splitlines()[0])


@pytest.fixture
def school(schools) -> dict:
    return schools.pop()


@pytest.fixture
def phone(school, tmp_path):
    """A Firefox in which the first student of the school is logged in."""
    with firefox(tmp_path / "profile") as phone:
        phone.log_in(school["logins"][0][0])
        yield phone


@pytest.fixture
def poster(stack, school) -> str:
    return stack.url + reverse("attendance:scan_open", args=[school["poster"]])


def look_at(phone: Firefox, text: str) -> None:
    """From now on the camera sees this text as a code."""
    code = qrcode.QRCode(border=4)
    code.add_data(text)
    phone.before_pages(CAMERA % json.dumps(code.get_matrix()))


def test_the_poster_is_read_and_the_student_is_in(stack, phone, poster):
    look_at(phone, poster)
    phone.open(stack.url + SCANNER)
    assert phone.run("'BarcodeDetector' in window") is False
    phone.until(f"location.href === {json.dumps(poster)}", "the code was not read")
    phone.press("Ik ben er")
    phone.until("location.pathname === '/aanwezig/binnen/'", "not arrived")
    phone.open(stack.url)
    phone.sees("Je bent er sinds")


def test_somebody_elses_code_is_not_opened(stack, phone):
    look_at(phone, "https://elders.example/raar")
    phone.open(stack.url + SCANNER)
    phone.sees("Dit is geen code van Stage")
    assert phone.run(OURS) is True
    assert phone.run("location.pathname") == SCANNER


def test_without_a_camera_the_code_is_typed(stack, phone):
    phone.open(stack.url + SCANNER)
    phone.sees("De camera gaat niet aan. Typ hieronder de code.")
    assert phone.run("document.querySelector('video').checkVisibility()") is False
