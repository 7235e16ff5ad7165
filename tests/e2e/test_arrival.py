"""Back, forward and once more after "Ik ben er": nothing is sent twice, nothing is asked."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.e2e import waiting
from tests.e2e.test_queue import HOME, OPTIONS, _json

CHECK_IN, DONE = reverse("attendance:check_in"), reverse("attendance:check_in_done")


COUNT = """
from attendance.models import CheckIn
from stage.core.tenants.tenancy import SYSTEM, use
with use(SYSTEM):
    print("JSON%d" % CheckIn.objects.filter(school={}).count())
"""


def count(stack, school) -> int:
    """The arrivals of a school."""
    return _json(stack.manage("shell", "-c", COUNT.format(school["school"])))


@pytest.fixture(scope="module")
def schools(stack) -> list:
    return _json(stack.manage("shell", "-c", waiting.SEED.format(2)))


@pytest.mark.parametrize("has_script", [True, False])
def test_the_answer_lives_at_an_address_of_its_own(stack, browser, schools, has_script):
    school = schools.pop()
    phone = browser.new_context(
        **OPTIONS, base_url=stack.url, java_script_enabled=has_script, service_workers="block"
    )
    phone.add_cookies(school["logins"][0][0])
    page, before = phone.new_page(), count(stack, school)
    sent: list[str] = []
    phone.on("request", lambda r: sent.append(f"{r.method} {r.url}"))
    page.goto(HOME)
    page.get_by_role("button", name="Ik ben er", exact=True).click()
    is_in = page.get_by_role("heading", name="Je bent er", exact=True)
    expect(is_in).to_be_visible()
    expect(page).to_have_url(re.compile(f"{DONE}$"))
    assert page.reload().request.method == "GET"
    expect(is_in).to_be_visible()
    page.go_back()
    expect(page.get_by_text(re.compile(r"Je bent er sinds \d\d:\d\d"))).to_be_visible()
    page.go_forward()
    expect(is_in).to_be_visible()
    expect(page.get_by_role("link", name="Naar het verslag")).to_be_visible()
    assert [one for one in sent if one.startswith("POST ")] == [f"POST {stack.url}{CHECK_IN}"]
    assert count(stack, school) == before + 1
    phone.close()
