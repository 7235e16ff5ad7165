"""Who keeps the contact with a company, what is to be done there and when; handing it over."""

from datetime import date, timedelta

import pytest
from django.core import mail as sent
from django.db import connection, transaction
from django.urls import reverse

from companies import services
from companies.models import CompanyOwner, Contact, FollowUp
from companies.tasks import mail_follow_ups
from stage.core.models import AuditEntry, Membership, OutboxMail, User
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.who.policies import Conflict, NotAllowed
from stage.schools.services import bureau, people
from tests.attendance.helpers import at
from tests.clients import client_of
from tests.companies.test_contact_log import words
from tests.notices import deliver_all

TODAY = date(2027, 1, 13)
LIST = "/bedrijven/opvolgen/"


@pytest.fixture
def bakery(world):
    return world.noord.companies[0]


@pytest.fixture
def colleague_at_bureau(world):
    with use(SYSTEM):
        user = User.objects.create(username="tweede@bureau.test")
        return Membership.objects.create(
            user=user, role="bureau", region=world.noord.region, name="Bo Bureau", email="b@b.test"
        )


def plan(world, who, company, text="Bel over de plekken", due=TODAY, **more) -> FollowUp:
    actor = world.actor(who)
    with use(actor.scope):
        return services.add_follow_up(
            company, text=text, due=due, who=more.pop("by", who), actor=actor, **more
        )


def own(world, who, company, owner) -> None:
    actor = world.actor(who)
    with use(actor.scope):
        services.set_owner(company, owner, actor=actor)


def page_of(company) -> str:
    return f"/bedrijven/{company.public_id}/"


def verbs() -> list[str]:
    with use(SYSTEM):
        rows = AuditEntry.objects.filter(
            object_type__in=["companies.FollowUp", "companies.CompanyOwner"]
        )
        return sorted(rows.values_list("verb", flat=True))


# --- what is to be done -------------------------------------------------------------------------


def test_it_is_planned_on_the_companys_page_and_due_on_the_home_that_day(world, bakery):
    with at(TODAY):
        client = client_of(world.berk.teacher)
        client.post(
            f"{page_of(bakery)}opvolgen/",
            {
                "text": "Bel over de plekken",
                "due": "2027-02-01",
                "who": world.berk.teacher.public_id,
            },
        )
        top = words(client_of(world.berk.coordinator).get(page_of(bakery)))
        assert "Bel over de plekken ma 1 februari, Docent Berk Alleen onze school" in top
        assert "Volg op bij" not in words(client.get("/"))
    with at(date(2027, 2, 1)):
        client = client_of(world.berk.teacher)
        assert "Volg op bij Bakkerij Noord Bel over de plekken" in words(client.get("/"))
        assert "Volg op bij" not in words(client_of(world.berk.coordinator).get("/"))


@pytest.mark.parametrize("role", ["coordinator", "teacher", "bureau"])
def test_everybody_of_the_staff_sees_their_own_on_the_home(world, bakery, role):
    who = world.noord.bureau if role == "bureau" else getattr(world.berk, role)
    with at(TODAY):
        plan(world, who, bakery)
        plan(world, who, world.noord.companies[1], due=TODAY - timedelta(days=9))
        assert "2 Volg bedrijven op" in words(client_of(who).get("/"))


def test_the_list_has_overdue_first_mine_or_everybodys_and_a_number_to_call(world, bakery):
    garage, berk = world.noord.companies[1], world.berk
    with use(SYSTEM):
        Contact.objects.filter(company=garage).update(telephone="0612345678")
    with at(TODAY):
        plan(world, berk.coordinator, bakery, "Later", due=TODAY + timedelta(days=3))
        plan(world, berk.coordinator, garage, "Te laat", due=TODAY - timedelta(days=3))
        plan(world, berk.teacher, bakery, "Van een ander")
        client = client_of(berk.coordinator)
        mine = client.get(LIST)
        assert [row.text for row in mine.context["page_obj"]] == ["Te laat", "Later"]
        assert 'href="tel:0612345678"' in mine.content.decode()
        everybody = client.get(f"{LIST}?wie=iedereen")
        assert [row.text for row in everybody.context["page_obj"]] == [
            "Te laat",
            "Van een ander",
            "Later",
        ]
        found = client.get(f"{LIST}?wie=iedereen&q=garage").context["page_obj"]
        assert [row.text for row in found] == ["Te laat"]
        for stranger in (world.els.coordinator, world.noord.bureau):
            there = client_of(stranger).get(f"{LIST}?wie=iedereen").context["page_obj"]
            assert list(there) == []


