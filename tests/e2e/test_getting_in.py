"""A next phone: its code is read off the first one's screen, and the first one hears of it."""

from __future__ import annotations

import io
import json
import re

import pytest
import zxingcpp
from django.urls import reverse
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.e2e.people import MONTHS, PHONE

ADD = reverse("web:phone_add")
# Somebody nobody else in these tests is, with a card that was just made.
STUDENT = """
import json
from stage.core.enums import Role
from stage.core.models import Membership
from stage.core.tenants.tenancy import SYSTEM, school_scope, use
from stage.core.who.actors import actor_of_membership
from stage.schools.models import Student
from stage.schools.services import cards
with use(SYSTEM):
    student = Student.objects.present().order_by("-pk")[{n}]
    staff = Membership.objects.active().filter(school=student.school, role=Role.COORDINATOR)
    with use(school_scope(student.school)):
        card = cards.issue_card(student, actor_of_membership(staff.first()))
    print("JSON" + json.dumps({{
        "card": card, "name": student.first_name, "number": student.number,
        "day": student.birth_date.day, "month": student.birth_date.month,
    }}))
"""


@pytest.fixture(params=range(1, 3))
def student(stack, request) -> dict:
    output = stack.manage("shell", "-c", STUDENT.format(n=request.param))
    return json.loads(output.split("JSON", 1)[1].splitlines()[0])


def phone(stack, browser: Browser) -> Page:
    context = browser.new_context(
        **PHONE, base_url=stack.url, locale="nl-NL", timezone_id="Europe/Amsterdam"
    )
    context.set_default_timeout(20_000)
    return context.new_page()


def born(page: Page, student: dict) -> None:
    page.get_by_label("Dag waarop je jarig bent").select_option(str(student["day"]))
    page.get_by_label("Maand").select_option(MONTHS.split()[student["month"] - 1])


def scanned(page: Page) -> str:
    """What a camera reads off the screen."""
    picture = Image.open(io.BytesIO(page.locator("img.qr").screenshot()))
    [found] = zxingcpp.read_barcodes(picture)
    return found.text


def come_in(page: Page, student: dict) -> None:
    born(page, student)
    page.get_by_role("button", name="Log in").click()


def test_a_next_phone_comes_in_by_scanning_and_the_first_one_can_end_it(stack, browser, student):
    first, second, third = (phone(stack, browser) for _n in range(3))
    first.goto(reverse("web:card_open", args=[student["card"]]))
    come_in(first, student)
    first.get_by_role("link", name="Nu niet").click()
    first.goto(ADD)
    first.get_by_role("button", name="Laat de code zien").click()
    address = scanned(first)

    # Two phones read the same code; the second one to press finds it used.
    second.goto(address)
    third.goto(address)
    expect(second.get_by_role("heading", name=f"Log in als {student['name']}")).to_be_visible()
    come_in(second, student)
    expect(second.get_by_role("heading", name=f"Hoi {student['name']}")).to_be_visible()
    come_in(third, student)
    expect(third.get_by_text("Deze kaart werkt niet").first).to_be_visible()
    assert second.get_by_text("andere telefoon").count() == 0

    first.goto("/")
    expect(first.get_by_text("Er is ingelogd op een andere telefoon")).to_be_visible()
    first.get_by_role("button", name="Log dat toestel uit").click()
    expect(first.get_by_text("Dat toestel is uitgelogd")).to_be_visible()
    assert first.get_by_text("Er is ingelogd op een andere telefoon").count() == 0
    second.goto("/")
    expect(second).to_have_url(re.compile("/inloggen/"))


def test_who_is_shut_out_says_so(stack, browser, student):
    page = phone(stack, browser)
    page.goto(reverse("web:student_login"))
    page.get_by_role("link", name="Wachtwoord vergeten?").click()
    page.get_by_role("link", name="Ik kan niet inloggen").click()
    page.get_by_label("Je voornaam").fill(student["name"])
    born(page, student)
    page.get_by_role("button", name="Verstuur").click()
    # What was typed stays.
    expect(page.get_by_label("Je voornaam")).to_have_value(student["name"])
    page.get_by_label("Je leerlingnummer").fill(student["number"])
    page.get_by_role("button", name="Verstuur").click()
    expect(page.get_by_text("Verstuurd. Kloppen je gegevens")).to_be_visible()
