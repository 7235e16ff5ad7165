"""Redis is away while a campaign is sent and while every form of the product is sent."""

from __future__ import annotations

from django.urls import reverse

from attendance.days import week_of
from attendance.models import Absence, CheckIn, DayReport, WeekConfirmation
from companies.services.campaigns import mails_of
from placements.models import Application, Placement
from stage.core.dutch.calendar import school_today
from stage.core.models import MailedCode
from stage.core.tenants.tenancy import SYSTEM, use
from tests.clients import client_of, client_of_contact
from tests.drills import Broken, cast, expect
from tests.drills.browser import Browser, fields_of
from tests.drills.product import Product
from tests.permissions.table import TABLE
from tests.placements.helpers import WORDS
from tests.test_permissions import cast_of

SMALL = {"mails": 10, "every_form": False}
# These end what other forms need: last.
LAST = ("web:log_out", "schools:period_remove", "web:group_remove", "schools:staff_end")


def run(product: Product, mails: int = 200, every_form: bool = True) -> str:
    """No page fails, and every mail arrives once Redis is back."""
    world = cast.committed_world()
    agreement = cast.frozen_agreement(world)
    campaign = cast.campaign_to(world, mails)
    people = {
        name: Browser(product.url, client)
        for name, client in {
            "coordinator": client_of(world.berk.coordinator),
            "student": client_of(world.berk.logins[0]),
            "chooser": client_of(world.berk.logins[2]),
            "contact": client_of_contact(world.noord.contacts[0]),
            "supervisor": client_of_contact(world.noord.supervisors[0]),
        }.items()
    }
    product.stop_redis()
    done = _the_path(world, people, campaign, agreement)
    browsers, forms = list(people.values()), len(done)
    if every_form:
        extra = {name: Browser(product.url, c) for name, c in cast_of(world).items()}
        forms += _every_form(world, extra)
        browsers += extra.values()
    errors = sum(browser.errors + browser.statuses.count(0) for browser in browsers)
    wrong = [
        line for line in product.log("web").splitlines() if '" 500 ' in line or "Traceback" in line
    ]
    expect("server errors", (errors, wrong[:3]), (0, []))
    waiting = cast.states().get("queued", 0)
    product.start_redis()
    product.until(cast.is_settled, seconds=240, what="all mail goes out after Redis is back")
    with use(SYSTEM):
        sent = mails_of(campaign).filter(event="invitation")
        expect("mails of the campaign sent", sent.filter(state="sent").count(), mails)
    got = sum(product.sink.received[f"a{n}@lek.test"] == 1 for n in range(mails))
    expect("mails of the campaign received once", got, mails)
    return (
        f"{forms} forms sent without Redis: server errors 0; {waiting} mails waited, all gone"
        f" after it was back, {mails} of {mails} of the campaign received once;"
        f" worker or beat restarted {product.crashes} times"
    )


def _the_path(world, people: dict[str, Browser], campaign, agreement) -> list[str]:
    """The forms of the path with valid data; each must have done what it is for."""
    berk, today = world.berk, school_today()
    placement, place = berk.placement, berk.places[0]
    pid = placement.public_id
    week = reverse("attendance:week_confirm", args=[week_of(today)])
    scan = reverse("attendance:scan_open", args=[world.noord.locations[0].poster_code])
    forms = [
        ("coordinator", f"{cast.address_of(campaign)}versturen/", {"when": "now"}),
        (
            "chooser",
            reverse("placements:application_write", args=[place.public_id]),
            {"motivation": WORDS, "submit": "1"},
        ),
        (
            "contact",
            reverse("placements:application_decide", args=[berk.applications[1].public_id]),
            {"answer": "yes"},
        ),
        (
            "coordinator",
            reverse("placements:match"),
            {"student": berk.students[1].public_id, "place": place.public_id},
        ),
        (
            "student",
            reverse("attendance:check_in"),
            {"code": world.noord.locations[0].poster_code, "nonce": "drillnonce01"},
        ),
        (
            "student",
            reverse("attendance:report_write", args=[today]),
            {"text": "Brood gebakken.", "mood": "good"},
        ),
        (
            "supervisor",
            week,
            {f"there-{pid}-{today}": "on"},
        ),
        (
            "student",
            reverse("attendance:absence_report"),
            {"kind": "ill", "when": "tomorrow", "note": ""},
        ),
        ("contact", reverse("agreements:agreement_code", args=[agreement.public_id]), {}),
    ]
    forms_on = {
        reverse("attendance:check_in"): scan,
        reverse("placements:match"): reverse("placements:board"),
        forms[-1][1]: reverse("agreements:agreement_sign", args=[agreement.public_id]),
    }
    for who, path, data in forms:
        page = people[who].get(path) if path == week else None
        shown = fields_of(page.text) if page is not None else {}
        people[who].post(path, {**shown, **data}, form=forms_on.get(path, path))
    with use(SYSTEM):
        found = {
            "applications": Application.objects.filter(student=berk.students[2]).count(),
            "accepted": Application.objects.get(pk=berk.applications[1].pk).state,
            "matched": Placement.objects.filter(student=berk.students[1]).count(),
            "check-ins": CheckIn.objects.filter(student=berk.students[0]).count(),
            "reports": DayReport.objects.filter(student=berk.students[0]).count(),
            "weeks": WeekConfirmation.objects.filter(placement=placement).count(),
            "absences": Absence.objects.filter(student=berk.students[0]).count(),
            "codes": MailedCode.objects.filter(person_kind="contact").count(),
        }
    wanted = dict.fromkeys(found, 1) | {"accepted": "accepted"}
    if found != wanted:
        statuses = {name: browser.statuses for name, browser in people.items()}
        raise Broken(f"forms without Redis did not do their work: {found}; answers {statuses}")
    return [path for _who, path, _data in forms]


def _every_form(world, people: dict[str, Browser]) -> int:
    """Every POST route by everybody who may, with the data of the permission table."""
    sent = 0
    for name, row in sorted(TABLE.items(), key=lambda item: item[0] in LAST):
        if "POST" not in row.methods:
            continue
        for who in row.may:
            try:
                with use(SYSTEM):
                    address, data = reverse(name, args=row.args(world)), row.post(world)
            except Exception:  # noqa: S112 - an earlier form took away what this one is about
                continue
            people[who].post(address, data, form="/")
            sent += 1
    return sent
