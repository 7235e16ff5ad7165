"""What makes the student's pages an app: manifest, icons, worker, and what may be kept."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import resolve, reverse
from PIL import Image

from stage.core.ui.static_files import joined_styles
from tests.clients import client_of
from tests.markup import tight

LOGIN, KEEP, ALSO = "Stage-Login", "Stage-Keep", "Stage-Also"


def picture(address: str) -> Image.Image:
    path = finders.find(address.removeprefix(settings.STATIC_URL))
    assert path, address
    return Image.open(BytesIO(Path(path).read_bytes()))


def test_manifest_makes_the_app_installable(db):
    response = Client().get("/manifest.webmanifest")
    assert response["Content-Type"] == "application/manifest+json"
    manifest = response.json()
    assert (manifest["lang"], manifest["start_url"], manifest["scope"]) == ("nl", "/", "/")
    assert manifest["display"] == "standalone"
    offered = {(icon["sizes"], icon["purpose"]) for icon in manifest["icons"]}
    assert offered == {(f"{n}x{n}", p) for n in (192, 512) for p in ("any", "maskable")}
    for icon in manifest["icons"]:
        made = picture(icon["src"])
        assert f"{made.width}x{made.height}" == icon["sizes"]
        corner = made.convert("RGBA").getpixel((0, 0))[3]
        assert corner == (255 if icon["purpose"] == "maskable" else 0)
    assert [resolve(s["url"]).view_name for s in manifest["shortcuts"]] == [
        "attendance:scan_typed",
        "attendance:week",
        "assessments:my_assignments",
    ]


def test_the_sign_stands_under_the_name_browsers_ask_for(db):
    response = Client().get("/favicon.ico")
    assert response.status_code == 301
    assert picture(response["Location"]).info["sizes"] == {(16, 16), (32, 32), (48, 48)}


def test_a_students_page_has_manifest_icon_and_both_colours(world):
    page = tight(client_of(world.berk.logins[0]).get("/").content.decode())
    assert 'rel="manifest" href="/manifest.webmanifest"' in page
    touch = re.search(r'rel="apple-touch-icon" href="([^"]+)"', page)
    assert picture(touch[1]).size == (180, 180)
    assert len(re.findall(r'name="theme-color" media="\(prefers-color-scheme: \w+\)"', page)) == 2
    assert 'name="color-scheme" content="light dark"' in page


def test_the_page_about_me_tells_how_to_get_the_app(world):
    page = client_of(world.berk.logins[0]).get(reverse("web:me")).content.decode()
    assert "Zet op je beginscherm" in page
    assert "Open deze pagina in Safari." in page
    assert "data-install hidden" in page


def test_the_worker_knows_the_addresses_of_the_product(db):
    script = Client().get("/sw.js").content.decode()
    known = dict(re.findall(r'^const (\w+) = "(/[^"]*)";', script, re.M))
    assert known == {
        "OFFLINE": reverse("web:offline"),
        "LEAVE": reverse("web:log_out"),
        "SCANNED": reverse("attendance:scan_open", args=["X"]).removesuffix("X/"),
        "TYPED": reverse("attendance:scan_typed"),
        "STATIC": f"/{settings.STATIC_URL.strip('/')}/",
    }


def test_an_unchanged_worker_is_not_sent_again(db):
    first = Client().get("/sw.js")
    assert (first["Content-Type"], first["Cache-Control"]) == ("text/javascript", "no-cache")
    again = Client().get("/sw.js", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


# --- what may be kept -----------------------------------------------------------------------


def test_only_home_and_this_week_of_a_student_may_be_kept(world):
    client = client_of(world.berk.logins[0])
    week = reverse("attendance:week")
    home = client.get("/")
    assert (home[KEEP], home[ALSO], client.get(week)[KEEP]) == ("1", week, "1")
    assert home["Cache-Control"] == "private, no-store"
    for path in (f"{week}?week=2027-W01", reverse("web:me"), reverse("attendance:report_list")):
        assert KEEP not in client.get(path)


def test_every_log_in_has_a_mark_of_its_own(world):
    student = client_of(world.berk.logins[0])
    mark = student.get("/")[LOGIN]
    assert re.fullmatch(r"[0-9a-f]{20}", mark)
    assert student.get(reverse("web:me"))[LOGIN] == mark
    assert client_of(world.berk.logins[0]).get("/")[LOGIN] != mark
    assert client_of(world.berk.logins[1]).get("/")[LOGIN] not in (mark, "-")


@pytest.mark.parametrize("role", ["coordinator", "teacher"])
def test_of_staff_nothing_may_be_kept(world, role):
    home = client_of(getattr(world.berk, role)).get("/")
    assert (home[LOGIN], KEEP in home) == ("-", False)


def test_nobody_has_the_mark_of_nobody(db):
    assert Client().get(reverse("web:login"))[LOGIN] == "-"
    assert LOGIN not in Client().get("/manifest.webmanifest")


# --- how it travels -------------------------------------------------------------------------


def test_pages_are_packed_and_pictures_are_not(world):
    client = client_of(world.berk.logins[0])
    page = client.get("/", headers={"Accept-Encoding": "gzip"})
    assert page["Content-Encoding"] == "gzip"
    assert len(page.content) < len(client.get("/").content) / 2


def test_styles_are_joined_in_order_without_remarks():
    parts = {
        "css/all.css": '/* all */\n@import "one.css";\n@import "two.css";\n',
        "css/one.css": "@layer a, b;\n/* why\n   so */\n.a {\n  color: red;\n}\n",
        "css/two.css": '.b {\n  background: url("../x.png");\n}\n',
    }
    assert joined_styles(parts.__getitem__, "css/all.css") == (
        '@layer a, b;\n.a {\ncolor: red;\n}\n.b {\nbackground: url("../x.png");\n}\n'
    )


def test_every_style_sheet_of_the_pages_is_joined():
    folder = settings.BASE_DIR / "static" / "css"
    text = (folder / "all.css").read_text()
    named = set(re.findall(r'@import "([\w-]+\.css)";', text))
    assert named == {file.name for file in folder.glob("*.css")} - {"all.css", "pdf.css"}
    assert "@import" not in joined_styles(
        lambda name: (folder / name.partition("/")[2]).read_text(), "css/all.css"
    )


def test_icons_of_the_app_are_pictures_a_phone_reads():
    for name in ("app-180", "app-192", "app-512", "app-maskable-192", "app-maskable-512"):
        data = (settings.BASE_DIR / "static" / "icons" / f"{name}.png").read_bytes()
        assert Image.open(BytesIO(data)).format == "PNG"
        assert len(data) < 10_000
