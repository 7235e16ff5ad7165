"""The agreement's pages as people use them."""

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from placements.agreements.models import Agreement, AgreementSettings, Signature
from placements.agreements.queries import listing
from placements.agreements.services import starting
from placements.models import Placement, RuleOverride
from stage.core.models import MailedCode, OutboxMail
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.who import links
from stage.schools.models import SchoolSettings, Student
from tests.clients import client_of, client_of_contact, client_of_guardian
from tests.placements.agreements import (
    COMPANY,
    SCHOOL,
    STUDENT,
    actors,
    fill,
    filled,
    fresh,
    frozen,
    sign_as,
    signed_by_all,
    started,
)


def url(name, agreement):
    return reverse(f"agreements:{name}", args=[agreement.public_id])


def clients(world):
    return {
        "student": client_of(world.berk.logins[0]),
        "guardian": client_of_guardian(world.berk.guardians[0]),
        "company": client_of_contact(world.noord.contacts[0]),
        "school": client_of(world.berk.coordinator),
    }


def body(response):
    return " ".join(response.content.decode().split())


def signatures():
    with use(SYSTEM):
        return {(s.party, s.method) for s in Signature.objects.all()}


def mailed_code(person_kind):
    with use(SYSTEM):
        return links.code_of(MailedCode.objects.filter(person_kind=person_kind).latest("pk"))


def sign_data(agreement, **more):
    return {"whole_hash": fresh(agreement).whole_hash, "agree": "on", **more}


def test_whole_path_by_the_pages(world):
    with use(SYSTEM):
        Placement.objects.filter(pk=world.berk.placement.pk).update(state="concept")
    people = clients(world)
    people["school"].post(
        reverse("agreements:agreement_start"), {"placement": [world.berk.placement.public_id]}
    )
    with use(SYSTEM):
        agreement = Agreement.objects.get()
    for action in ("save", "check"):
        for who, fields in (("student", STUDENT), ("company", COMPANY), ("school", SCHOOL)):
            answer = people[who].post(
                url("agreement_fill", agreement), {**fields, "action": action}
            )
            assert answer.status_code == 302
    assert people["school"].post(url("agreement_freeze", agreement)).status_code == 302
    for who in ("student", "school"):
        page = people[who].get(url("agreement_sign", agreement))
        assert fresh(agreement).whole_hash in body(page)
        people[who].post(url("agreement_sign", agreement), sign_data(agreement))
    for who, kind in (("company", "contact"), ("guardian", "guardian")):
        people[who].post(url("agreement_code", agreement))
        data = sign_data(agreement, code=mailed_code(kind))
        people[who].post(url("agreement_sign", agreement), data)
    assert fresh(agreement).state == "complete"
    assert signatures() == {
        ("student", "login"),
        ("school", "login"),
        ("company", "code"),
        ("guardian", "code"),
    }


@pytest.mark.parametrize("who", ["student", "guardian", "company", "school"])
def test_every_party_reads_the_same_text(world, who):
    agreement = frozen(world)
    page = body(clients(world)[who].get(url("agreement_show", agreement)))
    for article in fresh(agreement).document["articles"]:
        assert f"{article['number']}. {article['title']}" in page
    assert "Brood bakken en de winkel helpen." in page


def test_a_guardian_is_told_why_it_signs(world):
    page = body(clients(world)["guardian"].get(url("agreement_show", frozen(world))))
    assert "Aya Berk is nog geen achttien. Daarom tekent u mee." in page


@pytest.mark.parametrize(
    ("client", "status"),
    [
        (lambda w: client_of(w.berk.logins[1]), 404),
        (lambda w: client_of_guardian(w.berk.guardians[1]), 404),
        (lambda w: client_of_contact(w.noord.contacts[1]), 404),
        (lambda w: client_of_contact(w.zuid.contacts[0]), 404),
        (lambda w: client_of(w.els.coordinator), 404),
        (lambda w: client_of(w.berk.colleague), 404),
    ],
)
def test_strangers_see_nothing(world, client, status):
    agreement = frozen(world)
    for name in ("agreement_show", "agreement_pdf"):
        answer = client(world).get(url(name, agreement))
        assert answer.status_code == status
        assert "Aya" not in body(answer)


