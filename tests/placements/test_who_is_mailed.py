"""The page that says who gets which mail names exactly whom the change then writes to."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from companies.enums import ContactRole
from companies.models import Contact
from placements import services
from placements.changes.mails import words_for
from placements.changes.wanted import Wanted
from placements.enums import OF_THEIR_OWN, ChangeKind
from placements.models import Placement, PlacementChange
from stage.core.enums import MailState
from stage.core.models import AuditEntry, OutboxMail
from stage.core.tenants.tenancy import SYSTEM, use
from tests.clients import client_of
from tests.placements import agreements
from tests.placements.changes import SECOND_MONDAY, change, day, in_state
from tests.placements.taking_back import sent
from tests.placements.test_application_services import second_place

KINDS = [kind for kind in ChangeKind if kind not in OF_THEIR_OWN]


def wanted_of(world, kind: ChangeKind) -> dict:
    """A change of this kind that can be done; what the form gives."""
    if kind == ChangeKind.SUPERVISOR:
        with use(SYSTEM):
            who = Contact.objects.create(
                region=world.noord.region,
                company=world.noord.companies[0],
                name="Nieuw Bakkerij",
                email="nieuw@bakkerij-noord.test",
                roles=[ContactRole.SUPERVISOR],
            )
        return {"supervisor": who}
    return {
        ChangeKind.SCHEDULE: {"from_on": SECOND_MONDAY, "weekdays": (1, 2)},
        ChangeKind.DATES: {"starts": day(11), "ends": date(2027, 1, 29)},
        ChangeKind.PAUSE: {"from_on": day(14), "until_on": day(15)},
        ChangeKind.TEACHER: {"teacher": world.berk.colleague},
        ChangeKind.MOVE: {"from_on": SECOND_MONDAY},
        ChangeKind.OFF: {},
        ChangeKind.STOP: {"from_on": day(14)},
    }[kind]


def prepared(world, kind: ChangeKind, state: str, birth_date: date) -> Placement:
    student = world.berk.students[0]
    with use(SYSTEM):
        student.birth_date = birth_date
        student.save()
    if state == "none":
        placement = in_state(world.berk.placement, "concept")
    else:
        make = {
            "filling": agreements.started,
            "signing": agreements.frozen,
            "signed": agreements.signed_by_all,
        }[state]
        placement = make_for(world, make, birth_date).placement
    if kind == ChangeKind.STOP and state != "signed":
        placement = in_state(placement, "running")
    return placement


def make_for(world, make, birth_date):
    """The agreement; no guardian signs for who is of age."""
    if make is agreements.signed_by_all and birth_date.year < 2009:
        agreement = agreements.frozen(world)
        for party, who in agreements.actors(world).items():
            if party != "guardian":
                agreements.sign_as(agreement, who)
        return agreement
    return make(world)


@pytest.mark.parametrize("birth_date", [date(2012, 5, 1), date(2008, 1, 1)], ids=["14", "19"])
@pytest.mark.parametrize("state", ["none", "filling", "signing", "signed"])
@pytest.mark.parametrize("kind", KINDS)
def test_who_is_named_is_who_is_mailed(world, settings, kind, state, birth_date):
    placement = prepared(world, kind, state, birth_date)
    values = wanted_of(world, kind)
    if kind == ChangeKind.MOVE:
        values["place"] = second_place(world)
    sent(settings)  # what came before is no part of it
    values = {"from_on": placement.starts, "reason": "agreed", "rule_reason": "Zo besproken."} | (
        values
    )
    boss = world.actor(world.berk.coordinator)
    before = whole()
    with use(boss.scope):
        row = Placement.objects.get(pk=placement.pk)
        named = services.mailed_by(row, Wanted(kind=kind, **values), actor=boss)
    assert whole() == before  # looking changed nothing
    began = timezone.now()
    change(world, placement, kind, **values)
    assert {address for address, _text in sent(settings)} == addresses(world, named)
    with use(SYSTEM):
        rows = OutboxMail.objects.filter(created_at__gte=began, state=MailState.SENT)
        really = {(m.person_kind, m.person_id, words_for(m.event)) for m in rows.order_by("pk")}
    assert really == {(p.kind, p.id, what) for p in named for what in p.what}
    assert named
    assert "bericht" not in {what for p in named for what in p.what}  # each has its own word


def whole() -> tuple:
    with use(SYSTEM):
        return tuple(
            model.objects.count() for model in (OutboxMail, PlacementChange, Placement, AuditEntry)
        )


def addresses(world, named) -> set[str]:
    with use(SYSTEM):
        people = {
            ("membership", m.pk): m.email
            for m in (world.berk.coordinator, world.berk.teacher, world.berk.colleague)
        }
        people |= {("student", s.pk): s.email for s in world.berk.students}
        people |= {("guardian", g.pk): g.email for g in world.berk.guardians}
        people |= {("contact", c.pk): c.email for c in Contact.objects.order_by("pk")}
    return {people[p.kind, p.id] for p in named}


def test_the_guardian_who_signs_stands_on_the_page(world):
    """Not as somebody who hears of the change, but of the amendment."""
    placement = agreements.signed_by_all(world).placement
    page = reverse("placements:change_make", args=[placement.public_id, "schedule"])
    data = {
        "from_on": "2027-01-18",
        "weekdays": ["1", "2"],
        "day_from": "08:30",
        "day_to": "15:30",
        "break_minutes": "30",
        "reason": "agreed",
        "words": "",
    }
    text = client_of(world.berk.coordinator).post(page, data).content.decode()
    told = re.search(r"Krijgt bericht</dt>\s*<dd>(.*?)</dd>", text, re.S).group(1)
    line = re.search(rf"<li>\s*{world.berk.guardians[0].name}.*?</li>", told, re.S).group(0)
    assert "de wijziging om te tekenen" in line
    assert "wat er verandert" not in line
