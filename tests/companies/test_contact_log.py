"""The contact log of a company: what was said, by whom it is read, and what comes after (B3)."""

import re
from datetime import date

import pytest
from django.db import ProgrammingError, connection, transaction
from django.urls import reverse

from companies.models import CompanyNote, FollowUp
from stage.core.models import AuditEntry
from stage.core.tenants.tenancy import SYSTEM, use
from tests.attendance.helpers import at
from tests.clients import client_of

TODAY = date(2027, 1, 13)


def words(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def page_of(world) -> str:
    return f"/bedrijven/{world.noord.companies[0].public_id}/"


def write(world, who, text, **more):
    """A line of the log, on the page where it is written."""
    sent = {"kind": "phone", "on": "2027-01-13", "text": text, **more}
    return client_of(who).post(f"{page_of(world)}contact/nieuw/", sent)


def only_note() -> CompanyNote:
    with use(SYSTEM):
        return CompanyNote.objects.get()


def test_the_log_says_who_wrote_what_and_when_newest_first(world):
    with at(TODAY):
        assert (
            write(
                world,
                world.berk.teacher,
                "Wil graag twee bakkers",
                kind="visit",
                on="2027-01-11",
                with_whom="Karin",
                promised="Een poster sturen",
            ).status_code
            == 302
        )
        write(world, world.berk.coordinator, "Bel na tien")
        for page in (page_of(world), f"{page_of(world)}contact/"):
            text = words(client_of(world.berk.colleague).get(page))
            newest = text.index("Telefoon, wo 13 januari Bel na tien")
            assert newest < text.index("Bezoek, ma 11 januari · Karin Wil graag twee bakkers")
            assert "Wij beloofden: Een poster sturen Alleen onze school Docent Berk" in text


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": ""},
        {"text": "   "},
        {"text": "x" * 2001},
        {"on": "2027-01-14"},
        {"next_text": "Bel weer"},
        {"next_due": "2027-02-01"},
        {"next_text": "Bel weer", "next_due": "2027-01-12"},
    ],
)
def test_what_is_not_right_comes_back_and_is_not_kept(world, wrong):
    with at(TODAY):
        answer = write(world, world.berk.coordinator, **{"text": "Gebeld", **wrong})
    assert answer.status_code == 422
    with use(SYSTEM):
        assert (CompanyNote.objects.count(), FollowUp.objects.count()) == (0, 0)


def test_what_comes_after_is_a_follow_up_of_who_wrote_it(world):
    with at(TODAY):
        write(world, world.berk.teacher, "Denkt na", next_text="Bel weer", next_due="2027-02-01")
    with use(SYSTEM):
        row = FollowUp.objects.get()
        assert (row.text, row.due, row.who, row.school, row.note) == (
            "Bel weer",
            date(2027, 2, 1),
            world.berk.teacher,
            world.berk.school,
            CompanyNote.objects.get(),
        )


# --- who reads it -------------------------------------------------------------------------------


def readers(world, text: str) -> set[str]:
    """Who of the cast reads a line, on the company's page and in its log alike."""
    cast = {
        "berk": world.berk.colleague,
        "els": world.els.coordinator,
        "bureau": world.noord.bureau,
        "iep": world.iep.coordinator,
        "far": world.zuid.bureau,
    }
    found = set()
    for name, who in cast.items():
        pages = [client_of(who).get(page_of(world) + tail) for tail in ("", "contact/")]
        seen = {page.status_code == 200 and text in words(page) for page in pages}
        assert len(seen) == 1, name
        found |= {name} if seen == {True} else set()
    return found


