"""The attendance list and its files; the student's week."""

from datetime import date
from io import BytesIO

import pikepdf
from django.urls import reverse
from openpyxl import load_workbook

from attendance import queries
from stage.core.models import AuditEntry
from stage.core.tenants.tenancy import SYSTEM, use
from tests.attendance.helpers import (
    MONDAY,
    SATURDAY,
    TUESDAY,
    another_placement,
    at,
    checked_in,
    confirmed,
    ill,
)
from tests.clients import client_of
from tests.papers import text_of

LIST = reverse("attendance:list")
CSV = reverse("attendance:list_export", args=["csv"])
PAPER = reverse("attendance:list_paper")


def test_hours_planned_and_confirmed(world):
    checked_in(world.berk.placement, MONDAY)
    confirmed(world.berk.placement, {MONDAY: 90, TUESDAY: 240})
    confirmed(world.berk.placement, {MONDAY: 390}, version=2)
    with at(SATURDAY):
        page = client_of(world.berk.teacher).get(LIST).content.decode()
        one = client_of(world.berk.teacher).get(LIST, {"stage": world.berk.placement.public_id})
    assert ">32,5</td>" in page  # five days of 6,5 until today
    assert ">10,5</td>" in page
    assert "10,5 uur bevestigd, 32,5 uur gepland" in one.content.decode()
    assert "08:20" in one.content.decode()


def test_colleague_and_other_school_see_nothing_of_it(world):
    with at(SATURDAY):
        for membership in (world.berk.colleague, world.els.coordinator):
            client = client_of(membership)
            query = {"stage": world.berk.placement.public_id}
            answer = client.get(LIST, query).content + client.get(CSV, query).content
            assert b"Aya Berk" not in answer


def test_another_schools_group_does_not_exist(world):
    with at(SATURDAY):
        client = client_of(world.berk.coordinator)
        other = client.get(LIST, {"groep": world.els.group.public_id}).content.decode()
        assert "Dit klopt niet in het adres: de groep." in other
        assert "Els" not in other
        # A file cannot say so: the page does.
        file = client.get(CSV, {"groep": world.els.group.public_id})
        assert file["Location"] == f"{LIST}?groep={world.els.group.public_id}"
        page = client.get(LIST, {"groep": world.berk.group.public_id}).content.decode()
    assert "Aya Berk" in page


def test_csv_has_a_line_per_day_and_leaves_a_trace(world):
    checked_in(world.berk.placement, MONDAY, "08:46", flags=["late"])
    ill(world.berk.placement, TUESDAY, ends=TUESDAY)
    with at(SATURDAY):
        response = client_of(world.berk.coordinator).get(CSV)
    lines = response.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 11
    assert lines[1] == (
        "Aya Berk;3B;Bakkerij Noord;Docent Berk;11-01-2027;08:30;15:30;08:46;;te laat;6,5;;6,5;;;"
    )
    assert lines[2].split(";")[9] == "ziek"
    with use(SYSTEM):
        assert AuditEntry.objects.filter(verb="exported_attendance_list").count() == 1


def test_xlsx_opens(world):
    with at(SATURDAY):
        client = client_of(world.berk.coordinator)
        response = client.get(reverse("attendance:list_export", args=["xlsx"]))
    sheet = load_workbook(BytesIO(response.content)).active
    assert [c.value for c in sheet[2]][:3] == ["Aya Berk", "3B", "Bakkerij Noord"]
    assert sheet.max_row == 11


def test_prints(world):
    with at(SATURDAY):
        page = client_of(world.berk.coordinator).get(LIST, {"afdruk": "1"}).content.decode()
    assert "data-print" in page
    assert "Aya Berk" in page


def test_list_costs_the_same_for_more_students(world, django_assert_max_num_queries):
    with at(SATURDAY):
        client = client_of(world.berk.coordinator)
        client.get(LIST)
        with django_assert_max_num_queries(30) as few:
            client.get(LIST)
        another_placement(world.berk, world.noord, 1)
        another_placement(world.berk, world.noord, 2)
        with django_assert_max_num_queries(len(few)):
            client.get(LIST)


def test_the_companys_word_stands_above_a_scan(world):
    checked_in(world.berk.placement, MONDAY)
    confirmed(world.berk.placement, {MONDAY: 390, TUESDAY: 390})
    confirmed(world.berk.placement, {MONDAY: 0}, version=2)
    actor = world.actor(world.berk.logins[0])
    with at(SATURDAY), use(actor.scope):
        today = queries.today_of_student(actor, with_week=True)
    assert today.strip == [
        (date(2027, 1, 11), "absent"),
        (date(2027, 1, 12), "present"),
        (date(2027, 1, 13), "unknown"),
        (date(2027, 1, 14), "unknown"),
        (date(2027, 1, 15), "unknown"),
    ]


def test_students_week_in_words(world):
    checked_in(world.berk.placement, MONDAY, "08:02")
    ill(world.berk.placement, TUESDAY)
    with at(TUESDAY, "12:00"):
        page = client_of(world.berk.logins[0]).get(reverse("attendance:week")).content.decode()
        other = client_of(world.berk.logins[1]).get(reverse("attendance:week")).content.decode()
    for words in ("binnen om 08:02", "ziek", "Ben je weer beter?", "nog te gaan"):
        assert words in page
    assert "08:02" not in other
    assert "Geen stage in deze week" in other


def test_pdf_has_a_page_per_student_and_is_tagged(world):
    another_placement(world.berk, world.noord, 1)
    checked_in(world.berk.placement, MONDAY, "08:46", flags=["late"])
    with at(SATURDAY):
        response = client_of(world.berk.coordinator).get(PAPER)
    assert response["Content-Type"] == "application/pdf"
    first, second = text_of(response.content)
    assert "Presentielijst Aya Berk" in first
    assert "08:46 te laat" in " ".join(first.split())
    assert "Presentielijst Bram van Berk" in second
    with pikepdf.open(BytesIO(response.content)) as paper:
        assert paper.Root.MarkInfo.Marked
        assert str(paper.Root.Lang) == "nl"
    with use(SYSTEM):
        assert AuditEntry.objects.filter(verb="exported_attendance_list").count() == 1


def test_pdf_of_nobody_or_of_too_many_says_so_and_keeps_the_filters(world, monkeypatch):
    with at(SATURDAY):
        client = client_of(world.berk.coordinator)
        page = client.get(PAPER, {"q": "niemand"}, follow=True).content.decode()
        assert "Geen leerlingen gevonden" in page
        assert 'value="niemand"' in page
        monkeypatch.setattr("attendance.documents.MOST", 0)
        assert "Kies een groep" in client.get(PAPER, follow=True).content.decode()


def test_another_school_is_on_no_pdf(world):
    with at(SATURDAY):
        response = client_of(world.els.coordinator).get(PAPER)
    assert "Berk" not in (" ".join(text_of(response.content)) if response.content else "")
