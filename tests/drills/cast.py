"""The world of the tests, committed, with a placement that runs today; and a large campaign."""

from __future__ import annotations

import re
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from companies.models import Campaign, Company, Contact, GroupCompany
from placements.agreements.models import Agreement
from placements.agreements.queries import checking, reading
from placements.agreements.services import freezing
from placements.models import Placement, PlannedDay
from stage.core import mail
from stage.core.dutch.calendar import school_today
from stage.core.models import OutboxMail
from stage.core.tenants.tenancy import SYSTEM, use
from stage.schools.models import Group
from tests.clients import client_of
from tests.drills.browser import Browser
from tests.drills.product import Product
from tests.placements.agreements import filled
from tests.world import World, build_world

WAITING = ("queued", "claimed", "handover")


def committed_world() -> World:
    """Build it; the first placements of Berk and Els run now, with a day planned today."""
    today = school_today()
    with use(SYSTEM), transaction.atomic():
        world = build_world()
        for sw in (world.berk, world.els):
            Placement.objects.filter(pk=sw.placement.pk).update(
                starts=today - timedelta(days=10), ends=today + timedelta(days=10)
            )
            first = PlannedDay.objects.filter(placement=sw.placement).order_by("date")
            for day, ago in zip(first[:2], (0, 1), strict=True):
                PlannedDay.objects.filter(pk=day.pk).update(date=today - timedelta(days=ago))
            sw.placement.refresh_from_db()
    return world


def campaign_to(world: World, many: int, *, domain: str = "lek.test") -> Campaign:
    """A draft of Berk's to so many new companies: `a0@…`, `a1@…`."""
    sw, region = world.berk, world.noord.region
    with use(SYSTEM), transaction.atomic():
        group = Group.objects.create(school=sw.school, period=sw.period, name=f"Groep {domain}")
        companies = [Company(region=region, name=f"Bedrijf {n} {domain}") for n in range(many)]
        for company in companies:
            company.set_keys()
        Company.objects.bulk_create(companies)
        Contact.objects.bulk_create(
            Contact(
                region=region,
                company=c,
                name=f"Mens {n}",
                email=f"a{n}@{domain}",
                roles=["contact"],
            )
            for n, c in enumerate(companies)
        )
        GroupCompany.objects.bulk_create(
            GroupCompany(school=sw.school, group=group, company=c) for c in companies
        )
        return Campaign.objects.create(
            school=sw.school,
            group=group,
            period=sw.period,
            subject="Doet u mee?",
            letter="Beste {contactpersoon}, groet, {coordinator}",
            created_by=sw.coordinator,
        )


def coordinator(product: Product, world: World) -> Browser:
    return Browser(product.url, client_of(world.berk.coordinator))


def address_of(campaign: Campaign) -> str:
    return f"/bedrijven/campagnes/{campaign.public_id}/"


def states() -> dict[str, int]:
    """How many mails are in each state."""
    with use(SYSTEM):
        rows = list(OutboxMail.objects.values_list("state", flat=True))
    return {state: rows.count(state) for state in sorted(set(rows))}


def is_settled() -> bool:
    """Whether no mail waits or is under way."""
    return not set(states()) & set(WAITING)


def minutes_pass(minutes: int) -> None:
    """For the outbox: so long ago is what happened, and what was to wait is due."""
    ago = timedelta(minutes=minutes)
    with use(SYSTEM):
        OutboxMail.objects.update(
            changed_at=F("changed_at") - ago, not_before=F("not_before") - ago
        )
        OutboxMail.objects.filter(not_before__gt=timezone.now()).update(
            not_before=F("not_before") - ago
        )
    mail.wake_outbox()


def words(text: str) -> str:
    """A page without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def frozen_agreement(world) -> Agreement:
    """One that can be signed, on whatever day of the week the drill runs."""
    agreement, who = filled(world, state="running"), world.actor(world.berk.coordinator)
    with use(who.scope):
        points = checking.points_of(agreement, reading.compose(agreement))
        reasons = {point.rule: "Een oefening, op welke dag ook." for point in points}
        freezing.freeze(agreement, reasons=reasons, actor=who)
    return agreement