def test_done_and_taken_back_are_off_the_list_and_can_be_undone(world, bakery):
    berk = world.berk
    with at(TODAY):
        client = client_of(berk.coordinator)
        for step, word in (("klaar", "Gedaan"), ("weg", "Teruggenomen")):
            row = plan(world, berk.coordinator, bakery, f"Iets {step}")
            client.post(f"{LIST}{row.public_id}/{step}/")
            assert f"Iets {step}" not in words(client.get(page_of(bakery)))
            closed = words(client.get(f"{LIST}?toon=gedaan"))
            assert f"Iets {step}" in closed
            assert word in closed
            # A colleague was first: nothing changes, and it says so.
            again = client.post(f"{LIST}{row.public_id}/klaar/", follow=True)
            assert "Dit staat niet meer open." in words(again)
            client.post(f"{LIST}{row.public_id}/open/")
            assert f"Iets {step}" in words(client.get(page_of(bakery)))
            client.post(f"{LIST}{row.public_id}/klaar/")
    assert verbs() == [
        *("follow_up_added", "follow_up_added"),
        *("follow_up_done", "follow_up_done", "follow_up_done"),
        *("follow_up_reopened", "follow_up_reopened", "follow_up_withdrawn"),
    ]


def test_it_is_moved_and_given_to_a_colleague(world, bakery):
    berk = world.berk
    with at(TODAY):
        client = client_of(berk.coordinator)
        row = plan(world, berk.coordinator, bakery)
        answer = client.post(
            f"{LIST}{row.public_id}/",
            {"text": "Ga langs", "due": "2027-03-01", "who": berk.teacher.public_id},
        )
    assert answer.status_code == 302
    with use(SYSTEM):
        row.refresh_from_db()
    assert (row.text, row.due, row.who_id) == ("Ga langs", date(2027, 3, 1), berk.teacher.pk)


def test_somebody_of_another_side_is_given_nothing(world, bakery):
    berk = world.berk
    for stranger in (world.els.teacher, world.noord.bureau, berk.logins[0]):
        with pytest.raises(Conflict):
            plan(world, berk.coordinator, bakery, by=stranger)
        with pytest.raises(Conflict):
            own(world, berk.coordinator, bakery, stranger)
    with use(SYSTEM):
        assert not FollowUp.objects.exists()


def test_what_the_bureau_shares_every_school_of_the_region_sees_and_none_changes(world, bakery):
    with at(TODAY):
        row = plan(world, world.noord.bureau, bakery, "Bureau gaat langs", shared=True)
        plan(world, world.noord.bureau, bakery, "Alleen bureau")
        text = words(client_of(world.berk.coordinator).get(page_of(bakery)))
        assert "Bureau gaat langs wo 13 januari Regio, van het stagebureau" in text
        assert "Alleen bureau" not in text
        done = client_of(world.berk.coordinator).post(f"{LIST}{row.public_id}/klaar/")
        assert done.status_code == 404


# --- the mail of a day --------------------------------------------------------------------------


def mailed() -> list[tuple[str, str]]:
    return [(m.to[0], m.subject) for m in sent.outbox]


def test_one_mail_lists_what_is_due_and_comes_again_only_when_more_is(world, bakery):
    berk, garage = world.berk, world.noord.companies[1]
    with at(TODAY):
        plan(world, berk.coordinator, bakery)
        plan(world, berk.coordinator, garage, "Ga langs", due=TODAY + timedelta(days=2))
        plan(world, world.noord.bureau, garage, "Bureau belt")
        for _hour in range(3):
            mail_follow_ups()
        deliver_all()
        assert sorted(to for to, _subject in mailed()) == sorted(
            [berk.coordinator.email, world.noord.bureau.email]
        )
        [mine] = [m for m in sent.outbox if m.to[0] == berk.coordinator.email]
        assert "Bakkerij Noord: Bel over de plekken" in mine.body
        assert "Ga langs" not in mine.body
        sent.outbox.clear()
    with at(TODAY + timedelta(days=1)):
        mail_follow_ups()
        deliver_all()
        assert mailed() == []
    with at(TODAY + timedelta(days=2)):
        mail_follow_ups()
        deliver_all()
        [mine] = sent.outbox
        assert "Ga langs" in mine.body
        assert "Bel over de plekken" in mine.body


def test_what_was_done_before_the_mail_leaves_is_not_mailed(world, bakery):
    with at(TODAY):
        row = plan(world, world.berk.coordinator, bakery)
        mail_follow_ups()
        client_of(world.berk.coordinator).post(f"{LIST}{row.public_id}/klaar/")
        deliver_all()
    assert mailed() == []
    with use(SYSTEM):
        assert OutboxMail.objects.get(event="follow_ups_due").state == "cancelled"


# --- who keeps the contact ----------------------------------------------------------------------


