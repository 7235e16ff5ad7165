"""Settings of a school and a region, the trail, and the reference data."""

from io import BytesIO

import pytest
from django.core import mail as sent_mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from attendance.models import AttendanceSettings
from placements.agreements.models import AgreementSettings
from placements.models import PlacementSettings
from stage.core.mail import delivery
from stage.core.models import AuditEntry, StoredFile
from stage.core.tenants.tenancy import SYSTEM, school_scope, use
from stage.core.ui.colour import LIGHT_GROUND, contrast
from stage.schools import reference_data
from stage.schools.forms.settings_page import SettingsPage
from stage.schools.models import (
    Elective,
    Profile,
    RegionSettings,
    SchoolSettings,
    SettingsRow,
)
from tests.clients import client_of

SCHOOL = {
    "street": "Plein 2",
    "guardians_needed": "all",
    "signing_order": "in_turn",
    "way": "student",
    "max_applications": "4",
    "after_yes": "close",
    "liability_maximum": "2500000",
    "late_after_minutes": "10",
    "offline_hours": "48",
    "guardians_hear": "on",
    "alarm_after_minutes": "20",
    "alarm_next_minutes": "45",
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
        assert (own.street, other.street) == ("Plein 2", "Schoolplein 1")
        signing = AgreementSettings.objects.of(world.berk.school.pk)
        assert (signing.guardians_needed, signing.paper_counts) == ("all", False)
        assert signing.liability_maximum == 2_500_000
        limits = PlacementSettings.objects.in_bulk(
            [world.berk.school.pk, world.els.school.pk], field_name="school_id"
        )
        assert limits[world.berk.school.pk].max_applications == 4
        assert limits[world.els.school.pk].max_applications == 3
        assert [limits[s.school.pk].after_yes for s in (world.berk, world.els)] == ["close", "park"]
        assert AttendanceSettings.objects.of(world.berk.school.pk).late_after_minutes == 10
        entries = AuditEntry.objects.filter(verb="school_settings_changed")
        assert {e.object_type: sorted(e.fields) for e in entries} == {
            "schools.SchoolSettings": ["city", "email", "represented_by", "street"],
            "agreements.AgreementSettings": [
                "guardians_needed",
                "liability_maximum",
                "paper_counts",
                "signing_order",
            ],
            "placements.PlacementSettings": ["after_yes", "max_applications"],
            "attendance.AttendanceSettings": [
                "alarm_after_minutes",
                "alarm_next_minutes",
                "guardians_hear",
                "late_after_minutes",
                "offline_hours",
                "way",
            ],
        }


WRONG = {
    "colour": "rood",
    "email": "geen adres",
    "max_applications": "21",
    "after_yes": "misschien",
    "late_after_minutes": "241",
    "offline_hours": "169",
    "alarm_next_minutes": "10",
    "guardians_needed": "sommige",
    "signing_order": "achterstevoren",
    "way": "telefonisch",
    "liability_maximum": "-1",
}


def rows_of_settings(world) -> list[dict]:
    with use(SYSTEM):
        return [
            vars(model.objects.of(world.berk.school.pk)) | {"_state": None}
            for model in SettingsRow.__subclasses__()
        ]


@pytest.mark.parametrize("field", WRONG)
def test_one_wrong_part_saves_none_and_says_so_beside_its_field(world, field):
    before = rows_of_settings(world)
    client = client_of(world.berk.coordinator)
    answer = client.post(url("settings_school"), SCHOOL | {field: WRONG[field]})
    assert answer.status_code == 422
    assert list(answer.context["page"].errors) == [field]
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert rows_of_settings(world) == before
    with use(SYSTEM):
        assert not AuditEntry.objects.filter(verb="school_settings_changed").exists()


@pytest.mark.parametrize("late", [False, True])
def test_a_logo_that_is_refused_takes_the_other_parts_along(world, monkeypatch, late):
    if late:  # when all the others are saved already
        own = SettingsPage.forms
        monkeypatch.setattr(SettingsPage, "forms", property(lambda page: own.fget(page)[::-1]))
    before = rows_of_settings(world)
    evil = SimpleUploadedFile("logo.png", b"<svg onload=alert(1)>")
    answer = client_of(world.berk.coordinator).post(
        url("settings_school"), {**SCHOOL, "logo_upload": evil}
    )
    assert list(answer.context["page"].errors) == ["logo_upload"]
    assert rows_of_settings(world) == before


def test_the_page_asks_every_setting_of_every_app_once_in_a_fixed_order(world):
    page = client_of(world.berk.coordinator).get(url("settings_school")).context["page"]
    cards = [[item.name for item in items] for _card, items in page.cards()]
    assert cards == [
        [
            *("street", "postcode", "city", "telephone", "absence_telephone", "email"),
            "holiday_region",
        ],
        [
            "represented_by",
            "representative_function",
            "guardians_needed",
            "signing_order",
            "paper_counts",
        ],
        [
            *("max_applications", "after_yes", "way", "late_after_minutes", "offline_hours"),
            *("guardians_hear", "alarm_after_minutes", "alarm_next_minutes", "alarm_guardians"),
            "student_explanation",
        ],
        ["liability_maximum", "insurance_text"],
        ["colour", "logo_upload"],
    ]
    columns = [
        f.name
        for model in SettingsRow.__subclasses__()
        for f in model._meta.concrete_fields
        if f.name not in ("id", "school", "logo")
    ]
    assert sorted(columns) == sorted({name for card in cards for name in card} - {"logo_upload"})


def test_a_school_reaches_no_settings_of_another(world):
    for model in SettingsRow.__subclasses__():
        with use(school_scope(world.berk.school)):
            assert [row.school_id for row in model.objects.all()] == [world.berk.school.pk]
            assert not model.objects.filter(school=world.els.school).update(school=1)


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


REGION = {
    "shown_name": "Stagebureau Het Noorden",
    "telephone": "050 123 45 67",
    "email": "vraag@noord.test",
    "company_explanation": "Welkom.",
    "colour": "#0B5A41",
}


def test_a_region_is_shown_as_it_wants(world):
    client = client_of(world.noord.bureau)
    page = client.get(url("settings_region")).content.decode()
    assert "Staat onder elke mail van de regio aan een bedrijf." in page
    sent = {**REGION, "logo_upload": picture()}
    assert client.post(url("settings_region"), sent).status_code == 302
    page = client.get(url("settings_region")).content.decode()
    assert "Stagebureau Het Noorden" in page
    with use(SYSTEM):
        own = RegionSettings.objects.of(world.noord.region.pk)
        logo = own.logo
        assert RegionSettings.objects.of(world.zuid.region.pk).colour == ""
    assert f'href="/kleur/{own.colour[1:]}.css"' in page
    assert f'src="{url("file_open", logo.public_id)}"' in page
    answer = client.get(url("file_open", logo.public_id))
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content).startswith(b"\xff\xd8")
    # Nobody else's: not the school's in the region, not the other region's bureau.
    for other in (world.zuid.bureau, world.berk.coordinator):
        assert "Het Noorden" not in client_of(other).get(reverse("web:home")).content.decode()
    assert client_of(world.zuid.bureau).get(url("file_open", logo.public_id)).status_code == 404
    client.post(url("settings_region"), {**REGION, "drop_logo": "on"})
    with use(SYSTEM):
        assert RegionSettings.objects.of(world.noord.region.pk).logo is None


