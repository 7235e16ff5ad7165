"""Day reports: the student's words, who reads them, photos by consent."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from attendance.models import DayReport
from placements.models import Placement
from stage.core.files import store as files
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.ui import sections
from stage.schools.models import Student
from tests.attendance.helpers import MONDAY, TUESDAY, WEEK, at, confirmed, everything, reported
from tests.clients import client_of

WRITE = reverse("attendance:report_write", args=[MONDAY])
OWN_WEEK = reverse("attendance:week")
WORDS = {"text": "Ik heb <b>deeg</b> gekneed.", "mood": "good"}


def picture() -> SimpleUploadedFile:
    data = BytesIO()
    Image.new("RGB", (40, 30), "red").save(data, "JPEG")
    return SimpleUploadedFile("foto.jpg", data.getvalue(), "image/jpeg")


def consent(student, given=True):
    with use(SYSTEM):
        Student.objects.filter(pk=student.pk).update(photo_consent=given)


@pytest.fixture
def with_photo(world, settings, tmp_path):
    """A report with a photo, sent by the student."""
    settings.FILES_ROOT = tmp_path
    consent(world.berk.students[0])
    with at(MONDAY, "15:00"):
        client_of(world.berk.logins[0]).post(WRITE, {**WORDS, "photo": picture()})
    return everything(DayReport)[0]


def test_write_and_change(world):
    with at(MONDAY, "15:00"):
        client = client_of(world.berk.logins[0])
        assert "Denk aan" in client.get(WRITE).content.decode()
        page = client.post(WRITE, WORDS, follow=True).content.decode()
        client.post(WRITE, {"text": "Anders.", "mood": "bad"})
    assert "Ik heb &lt;b&gt;deeg&lt;/b&gt; gekneed." in page
    assert [(r.date, r.text, r.mood) for r in everything(DayReport)] == [(MONDAY, "Anders.", "bad")]


def test_the_keyboards_microphone_is_pointed_out(world):
    with at(MONDAY, "15:00"):
        page = client_of(world.berk.logins[0]).get(WRITE).content.decode()
    assert "microfoon van je toetsenbord" in page


def test_empty_report_answers_422(world):
    with at(MONDAY, "15:00"):
        response = client_of(world.berk.logins[0]).post(WRITE, {"text": "", "mood": "good"})
    assert response.status_code == 422
    assert everything(DayReport) == []


@pytest.mark.parametrize("day", ["2027-01-12", "2027-01-17", "2027-13-45", "0000-00-00"])
def test_no_report_of_a_day_to_come_or_without_a_placement(world, day):
    with at(MONDAY, "15:00"):
        response = client_of(world.berk.logins[0]).get(f"/aanwezig/verslag/{day}/")
    assert response.status_code == 404


def test_another_student_sees_and_writes_nothing_of_it(world):
    reported(world.berk.placement, MONDAY, "Geheim van Aya")
    with at(TUESDAY):
        client = client_of(world.berk.logins[1])
        assert client.get(WRITE).status_code == 404
        assert client.post(WRITE, WORDS).status_code == 404
        page = client.get(reverse("attendance:report_list"))
    assert "Geheim van Aya" not in page.content.decode()
    assert everything(DayReport)[0].text == "Geheim van Aya"


def test_once_the_company_confirmed_the_report_stands(world):
    reported(world.berk.placement, MONDAY, "Zo was het")
    confirmed(world.berk.placement, {MONDAY: 390})
    with at(TUESDAY):
        client = client_of(world.berk.logins[0])
        page, late = client.get(WRITE), client.post(WRITE, WORDS)
    assert "staat nu vast" in page.content.decode()
    assert late.status_code == 409
    assert everything(DayReport)[0].text == "Zo was het"
    assert WEEK == "2027-W02"


def test_without_consent_there_is_no_photo_and_it_says_why(world, settings, tmp_path):
    settings.FILES_ROOT = tmp_path
    with at(MONDAY, "15:00"):
        client = client_of(world.berk.logins[0])
        page = client.get(WRITE).content.decode()
        client.post(WRITE, {**WORDS, "photo": picture()})
    assert "geen toestemming" in page
    assert 'type="file"' not in page
    assert everything(DayReport)[0].photo_id is None


def test_something_that_is_no_picture_is_refused(world, settings, tmp_path):
    settings.FILES_ROOT = tmp_path
    consent(world.berk.students[0])
    bad = SimpleUploadedFile("foto.jpg", b"<script>alert(1)</script>", "image/jpeg")
    with at(MONDAY, "15:00"):
        response = client_of(world.berk.logins[0]).post(WRITE, {**WORDS, "photo": bad})
    assert response.status_code == 422
    assert everything(DayReport) == []


def readers(world) -> dict:
    noord, berk = world.noord, world.berk
    return {
        "student": world.actor(berk.logins[0]),
        "teacher": world.actor(berk.teacher),
        "coordinator": world.actor(berk.coordinator),
        "supervisor": world.company_actor(noord.supervisors[0]),
        "guardian": world.guardian_actor(berk.guardians[0], noord.region),
        "colleague": world.actor(berk.colleague),
        "classmate": world.actor(berk.logins[1]),
        "other_company": world.company_actor(noord.contacts[1]),
        "other_school": world.actor(world.els.coordinator),
    }


CONCERNED = {"student", "teacher", "coordinator", "supervisor", "guardian"}


def opens(actor, file) -> bool:
    with use(actor.scope):
        found = type(file).objects.visible_to(actor).filter(pk=file.pk).first()
        return found is not None and files.may_open(actor, found)


def test_photo_is_for_those_concerned_while_consent_stands(world, with_photo):
    with use(SYSTEM):
        file = with_photo.photo
    actors = readers(world)
    assert {name for name, actor in actors.items() if opens(actor, file)} == CONCERNED
    consent(world.berk.students[0], given=False)
    assert {name for name, actor in actors.items() if opens(actor, file)} == set()


def test_withdrawn_consent_hides_the_photo_on_pages(world, with_photo):
    actors = readers(world)
    for given in (True, False):
        consent(world.berk.students[0], given=given)
        for name in sorted(CONCERNED):
            with use(actors[name].scope):
                # Read again, as every page does: what was read before may show the photo of then.
                placement = Placement.objects.get(pk=world.berk.placement.pk)
                filled = {s.key: s for s in sections.fill("placement", actors[name], placement)}
                assert filled["days"].context["shows_photos"] is given, name


def test_reports_in_the_folder_are_for_those_concerned(world):
    reported(world.berk.placement, MONDAY, "Geheim van Aya")
    for name, actor in readers(world).items():
        with use(actor.scope):
            filled = {s.key: s for s in sections.fill("placement", actor, world.berk.placement)}
            reports = filled["days"].context["reports"] if "days" in filled else []
            assert [r.text for r in reports] == (["Geheim van Aya"] if name in CONCERNED else [])
        if name == "colleague":
            assert filled == {}


def test_a_student_sees_own_photos_with_the_week_as_long_as_consent_stands(world, with_photo):
    with at(MONDAY, "16:00"):
        mine = client_of(world.berk.logins[0])
        shown = mine.get(OWN_WEEK).content.decode()
        with use(SYSTEM):
            thumbnail = reverse("web:file_thumbnail", args=[with_photo.photo.public_id])
        assert (thumbnail in shown, "Je foto van ma 11 januari" in shown) == (True, True)
        assert "Jouw foto" not in client_of(world.berk.logins[1]).get(OWN_WEEK).content.decode()
        consent(world.berk.students[0], given=False)
        assert thumbnail not in mine.get(OWN_WEEK).content.decode()


def test_of_many_photos_the_newest_eight_are_shown(world, with_photo):
    for n in range(1, 11):
        row = reported(world.berk.placement, MONDAY + timedelta(days=n))
        with use(SYSTEM):
            DayReport.objects.filter(pk=row.pk).update(photo=with_photo.photo_id)
    with at(MONDAY + timedelta(days=11), "16:00"):
        shown = client_of(world.berk.logins[0]).get(OWN_WEEK).context["photos"]
    assert [row.date for row in shown] == [MONDAY + timedelta(days=n) for n in range(10, 2, -1)]
