"""I leave, I hand over, forget me: by oneself with a code, or by who keeps the company."""

import threading
from datetime import timedelta

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from companies import services
from companies.models import CompanyChange, Contact, Invitation, LetterStop, Place, Trust
from companies.services import Successor
from placements.agreements.models import Signature
from placements.models import Placement
from stage.core.mail import delivery
from stage.core.models import AuditEntry, Device
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.ui import todo
from stage.core.who.policies import Conflict
from tests.abuse.mailbox import letters_to, open_link
from tests.clients import client_of, client_of_contact
from tests.companies.conftest import invitation_of, path_of, sent_campaign
from tests.world import let_be

NEW = {"colleague": "new", "name": "Nel Nieuw", "email": "nel@bakkerij.test"}
NOBODY = {"colleague": "none"}
ASK_OTHERS = "Kijk wie je nu vraagt: een contactpersoon ging weg"


@pytest.fixture
def boss(world):
    """The bakery's contact, for Berk and Els; the supervisor guides Berk's student."""
    return world.noord.contacts[0]


@pytest.fixture
def guide(world):
    return world.noord.supervisors[0]


def own(contact) -> str:
    return f"/bedrijven/ik-weg/{contact.public_id}/"


def of(contact) -> str:
    return f"/bedrijven/{contact.company.public_id}/contactpersonen/{contact.public_id}/weg/"


def known(contact) -> set[str]:
    """The schools that know somebody."""
    with use(SYSTEM):
        rows = Trust.objects.live().filter(contact=contact)
        return set(rows.values_list("school__name", flat=True))


def stored(contact) -> Contact:
    with use(SYSTEM):
        return Contact.objects.get(pk=contact.pk)


def at(email: str) -> Contact | None:
    with use(SYSTEM):
        return Contact.objects.filter(email=email).first()


def titles(world, member) -> list[str]:
    actor = world.actor(member)
    with use(actor.scope):
        return [t.title for t in todo.for_actor(actor)]


# --- from the mail, with a code -----------------------------------------------------------------


def test_from_the_mail_it_takes_a_code_to_the_known_address(world, boss, anonymous):
    asked = invitation_of(sent_campaign(world, world.berk), boss.company)
    delivery.deliver()
    turns = path_of(asked, boss).replace("/antwoord/", "/mail/")
    assert "Ik werk hier niet meer" in anonymous.get(turns).content.decode()
    with_code = anonymous.post(turns, {"leave": "yes"})["Location"]
    # Whom the letter was forwarded to gets no further than that code.
    assert anonymous.get(own(boss)).status_code in (302, 403)
    assert "code" in anonymous.get(with_code).content.decode()
    assert known(boss) == {"Berk", "Els"}
    reader = open_link(Client(), with_code.removeprefix("http://127.0.0.1:8000"), boss.email)
    page = reader.get(own(boss)).content.decode()
    assert "Werkt u hier niet meer?" in page
    assert "enige contactpersoon" in page
    assert reader.post(own(boss), NEW)["Location"] == "/bedrijven/weg/"
    assert known(boss) == set()
    assert known(at("nel@bakkerij.test")) == {"Berk", "Els"}
    assert not stored(boss).active
    assert reader.get("/bedrijven/weg/").status_code == 200
    assert reader.get(own(boss)).status_code == 302  # nobody any more


def test_the_last_contact_names_who_takes_over_or_says_that_there_is_nobody(world, boss):
    phone = client_of_contact(boss)
    assert phone.post(own(boss), {}).status_code == 422
    assert known(boss) == {"Berk", "Els"}
    assert phone.post(own(boss), NOBODY).status_code == 302
    assert known(boss) == set()
    assert ASK_OTHERS in titles(world, world.berk.coordinator)


def test_nobody_becomes_the_last_one_to_go_unseen(world, boss):
    """The page said that a colleague stays, and that colleague left meanwhile."""
    actor = world.company_actor(boss)
    with use(actor.scope), pytest.raises(Conflict, match="enige contactpersoon"):
        services.leave_company(boss, Successor(), actor=actor)
    assert known(boss) == {"Berk", "Els"}


def test_a_new_colleague_needs_a_name_and_an_address(boss):
    response = client_of_contact(boss).post(own(boss), {"colleague": "new", "name": "Nel"})
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"email"}
    assert "Nel" in response.content.decode()


