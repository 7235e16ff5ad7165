"""The worker is killed, again and again, while a campaign goes out."""

from __future__ import annotations

import random
import time

from stage.core import mail
from stage.core.mail import delivery
from stage.core.models import OutboxMail
from stage.core.tenants.tenancy import SYSTEM, use
from tests.drills import cast, expect
from tests.drills.product import Product

SMALL = {"mails": 60, "kills": 2}


def run(product: Product, mails: int = 1000, kills: int = 15) -> str:
    """No mail twice, none lost; what nobody knows is shown to the coordinator."""
    world = cast.committed_world()
    campaign = cast.campaign_to(world, mails)
    coordinator = cast.coordinator(product, world)
    product.sink.delay = 0.02
    coordinator.post(f"{cast.address_of(campaign)}versturen/", {"when": "now"})
    for _ in range(kills):
        _one_kill(product, share=mails // (kills + 5))
    mail.wake_outbox()
    product.until(lambda: not cast.states().get("queued"), seconds=1200, what="the rest goes out")
    time.sleep(1)
    cast.minutes_pass(6)
    swept = delivery.sweep()
    product.until(cast.is_settled, seconds=120, what="what was claimed goes out")
    return _judge(product, coordinator, campaign, mails, kills, swept)


def _one_kill(product: Product, share: int) -> None:
    before = product.sink.received.total()
    mail.wake_outbox()
    product.until(
        lambda: product.sink.received.total() >= before + min(share, 5) or cast.is_settled(),
        seconds=240,
        what="the worker sends",
    )
    time.sleep(random.uniform(0, share * 0.012))  # noqa: S311
    product.kill("worker")
    product.start("worker")


def _judge(product: Product, coordinator, campaign, mails: int, kills: int, swept) -> str:
    counts = product.sink.received
    with use(SYSTEM):
        sent = set(
            OutboxMail.objects.filter(state="sent", event="invitation").values_list(
                "person_id", flat=True
            )
        )
        from companies.models import Contact

        addresses = dict(Contact.objects.filter(pk__in=sent).values_list("pk", "email"))
    doubled = sum(n > 1 for n in counts.values())
    lost = sum(counts[addresses[pk]] == 0 for pk in sent)
    uncertain = cast.states().get("uncertain", 0)
    page = coordinator.get(f"{cast.address_of(campaign)}?show=uncertain").text
    expect("mails sent twice", doubled, 0)
    expect("mails lost unseen", lost, 0)
    expect("mails accounted for", len(sent) + uncertain, mails)
    shown = page.count('<th scope="row"')
    expect("uncertain mails on the page of the campaign", shown, min(uncertain, 25))
    expect("server errors", coordinator.errors, 0)
    return (
        f"{mails} mails, worker killed {kills} times: doubled {doubled}, lost {lost},"
        f" uncertain {uncertain} (all shown), taken up again {swept[0]}"
    )
