"""A mail server that is busy, refuses, or hangs."""

from __future__ import annotations

from companies.models import Contact
from stage.core.models import OutboxMail
from stage.core.tenants.tenancy import SYSTEM, use
from tests.drills import cast, expect
from tests.drills.product import Product

SMALL = {"mails": 12}


def run(product: Product, mails: int = 40) -> str:
    """Busy: tried again, six times; refused: told; hanging: uncertain; the rest goes."""
    world = cast.committed_world()
    campaign = cast.campaign_to(world, mails)
    coordinator = cast.coordinator(product, world)
    sink = product.sink
    sink.answers = {
        "a0@": "451 busy",
        "a1@": "452 full",
        "a2@": "550 no such user",
        "a3@": "451 busy for a while",
    }
    sink.hanging = ("a4@",)
    coordinator.post(f"{cast.address_of(campaign)}versturen/", {"when": "now"})
    rest = mails - 5
    product.until(
        lambda: sink.received.total() == rest and len(_fates()) == mails and _is_tried(),
        seconds=180,
        what="the rest goes out",
    )
    first = _fates()
    expect(
        "after the first try",
        [first[f"a{n}@lek.test"] for n in range(5)],
        ["queued", "queued", "refused", "queued", "uncertain"],
    )
    del sink.answers["a3@"]
    for _ in range(8):
        cast.minutes_pass(60 * 3)
        product.until(lambda: not _due(), seconds=60, what="what is due is tried")
    last = _fates()
    expect(
        "in the end",
        [last[f"a{n}@lek.test"] for n in range(5)],
        ["refused", "refused", "refused", "sent", "uncertain"],
    )
    expect("tries of a busy server", (sink.asked["a0@lek.test"], sink.asked["a1@lek.test"]), (6, 6))
    expect("tries of a refused address", sink.asked["a2@lek.test"], 1)
    expect("received twice", sum(n > 1 for n in sink.received.values()), 0)
    page = cast.words(coordinator.get(cast.address_of(campaign)).text)
    home = cast.words(coordinator.get("/").text)
    for word in ("Niet aangekomen", "Onzeker"):
        expect(f"'{word}' on the page of the campaign", word in page, True)
    expect("to-do on the home page", "Verbeter e-mailadressen" in home, True)
    return (
        f"{mails} mails: 451 and 452 tried 6 times, then shown as not arrived; 550 tried once and"
        f" shown; hanging server: uncertain and shown, sent once at most; other {rest} arrived"
    )


def _fates() -> dict[str, str]:
    """Address -> state of its mail."""
    with use(SYSTEM):
        rows = dict(OutboxMail.objects.filter(event="invitation").values_list("person_id", "state"))
        known = dict(Contact.objects.filter(pk__in=rows).values_list("pk", "email"))
    return {known[pk]: state for pk, state in rows.items()}


def _is_tried() -> bool:
    with use(SYSTEM):
        waiting = OutboxMail.objects.filter(event="invitation")
        return (
            not waiting.filter(state="queued", attempts=0).exists()
            and not waiting.filter(state__in=("claimed", "handover")).exists()
        )


def _due() -> bool:
    from django.utils import timezone

    with use(SYSTEM):
        rows = OutboxMail.objects.filter(event="invitation")
        return (
            rows.filter(state="queued", not_before__lte=timezone.now()).exists()
            or rows.filter(state__in=("claimed", "handover")).exists()
        )