def test_who_guides_leaves_without_naming_anybody_and_vouches_for_nobody(world, guide):
    phone = client_of_contact(guide)
    assert phone.post(own(guide), NEW).status_code == 302
    assert known(guide) == set()
    assert known(at("nel@bakkerij.test")) == set()


def test_done_twice_is_done_once(world, boss):
    actor = world.company_actor(boss)
    with use(actor.scope):
        services.leave_company(boss, Successor(name="Nel", email="nel@x.test"), actor=actor)
        with pytest.raises(Conflict, match="al weg"):
            services.leave_company(boss, Successor(), nobody=True, actor=_nobody(world, boss))
    with use(SYSTEM):
        assert CompanyChange.objects.filter(kind="handed").count() == 1
        assert Contact.objects.filter(email="nel@x.test").count() == 1


def _nobody(world, contact):
    """The actor of a page that was open since before."""
    from companies.identity import _nobody_yet

    row = {"contact_id": contact.pk, "region_id": contact.region_id, "name": contact.name}
    return _nobody_yet(row, contact.email)


def test_nobody_leaves_for_somebody_else(world, boss, guide):
    assert client_of_contact(guide).get(own(boss)).status_code == 404
    assert client_of_contact(guide).post(own(boss), NOBODY).status_code == 404
    assert client_of_contact(world.noord.contacts[1]).post(own(boss), NOBODY).status_code == 404
    assert client_of_contact(guide).post(of(boss), NOBODY).status_code == 403
    assert known(boss) == {"Berk", "Els"}


def test_somebody_nobody_knows_can_leave_too(world, boss):
    with use(SYSTEM):
        planted = Contact.objects.create(
            region=world.noord.region,
            company=world.noord.companies[1],
            name="Piet",
            email="piet@elders.test",
            roles=["contact"],
        )
    phone = client_of_contact(planted)
    assert phone.post(own(planted), {**NOBODY, "forget": "on"})["Location"] == "/bedrijven/weg/"
    services.forget_who_asked()
    assert stored(planted).email == ""


def test_own_page_leads_to_it(boss):
    assert own(boss) in client_of_contact(boss).get("/ik/", follow=True).content.decode()


# --- what moves ---------------------------------------------------------------------------------


def test_open_questions_and_applications_go_to_who_takes_over(world, boss, mailoutbox):
    asked = invitation_of(sent_campaign(world, world.berk), boss.company)
    delivery.deliver()
    mailoutbox.clear()
    client_of_contact(boss).post(own(boss), NEW)
    delivery.deliver()
    came = [m.subject for m in letters_to("nel@bakkerij.test")]
    assert "Berk zoekt stageplekken" in came
    assert sum("stage" in subject.lower() for subject in came) >= 2  # the applications too
    with use(SYSTEM):
        heir = at("nel@bakkerij.test")
        assert Invitation.objects.get(pk=asked.pk).contact == heir
        answered = Invitation.objects.filter(company=boss.company, state="yes")
        assert {i.contact for i in answered} == {heir}
    assert not [m for m in mailoutbox if m.to == [boss.email]]


def test_a_running_placement_stays_the_schools_to_hand_over(world, guide, boss, coordinator):
    with use(SYSTEM):
        Place.objects.filter(company=guide.company).update(supervisor=guide)
    phone = client_of_contact(guide)
    assert "De school ziet dit meteen" in phone.get(own(guide)).content.decode()
    phone.post(own(guide), {"colleague": boss.public_id})
    with use(SYSTEM):
        assert Placement.objects.get(pk=world.berk.placement.pk).supervisor == guide
        assert {p.supervisor for p in Place.objects.filter(company=guide.company)} == {boss}
    assert "Kies een andere praktijkopleider" in titles(world, world.berk.coordinator)
    code = world.berk.placement.public_id
    page = coordinator.get(f"/stages/plaatsingen/begeleiders/?row={code}", follow=True)
    text = page.content.decode()
    assert f"{guide.name} werkt hier niet meer. Het bedrijf stelt {boss.name} voor." in text
    (form,) = page.context["forms"]
    assert form["supervisor"].value() == boss.pk
    data = {f"{code}-teacher": world.berk.teacher.pk, f"{code}-supervisor": boss.pk}
    coordinator.post(page.request["PATH_INFO"], {"row": code, "save": "1", **data})
    assert "Kies een andere praktijkopleider" not in titles(world, world.berk.coordinator)


