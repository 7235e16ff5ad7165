"""The students' pages: whom one sees, what one changes, and what is written down of it."""

import re
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from stage.core.models import AuditEntry, Membership
from stage.core.tenants.tenancy import SYSTEM, use
from stage.schools.models import GroupStudent, Guardian, LoginCode, Student
from tests.clients import client_of

FORM = {
    "number": "5005",
    "first_name": "Noor",
    "infix": "de",
    "last_name": "Vries",
    "birth_date": "2011-03-05",
    "school_class": "3B",
    "year": "3",
    "leerweg": "BB",
}


WEB = ("file_open", "audit_list", "card_open")


def url(name, *args):
    space = "web" if name in WEB else "schools"
    return reverse(f"{space}:{name}", args=args)


def test_coordinator_sees_every_student_of_the_own_school(world):
    page = client_of(world.berk.coordinator).get(url("student_list")).content.decode()
    assert "Aya Berk" in page
    assert "Bram van Berk" in page
    assert "Aya Els" not in page
    assert "Aya Iep" not in page


def test_teacher_sees_others_by_name_and_class_only(world):
    with use(SYSTEM):
        Student.objects.filter(pk=world.berk.students[2].pk).update(
            mentor=world.berk.colleague, leerweg="TL", number="geheim-77"
        )
    client = client_of(world.berk.teacher)
    page = client.get(url("student_list")).content.decode()
    assert "Cem Berk" in page
    assert "TL" not in page
    assert "geheim-77" not in page
    show = client.get(url("student_show", world.berk.students[2].public_id)).content.decode()
    assert "Cem Berk" in show
    for secret in ("cem@berk.test", "ouder.cem@berk.test", "geheim-77", "15-03-2011"):
        assert secret not in show
    own = client.get(url("student_show", world.berk.students[0].public_id)).content.decode()
    assert "aya@berk.test" in own
    assert "ouder.aya@berk.test" in own


def test_looking_at_a_student_is_written_down(world):
    student = world.berk.students[0]
    client_of(world.berk.coordinator).get(url("student_show", student.public_id))
    with use(SYSTEM):
        (entry,) = AuditEntry.objects.filter(verb="saw", student_number=student.pk)
        assert entry.actor_id == world.berk.coordinator.user_id


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("q=bram", ["Bram van Berk"]),
        ("q=3003", ["Cem Berk"]),
        ("klas=9Z", ["Aya Berk", "Bram van Berk", "Cem Berk"]),
        ("klas=3B&q=cem", ["Cem Berk"]),
        ("year=3&leerweg=BB&sort=-name", ["Bram van Berk", "Cem Berk", "Aya Berk"]),
        ("login=none", []),
        ("login=active", ["Aya Berk", "Bram van Berk", "Cem Berk"]),
        ("sort=onzin&page=99", ["Aya Berk", "Bram van Berk", "Cem Berk"]),
    ],
)
def test_search_filters_and_order(world, query, names):
    response = client_of(world.berk.coordinator).get(f"{url('student_list')}?{query}")
    found = [s.full_name for s in response.context["page_obj"]]
    assert found == names if "-name" in query else sorted(found) == sorted(names)


def test_the_list_asks_the_database_as_often_for_one_as_for_three(
    world,
):
    client = client_of(world.berk.coordinator)
    client.get(url("student_list"))
    counts = []
    for query in ("q=bram", "q=berk"):
        with CaptureQueriesContext(connection) as caught:
            client.get(f"{url('student_list')}?{query}")
        counts.append(len(caught))
    assert counts[0] == counts[1]


def test_export_holds_own_students_and_is_written_down(world):
    client = client_of(world.berk.coordinator)
    book = load_workbook(BytesIO(client.get(url("student_export")).content))
    rows = list(book.active.values)
    assert [r[1] for r in rows] == ["Roepnaam", "Aya", "Cem", "Bram"]
    csv = client.get(url("student_export") + "?format=csv").content.decode("utf-8-sig")
    assert csv.splitlines()[1].startswith("1001;Aya;;Berk;3B;3;BB;HBR;15-01-2011")
    colleague = client_of(world.berk.colleague)
    assert (
        len(
            list(load_workbook(BytesIO(colleague.get(url("student_export")).content)).active.values)
        )
        == 1
    )
    with use(SYSTEM):
        assert AuditEntry.objects.filter(verb="exported").count() == 6


def test_add_and_change_a_student(world):
    client = client_of(world.berk.coordinator)
    response = client.post(url("student_add"), FORM)
    with use(SYSTEM):
        student = Student.objects.get(number="5005")
    assert response.status_code == 302
    assert (student.school, student.full_name) == (world.berk.school, "Noor de Vries")
    client.post(url("student_edit", student.public_id), {**FORM, "first_name": "Nora"})
    with use(SYSTEM):
        student.refresh_from_db()
        assert (student.first_name, student.search_name) == ("Nora", "nora de vries")
        entry = AuditEntry.objects.get(verb="student_changed")
        assert entry.fields == ["first_name"]


