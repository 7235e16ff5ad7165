"""Trust is one's own to lose, nobody's to raise, and ends at once."""

from datetime import timedelta
from functools import partial
from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail as django_mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from companies import services
from companies.models import Contact, Trust
from placements.models import Placement
from placements.services import submit_application
from stage.core.mail import delivery
from stage.core.models import Device, OutboxMail
from stage.core.tenants.tenancy import SYSTEM, use
from tests.abuse.mailbox import get_in, letters_to, link_in, open_link, reads
from tests.clients import client_of, client_of_contact
from tests.companies.conftest import sent_campaign
from tests.races import behind
from tests.world import let_be


def path(company, contact, *more) -> str:
    parts = ["/bedrijven", company.public_id, "contactpersonen", contact.public_id, *more, ""]
    return "/".join(parts)


def roles_of(contact) -> dict[str, list[str]]:
    with use(SYSTEM):
        rows = Trust.objects.live().filter(contact=contact).select_related("school")
        return {t.school.name: t.roles for t in rows}


@pytest.fixture
def bakery(world):
    return world.noord.companies[0]


def test_a_supervisor_does_not_raise_himself(world, bakery):
    boss = world.noord.supervisors[0]
    client = client_of_contact(boss)
    data = {"name": "Sam", "email": boss.email, "roles": ["contact", "supervisor", "signatory"]}
    assert client.post(path(bakery, boss), data).status_code == 302  # the own name, no more
    assert roles_of(boss) == {"Berk": ["supervisor"], "Els": ["supervisor"]}


def test_nor_does_a_contact_make_himself_or_a_colleague_a_signatory(world, bakery):
    contact, boss = world.noord.contacts[0], world.noord.supervisors[0]
    with use(SYSTEM):
        let_be(contact, ["contact"])
    client = client_of_contact(contact)
    every = ["contact", "supervisor", "signatory"]
    client.post(path(bakery, contact), {"name": "C", "email": contact.email, "roles": every})
    refused = client.post(path(bakery, boss), {"name": "B", "roles": every})
    assert refused.status_code == 422  # no such choice
    assert roles_of(contact) == {"Berk": ["contact"], "Els": ["contact"]}
    client.post(path(bakery, boss), {"name": "B", "roles": ["contact", "supervisor"]})
    assert roles_of(boss)["Berk"] == ["contact", "supervisor"]


def test_a_supervisor_puts_nobody_out_and_names_nobody(world, bakery):
    client = client_of_contact(world.noord.supervisors[0])
    contact = world.noord.contacts[0]
    assert client.post(path(bakery, contact), {"active": "no"}).status_code == 403
    assert client.post(path(bakery, contact, "weg"), {"colleague": "none"}).status_code == 403
    new = f"/bedrijven/{bakery.public_id}/contactpersonen/nieuw/"
    data = {"name": "X", "email": "x@elders.test", "roles": ["contact"]}
    assert client.post(new, data).status_code == 403
    with use(SYSTEM):
        assert not Contact.objects.filter(email="x@elders.test").exists()


def test_a_contact_changes_no_colleagues_address(world, bakery):
    client, boss = client_of_contact(world.noord.contacts[0]), world.noord.supervisors[0]
    data = {"name": boss.name, "email": "evil@elders.test", "roles": ["supervisor"]}
    client.post(path(bakery, boss), data)
    with use(SYSTEM):
        assert Contact.objects.get(pk=boss.pk).email == boss.email


def test_the_school_stops_somebody_in_one_press(world, bakery):
    contact = world.noord.contacts[0]
    phone = client_of_contact(contact)
    assert "Berk" in reads(phone)
    berk = client_of(world.berk.coordinator)
    assert berk.post(path(bakery, contact, "stop")).status_code == 302
    assert roles_of(contact).keys() == {"Els"}
    text = reads(phone)
    assert "Els" in text  # another school goes on
    assert "Berk" not in text
    berk.post(path(bakery, contact, "stop"))  # done twice
    assert roles_of(contact).keys() == {"Els"}


def test_and_when_no_school_is_left_the_device_is_nobodys(world, bakery):
    contact = world.noord.contacts[0]
    phone = client_of_contact(contact)
    for sw in (world.berk, world.els):
        client_of(sw.coordinator).post(path(bakery, contact, "stop"))
    with use(SYSTEM):
        assert not Device.objects.filter(email=contact.email, revoked_at__isnull=True).exists()
    assert phone.get(reverse("web:home")).status_code == 302


def test_and_whom_that_person_named_is_asked_again(world, bakery):
    contact, berk = world.noord.contacts[0], client_of(world.berk.coordinator)
    client_of_contact(contact).post(
        f"/bedrijven/{bakery.public_id}/contactpersonen/nieuw/",
        {"name": "Nel", "email": "nel@elders.test", "roles": ["supervisor"]},
    )
    with use(SYSTEM):
        nel = Contact.objects.get(email="nel@elders.test")
    assert roles_of(nel) == {"Berk": ["supervisor"], "Els": ["supervisor"]}
    told = berk.post(path(bakery, contact, "stop"), follow=True).content.decode()
    assert "Ook gestopt" in told
    assert "Nel" in told
    assert roles_of(nel) == {"Els": ["supervisor"]}
    shown = berk.get(f"/bedrijven/{bakery.public_id}/").content.decode()
    assert "wie het adres noemde, telt niet meer" in shown
    assert berk.post(path(bakery, nel, "ja"), {"contact": nel.shown}).status_code == 302
    assert roles_of(nel)["Berk"] == ["supervisor"]