def test_school_and_bureau_see_who_took_over(world, boss, coordinator, bureau):
    client_of_contact(boss).post(own(boss), NEW)
    page = f"/bedrijven/{boss.company.public_id}/"
    for client in (coordinator, bureau):
        text = client.get(page).content.decode()
        assert "droeg over aan een collega" in text
        assert f"{boss.name} → Nel Nieuw" in text
    news = coordinator.get("/bedrijven/wijzigingen/").content.decode()
    assert "droeg over aan een collega" in news


def test_a_colleague_of_the_company_is_told_once(world, boss, guide):
    with use(SYSTEM):
        let_be(guide, ["contact", "supervisor"])
    client_of_contact(boss).post(own(boss), {"colleague": guide.public_id})
    services.tell_changes()
    assert not [m for m in letters_to(boss.email) if "gegevens" in m.subject.lower()]


def test_a_last_contact_that_leaves_nobody_waits_for_the_school(world, boss, coordinator):
    assert ASK_OTHERS not in titles(world, world.berk.coordinator)
    client_of_contact(boss).post(own(boss), NOBODY)
    assert ASK_OTHERS in titles(world, world.berk.coordinator)
    page = coordinator.get("/bedrijven/wijzigingen/")
    told = " ".join(page.content.decode().split())
    assert f"Naam: {boss.name}" in told
    assert "→" not in told  # nothing became something else
    code = page.context["changes"][0][0].public_id
    coordinator.post("/bedrijven/wijzigingen/", {"change": code})
    assert ASK_OTHERS not in titles(world, world.berk.coordinator)


def test_a_school_that_only_asked_hears_that_who_it_asked_left(world):
    asked = world.noord.contacts[1]
    with use(SYSTEM):
        Trust.objects.filter(school=world.els.school, company=asked.company).delete()
        assert not Place.objects.filter(school=world.els.school, company=asked.company).exists()
        assert Invitation.objects.filter(school=world.els.school, contact=asked).exists()
    assert ASK_OTHERS not in titles(world, world.els.coordinator)
    client_of_contact(asked).post(own(asked), NOBODY)
    assert ASK_OTHERS in titles(world, world.els.coordinator)


# --- by who keeps the company -------------------------------------------------------------------


def test_the_school_says_so_for_itself_on_one_page(world, boss, coordinator):
    page = coordinator.get(of(boss)).content.decode()
    assert f"Werkt {boss.name} hier niet meer?" in page
    assert "enige contactpersoon" in page
    assert coordinator.post(of(boss), {}).status_code == 422
    assert coordinator.post(of(boss), NEW).status_code == 302
    assert known(boss) == {"Els"}
    assert known(at("nel@bakkerij.test")) == {"Berk"}
    assert stored(boss).active  # another school knows them still
    els = client_of(world.els.coordinator)
    assert "Nel Nieuw" in els.get("/bedrijven/wijzigingen/").content.decode()


def test_the_button_leads_there_and_changes_nothing_by_itself(world, boss, coordinator):
    edit = of(boss).removesuffix("weg/")
    assert of(boss) in coordinator.get(edit).content.decode()
    assert coordinator.post(edit, {"active": "no"})["Location"] == of(boss)
    assert known(boss) == {"Berk", "Els"}


def test_oneself_is_led_to_the_own_page(boss):
    assert client_of_contact(boss).get(of(boss))["Location"] == own(boss)


def test_a_colleague_who_left_meanwhile_cannot_be_chosen(world, boss, guide, coordinator):
    with use(SYSTEM):
        Contact.objects.filter(pk=guide.pk).update(active=False)
    response = coordinator.post(of(boss), {"colleague": guide.public_id})
    assert response.status_code == 422
    assert known(boss) == {"Berk", "Els"}


def test_a_chosen_colleague_is_contact_from_then_on(world, boss, guide, coordinator):
    coordinator.post(of(boss), {"colleague": guide.public_id})
    with use(SYSTEM):
        row = Trust.objects.live().get(school=world.berk.school, contact=guide)
    assert "contact" in row.roles