@pytest.mark.parametrize(
    ("who", "alone", "badge"),
    [("coordinator", {"berk"}, "Alleen onze school"), ("bureau", {"bureau"}, "Alleen het")],
)
def test_a_line_is_of_the_own_side_until_it_is_shared(world, who, alone, badge):
    writer = world.noord.bureau if who == "bureau" else world.berk.coordinator
    with at(TODAY):
        write(world, writer, "Baas is streng")
        assert readers(world, "Baas is streng") == alone
        assert badge in words(client_of(writer).get(page_of(world)))
        share = f"{page_of(world)}contact/{only_note().public_id}/delen/"
        client_of(writer).post(share)
        assert readers(world, "Baas is streng") == {"berk", "els", "bureau"}
        whose = "het stagebureau" if who == "bureau" else world.berk.school.name
        assert f"Regio, van {whose}" in words(client_of(world.els.coordinator).get(page_of(world)))
        client_of(writer).post(share)
        assert readers(world, "Baas is streng") == alone
    with use(SYSTEM):
        verbs = AuditEntry.objects.filter(object_type="companies.CompanyNote")
        assert sorted(verbs.values_list("verb", flat=True)) == [
            "company_note_added",
            "company_note_shared",
            "company_note_unshared",
        ]


def test_who_reads_a_shared_line_changes_nothing_of_it(world):
    with at(TODAY):
        write(world, world.berk.coordinator, "Baas is streng", shared="on")
    note = f"{page_of(world)}contact/{only_note().public_id}/"
    for who in (world.els.coordinator, world.noord.bureau):
        client = client_of(who)
        assert "Baas is streng" in words(client.get(page_of(world)))
        assert note not in client.get(f"{page_of(world)}contact/").content.decode()
        assert client.post(f"{note}delen/").status_code == 404
        assert client.post(f"{note}weg/").status_code == 404
    assert only_note().shared
    client_of(world.berk.teacher).post(f"{note}weg/")
    with use(SYSTEM):
        assert not CompanyNote.objects.exists()


def test_the_name_of_who_wrote_a_shared_line_stays_in_the_school(world):
    with at(TODAY):
        write(world, world.berk.teacher, "Baas is streng", shared="on")
        text = words(client_of(world.els.coordinator).get(f"{page_of(world)}contact/"))
    assert "Baas is streng" in text
    assert "Docent Berk" not in text


@pytest.mark.parametrize("side", ["els", "bureau", "iep", "far"])
def test_the_database_hides_and_keeps_what_is_of_another_side(world, side):
    with at(TODAY):
        write(world, world.berk.coordinator, "Alleen wij", next_text="x", next_due="2027-02-01")
        write(world, world.berk.coordinator, "Voor de regio", shared="on")
    others = {
        "els": world.els.coordinator,
        "bureau": world.noord.bureau,
        "iep": world.iep.coordinator,
        "far": world.zuid.bureau,
    }
    actor = world.actor(others[side])
    shared = ["Voor de regio"] if side in ("els", "bureau") else []
    with use(actor.scope), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT text FROM companies_companynote ORDER BY id")
        assert [text for (text,) in cursor.fetchall()] == shared
        cursor.execute("SELECT count(*) FROM companies_followup")
        assert cursor.fetchone() == (0,)
        cursor.execute("UPDATE companies_companynote SET text = 'x'")
        assert cursor.rowcount == 0
        cursor.execute("DELETE FROM companies_companynote")
        assert cursor.rowcount == 0
    with use(SYSTEM):
        only = CompanyNote.objects.get(text="Alleen wij")
        note = CompanyNote(
            region_id=only.region_id,
            school_id=only.school_id,
            company_id=only.company_id,
            text="Namens Berk",
            written_by=others[side],
        )
    with use(actor.scope), pytest.raises(ProgrammingError), transaction.atomic():
        note.save()


def test_the_log_is_paged(world):
    company, berk = world.noord.companies[0], world.berk
    with use(SYSTEM):
        CompanyNote.objects.bulk_create(
            CompanyNote(
                region=world.noord.region,
                school=berk.school,
                company=company,
                text=f"Regel {n:03}.",
                written_by=berk.coordinator,
            )
            for n in range(30)
        )
    client = client_of(berk.coordinator)
    log = reverse("companies:company_log", args=[company.public_id])
    found = [words(client.get(f"{log}?page={n}")).count("Regel ") for n in (1, 2)]
    assert found == [25, 5]
    assert words(client.get(page_of(world))).count("Regel ") == 3
