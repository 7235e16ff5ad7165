"""Before a placement ends the school reads what becomes of assessment, mark and assignments."""

import re
from datetime import date
from decimal import Decimal
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.enums import HandInState
from assessments.models import Assessment, Assignment, HandIn, Mark
from assessments.services.asking import ask_for_assessments
from placements.enums import PlacementState
from stage.core.models import OutboxMail
from stage.core.tenants.tenancy import SYSTEM, school_scope, use
from stage.core.ui import todo
from tests.assessments import things
from tests.attendance.helpers import at
from tests.clients import client_of
from tests.placements.changes import change, day, in_state
from tests.placements.test_application_services import second_place

TODAY, FIRST = day(13), day(14)  # Wednesday of the first week; the first day without


@pytest.fixture(autouse=True)
def on_wednesday():
    with at(TODAY, "10:00"):
        yield


def seen(world, placement, kind: str, **data) -> str:
    """What the page says that an end of this kind does, in plain words."""
    page = reverse("placements:change_make", args=[placement.public_id, kind])
    sent = {"from_on": FIRST.isoformat(), "reason": "fit", "heard": ["student"], "words": ""}
    text = client_of(world.berk.coordinator).post(page, {**sent, **data}).content.decode()
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", text)))


def marked(world, placement, *, final: bool):
    with use(SYSTEM):
        Mark.objects.create(
            school=world.berk.school,
            student=placement.student,
            placement=placement,
            value=Decimal("7.5"),
            given_by=world.berk.teacher,
            locked_at=timezone.now() if final else None,
        )


def handed_out(world, placement, *states):
    with use(SYSTEM):
        for n, state in enumerate(states):
            assignment = Assignment.objects.create(
                school=world.berk.school,
                title=f"Opdracht {n}",
                text="Vertel.",
                created_by=world.berk.teacher,
            )
            HandIn.objects.create_about(
                placement,
                assignment=assignment,
                state=state,
                due=TODAY,
                handed_in_at=timezone.now() if state != HandInState.OPEN else None,
            )


def asked_at(world, when: date) -> set[str]:
    """Of which placements an assessment is asked on this day."""
    with at(when, "10:00"), use(school_scope(world.berk.school)):
        ask_for_assessments(world.berk.school, when)
        rows = OutboxMail.objects.filter(event="assessment_asked", school=world.berk.school)
        return {
            x.split(":")[0]
            for more in rows.values_list("details", flat=True)
            for x in more["asked"]
        }


def test_who_stops_is_still_assessed_and_marked_as_it_says(world):
    running = in_state(world.berk.placement, "running")
    text = seen(world, running, "stop")
    assert "Bakkerij Noord krijgt vanaf wo 13 januari de vraag om een beoordeling." in text
    assert "Er is nog geen cijfer. Na wo 13 januari kan het" in text
    assert "Nog geen plek. Bij Matchen staat de leerling weer bij wie zoekt." in text
    change(world, running, "stop", from_on=FIRST, reason="fit")
    assert running.public_id in asked_at(world, TODAY)


def test_after_a_long_absence_nobody_is_asked_as_it_says(world):
    running = in_state(world.berk.placement, "running")
    with at(day(31), "10:00"):
        text = seen(world, running, "stop", from_on="2027-01-13")
        assert "Bakkerij Noord wordt niet meer om een beoordeling gevraagd." in text
        change(world, running, "stop", from_on=day(13), reason="absence")
    assert running.public_id not in asked_at(world, day(31))


def test_what_was_given_stands(world):
    running = in_state(world.berk.placement, "running")
    with use(SYSTEM):
        things.given(world.berk, world.noord.supervisors[0], placement=running)
    marked(world, running, final=True)
    handed_out(world, running, HandInState.OPEN, HandInState.HANDED_IN, HandInState.DONE)
    text = seen(world, running, "stop")
    assert "De beoordeling van Bakkerij Noord blijft staan." in text
    assert "Het cijfer 7,5 staat vast en blijft." in text
    assert "De leerling houdt 2 opdrachten die zijn ingeleverd." in text
    assert "1 opdracht staat nog open. Inleveren kan nog." in text
    change(world, running, "stop", from_on=FIRST, reason="fit")
    with use(SYSTEM):
        assert Mark.objects.get(placement=running).value == Decimal("7.5")
        assert Assessment.objects.filter(placement=running).given().exists()


def test_a_mark_that_is_not_final_is_said_to_be_so(world):
    running = in_state(world.berk.placement, "running")
    marked(world, running, final=False)
    assert "Het cijfer 7,5 blijft staan en is nog niet vast." in seen(world, running, "stop")


def test_what_never_began_has_no_mark_and_asks_no_work(world):
    signed = in_state(world.berk.placement, "signed")
    handed_out(world, signed, HandInState.OPEN)
    text = seen(world, signed, "off")
    assert "Er komt bij dit bedrijf geen beoordeling en geen cijfer." in text
    assert "1 opdracht wordt niet meer gevraagd." in text
    student = world.actor(world.berk.logins[0])
    with use(student.scope):
        assert any("Opdracht 0" in str(t.title) for t in todo.for_actor(student))
    change(world, signed, "off", reason="company_stopped")
    with use(student.scope):
        assert not any("Opdracht 0" in str(t.title) for t in todo.for_actor(student))


def test_a_move_gives_each_company_its_own(world):
    running = in_state(world.berk.placement, "running")
    place = second_place(world)
    text = seen(world, running, "move", place=place.public_id)
    assert "Bij Garage Noord komt een eigen beoordeling en een eigen cijfer." in text
    assert "krijgt vanaf wo 13 januari de vraag om een beoordeling" in text
    assert running.state == PlacementState.RUNNING