def test_two_who_hand_over_to_each_other_at_once_leave_one(committed_world):
    world = committed_world
    boss, guide = world.noord.contacts[0], world.noord.supervisors[0]
    with use(SYSTEM):
        let_be(guide, ["contact"])
    pairs = [(world.company_actor(boss), boss, guide), (world.company_actor(guide), guide, boss)]
    gate, results = threading.Barrier(2), []

    def go(actor, who, heir):
        try:
            with use(actor.scope):
                gate.wait(5)
                services.leave_company(who, Successor(contact=heir), actor=actor)
            results.append("gone")
        except Exception as error:  # noqa: BLE001
            results.append(type(error).__name__)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=go, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    with use(SYSTEM):
        left = Trust.objects.live().filter(
            school=world.berk.school, company=boss.company, roles__contains=["contact"]
        )
        assert left.count() == 1
    assert sorted(results)[1] == "gone"


# --- forget me ----------------------------------------------------------------------------------


def test_who_asks_is_forgotten_and_papers_keep_their_name(world, guide, boss):
    with use(SYSTEM):
        past = timezone.localdate() - timedelta(days=1)
        Placement.objects.filter(supervisor=guide).update(state="finished", starts=past, ends=past)
        signed = list(Signature.objects.values_list("pk", flat=True))
    phone = client_of_contact(guide)
    page = phone.get(own(guide)).content.decode()
    assert "artikel 17" in page
    assert "Nu wissen kan nog niet" not in page
    phone.post(own(guide), {**NOBODY, "forget": "on"})
    assert services.forget_who_asked() == 1
    row = stored(guide)
    assert (row.email, row.telephone, row.function) == ("", "", "")
    assert row.name == guide.name  # a placement that was names them
    with use(SYSTEM):
        assert list(Signature.objects.values_list("pk", flat=True)) == signed
        assert not Trust.objects.filter(address=guide.email).exists()
        assert not Device.objects.filter(email=guide.email).exists()
        told = str(list(CompanyChange.objects.values_list("before", "after", "by_name")))
        assert guide.email not in told
        assert AuditEntry.objects.filter(verb="contact_forgotten").count() == 1
    assert services.forget_who_asked() == 0


def test_without_papers_the_name_goes_too(world, boss, coordinator):
    client_of_contact(boss).post(own(boss), {**NEW, "forget": "on"})
    with use(SYSTEM):
        LetterStop.objects.create(
            school=world.berk.school, company=boss.company, address=boss.email
        )
    services.forget_who_asked()
    assert stored(boss).name == "oud-medewerker"
    page = coordinator.get(f"/bedrijven/{boss.company.public_id}/").content.decode()
    assert boss.name not in page
    assert boss.email not in page
    assert "oud-medewerker (" not in page
    with use(SYSTEM):
        assert LetterStop.objects.count() == 1  # not to be written to again


def test_who_guides_a_student_is_forgotten_when_that_is_handed_over(world, guide, boss):
    phone = client_of_contact(guide)
    assert "Nu wissen kan nog niet" in phone.get(own(guide)).content.decode()
    phone.post(own(guide), {**NOBODY, "forget": "on"})
    assert services.forget_who_asked() == 0
    assert stored(guide).email == guide.email
    with use(SYSTEM):
        Placement.objects.filter(supervisor=guide).update(supervisor=boss)
    assert services.forget_who_asked() == 1
    assert stored(guide).email == ""


def test_who_came_back_is_not_forgotten(world, guide):
    with use(SYSTEM):
        Placement.objects.filter(supervisor=guide).update(supervisor=None)
    client_of_contact(guide).post(own(guide), {**NOBODY, "forget": "on"})
    actor = world.actor(world.berk.coordinator)
    with use(actor.scope):
        services.set_contact_active(stored(guide), active=True, actor=actor)
    assert services.forget_who_asked() == 0
    assert stored(guide).email == guide.email


def test_only_oneself_asks_to_be_forgotten(world, boss, coordinator):
    assert "forget" not in coordinator.get(of(boss)).context["form"].fields
    coordinator.post(of(boss), {**NEW, "forget": "on"})
    assert stored(boss).forget_asked_at is None


def test_after_the_period_questions_stay_where_they_are(world, boss):
    asked = invitation_of(sent_campaign(world, world.berk), boss.company)
    with use(SYSTEM):
        past = timezone.localdate() - timedelta(days=40)
        type(asked.period).objects.filter(pk=asked.period_id).update(starts=past, ends=past)
    client_of_contact(boss).post(own(boss), NEW)
    with use(SYSTEM):
        assert Invitation.objects.get(pk=asked.pk).contact == boss
