"""Who does not sign tells the school; nobody's signature goes, and it can be taken back."""

import re

import pytest
from django.core import mail as mailbox
from django.urls import reverse

from placements.agreements import mails
from placements.agreements.models import Signature, SigningRefusal
from placements.agreements.queries import signers
from placements.agreements.services import refusing
from stage.core.models import OutboxMail
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.ui import todo
from stage.core.who.policies import Conflict, NotAllowed
from stage.schools.models import Guardian
from tests.clients import client_of, client_of_guardian
from tests.notices import deliver_all
from tests.placements.agreements import actors, fresh, frozen, sign_as
from tests.placements.test_agreement_pages import body, clients, url


def refusals():
    with use(SYSTEM):
        return list(SigningRefusal.objects.order_by("pk"))


def titles(actor) -> list[str]:
    with use(actor.scope):
        return [item.title for item in todo.for_actor(actor)]


def refuse(client, agreement, words="Te ver weg.", name="agreement_refuse"):
    return client.post(url(name, agreement), {"words": words})


@pytest.mark.parametrize("who", ["guardian", "student", "company"])
def test_saying_no_tells_the_school_and_cancels_nothing(world, who):
    agreement, people = frozen(world), clients(world)
    sign_as(agreement, actors(world)["school"])
    question = body(people[who].get(url("agreement_refuse", agreement)))
    assert "Handtekeningen van anderen blijven staan." in question
    assert refusals() == []  # asking is not saying
    answer = refuse(people[who], agreement)
    assert answer.status_code == 302
    refuse(people[who], agreement, "Nog eens.")
    (row,) = refusals()
    assert (row.kind, row.words, row.is_open) == ("unwilling", "Te ver weg.", True)
    assert fresh(agreement).state == "signing"
    with use(SYSTEM):
        assert Signature.objects.count() == 1
        told = OutboxMail.objects.filter(event="agreement_refused")
        assert {m.person_id for m in told} == {world.berk.coordinator.pk, world.berk.teacher.pk}
    deliver_all()
    letters = [m for m in mailbox.outbox if "Niet getekend" in m.subject]
    assert len(letters) == 2
    assert "Te ver weg." in letters[0].body
    for staff in (world.berk.coordinator, world.berk.teacher):
        assert "Bel: iemand wil niet tekenen" in titles(world.actor(staff))
    for other in (world.berk.colleague, world.els.coordinator):
        assert "Bel: iemand wil niet tekenen" not in titles(world.actor(other))


def test_why_is_asked(world):
    agreement, client = frozen(world), clients(world)["guardian"]
    answer = refuse(client, agreement, "")
    assert answer.status_code == 422
    assert "Schrijf in een paar woorden waarom niet." in body(answer)
    assert refusals() == []


def test_it_can_be_taken_back_and_said_again(world):
    agreement, client = frozen(world), clients(world)["guardian"]
    refuse(client, agreement)
    page = body(client.get(url("agreement_sign", agreement)))
    assert "U zei dat u niet wilt tekenen" in page
    assert "Ik wil niet tekenen" not in page
    client.post(url("refusal_withdraw", agreement))
    client.post(url("refusal_withdraw", agreement))
    (row,) = refusals()
    assert row.withdrawn_at is not None
    assert "Bel: iemand wil niet tekenen" not in titles(world.actor(world.berk.coordinator))
    refuse(client, agreement)
    assert [r.is_open for r in refusals()] == [False, True]


def test_signing_after_all_takes_it_back(world):
    agreement = frozen(world)
    refuse(clients(world)["guardian"], agreement)
    sign_as(agreement, actors(world)["guardian"])
    (row,) = refusals()
    assert row.withdrawn_at is not None


def test_who_refuses_is_not_reminded(world):
    agreement = frozen(world)
    refuse(clients(world)["guardian"], agreement)
    with use(world.actor(world.berk.coordinator).scope):
        mails.remind(agreement, signers.slots_of(agreement))
    mailbox.outbox.clear()
    deliver_all()
    reminded = [m.to[0] for m in mailbox.outbox if m.subject.startswith("Herinnering")]
    assert world.berk.guardians[0].email not in reminded
    assert world.berk.students[0].email in reminded


@pytest.mark.parametrize("who", ["coordinator", "teacher"])
def test_the_school_talks_about_it_and_says_so(world, who):
    agreement = frozen(world)
    refuse(clients(world)["guardian"], agreement)
    (row,) = refusals()
    page = reverse("agreements:refusal_settle", args=[row.public_id])
    client = client_of(getattr(world.berk, who))
    assert "Te ver weg." in body(client.get(page))
    assert client.post(page, {"note": ""}).status_code == 422
    client.post(page, {"note": "Gebeld, komt goed."})
    (row,) = refusals()
    assert (row.note, row.settled_by_id) == ("Gebeld, komt goed.", getattr(world.berk, who).pk)
    assert "Gebeld, komt goed." in body(client.get(url("agreement_show", agreement)))
    assert "Bel: iemand wil niet tekenen" not in titles(world.actor(world.berk.coordinator))
    sign_as(agreement, actors(world)["guardian"])


