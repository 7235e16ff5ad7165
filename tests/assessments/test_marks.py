"""Marks: bounds, making final, correcting, the list and its file; the coordinator's form."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.models import Criterion, Mark
from assessments.services import marks as services
from assessments.services.form import ensure_default_form
from placements.models import Placement
from stage.core.dutch.calendar import school_today
from stage.core.models import AuditEntry
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.ui import sections, todo
from stage.core.who.policies import Conflict
from tests.assessments import things
from tests.clients import client_of

LIST = "assessments:mark_list"


@pytest.fixture
def placement(world):
    with use(SYSTEM):
        return things.started(world.berk.placement, ends_in=-1)


@pytest.fixture
def teacher(world):
    return client_of(world.berk.teacher)


def url(placement):
    return reverse("assessments:mark_give", args=[placement.public_id])


def the_mark():
    with use(SYSTEM):
        return Mark.objects.get()


@pytest.mark.parametrize(("typed", "value"), [("7,5", "7.5"), ("1", "1.0"), ("10,0", "10.0")])
def test_a_mark_is_given_with_a_comma(placement, teacher, typed, value):
    assert teacher.post(url(placement), {"value": typed, "remark": "Goed"}).status_code == 302
    assert the_mark().value == Decimal(value)
    assert typed in teacher.get(url(placement)).content.decode()


@pytest.mark.parametrize("typed", ["0,9", "10,1", "7,55", "", "goed", "NaN", "-3", "1e1e"])
def test_out_of_bounds_is_refused_and_kept_on_the_page(placement, teacher, typed):
    response = teacher.post(url(placement), {"value": typed, "remark": "Netjes"})
    assert response.status_code == 422
    assert "Netjes" in response.content.decode()
    with use(SYSTEM):
        assert Mark.objects.count() == 0


def test_the_teacher_sees_the_supervisor_s_judgement(world, placement, teacher):
    with use(SYSTEM):
        things.given(world.berk, world.noord.supervisors[0], points=4)
    page = teacher.get(url(placement)).content.decode()
    assert "Netjes en veilig werken" in page
    assert world.noord.supervisors[0].name in page


def test_a_final_mark_is_seen_by_the_student_and_stands(world, placement, teacher):
    student = world.actor(world.berk.logins[0])
    teacher.post(url(placement), {"value": "7,5"})
    assert _section(student, placement) is None
    teacher.post(url(placement), {"lock": "1", "seen": "6.0"})
    assert the_mark().locked_at is None
    teacher.post(url(placement), {"lock": "1", "seen": "7,5"})
    assert the_mark().locked_at is not None
    assert _section(student, placement)["mark_words"] == "7,5"
    assert teacher.post(url(placement), {"value": "4"}).status_code == 403
    assert the_mark().value == Decimal("7.5")
    actor = world.actor(world.berk.teacher)
    with use(actor.scope), pytest.raises(Conflict):
        row = Placement.objects.select_related("student").get(pk=placement.pk)
        services.give_mark(row, value=Decimal(4), remark="", actor=actor)


def _section(actor, placement):
    with use(actor.scope):
        found = {s.key: s.context for s in sections.fill("placement", actor, placement)}
    return found.get("mark")


def test_the_coordinator_corrects_a_final_mark_with_a_reason(world, placement, teacher):
    teacher.post(url(placement), {"value": "7,5"})
    teacher.post(url(placement), {"lock": "1", "seen": "7,5"})
    coordinator = client_of(world.berk.coordinator)
    data = {"value": "8", "remark": "", "seen": "7,5", "reason": ""}
    assert coordinator.post(url(placement), data).status_code == 422
    assert coordinator.post(url(placement), {**data, "reason": "Typefout"}).status_code == 302
    mark = the_mark()
    assert (mark.value, mark.change_reason) == (Decimal(8), "Typefout")
    with use(SYSTEM):
        entry = AuditEntry.objects.get(verb="final_mark_changed")
        assert entry.actor_role == "coordinator"
        assert entry.fields == ["change_reason", "remark", "value"]


def test_the_list_is_of_own_students_and_comes_as_a_file(world, placement, teacher):
    teacher.post(url(placement), {"value": "7,5"})
    page = teacher.get(reverse(LIST)).content.decode()
    assert "Aya Berk" in page
    assert "7,5" in page
    assert "Aya Berk" not in client_of(world.berk.colleague).get(reverse(LIST)).content.decode()
    csv = teacher.get(reverse(LIST), {"export": "csv"})
    assert "Aya Berk" in csv.content.decode("utf-8-sig")
    assert "7,5" in csv.content.decode("utf-8-sig")
    assert teacher.get(reverse(LIST), {"export": "xlsx"}).content[:2] == b"PK"
    final = teacher.get(reverse(LIST), {"state": "final"}).content.decode()
    assert "Aya Berk" not in final


def test_the_list_asks_as_much_for_three_as_for_one(world, placement, teacher):
    counts = [_count(teacher)]
    with use(SYSTEM):
        for n in (1, 2):
            things.another_placement(world.berk, n, world.noord.companies[0])
    counts.append(_count(teacher))
    assert counts[0] == counts[1]


def _count(client):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(reverse(LIST)).status_code == 200
    return len(queries)


def test_a_missing_mark_is_a_todo_until_it_is_final(world, placement, teacher):
    actor = world.actor(world.berk.teacher)
    with use(actor.scope):
        assert [t.title for t in todo.for_actor(actor)] == ["Geef cijfers"]
    teacher.post(url(placement), {"value": "7,5"})
    teacher.post(url(placement), {"lock": "1", "seen": "7,5"})
    with use(actor.scope):
        assert todo.for_actor(actor) == []


def test_the_form_takes_new_words_always_and_lines_while_unused(world, placement):
    coordinator = client_of(world.berk.coordinator)
    address = reverse("assessments:form_edit")
    assert "Op tijd en afspraken" in coordinator.get(address).content.decode()
    with use(SYSTEM):
        lines = list(Criterion.objects.filter(form=ensure_default_form(world.berk.school)))
    data = {f"name_{c.pk}": c.name for c in lines} | {f"explanation_{c.pk}": "" for c in lines}
    changed = {**data, f"name_{lines[0].pk}": "Stipt", f"remove_{lines[1].pk}": "on"}
    coordinator.post(address, {**changed, "new_name": "Rekenen"})
    with use(SYSTEM):
        names = list(
            Criterion.objects.filter(form_id=lines[0].form_id).values_list("name", flat=True)
        )
        assert names[0] == "Stipt"
        assert lines[1].name not in names
        assert names[-1] == "Rekenen"
        things.given(world.berk, world.noord.supervisors[0])
    coordinator.post(address, {**changed, "name_" + str(lines[0].pk): "Punctueel"})
    assert "in gebruik" in coordinator.get(address).content.decode()
    with use(SYSTEM):
        first = Criterion.objects.get(pk=lines[0].pk)
        assert Criterion.objects.filter(form_id=first.form_id).count() == len(names)


def test_dates_of_missing_marks(placement):
    assert placement.ends == school_today() - timedelta(days=1)
