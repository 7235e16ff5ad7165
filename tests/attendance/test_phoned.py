"""Days no company confirmed: the list of them, the call, and what is noted of it."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from django.db.utils import DatabaseError, IntegrityError
from django.urls import reverse

from attendance import services
from attendance.models import ConfirmedDay
from companies.models import Contact
from placements.models import Placement
from stage.core.models import AuditEntry
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.who.policies import Conflict
from tests.attendance.helpers import (
    MONDAY,
    TUESDAY,
    another_placement,
    at,
    checked_in,
    confirmed,
    everything,
    said,
)
from tests.clients import client_of

LIST = reverse("attendance:unconfirmed_list")
LATER = date(2027, 1, 31)  # two weeks after the first week ended
DAYS = [MONDAY + timedelta(days=n) for n in range(5)]
ASKS = "Vraag om uren die niet zijn bevestigd"


def page_of(placement) -> str:
    return reverse("attendance:unconfirmed_confirm", args=[placement.public_id])


def hours(days, value="6,5") -> dict:
    return {f"hours-{day}": value for day in days}


def teacher(world):
    return client_of(world.berk.teacher)


@pytest.fixture
def unconfirmed(world):
    with use(SYSTEM):
        Placement.objects.update(created_at="2027-01-01T08:00:00Z")
        supervisor = world.noord.supervisors[0].pk
        Contact.objects.filter(pk=supervisor).update(telephone="0612345678")
    return world.berk.placement


def test_the_todo_leads_to_exactly_those_days(world, unconfirmed):
    confirmed(unconfirmed, {MONDAY: 390})
    other = another_placement(world.berk, world.noord, 1)
    with use(SYSTEM):
        Placement.objects.filter(pk=other.pk).update(created_at="2027-01-01T08:00:00Z")
    confirmed(other, dict.fromkeys(DAYS, 390))
    with at(LATER - timedelta(days=1)):
        assert ASKS not in teacher(world).get("/").content.decode()
    with at(LATER):
        client = teacher(world)
        home = client.get("/").content.decode()
        assert ASKS in home
        assert LIST in home
        page = client.get(LIST).content.decode()
        assert page_of(unconfirmed) in page
        assert "4 dagen" in page
        assert "0612345678" in page
        assert page_of(other) not in page
        form = client.get(page_of(unconfirmed)).context["form"]
        assert [day.date for day in form.days] == DAYS[1:]
        assert client.get(page_of(other)).status_code == 404


def test_what_the_company_says_on_the_telephone_counts_and_says_so(world, unconfirmed):
    checked_in(unconfirmed, MONDAY)
    with at(LATER):
        client = teacher(world)
        form = client.get(page_of(unconfirmed)).content.decode()
        assert 'value="6,5"' in form
        assert f'value="{world.noord.supervisors[0].name}"' in form
        sent = {"spoken_to": "Sanne Bakker", **hours(DAYS), **hours([TUESDAY], "0")}
        assert client.post(page_of(unconfirmed), sent).status_code == 302
        assert ASKS not in client.get("/").content.decode()
        url = reverse("attendance:list")
        listed = client.get(url, {"stage": unconfirmed.public_id}).content.decode()
        assert listed.count("telefonisch bevestigd door Sanne Bakker") == 5
    assert said(unconfirmed) == dict.fromkeys(DAYS, 390) | {TUESDAY: 0}
    row = everything(ConfirmedDay)[0]
    assert (row.kind, row.by_id, row.noted_by_id) == ("phoned", None, world.berk.teacher.pk)
    with use(SYSTEM):
        assert AuditEntry.objects.filter(verb="days_phoned").count() == 1


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"spoken_to": "  "}, "Schrijf op met wie"),
        (hours([MONDAY], "veel"), "Vul de uren in als getal"),
        (hours([MONDAY], ""), "Vul de uren in als getal"),
        (hours([MONDAY], "16"), "Vul de uren in als getal"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(world, unconfirmed, wrong, says):
    with at(LATER):
        sent = {"spoken_to": "Sanne", **hours(DAYS), **wrong}
        page = teacher(world).post(page_of(unconfirmed), sent)
    assert page.status_code == 422
    assert says in page.content.decode()
    assert everything(ConfirmedDay) == []


def test_a_company_that_spoke_meanwhile_goes_first_and_may_change_it_later(world, unconfirmed):
    confirmed(unconfirmed, {MONDAY: 300})
    actor = world.actor(world.berk.teacher)
    with at(LATER), use(actor.scope), pytest.raises(Conflict):
        services.note_phoned(unconfirmed, {MONDAY: 390}, actor=actor, spoken_to="Sanne")
    with at(LATER), use(actor.scope):
        services.note_phoned(unconfirmed, {TUESDAY: 390}, actor=actor, spoken_to="Sanne")
    company = world.company_actor(world.noord.supervisors[0])
    with at(LATER), use(company.scope):
        word = services.Word(unconfirmed, {TUESDAY: 420})
        services.confirm_weeks("2027-W02", [word], actor=company)
    assert said(unconfirmed) == {MONDAY: 300, TUESDAY: 420}
    with at(LATER):
        url = reverse("attendance:list")
        page = teacher(world).get(url, {"stage": unconfirmed.public_id}).content.decode()
    assert "telefonisch" not in page


def test_days_of_now_are_the_companys(world, unconfirmed):
    actor = world.actor(world.berk.teacher)
    with at(TUESDAY, "17:00"), use(actor.scope), pytest.raises(Conflict):
        services.note_phoned(unconfirmed, {MONDAY: 390}, actor=actor, spoken_to="Sanne")
    with at(TUESDAY, "17:00"):
        assert teacher(world).get(page_of(unconfirmed)).status_code == 404


def test_the_database_knows_who_may_say_what(world, unconfirmed):
    def refused(actor, **values) -> bool:
        row = ConfirmedDay.about(unconfirmed, minutes=390, date=MONDAY, **values)
        try:
            with at(LATER), use(actor.scope), transaction.atomic():
                row.save(force_insert=True)
        except (DatabaseError, IntegrityError):
            return True
        return False

    school = world.actor(world.berk.teacher)
    company = world.company_actor(world.noord.supervisors[0])
    by = {"by_id": world.noord.supervisors[0].pk}
    noted = {"kind": "phoned", "noted_by_id": world.berk.teacher.pk, "spoken_to": "Sanne"}
    assert refused(school, kind="confirmed", **by)
    assert refused(school, kind="phoned")
    assert refused(company, **noted)
    assert refused(company, kind="confirmed", **by, noted_by_id=world.berk.teacher.pk)
    assert not refused(school, **noted)
