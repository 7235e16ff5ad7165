"""Notices on a phone: switched on by a press, and shown by the service worker."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect

from tests.core.test_web_push import BROWSER_POINT
from tests.e2e.test_phone import logins, phone, see_home  # noqa: F401 (fixtures)

NOTICES, ME = reverse("web:notices"), reverse("web:me")
# What the browser's maker would answer; everything else is ours.
MAKER = """
PushManager.prototype.subscribe = async function (options) {
    if (options.applicationServerKey.length !== 87) throw new Error("no key");
    return { toJSON: () => ({
        endpoint: "https://fcm.googleapis.com/fcm/send/" + crypto.randomUUID(),
        keys: {
            p256dh: "POINT",
            auth: "BTBZMqHH6r4Tts7J_aSIgg",
        },
    }) };
};
""".replace("POINT", BROWSER_POINT)
SHOWN = """async () => {
    const found = await (await navigator.serviceWorker.ready).getNotifications();
    return found.map(({ title, body, tag, data }) => ({ title, body, tag, url: data.url }));
}"""


def registration(page: Page):
    """The number by which the browser's tools know our service worker, and the way to them."""
    tools = page.context.new_cdp_session(page)
    found: list[str] = []
    tools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda said: found.extend(r["registrationId"] for r in said["registrations"]),
    )
    tools.send("ServiceWorker.enable")
    for _ in range(100):
        if found:
            return tools, found[0]
        page.wait_for_timeout(100)
    raise AssertionError("no service worker")


def origin(page: Page) -> str:
    parts = urlsplit(page.url)
    return f"{parts.scheme}://{parts.netloc}"


def test_a_phone_is_switched_on_and_off(phone: BrowserContext):  # noqa: F811
    phone.grant_permissions(["notifications"])
    phone.add_init_script(MAKER)
    page = phone.new_page()
    page.goto(ME)
    page.get_by_role("link", name="Berichten").click()
    expect(page.locator("h1")).to_have_text("Berichten")
    page.get_by_role("button", name="Zet meldingen aan").click()
    expect(page.get_by_text("Meldingen staan aan op dit apparaat.")).to_be_visible()
    expect(page.get_by_text("Dit apparaat", exact=True)).to_be_visible()
    page.get_by_role("button", name="Zet uit").click()
    expect(page.get_by_text("Meldingen staan uit op dat apparaat.")).to_be_visible()
    expect(page.get_by_role("button", name="Zet uit")).to_have_count(0)


def test_a_browser_that_says_no_is_told_how_to_say_yes(phone: BrowserContext):  # noqa: F811
    phone.add_init_script("Notification.requestPermission = async () => 'denied'")
    page = phone.new_page()
    page.goto(NOTICES)
    refused = page.get_by_text("Je browser staat geen meldingen toe.")
    expect(refused).to_be_hidden()  # nothing is asked before the press
    page.get_by_role("button", name="Zet meldingen aan").click()
    expect(refused).to_be_visible()


def test_what_arrives_is_shown_once(phone: BrowserContext):  # noqa: F811
    phone.grant_permissions(["notifications"])
    page, _name = see_home(phone)
    tools, number = registration(page)
    said = {"title": "Stage", "body": "Je stage staat vast", "url": "/ik/", "tag": "a1"}
    for _ in range(2):
        tools.send(
            "ServiceWorker.deliverPushMessage",
            {"origin": origin(page), "registrationId": number, "data": json.dumps(said)},
        )
    for _ in range(100):
        if shown := page.evaluate(SHOWN):
            break
        page.wait_for_timeout(100)
    assert shown == [{key: said[key] for key in ("title", "body", "tag", "url")}]
