"""A student's work: answer, evidence, handing in; the teacher's reaction."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments import policies
from assessments.enums import HandInState
from assessments.models import Evidence
from assessments.words import due_words
from stage.core.dutch.calendar import school_today
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.ui import sections, todo
from tests.assessments import things
from tests.clients import client_of


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.FILES_ROOT = tmp_path


@pytest.fixture
def work(world):
    with use(SYSTEM):
        return things.hand_in(world.berk, due=school_today() + timedelta(days=1))


def url(name, row, *more):
    return reverse(f"assessments:{name}", args=[row.public_id, *more])


def now(row):
    with use(SYSTEM):
        row.refresh_from_db()
        return row


def test_the_list_says_when_work_is_due(world, work):
    page = client_of(world.berk.logins[0]).get(reverse("assessments:my_assignments"))
    assert "Een brood bakken" in page.content.decode()
    assert "Morgen inleveren" in page.content.decode()
    classmate = client_of(world.berk.logins[1]).get(reverse("assessments:my_assignments"))
    assert "Een brood bakken" not in classmate.content.decode()


def test_my_list_asks_as_much_for_three_as_for_one(world, work):
    client = client_of(world.berk.logins[0])
    counts = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("assessments:my_assignments"))
        counts.append(len(queries))
        with use(SYSTEM):
            things.hand_in(world.berk, "Twee")
            things.hand_in(world.berk, "Drie")
    assert counts[0] == counts[1]


def test_saving_keeps_the_answer_and_does_not_hand_in(world, work):
    client = client_of(world.berk.logins[0])
    client.post(url("hand_in", work), {"answer": "Ik heb gebakken."})
    row = now(work)
    assert (row.answer, row.state) == ("Ik heb gebakken.", HandInState.OPEN)
    assert "Ik heb gebakken." in client.get(url("assignment_show", work)).content.decode()


def test_handing_in_needs_words_or_evidence(world, work):
    client = client_of(world.berk.logins[0])
    assert client.post(url("hand_in", work), {"answer": " ", "send": "1"}).status_code == 422
    assert now(work).state == HandInState.OPEN
    assert client.post(url("hand_in", work), {"answer": "Klaar", "send": "1"}).status_code == 302
    row = now(work)
    assert row.state == HandInState.HANDED_IN
    assert row.handed_in_at is not None


@pytest.mark.parametrize("state", [HandInState.HANDED_IN, HandInState.DONE])
def test_after_handing_in_nothing_changes_any_more(world, work, state):
    with use(SYSTEM):
        piece = things.evidence(work, world.berk)
        type(work).objects.filter(pk=work.pk).update(state=state, answer="Zo was het")
    client = client_of(world.berk.logins[0])
    client.post(url("hand_in", work), {"answer": "Anders", "send": "1"})
    client.post(url("evidence_add", work), {"uploads": things.photo()})
    client.post(url("evidence_remove", work, piece.file.public_id))
    row = now(work)
    assert (row.answer, row.state) == ("Zo was het", state)
    with use(SYSTEM):
        assert list(row.evidence.all()) == [piece]


def test_handed_in_too_soon_is_taken_back_until_the_teacher_reacts(world, work):
    client = client_of(world.berk.logins[0])
    page = client.post(url("hand_in", work), {"answer": "Deeg", "send": "1"}, follow=True)
    assert url("hand_in_undo", work) in page.content.decode()
    assert "Haal terug" in client.get(url("assignment_show", work)).content.decode()
    page = client.post(url("hand_in_undo", work), follow=True).content.decode()
    assert "Lever in" in page
    assert "Deeg" in page
    assert (now(work).state, work.handed_in_at) == (HandInState.OPEN, None)
    teacher = client_of(world.berk.teacher)
    assert (
        "Een brood bakken" not in teacher.get(reverse("assessments:hand_in_list")).content.decode()
    )
    # The teacher who had it open is told, and nothing is judged that is not there.
    said = {"verdict": "done", "feedback": "Mooi"}
    teacher.post(url("hand_in_show", work), said)
    assert now(work).state == HandInState.OPEN
    client.post(url("hand_in", work), {"answer": "Deeg en zout", "send": "1"})
    teacher.post(url("hand_in_show", work), said)
    page = client.post(url("hand_in_undo", work), follow=True).content.decode()
    assert "al gereageerd" in page
    assert now(work).state == HandInState.DONE
    assert "Haal terug" not in client.get(url("assignment_show", work)).content.decode()


def test_the_wall_changes_no_word_of_what_was_handed_in_before(world, work):
    with use(SYSTEM):
        long_ago = timezone.now() - timedelta(days=1)
        type(work).objects.filter(pk=work.pk).update(
            state=HandInState.HANDED_IN, handed_in_at=long_ago, answer="Zo was het"
        )
    with use(world.actor(world.berk.logins[0]).scope):
        rows = type(work).objects.filter(pk=work.pk)
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(answer="Anders")
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(state=HandInState.DONE)
    assert now(work).answer == "Zo was het"


def test_several_photos_at_once_with_a_caption(world, work):
    client = client_of(world.berk.logins[0])
    data = {"uploads": [things.photo("a.jpg"), things.photo("b.jpg")], "caption": "Mijn brood"}
    assert client.post(url("evidence_add", work), data).status_code == 302
    with use(SYSTEM):
        rows = list(Evidence.objects.filter(hand_in=work).select_related("file"))
        assert [r.caption for r in rows] == ["Mijn brood", "Mijn brood"]
        assert {r.file.student_id for r in rows} == {world.berk.students[0].pk}
    client.post(url("evidence_remove", work, rows[0].file.public_id))
    with use(SYSTEM):
        assert [e.pk for e in work.evidence.all()] == [rows[1].pk]
        rows[0].file.refresh_from_db()
        assert rows[0].file.removed_at is not None


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("foto.jpg", b"<script>alert(1)</script>"),
        ("foto.jpg", b"\xff\xd8\xff" + b"niet echt een foto"),
        ("verslag.docx", b"PK\x03\x04 iets"),
        ("brood.pdf", b"%PDF-1.4 /OpenAction kapot"),
        ("brood.svg", b"<svg onload='alert(1)'/>"),
    ],
)
def test_a_hostile_file_is_refused_with_what_to_do_and_costs_no_good_one(
    world, work, name, content
):
    client = client_of(world.berk.logins[0])
    bad = SimpleUploadedFile(name, content, "image/jpeg")
    data = {"uploads": [bad, things.photo()], "answer": "Blijft staan"}
    response = client.post(url("evidence_add", work), data)
    assert response.status_code == 422
    assert name in response.content.decode()
    assert "Blijft staan" in response.content.decode()
    with use(SYSTEM):
        assert [e.file.content_type for e in work.evidence.all()] == ["image/jpeg"]


def test_without_consent_the_page_asks_for_photos_of_work_only(world, work):
    client = client_of(world.berk.logins[0])
    words = "niet van jezelf"
    assert words in client.get(url("assignment_show", work)).content.decode()
    with use(SYSTEM):
        student = world.berk.students[0]
        student.photo_consent = True
        student.save()
    assert words not in client.get(url("assignment_show", work)).content.decode()


def test_the_teacher_gives_it_back_and_then_is_content(world, work):
    student, teacher = client_of(world.berk.logins[0]), client_of(world.berk.teacher)
    student.post(url("hand_in", work), {"answer": "Brood", "send": "1"})
    assert "Aya Berk" in teacher.get(reverse("assessments:hand_in_list")).content.decode()
    show = url("hand_in_show", work)
    assert teacher.post(show, {"verdict": "again", "feedback": ""}).status_code == 422
    teacher.post(show, {"verdict": "again", "feedback": "Vertel ook hoe lang."})
    assert now(work).state == HandInState.RETURNED
    assert "Vertel ook hoe lang." in student.get(url("assignment_show", work)).content.decode()
    student.post(url("hand_in", work), {"answer": "Brood, een uur", "send": "1"})
    teacher.post(show, {"verdict": "done", "feedback": "Mooi"})
    row = now(work)
    assert (row.state, row.answer, row.feedback) == (HandInState.DONE, "Brood, een uur", "Mooi")


def test_the_list_to_review_is_of_own_students(world, work):
    client_of(world.berk.logins[0]).post(url("hand_in", work), {"answer": "Brood", "send": "1"})
    address = reverse("assessments:hand_in_list")
    assert "Aya Berk" not in client_of(world.berk.colleague).get(address).content.decode()
    assert "Aya Berk" in client_of(world.berk.coordinator).get(address).content.decode()
    assert "Aya Berk" not in client_of(world.els.coordinator).get(address).content.decode()
    coordinator = client_of(world.berk.coordinator)
    mine = coordinator.get(address, {"teacher": world.berk.teacher.public_id, "klas": "3B"})
    assert "Aya Berk" in mine.content.decode()
    others = coordinator.get(address, {"teacher": world.berk.colleague.public_id})
    assert "Aya Berk" not in others.content.decode()
    strange = coordinator.get(address, {"klas": "4X", "teacher": world.berk.teacher.pk})
    assert "Aya Berk" in strange.content.decode()
    said = "Dit klopt niet in het adres: de klas, de stagebegeleider."
    assert said in strange.content.decode()


def test_who_may_open_evidence(world, work):
    with use(SYSTEM):
        file = things.evidence(work, world.berk).file
    noord, berk = world.noord, world.berk
    actors = {
        "student": world.actor(berk.logins[0]),
        "classmate": world.actor(berk.logins[1]),
        "guardian": world.guardian_actor(berk.guardians[0], noord.region),
        "teacher": world.actor(berk.teacher),
        "colleague": world.actor(berk.colleague),
        "coordinator": world.actor(berk.coordinator),
        "supervisor": world.company_actor(noord.supervisors[0]),
        "other_company": world.company_actor(noord.contacts[1]),
        "other_school": world.actor(world.els.coordinator),
    }
    assert _who_may(actors, file) == {"student", "teacher", "coordinator"}
    client_of(berk.logins[0]).post(url("hand_in", work), {"answer": "", "send": "1"})
    assert _who_may(actors, file) == {"student", "teacher", "coordinator", "supervisor"}


def _who_may(actors, file):
    found = set()
    for name, actor in actors.items():
        with use(actor.scope):
            if policies.open_evidence(actor, file):
                found.add(name)
    return found


def test_todos_of_student_and_teacher(world, work):
    student, teacher = world.actor(world.berk.logins[0]), world.actor(world.berk.teacher)
    with use(student.scope):
        assert [t.title for t in todo.for_actor(student)] == ["Lever “Een brood bakken” in"]
    with use(teacher.scope):
        assert todo.for_actor(teacher) == []
    client_of(world.berk.logins[0]).post(url("hand_in", work), {"answer": "Brood", "send": "1"})
    with use(student.scope):
        assert todo.for_actor(student) == []
    with use(teacher.scope):
        assert [t.count for t in todo.for_actor(teacher)] == [1]


def test_the_folder_shows_the_same_list_to_all_three(world, work):
    with use(SYSTEM):
        type(work).objects.filter(pk=work.pk).update(answer="Nog niet af")
    berk = world.berk
    shown = {}
    for name, actor in {
        "student": world.actor(berk.logins[0]),
        "teacher": world.actor(berk.teacher),
        "colleague": world.actor(berk.colleague),
        "company": world.company_actor(world.noord.contacts[0]),
        "guardian": world.guardian_actor(berk.guardians[0], world.noord.region),
    }.items():
        with use(actor.scope):
            parts = {
                s.key: render_to_string(s.template, s.context)
                for s in sections.fill("placement", actor, berk.placement)
            }
            shown[name] = parts
    assert set(shown["company"]) >= {"assignments", "assessment"}
    assert "mark" not in shown["company"]
    assert "mark" not in shown["student"]
    assert "mark" in shown["teacher"]
    assert not {"assignments", "assessment", "mark"} & set(shown["colleague"])
    assert not {"assignments", "assessment", "mark"} & set(shown["guardian"])
    assert "Nog niet af" in shown["teacher"]["assignments"]
    assert "Een brood bakken" in shown["company"]["assignments"]
    assert "Nog niet af" not in shown["company"]["assignments"]


@pytest.mark.parametrize(
    ("days", "words"),
    [(-2, "2 dagen te laat"), (-1, "1 dag te laat"), (0, "Vandaag"), (1, "Morgen"), (5, "over 5")],
)
def test_due_in_words(days, words):
    today = school_today()
    assert words in due_words(today + timedelta(days=days), today)