def test_errors_stand_beside_the_field_and_typing_is_kept(world):
    agreement = started(world)
    data = {**COMPANY, "day_to": "08:00", "allowance": "yes", "tasks": "Taarten", "action": "check"}
    answer = clients(world)["company"].post(url("agreement_fill", agreement), data)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"day_to", "allowance_amount", "allowance_to"}
    assert "Taarten" in body(answer)
    with use(SYSTEM):
        assert agreement.answers.get(party="company").checked_at is None


def test_half_a_part_can_be_kept(world):
    agreement = started(world)
    answer = clients(world)["student"].post(
        url("agreement_fill", agreement), {"city": "Noord", "action": "save"}
    )
    assert answer.status_code == 302
    with use(SYSTEM):
        part = agreement.answers.get(party="student")
    assert (part.fields["city"], part.fields["name"], part.checked_at) == (
        "Noord",
        "Aya Berk",
        None,
    )


def test_the_form_starts_with_what_is_known(world):
    page = body(clients(world)["company"].get(url("agreement_fill", started(world))))
    assert "Brood bakken" in page
    assert 'value="08:30"' in page


def test_a_wrong_code_signs_nothing(world):
    agreement, client = frozen(world), clients(world)["company"]
    client.post(url("agreement_code", agreement))
    wrong = str((int(mailed_code("contact")) + 1) % 10**8).zfill(8)
    answer = client.post(url("agreement_sign", agreement), sign_data(agreement, code=wrong))
    assert answer.status_code == 422
    assert "Deze code klopt niet" in body(answer)
    assert signatures() == set()


def test_who_asked_a_code_comes_back_at_the_signature_and_reads_where_it_went(world):
    agreement, client = frozen(world), clients(world)["guardian"]
    first = body(client.get(url("agreement_sign", agreement)))
    assert "Stuur mij een code" in first
    assert "Liever op papier" in first
    answer = client.post(url("agreement_code", agreement))
    assert answer.url.endswith("#handtekening")
    page = body(client.get(answer.url))
    assert "De code is onderweg" in page
    assert "Stuur een nieuwe code" in page
    for _time in range(10):
        answer = client.post(url("agreement_code", agreement))
    assert "Te veel codes gevraagd" in body(client.get(answer.url))


def test_a_code_of_another_agreement_does_not_count(world):
    agreement, client = frozen(world), clients(world)["company"]
    other = frozen(world, school="els")
    client.post(url("agreement_code", other))
    data = sign_data(agreement, code=mailed_code("contact"))
    assert client.post(url("agreement_sign", agreement), data).status_code == 422
    assert signatures() == set()


def test_a_code_from_another_browser_does_not_count(world):
    agreement = frozen(world)
    clients(world)["company"].post(url("agreement_code", agreement))
    data = sign_data(agreement, code=mailed_code("contact"))
    answer = clients(world)["company"].post(url("agreement_sign", agreement), data)
    assert answer.status_code == 422
    assert signatures() == set()


def test_without_a_tick_nothing_is_signed(world):
    agreement = frozen(world)
    data = {"whole_hash": fresh(agreement).whole_hash}
    assert clients(world)["student"].post(url("agreement_sign", agreement), data).status_code == 422
    assert signatures() == set()


def test_signing_an_older_text_says_so(world):
    agreement = frozen(world)
    data = {"whole_hash": "1" * 64, "agree": "on"}
    answer = clients(world)["student"].post(url("agreement_sign", agreement), data, follow=True)
    assert "Er is niets getekend" in body(answer)
    assert signatures() == set()


def test_an_objection_by_page(world):
    agreement = frozen(world)
    client = clients(world)["guardian"]
    question = body(client.get(url("agreement_object", agreement)))
    assert "Er heeft nog niemand getekend." in question
    text = {"text": "Het adres is oud."}
    # Asked once: without the tick nothing is opened again.
    assert client.post(url("agreement_object", agreement), text).status_code == 422
    assert fresh(agreement).state == "signing"
    answer = client.post(url("agreement_object", agreement), {**text, "sure": "on"})
    assert answer.status_code == 302
    with use(SYSTEM):
        newer = Agreement.objects.get(version=2)
    assert answer["Location"] == url("agreement_show", newer)
    assert "Het adres is oud." in body(client.get(answer["Location"]))
    assert "Dit is een oude versie" in body(client.get(url("agreement_show", agreement)))


