"""PostgreSQL is restarted, and crashes, while people use the product."""

from __future__ import annotations

import signal
import threading
import time

from django.db import connections

from stage.core import mail
from tests.clients import client_of
from tests.drills import cast, expect
from tests.drills.browser import Browser
from tests.drills.product import Product

SMALL = {"people": 2, "mails": 5}
PAGES = ("/", "/leerlingen/", "/bedrijven/")


def run(product: Product, people: int = 6, mails: int = 20) -> str:
    """Nobody meets an error once it is back, and the worker sends again by itself."""
    world = cast.committed_world()
    campaign = cast.campaign_to(world, mails)
    browsers = [Browser(product.url, client_of(world.berk.coordinator)) for _ in range(people)]
    for browser in browsers:
        for page in PAGES:
            browser.get(page)
    down = after = 0
    for signum in (signal.SIGINT, signal.SIGQUIT):
        stopping = threading.Event()
        threads = [threading.Thread(target=_walk, args=(b, stopping)) for b in browsers]
        for thread in threads:
            thread.start()
        time.sleep(1)
        product.restart_postgres(signum)
        stopping.set()
        for thread in threads:
            thread.join()
        connections.close_all()
        down += sum(b.errors for b in browsers)
        for browser in browsers:
            browser.statuses.clear()
            for page in PAGES * 3:
                browser.get(page)
        after += sum(b.errors + b.statuses.count(0) for b in browsers)
    expect("errors after PostgreSQL was back", after, 0)
    browsers[0].post(f"{cast.address_of(campaign)}versturen/", {"when": "now"})
    mail.wake_outbox()
    product.until(cast.is_settled, seconds=120, what="the worker sends again")
    expect("mails received", product.sink.received.total(), mails)
    asked = 2 * people * len(PAGES) * 3
    return (
        f"restarted and crashed under {people} people: {down} errors while it was away,"
        f" {after} of {asked} pages after; {mails} of {mails} mails sent by the same worker,"
        f" parts that ended: {product.crashes}"
    )


def _walk(browser: Browser, stopping: threading.Event) -> None:
    while not stopping.is_set():
        for page in PAGES:
            browser.get(page)
