"""The web processes are killed between writing and answering; the user sends again."""

from __future__ import annotations

import random
import threading
import time

from django.db import connections, transaction
from django.urls import reverse

from attendance.models import CheckIn
from placements.models import Application
from stage.core.models import OutboxMail
from stage.core.tenants.tenancy import SYSTEM, use
from stage.devtools.embedded.processes import wait_until
from tests.clients import client_of
from tests.drills import cast, expect
from tests.drills.browser import Browser
from tests.drills.product import Product
from tests.placements.helpers import WORDS

SMALL = {"times": 6}


def run(product: Product, times: int = 40) -> str:
    """What was written stays, what was not is not half there, and sending again doubles nothing."""
    world = cast.committed_world()
    between, before = _check_ins(product, world, times)
    written = _applications(product, world, max(2, times // 8))
    return (
        f"{times} check-ins, killed at a random moment or just after the commit: answer lost after"
        f" writing {between}, before writing {before}; {written} applications killed after the"
        " commit; sent again: lost 0, doubled 0"
    )


def _check_ins(product: Product, world, times: int) -> tuple[int, int]:
    """(killed after the row was there, killed before) of so many tries of one student."""
    student = world.berk.students[0]
    data = {"code": world.noord.locations[0].poster_code, "nonce": "drill0nonce"}
    browser = Browser(product.url, client_of(world.berk.logins[0]))
    scan = reverse("attendance:scan_open", args=[data["code"]])
    browser.post(reverse("attendance:check_in"), {**data, "code": ""}, form=scan)
    begin = time.monotonic()
    browser.post(reverse("attendance:check_in"), data)
    usual = time.monotonic() - begin
    after = before = 0
    for n in range(times):
        _clear(student)
        sent = {**data, "nonce": f"drill{n}nonce"}
        moment = random.uniform(0.2, 1.1) * usual
        killer = (
            threading.Thread(target=_kill_once_written, args=(product, student))
            if n % 2
            else threading.Timer(moment, product.kill_web_workers)
        )
        killer.start()
        answer = browser.post(reverse("attendance:check_in"), sent)
        killer.join()
        rows = _check_ins_of(student)
        if answer is None:
            after += rows == 1
            before += rows == 0
        again = _again(browser, reverse("attendance:check_in"), sent)
        expect("answer to sending again", again is not None and again.status_code, 302)
        expect("check-ins after sending again", _check_ins_of(student), 1)
    return after, before


def _kill_once_written(product: Product, student) -> None:
    """As soon as the check-in can be seen from outside, which is right after its commit."""
    try:
        wait_until(lambda: _check_ins_of(student) == 1, seconds=20, every=0.001)
        product.kill_web_workers()
    finally:
        connections.close_all()


def _again(browser: Browser, address: str, data: dict):
    """Send once more, until the new processes answer."""
    for _ in range(20):
        answer = browser.post(address, data)
        if answer is not None:
            return answer
        time.sleep(0.5)
    return None


def _clear(student) -> None:
    with use(SYSTEM), transaction.atomic():
        CheckIn.objects.filter(student=student)._raw_delete("default")


def _check_ins_of(student) -> int:
    with use(SYSTEM):
        return CheckIn.objects.filter(student=student).count()


def _applications(product: Product, world, times: int) -> int:
    """Applications whose answer waits for a Redis that does not move: killed after the commit."""
    student, place = world.berk.students[2], world.berk.places[0]
    address = reverse("placements:application_write", args=[place.public_id])
    browser = Browser(product.url, client_of(world.berk.logins[2]))
    written = 0
    for _ in range(times):
        browser.post(address, {"motivation": "x", "draft": "1"}, form=address)
        product.pause_redis(on=True)
        sender = threading.Thread(
            target=browser.post, args=(address, {"motivation": WORDS, "submit": "1"})
        )
        sender.start()
        product.until(lambda: _sent(student) == 1, seconds=10, what="the application is written")
        product.kill_web_workers()
        sender.join()
        product.pause_redis(on=False)
        written += browser.statuses[-1] == 0
        _again(browser, address, {"motivation": WORDS, "submit": "1"})
        expect("applications after sending again", _sent(student), 1)
        with use(SYSTEM):
            row = Application.objects.get(student=student)
            mails = OutboxMail.objects.about(Application).filter(about_id=row.pk).count()
        expect("mails to the company", mails, 1)
        with use(SYSTEM), transaction.atomic():
            OutboxMail.objects.about(Application).filter(about_id=row.pk)._raw_delete("default")
            Application.objects.filter(pk=row.pk)._raw_delete("default")
        connections.close_all()
    return written


def _sent(student) -> int:
    with use(SYSTEM):
        return Application.objects.filter(student=student, state="with_company").count()