def test_rules_need_a_reason(world):
    with use(SYSTEM):
        Student.objects.filter(pk=world.berk.students[0].pk).update(birth_date=date(2014, 1, 1))
    agreement = filled(world)
    client = clients(world)["school"]
    page = client.get(url("agreement_freeze", agreement))
    assert "Jonger dan 14 jaar" in body(page)
    refused = client.post(url("agreement_freeze", agreement), {})
    assert refused.status_code == 422
    assert fresh(agreement).state == "filling"
    reasons = dict.fromkeys(page.context["form"].fields, "Alleen meekijken.")
    # What is kept is in the language of the agreement, whatever the coordinator's screen speaks.
    client.cookies["django_language"] = "en"
    assert "Under the age of 14" in body(client.get(url("agreement_freeze", agreement)))
    client.post(url("agreement_freeze", agreement), reasons)
    assert fresh(agreement).state == "signing"
    with use(SYSTEM):
        kept = RuleOverride.objects.get(rule="under_14")
    assert kept.finding.startswith("Jonger dan 14 jaar")
    assert (kept.reason, kept.by_id) == ("Alleen meekijken.", world.berk.coordinator.pk)


def test_long_days_and_risky_work_are_found_while_filling(world):
    agreement = started(world)
    who = actors(world)["company"]
    fill(agreement, "company", who, day_to="20:00", work_kind="risk", risk_assessment="no")
    page = clients(world)["school"].get(url("agreement_show", agreement))
    rules = {point.rule for point in page.context["points"]}
    assert {"day", "week", "never_hours", "risk_under_16", "no_risk_assessment"} <= rules
    assert "hours_differ" in rules


def test_paper_with_a_scan(world):
    with use(SYSTEM):
        AgreementSettings.objects.filter(school=world.berk.school).update(paper_counts=False)
    agreement, client = frozen(world), clients(world)["school"]
    data = {"slot": "guardian", "name": "Oma Berk", "seen_on": "2026-01-05"}
    assert client.post(url("signature_paper", agreement), data).status_code == 422
    text = SimpleUploadedFile("scan.pdf", b"geen pdf", "application/pdf")
    refused = client.post(url("signature_paper", agreement), {**data, "scan": text})
    assert set(refused.context["form"].errors) == {"scan"}
    scan = SimpleUploadedFile("scan.png", _picture(), "image/png")
    assert client.post(url("signature_paper", agreement), {**data, "scan": scan}).status_code == 302
    with use(SYSTEM):
        paper = Signature.objects.get(party="guardian").paper
    assert (paper.kind, paper.student_id) == ("paper", world.berk.students[0].pk)


def _picture():
    from io import BytesIO

    from PIL import Image

    out = BytesIO()
    Image.new("RGB", (40, 40), "white").save(out, "PNG")
    return out.getvalue()


def test_the_list_names_what_waits_and_reminds_once_a_day(world):
    agreement, client = frozen(world), clients(world)["school"]
    sign_as(agreement, actors(world)["student"])
    page = body(client.get(reverse("agreements:agreement_list")))
    assert "Ouder of verzorger, Bedrijf, School" in page
    for _time in range(2):
        client.post(reverse("agreements:agreement_remind"), {"agreement": [agreement.public_id]})
    with use(SYSTEM):
        rows = OutboxMail.objects.filter(event="agreement_reminder")
        assert sorted(row.person_kind for row in rows) == ["contact", "guardian"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("staat=signing", True),
        ("staat=mine", True),
        ("staat=ready", False),
        ("staat=complete", False),
        ("klas=3B", True),
        ("klas=4A", True),  # nobody's class: as if not given
        ("q=aya", True),
        ("q=bakkerij", True),
        ("q=niemand", False),
    ],
)
def test_the_list_can_be_narrowed(world, query, found):
    agreement = frozen(world)
    frozen(world, school="els")
    page = body(clients(world)["school"].get(reverse("agreements:agreement_list") + f"?{query}"))
    assert (agreement.public_id in page) is found
    assert "Aya Els" not in page