def test_each_side_says_who_keeps_the_contact_and_schools_know_the_bureaus(world, bakery):
    berk, els = world.berk, world.els
    client_of(berk.coordinator).post(f"{page_of(bakery)}relatie/", {"who": berk.teacher.public_id})
    client_of(world.noord.bureau).post(
        f"{page_of(bakery)}relatie/", {"who": world.noord.bureau.public_id}
    )
    at_berk = words(client_of(berk.colleague).get(page_of(bakery)))
    assert f"Contact namens onze school {berk.teacher.name}" in at_berk
    assert f"Contact namens het stagebureau {world.noord.bureau.name}" in at_berk
    at_els = words(client_of(els.coordinator).get(page_of(bakery)))
    assert "Contact namens onze school nog niemand" in at_els
    assert berk.teacher.name not in at_els
    assert berk.teacher.name not in words(client_of(world.noord.bureau).get(page_of(bakery)))
    with use(world.actor(els.coordinator).scope), transaction.atomic(), connection.cursor() as c:
        c.execute("SELECT who_name FROM companies_companyowner")
        assert c.fetchall() == [(world.noord.bureau.name,)]
        c.execute("DELETE FROM companies_companyowner")
        assert c.rowcount == 0
    client_of(berk.coordinator).post(f"{page_of(bakery)}relatie/", {"who": ""})
    assert verbs() == ["company_owner_removed", "company_owner_set", "company_owner_set"]
    with use(SYSTEM):
        assert CompanyOwner.objects.get().school is None


def test_a_teacher_does_not_say_who_keeps_the_contact(world, bakery):
    with pytest.raises(NotAllowed):
        own(world, world.berk.teacher, bakery, world.berk.teacher)
    assert client_of(world.berk.teacher).get(f"{page_of(bakery)}relatie/").status_code == 403


def test_all_of_a_colleague_goes_over_in_one_step(world, bakery):
    berk, garage = world.berk, world.noord.companies[1]
    own(world, berk.coordinator, bakery, berk.teacher)
    own(world, berk.coordinator, garage, berk.teacher)
    own(world, world.els.coordinator, bakery, world.els.teacher)
    with at(TODAY):
        plan(world, berk.teacher, bakery)
        client = client_of(berk.coordinator)
        page = client.get(f"{LIST}overdragen/").content.decode()
        assert berk.teacher.public_id in page
        assert world.els.teacher.public_id not in page
        sent_ = {"who": berk.teacher.public_id, "to": berk.colleague.public_id}
        assert client.post(f"{LIST}overdragen/", sent_).status_code == 302
    with use(SYSTEM):
        owned = CompanyOwner.objects.order_by("pk").values_list("who", "who_name")
        assert list(owned) == [
            (berk.colleague.pk, berk.colleague.name),
            (berk.colleague.pk, berk.colleague.name),
            (world.els.teacher.pk, world.els.teacher.name),
        ]
        assert FollowUp.objects.get().who == berk.colleague
    assert verbs().count("company_owner_handed_over") == 2
    assert verbs().count("follow_up_handed_over") == 1


def test_who_leaves_school_leaves_no_company_behind(world, bakery):
    berk, actor = world.berk, world.actor(world.berk.coordinator)
    own(world, berk.coordinator, bakery, berk.colleague)
    refused = pytest.raises(Conflict, match="wie het werk overneemt")
    with use(actor.scope), refused, transaction.atomic():
        people.end_staff(berk.colleague, actor=actor)
    page = client_of(berk.coordinator).get(
        reverse("schools:staff_end", args=[berk.colleague.public_id])
    )
    assert "Heeft ook 1 bedrijf of taak bij een bedrijf." in words(page)
    with use(actor.scope):
        assert people.end_staff(berk.colleague, to=berk.teacher, actor=actor) == 1
    with use(SYSTEM):
        assert CompanyOwner.objects.get().who == berk.teacher


def test_who_leaves_the_bureau_hands_over_first(world, bakery, colleague_at_bureau):
    actor = world.actor(world.noord.bureau)
    own(world, world.noord.bureau, bakery, colleague_at_bureau)
    with use(actor.scope):
        with pytest.raises(Conflict, match="Draag die eerst over"), transaction.atomic():
            bureau.end_colleague(colleague_at_bureau, actor=actor)
        services.hand_over_all(colleague_at_bureau, world.noord.bureau, actor=actor)
        bureau.end_colleague(colleague_at_bureau, actor=actor)
    with use(SYSTEM):
        colleague_at_bureau.refresh_from_db()
        assert colleague_at_bureau.ended_at is not None
        assert CompanyOwner.objects.get().who == world.noord.bureau


# --- at which level somebody is -----------------------------------------------------------------


def test_a_contact_has_a_level_that_staff_says_and_sees(world, bakery, baker):
    contact = world.noord.contacts[0]
    form = f"{page_of(bakery)}contactpersonen/{contact.public_id}/"
    sent_ = {
        "name": contact.name,
        "email": contact.email,
        "roles": ["contact"],
        "level": "board",
    }
    client = client_of(world.berk.coordinator)
    assert client.post(form, sent_).status_code == 302
    assert f"{contact.name} Directie of bestuur" in words(client.get(page_of(bakery)))
    assert "Directie of bestuur" not in words(baker.get(form))