def test_the_last_contact_does_not_go_silently(world, bakery):
    contact, boss = world.noord.contacts[0], world.noord.supervisors[0]
    with use(SYSTEM):
        let_be(boss, ["contact"])
    client = client_of_contact(boss)
    client.post(path(bakery, contact, "weg"), {"colleague": "none"})
    assert roles_of(contact) == {}
    own = f"/bedrijven/ik-weg/{boss.public_id}/"
    assert "enige contactpersoon" in client.get(own).content.decode()
    assert client.post(own, {}).status_code == 422
    assert roles_of(boss).keys() == {"Berk", "Els"}


def put_out(other, actor):
    services.set_contact_active(other, active=False, actor=actor)


def test_two_contacts_who_put_each_other_out_at_once_leave_one(committed_world):
    world = committed_world
    contact, boss = world.noord.contacts[0], world.noord.supervisors[0]
    with use(SYSTEM):
        let_be(boss, ["contact"])
    first, second = (
        (world.company_actor(one), partial(put_out, other))
        for one, other in ((contact, boss), (boss, contact))
    )
    assert behind(first, second) == "conflict"
    with use(SYSTEM):
        rows = Trust.objects.live().filter(company=world.noord.companies[0])
        assert rows.filter(school=world.berk.school).count() == 1


def test_an_own_new_address_counts_once_it_is_proven(world, bakery):
    contact = world.noord.contacts[0]
    old, new = contact.email, "nieuw@bakkerij-noord.test"
    phone = client_of_contact(contact)
    phone.post(path(bakery, contact), {"name": contact.name, "email": new})
    assert "Berk" in reads(phone)  # the old one still counts
    [letter] = letters_to(new)
    assert "Berk" not in letter.body
    moved = open_link(Client(), link_in(letter), new)
    assert "Berk" in reads(moved)
    assert phone.get(reverse("web:home")).status_code == 302  # the old one no more
    with use(SYSTEM):
        addresses = set(Trust.objects.live().filter(contact=contact).values_list("address"))
    assert addresses == {(new,)}
    assert get_in(old) is None


def test_a_mailbox_that_does_not_exist_is_trusted_no_more(world, monkeypatch):
    """Somebody else may get that address tomorrow."""
    gone, spam = world.noord.contacts[0].email, world.noord.contacts[1].email
    words = {gone: b"5.1.1 no such user", spam: b"5.7.1 blocked as spam"}

    def send(self, messages):
        for message in messages:
            if message.to[0] in words:
                raise SMTPRecipientsRefused({message.to[0]: (550, words[message.to[0]])})
            django_mail.outbox.append(message)
        return len(messages)

    monkeypatch.setattr(EmailBackend, "send_messages", send)
    sent_campaign(world, world.berk)
    delivery.deliver()
    assert roles_of(world.noord.contacts[0]) == {}
    assert roles_of(world.noord.contacts[1]).keys() == {"Berk", "Els"}


@pytest.mark.parametrize(("days", "left"), [(364, {"Berk", "Els"}), (366, set())])
def test_a_year_without_a_proof_ends_it(world, days, left):
    contact = world.noord.contacts[0]
    with use(SYSTEM):
        before = timezone.now() - timedelta(days=days)
        Trust.objects.filter(contact=contact).update(since=before)
        Trust.objects.exclude(contact=contact).update(since=timezone.now())
    services.end_unproven()
    assert roles_of(contact).keys() == left


def test_a_code_begins_the_year_anew(world):
    contact = world.noord.contacts[0]
    with use(SYSTEM):
        Trust.objects.filter(contact=contact).update(since=timezone.now() - timedelta(days=400))
    get_in(contact.email)
    services.end_unproven()
    assert roles_of(contact).keys() == {"Berk", "Els"}


def test_the_fortieth_supervisor_is_in_after_one_press(world, bakery):
    """A hospital: the contact names somebody, the coordinator puts her on a placement."""
    with use(SYSTEM):
        row = Contact.objects.create(
            region=world.noord.region,
            company=bakery,
            name="Veertig",
            email="veertig@bakkerij-noord.test",
            roles=["supervisor"],
        )
    phone = get_in(row.email)
    assert "Aya" not in reads(phone)
    boss = client_of_contact(world.noord.contacts[0])
    boss.post(reverse("companies:colleague_list"), {"contact": row.shown, "answer": "yes"})
    assert "Aya" not in reads(phone)  # put on nothing yet
    with use(SYSTEM):
        Placement.objects.filter(pk=world.berk.placement.pk).update(supervisor=row)
    text = reads(phone)
    assert "Aya Berk" in text
    assert "Aya Els" not in text


