"""Another app adds fields to the day report: asked, kept and shown; without it nothing is there."""

import pytest
from django import forms
from django.urls import reverse

from attendance.models import DayReport
from placements import report_parts
from tests.attendance.helpers import MONDAY, WEEK, at, checked_in, everything, reported
from tests.clients import client_of, client_of_contact

WRITE = reverse("attendance:report_write", args=[MONDAY])
OWN = reverse("attendance:report_list")
READ = reverse("attendance:reports_read")
CONFIRM = reverse("attendance:week_confirm", args=[WEEK])


@pytest.fixture
def kept():
    """An app that asks which tasks were done, and keeps them here."""
    store = {}

    def keep(placement, day, values, *, actor):
        assert actor.student_id == placement.student_id
        if "nee" in values["which"]:
            raise ValueError
        store[placement.pk, day] = values

    report_parts.add(
        report_parts.ReportPart(
            "tasks",
            "Deeltaken van vandaag",
            fields=lambda actor, placement, day: {
                "which": forms.CharField(label="Welke deeltaak?", max_length=20)
            },
            values=lambda actor, placement, day: store.get((placement.pk, day), {}),
            keep=keep,
            lines=lambda actor, days: {key: [store[key]["which"]] for key in days if key in store},
        )
    )
    yield store
    report_parts.remove("tasks")


def pages(world) -> list[str]:
    """Every page that shows the report of Monday."""
    placement = world.berk.placement
    folder = reverse("placements:placement_show", args=[placement.public_id])
    answer = reverse("attendance:report_answer", args=[placement.public_id, MONDAY])
    with at(MONDAY, "16:00"):
        student, teacher = client_of(world.berk.logins[0]), client_of(world.berk.teacher)
        company = client_of_contact(world.noord.supervisors[0])
        asked = [(student, OWN), (teacher, READ), (teacher, answer), (teacher, folder)]
        asked += [(company, CONFIRM)]
        return [client.get(url).content.decode() for client, url in asked]


def write(world, **sent):
    with at(MONDAY, "15:40"):
        return client_of(world.berk.logins[0]).post(WRITE, {"text": "Gebakken.", **sent})


def test_asked_kept_and_shown_wherever_the_report_is(world, kept):
    checked_in(world.berk.placement, MONDAY)
    with at(MONDAY, "15:40"):
        page = client_of(world.berk.logins[0]).get(WRITE).content.decode()
    assert "<legend>Deeltaken van vandaag</legend>" in page
    assert "Welke deeltaak?" in page
    assert write(world, **{"tasks-which": "Deeg rollen"}).status_code == 302
    assert kept == {(world.berk.placement.pk, MONDAY): {"which": "Deeg rollen"}}
    for shown in pages(world):
        assert "Deeltaken van vandaag" in shown
        assert "Deeg rollen" in shown
    with at(MONDAY, "15:45"):
        again = client_of(world.berk.logins[0]).get(WRITE).content.decode()
    assert 'value="Deeg rollen"' in again


def test_what_is_wrong_stands_at_its_field_and_nothing_is_kept(world, kept):
    checked_in(world.berk.placement, MONDAY)
    answer = write(world, **{"tasks-which": "x" * 21})
    assert answer.status_code == 422
    assert 'id="id_tasks-which_error"' in answer.content.decode()
    assert (kept, everything(DayReport)) == ({}, [])


def test_words_and_parts_are_kept_together_or_not_at_all(world, kept):
    checked_in(world.berk.placement, MONDAY)
    with pytest.raises(ValueError):
        write(world, **{"tasks-which": "nee"})
    assert everything(DayReport) == []


def test_nothing_of_it_is_there_while_nobody_adds(world):
    checked_in(world.berk.placement, MONDAY)
    reported(world.berk.placement, MONDAY, "Brood.")
    with at(MONDAY, "15:40"):
        page = client_of(world.berk.logins[0]).get(WRITE)
    assert page.context["form"].groups == []
    assert '<fieldset class="stack">' not in page.content.decode()
    for shown in pages(world):
        assert "Deeltaken" not in shown