def test_a_mail_of_the_region_says_whom_to_call_and_mail(world):
    client_of(world.noord.bureau).post(url("settings_region"), REGION)
    given = {"name": "Corrie", "email": "corrie@noord.test"}
    client_of(world.noord.bureau).post(url("bureau_colleague_invite"), given)
    delivery.deliver()
    (letter,) = [m for m in sent_mail.outbox if m.to == ["corrie@noord.test"]]
    assert "Stagebureau Het Noorden" in letter.body
    assert "Bel 050 123 45 67" in letter.body
    assert "vraag@noord.test" in letter.body
    assert letter.reply_to == ["vraag@noord.test"]
    assert "vraag@noord.test" in letter.alternatives[0][0]


@pytest.mark.parametrize(
    ("field", "value"), [("colour", "rood"), ("email", "geen adres"), ("shown_name", "x" * 121)]
)
def test_what_is_wrong_in_a_regions_settings_changes_nothing(world, field, value):
    answer = client_of(world.noord.bureau).post(url("settings_region"), {**REGION, field: value})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    with use(SYSTEM):
        assert RegionSettings.objects.of(world.noord.region.pk).telephone == ""


def test_a_schools_colour_is_on_its_pages(world):
    with use(SYSTEM):
        SchoolSettings.objects.filter(school=world.berk.school).update(colour="#7a1f4d")
    for member in (world.berk.coordinator, world.berk.logins[0]):
        text = client_of(member).get(reverse("web:home")).content.decode()
        assert 'href="/kleur/7a1f4d.css"' in text
    sheet = client_of(world.berk.coordinator).get("/kleur/7a1f4d.css")
    assert sheet["Content-Type"].startswith("text/css")
    assert "--brand: light-dark(#7a1f4d" in sheet.content.decode()
    assert Client().get("/kleur/7a1f4d;}.css").status_code == 404
    assert Client().get("/kleur/7a1f4.css").status_code == 404
