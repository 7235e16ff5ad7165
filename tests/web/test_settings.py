"""Settings of a school and a region, the trail, and the reference data."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from stage.core.models import AuditEntry, StoredFile
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.ui.colour import LIGHT_GROUND, contrast
from stage.schools import reference_data
from stage.schools.models import Elective, Profile, RegionSettings, SchoolSettings
from tests.clients import client_of

SCHOOL = {
    "street": "Plein 2",
    "guardians_needed": "all",
    "max_applications": "4",
    "liability_maximum": "2500000",
    "late_after_minutes": "10",
    "email": "stage@berk.test",
}


WEB = ("file_open", "audit_list", "card_open")


def url(name, *args):
    space = "web" if name in WEB else "schools"
    return reverse(f"{space}:{name}", args=args)


def picture():
    out = BytesIO()
    Image.new("RGB", (60, 40), "navy").save(out, "PNG")
    return SimpleUploadedFile("logo.png", out.getvalue())


def test_a_school_changes_its_own_settings_only(world):
    client = client_of(world.berk.coordinator)
    assert client.post(url("settings_school"), SCHOOL).status_code == 302
    with use(SYSTEM):
        own = SchoolSettings.objects.get(school=world.berk.school)
        other = SchoolSettings.objects.get(school=world.els.school)
        assert (own.street, own.guardians_needed, own.max_applications) == ("Plein 2", "all", 4)
        assert own.paper_counts is False
        assert (other.street, other.max_applications) == ("Schoolplein 1", 3)
        entry = AuditEntry.objects.get(verb="school_settings_changed")
        assert "guardians_needed" in entry.fields


def test_a_colour_nobody_can_read_is_made_darker(world):
    client = client_of(world.berk.coordinator)
    page = client.post(url("settings_school"), {**SCHOOL, "colour": "#ffff66"}, follow=True)
    with use(SYSTEM):
        colour = SchoolSettings.objects.get(school=world.berk.school).colour
    assert contrast(colour, LIGHT_GROUND) >= 4.5
    assert f"iets donkerder gemaakt: {colour}" in page.content.decode()
    wrong = client.post(url("settings_school"), {**SCHOOL, "colour": "rood"})
    assert wrong.status_code == 422


def test_a_logo_comes_is_replaced_and_goes(world):
    client = client_of(world.berk.coordinator)
    client.post(url("settings_school"), {**SCHOOL, "logo_upload": picture()})
    client.post(url("settings_school"), {**SCHOOL, "logo_upload": picture()})
    with use(SYSTEM):
        logos = StoredFile.objects.filter(kind="logo", school=world.berk.school)
        assert logos.count() == 2
        assert logos.filter(removed_at=None).count() == 1
    client.post(url("settings_school"), {**SCHOOL, "drop_logo": "on"})
    with use(SYSTEM):
        assert SchoolSettings.objects.get(school=world.berk.school).logo is None
        assert not logos.filter(removed_at=None).exists()
    evil = SimpleUploadedFile("logo.png", b"<svg onload=alert(1)>")
    assert client.post(url("settings_school"), {**SCHOOL, "logo_upload": evil}).status_code == 422


def test_the_bureau_changes_its_region(world):
    client = client_of(world.noord.bureau)
    client.post(url("settings_region"), {"email": "nieuw@noord.test"})
    assert client.post(url("settings_region"), {"email": "geen"}).status_code == 422
    with use(SYSTEM):
        mails = dict(RegionSettings.objects.values_list("region__name", "email"))
    assert mails == {"Noord": "nieuw@noord.test", "Zuid": "bureau@zuid.test"}


def test_the_trail_names_who_saw_a_student_of_the_own_school(world):
    student = world.berk.students[0]
    client_of(world.berk.teacher).get(url("student_show", student.public_id))
    client_of(world.els.coordinator).get(url("student_show", world.els.students[0].public_id))
    client = client_of(world.berk.coordinator)
    response = client.get(url("audit_list") + f"?student={student.public_id}&verb=saw")
    (entry,) = response.context["page_obj"]
    assert (entry.who, entry.what, entry.about) == ("Docent Berk", "bekeek", student)
    everything = client.get(url("audit_list")).content.decode()
    assert "Aya Els" not in everything
    assert not client.get(url("audit_list") + "?day=2020-01-01").context["page_obj"].object_list


def test_reference_data_is_there_once_and_follows_the_files(db):
    with use(SYSTEM):
        assert (Profile.objects.count(), Elective.objects.count()) == (10, 75)
        Profile.objects.filter(code="HBR").update(name="Oud")
        Elective.objects.filter(pk=Elective.objects.order_by("pk").first().pk).update(code="oud")
    assert reference_data.load() == 2
    assert reference_data.load() == 0
    with use(SYSTEM):
        assert Profile.objects.get(code="HBR").name == "Horeca, bakkerij en recreatie"
        assert not Elective.objects.filter(code="oud").exists()