def test_only_who_guides_settles_and_reads_it(world):
    agreement = frozen(world)
    refuse(clients(world)["guardian"], agreement, "Geheim woord.")
    (row,) = refusals()
    page = reverse("agreements:refusal_settle", args=[row.public_id])
    for stranger in (world.berk.colleague, world.els.coordinator):
        assert client_of(stranger).get(page).status_code == 404
    # Not the student, not the company, not another parent.
    people = clients(world)
    for who in ("student", "company"):
        for name in ("agreement_show", "agreement_sign"):
            assert "Geheim woord" not in body(people[who].get(url(name, agreement), follow=True))
    with use(SYSTEM):
        second = Guardian.objects.create(
            school=world.berk.school,
            student=world.berk.students[0],
            name="Tweede ouder",
            email="tweede@berk.test",
        )
    other = client_of_guardian(second)
    assert "Geheim woord" not in body(other.get(url("agreement_show", agreement)))
    other.post(url("refusal_withdraw", agreement))
    assert refusals()[0].is_open


def test_who_is_no_signer_refuses_nothing(world):
    agreement = frozen(world)
    sign_as(agreement, actors(world)["guardian"])
    done = actors(world)["guardian"]
    with use(done.scope), pytest.raises(Conflict):
        refusing.refuse(agreement, kind="unwilling", words="x", actor=done)
    for who in (world.actor(world.berk.coordinator), world.actor(world.berk.logins[1])):
        with use(who.scope), pytest.raises(NotAllowed):
            refusing.refuse(agreement, kind="unwilling", words="x", actor=who)
    student = actors(world)["student"]
    with use(student.scope), pytest.raises(NotAllowed):
        refusing.refuse(agreement, kind="stranger", actor=student)
    assert refusals() == []


# --- this is not my child ---------------------------------------------------------------------


def stranger(world):
    agreement = frozen(world)
    client = client_of_guardian(world.berk.guardians[0])
    question = body(client.get(url("agreement_stranger", agreement)))
    assert "U krijgt over dit kind geen mail meer." in question
    answer = client.post(url("agreement_stranger", agreement), {})
    assert answer.status_code == 302
    return agreement, client, answer["Location"]


def test_not_my_child_closes_everything_about_it(world):
    agreement, client, thanks = stranger(world)
    page = body(client.get(thanks))
    assert "U krijgt hierover geen mail meer." in page
    assert not re.search("Aya|Bakkerij|Ouder van", page)
    for name in ("agreement_show", "agreement_sign", "agreement_pdf", "agreement_open"):
        answer = client.get(url(name, agreement))
        assert answer.status_code == 302
        assert "/inloggen" in answer["Location"]
    assert client.get("/").status_code == 302
    with use(SYSTEM):
        OutboxMail.objects.all().delete()
    with use(world.actor(world.berk.coordinator).scope):
        mails.remind(agreement, signers.slots_of(agreement))
    mailbox.outbox.clear()
    deliver_all()
    assert [m for m in mailbox.outbox if world.berk.guardians[0].email in m.to] == []
    titled = titles(world.actor(world.berk.coordinator))
    assert 'Kijk het adres na: "dit is niet mijn kind"' in titled
    assert "Kijk het e-mailadres van een ouder na" not in titled


def test_siblings_at_the_same_address_stay(world):
    with use(SYSTEM):
        sibling = world.berk.guardians[1]
        sibling.email = world.berk.guardians[0].email
        sibling.save()
    stranger(world)
    assert client_of_guardian(sibling).get("/").status_code == 200


def test_a_mistake_is_taken_back_in_the_same_browser_only(world):
    agreement, client, thanks = stranger(world)
    elsewhere = client_of_guardian(world.berk.guardians[1])
    assert "per ongeluk" not in body(elsewhere.get(thanks))
    elsewhere.post(thanks)
    assert refusals()[0].is_open
    assert "per ongeluk" in body(client.get(thanks))
    client.post(thanks)
    assert not refusals()[0].is_open
    assert client.get(url("agreement_sign", agreement)).status_code == 200
    assert client.get(thanks + "x").status_code == 404


@pytest.mark.parametrize("how", ["confirmed", "changed", "removed"])
def test_the_school_settles_it_with_the_address(world, how):
    _agreement, client, _thanks = stranger(world)
    guardian = world.berk.guardians[0]
    (row,) = refusals()
    coordinator = client_of(world.berk.coordinator)
    page = body(coordinator.get(reverse("agreements:refusal_settle", args=[row.public_id])))
    assert "Dit adres klopt" in page
    student = reverse("schools:student_show", args=[world.berk.students[0].public_id])
    assert "zegt dat dit niet het eigen kind is" in body(coordinator.get(student))
    if how == "confirmed":
        coordinator.post(reverse("schools:guardian_address", args=[guardian.public_id]))
    elif how == "changed":
        coordinator.post(
            reverse("schools:guardian_edit", args=[guardian.public_id]),
            {"name": guardian.name, "email": "goed@thuis.test", "may_sign": "on"},
        )
    else:
        coordinator.post(reverse("schools:guardian_remove", args=[guardian.public_id]))
    (row,) = refusals()
    assert (row.is_open, row.settled_by_id) == (False, world.berk.coordinator.pk)
    # An address that is right works at once; another one is proven anew.
    assert (client.get("/").status_code == 200) is (how == "confirmed")
    if how == "changed":
        mailbox.outbox.clear()
        deliver_all()
        assert any("goed@thuis.test" in m.to for m in mailbox.outbox)


def test_a_note_does_not_open_a_strangers_address(world):
    _agreement, client, _thanks = stranger(world)
    (row,) = refusals()
    page = reverse("agreements:refusal_settle", args=[row.public_id])
    client_of(world.berk.teacher).post(page, {"note": "Gebeld."})
    assert refusals()[0].is_open
    assert client.get("/").status_code == 302