def test_putting_somebody_on_a_placement_is_a_vouch(world, bakery):
    with use(SYSTEM):
        row = Contact.objects.create(
            region=world.noord.region,
            company=bakery,
            name="Veertig",
            email="veertig@bakkerij-noord.test",
            roles=["supervisor"],
        )
    code = world.berk.placement.public_id
    berk = client_of(world.berk.coordinator)
    page = reverse("placements:assign")
    assert row.email in berk.get(page, {"row": code}).content.decode()  # whom one vouches for
    data = {"row": code, "save": "1", f"{code}-teacher": world.berk.teacher.pk}
    berk.post(page, {**data, f"{code}-supervisor": row.pk})
    assert roles_of(row) == {"Berk": ["supervisor"]}
    assert "Aya Berk" in reads(get_in(row.email))


def test_a_link_named_supervisor_is_not_vouched_for_by_saving_something_else(world, bakery):
    """The place's own supervisor came through a link: to assign a teacher is no yes."""
    with use(SYSTEM):
        row = Contact.objects.create(
            region=world.noord.region,
            company=bakery,
            name="Veertig",
            email="veertig@bakkerij-noord.test",
            roles=["supervisor"],
            named_via="link",
        )
        Placement.objects.filter(pk=world.berk.placement.pk).update(supervisor=row)
    code = world.berk.placement.public_id
    data = {"row": code, "save": "1", f"{code}-teacher": world.berk.colleague.pk}
    berk = client_of(world.berk.coordinator)
    berk.post(reverse("placements:assign"), {**data, f"{code}-supervisor": row.pk})
    assert roles_of(row) == {}
    # It waits on the list of addresses instead, where the yes is said to an address.
    assert row.email in berk.get(reverse("companies:address_list")).content.decode()


def test_who_signs_sees_agreements_and_no_trainees(world):
    contact = world.noord.contacts[0]
    with use(SYSTEM):
        let_be(contact, ["signatory"])
    client = client_of_contact(contact)
    for page in ("placements:trainee_list", "assessments:assessment_list", "web:home"):
        assert "Aya" not in client.get(reverse(page)).content.decode(), page
    shown = client.get(reverse("placements:placement_show", args=[world.berk.placement.public_id]))
    assert "Dagverslag" not in shown.content.decode()


def test_two_coordinators_who_say_yes_to_all_at_once(committed_world):
    world = committed_world
    with use(SYSTEM):
        Trust.objects.all().delete()
        rows = list(Contact.objects.filter(region=world.noord.region))
    done = []

    def confirm(actor):
        done.append(services.confirm_addresses(rows, actor=actor))

    boss = world.actor(world.berk.coordinator)
    assert behind((boss, confirm), (boss, confirm)) == "ok"
    assert done == [len(rows), 0]
    with use(SYSTEM):
        assert Trust.objects.live().count() == len(rows)


def test_a_thousand_addresses_are_one_press(world, django_assert_max_num_queries):
    with use(SYSTEM):
        company = world.noord.companies[0]
        rows = Contact.objects.bulk_create(
            Contact(
                region=company.region,
                company=company,
                name=f"Nr {n}",
                email=f"nr{n}@bakkerij-noord.test",
                roles=["contact"],
            )
            for n in range(1000)
        )
    actor = world.actor(world.berk.coordinator)
    with use(actor.scope), django_assert_max_num_queries(30):
        assert services.confirm_addresses(rows, actor=actor) == 1000


def test_nobody_gives_more_than_he_has_in_the_service_either(world, bakery):
    """The form offers no such choice; the rule does not stand on the form."""
    contact, boss = world.noord.contacts[0], world.noord.supervisors[0]
    with use(SYSTEM):
        let_be(contact, ["contact"])
    actor = world.company_actor(contact)
    with use(actor.scope):
        for who in (contact, boss):
            services.vouch(who, ["contact", "supervisor", "signatory"], source="named", actor=actor)
    assert roles_of(contact)["Berk"] == ["contact"]
    assert roles_of(boss)["Berk"] == ["contact", "supervisor"]
    supervisor = world.company_actor(let_be_supervisor(world, boss))
    with use(supervisor.scope):
        assert services.vouch(contact, ["supervisor"], source="named", actor=supervisor) == []


def let_be_supervisor(world, boss):
    with use(SYSTEM):
        return let_be(boss, ["supervisor"])


def test_a_mail_about_a_student_does_not_leave_for_who_was_stopped_meanwhile(world, bakery):
    contact, actor = world.noord.contacts[0], world.actor(world.berk.logins[2])
    with use(actor.scope):
        submit_application(
            world.berk.places[0], student=world.berk.students[2], motivation="Graag.", actor=actor
        )
    with use(SYSTEM):
        waiting = OutboxMail.objects.get(event="application_sent", person_id=contact.pk)
        # Not by the school's own word: that takes the person out of its mails altogether.
        Trust.objects.filter(contact=contact, school=world.berk.school).update(
            until=timezone.now(), ended_why="unproven"
        )
    assert letters_to(contact.email) == []
    with use(SYSTEM):
        waiting.refresh_from_db()
    assert (waiting.state, waiting.error) == (
        "cancelled",
        "adres nog niet bekend bij de school",
    )