def test_wrong_input_is_explained_beside_the_field_and_kept(world):
    client = client_of(world.berk.coordinator)
    response = client.post(url("student_add"), {**FORM, "number": "1001", "birth_date": "1911-1-1"})
    assert response.status_code == 422
    page = response.content.decode()
    assert "Klopt deze geboortedatum?" in page
    assert 'value="Vries"' in page
    response = client.post(url("student_add"), {**FORM, "number": "1001"})
    assert response.status_code == 422
    assert "al van een andere leerling" in response.content.decode()


def test_a_mentor_of_another_school_cannot_be_chosen(world):
    client = client_of(world.berk.coordinator)
    data = {**FORM, "mentor": world.els.teacher.pk}
    assert client.post(url("student_add"), data).status_code == 422


def test_leaving_ends_the_log_in_and_can_be_undone(world):
    student = world.berk.students[0]
    client = client_of(world.berk.coordinator)
    client.post(
        url("student_leave", student.public_id), {"on": "2026-11-20", "reason": "left_school"}
    )
    with use(SYSTEM):
        student.refresh_from_db()
        assert str(student.left_on) == "2026-11-20"
        assert Membership.objects.get(pk=world.berk.logins[0].pk).ended_at is not None
    client.post(url("student_leave", student.public_id) + "?terug=1")
    with use(SYSTEM):
        student.refresh_from_db()
        assert student.left_on is None


def test_guardians_are_added_changed_and_removed(world):
    student = world.berk.students[0]
    client = client_of(world.berk.coordinator)
    data = {"name": "Opa", "email": "opa@x.test", "telephone": "", "may_sign": "on"}
    client.post(url("guardian_add", student.public_id), data)
    with use(SYSTEM):
        opa = Guardian.objects.get(name="Opa", student=student)
    client.post(url("guardian_edit", opa.public_id), {**data, "email": "opa@y.test"})
    with use(SYSTEM):
        opa.refresh_from_db()
        assert opa.email == "opa@y.test"
    assert "verwijderen?" in client.get(url("guardian_remove", opa.public_id)).content.decode()
    client.post(url("guardian_remove", opa.public_id))
    with use(SYSTEM):
        assert not Guardian.objects.filter(pk=opa.pk).exists()
    assert client.post(url("guardian_add", student.public_id), {"name": ""}).status_code == 422


def test_chosen_students_go_into_a_group_and_strangers_do_not(world):
    with use(SYSTEM):
        GroupStudent.objects.filter(group=world.berk.group).delete()
    rows = [world.berk.students[1].public_id, world.els.students[0].public_id]
    data = {"group": world.berk.group.public_id, "row": rows}
    client_of(world.berk.coordinator).post(url("student_group_add"), data)
    with use(SYSTEM):
        members = GroupStudent.objects.filter(group=world.berk.group)
        assert [m.student_id for m in members] == [world.berk.students[1].pk]


def test_cards_are_printed_after_a_warning_and_the_code_can_be_scanned(world):
    from tests.web.scanning import codes_in

    client = client_of(world.berk.coordinator)
    rows = {"row": [s.public_id for s in world.berk.students]}
    page = client.post(url("card_print"), rows).content.decode()
    assert "Eerdere kaarten werken dan niet meer" in page
    with use(SYSTEM):
        assert not LoginCode.objects.exists()
    response = client.post(url("card_print"), {**rows, "confirm": "1"})
    response = client.get(response["Location"] + "pdf/")
    assert response["Content-Type"] == "application/pdf"
    text, scanned = codes_in(response.content)
    with use(SYSTEM):
        assert LoginCode.objects.count() == 3
    for name in ("Aya", "Bram", "Cem"):
        assert name in text
    assert "Berk" in text  # the school; surnames stay off the card
    assert "van Berk" not in text
    assert len(scanned) == 3
    for address in scanned:
        code = address.rstrip("/").rpartition("/")[2]
        assert address == f"http://127.0.0.1:8000{url('card_open', code)}"
        assert code in "".join(text.split())  # kerning may put a space in the extracted text


def test_a_teacher_prints_cards_for_own_students_only(world):
    client = client_of(world.berk.colleague)
    rows = {"row": [world.berk.students[0].public_id], "confirm": "1"}
    assert client.post(url("card_print"), rows).status_code == 302
    with use(SYSTEM):
        assert not LoginCode.objects.exists()


def test_todos_say_what_to_do_first(world):
    from stage.core.ui import todo
    from stage.schools.models import Group, Period

    actor = world.actor(world.berk.coordinator)
    with use(SYSTEM):
        Membership.objects.filter(pk=world.berk.logins[0].pk).update(ended_at="2026-01-01T00:00Z")
    with use(actor.scope):
        cards = next(t for t in todo.for_actor(actor) if t.icon == "id-card")
        assert (cards.count, cards.url) == (1, url("student_list") + "?login=none")
        assert Period.objects.exists()
        assert Group.objects.exists()
        assert not [t for t in todo.for_actor(actor) if t.url == url("period_add")]


@pytest.mark.parametrize("year", ["0", "-1", "7", "x"])
def test_a_year_of_school_is_one_to_six(world, year):
    client = client_of(world.berk.coordinator)
    page = client.get(url("student_add")).content.decode()
    assert re.search(r'<input[^>]*name="year"[^>]*min="1"[^>]*max="6"', page)
    response = client.post(url("student_add"), FORM | {"year": year})
    assert response.status_code == 422
    assert len(response.context["form"].errors["year"]) == 1