def test_the_list_asks_the_database_as_often_for_one_as_for_three(
    world, django_assert_max_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    frozen(world)
    client = clients(world)["school"]
    client.get(reverse("agreements:agreement_list"))
    with CaptureQueriesContext(connection) as one:
        client.get(reverse("agreements:agreement_list"))
    more_agreements(world)
    with django_assert_max_num_queries(len(one)):
        page = client.get(reverse("agreements:agreement_list"))
    assert len(page.context["lines"]) == 3


def more_agreements(world):
    """Agreements for Berk's two other students."""
    who = actors(world)["school"]
    with use(SYSTEM):
        first = Placement.objects.get(pk=world.berk.placement.pk)
        for student in world.berk.students[1:]:
            first.pk, first.public_id, first._state.adding = None, f"P{student.pk}", True
            first.student, first.state = student, "concept"
            first.save()
    with use(who.scope):
        placements = list(listing.without_agreement(who).select_related("school"))
        starting.start_agreements(placements, actor=who)


def test_starting_another_schools_placement_does_nothing(world):
    with use(SYSTEM):
        Placement.objects.filter(pk=world.els.placement.pk).update(state="concept")
    clients(world)["school"].post(
        reverse("agreements:agreement_start"), {"placement": [world.els.placement.public_id]}
    )
    with use(SYSTEM):
        assert Agreement.objects.count() == 0


def test_the_signed_page_says_who_signed(world):
    page = body(clients(world)["company"].get(url("agreement_show", signed_by_all(world))))
    assert "Iedereen heeft getekend" in page
    assert re.search(r"Handtekening: Bedrijf.*?Contact Bakkerij Noord, ", page)


def test_the_folder_shows_who_signed(world):
    agreement = frozen(world)
    with use(SYSTEM):
        placement = Placement.objects.get(pk=agreement.placement_id)
    page = body(
        clients(world)["school"].get(
            reverse("placements:placement_show", args=[placement.public_id])
        )
    )
    assert url("agreement_show", agreement) in page


@pytest.mark.parametrize(("proxies", "address"), [(0, "10.0.0.2"), (1, "203.0.113.9")])
def test_a_signature_keeps_the_address_our_own_proxies_vouch_for(world, settings, proxies, address):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    agreement = frozen(world)
    clients(world)["student"].post(
        url("agreement_sign", agreement),
        sign_data(agreement),
        REMOTE_ADDR="10.0.0.2",
        HTTP_X_FORWARDED_FOR="198.51.100.1, 203.0.113.9",  # the first part is the visitor's own
    )
    with use(SYSTEM):
        assert Signature.objects.get().address == address


def test_what_agreements_take_from_the_school_is_said_before_they_begin(world):
    coordinator = client_of(world.berk.coordinator)
    start = reverse("agreements:agreement_start")
    page = coordinator.get(start).content.decode()
    for gap in ("telefoonnummer", "postcode", "de functie van wie tekent", "waarvoor verzekerd"):
        assert gap in page
    assert "straat en nummer" not in page  # Berk did say where it is
    assert f"{reverse('schools:settings_school')}?next={start}" in page
    agreement = filled(world)
    assert "waarvoor verzekerd" in body(coordinator.get(url("agreement_freeze", agreement)))
    with use(SYSTEM):
        SchoolSettings.objects.filter(school=world.berk.school).update(
            postcode="9711 AA", telephone="050 1234567", representative_function="directeur"
        )
        AgreementSettings.objects.filter(school=world.berk.school).update(insurance_text="Ja.")
    assert "gegevens van de school" not in coordinator.get(start).content.decode()


def test_a_company_hears_who_comes_before_it_hears_of_an_agreement(world):
    """In the placement's letter; the page that begins agreements says who was not told yet."""
    coordinator, untold = client_of(world.berk.coordinator), "weet het bedrijf nog niet wie er komt"
    start = reverse("agreements:agreement_start")
    with use(SYSTEM):
        Placement.objects.filter(pk=world.berk.placement.pk).update(briefed_at=None)
    page = coordinator.get(start).content.decode()
    assert untold in page
    assert f"{reverse('placements:placement_list')}?mist=brief" in page
    with use(SYSTEM):
        Placement.objects.filter(school=world.berk.school).update(briefed_at=timezone.now())
    assert untold not in coordinator.get(start).content.decode()
