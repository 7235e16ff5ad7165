"""The operator's pages: regions, schools, their first people, and a school that stops."""

import re

import pytest
from django.core import mail as sent_mail
from django.urls import reverse

from stage.core.enums import Role
from stage.core.mail import delivery
from stage.core.models import AuditEntry, Membership, OutboxMail, Region, School
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.who.identities import memberships_of
from stage.core.who.policies import NotAllowed
from stage.core.work.jobs import each_school
from stage.schools.models import RegionSettings, SchoolSettings, SettingsRow
from stage.schools.services import platform
from tests.clients import client_of, client_of_contact, client_of_guardian

SCHOOL = {
    "name": "De Linde",
    "brin": "26ab00",
    "city": "Oost",
    "region": "alone",
    "person": "Petra Lammers",
    "email": "Petra@Linde.test",
}


def url(name, *args):
    return reverse(f"schools:{name}", args=args)


@pytest.fixture
def operator(world):
    return client_of(world.operator)


def verbs(**about):
    with use(SYSTEM):
        return list(AuditEntry.objects.filter(**about).values_list("verb", flat=True))


def text_of(response) -> str:
    return response.content.decode()


def test_the_list_shows_every_region_with_its_schools_and_no_student(world, operator):
    text = text_of(operator.get(url("region_list")))
    for name in ("Noord", "Zuid", "Berk", "Els", "Iep", "01AA00"):
        assert name in text
    assert "Aya" not in text
    text = text_of(operator.get(url("region_list") + "?q=iep"))
    assert "Zuid" in text
    assert "Noord" not in text
    assert "Niets gevonden" in text_of(operator.get(url("region_list") + "?q=bestaat niet"))


def test_a_school_alone_gets_a_region_of_its_own_and_an_invited_coordinator(world, operator):
    response = operator.post(url("school_add"), SCHOOL)
    assert response["Location"] == url("school_show", "26AB00")
    with use(SYSTEM):
        school = School.objects.select_related("region").get(brin="26AB00")
        assert school.region.name == "De Linde"
        for model in SettingsRow.__subclasses__():
            assert model.objects.of(school.pk).school_id == school.pk
        assert RegionSettings.objects.filter(region=school.region).exists()
        member = Membership.objects.get(school=school)
        assert (member.role, member.email) == (Role.COORDINATOR, "petra@linde.test")
        (mail,) = OutboxMail.objects.filter(event="staff_invited")
        assert mail.person_id == member.pk
        entries = AuditEntry.objects.filter(actor_role="operator")
        assert set(entries.values_list("actor_id", flat=True)) == {world.operator.user_id}
    assert {"region_made", "school_made", "staff_invited"} <= set(verbs(actor_role="operator"))
    assert "Nog niet geopend" in text_of(operator.get(response["Location"]))


def test_a_school_joins_a_region_and_shares_its_pool(world, operator):
    given = {**SCHOOL, "region": world.noord.region.public_id}
    assert operator.post(url("school_add"), given).status_code == 302
    with use(SYSTEM):
        assert School.objects.get(brin="26AB00").region == world.noord.region
        assert Region.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"brin": "01AA00"}, "Er is al een school met dit BRIN."),
        ({"brin": "abc"}, "zoals 26AB00"),
        ({"name": "Noord"}, "Er is al een regio met deze naam."),
        ({"email": "geen adres"}, "e-mailadres"),
        ({"region": "NERGENS"}, "region"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_made(world, operator, changes, said):
    response = operator.post(url("school_add"), {**SCHOOL, **changes})
    assert response.status_code == 422
    assert said in text_of(response)
    with use(SYSTEM):
        assert (Region.objects.count(), School.objects.count()) == (2, 3)
        assert not OutboxMail.objects.filter(event="staff_invited").exists()


def test_a_region_and_its_bureau(world, operator):
    response = operator.post(url("region_add"), {"name": "Oost"})
    with use(SYSTEM):
        region = Region.objects.get(name="Oost")
    assert response["Location"] == url("region_show", region.public_id)
    given = {"name": "Bo", "email": "bo@oost.test"}
    assert operator.post(url("bureau_invite", region.public_id), given).status_code == 302
    with use(SYSTEM):
        member = Membership.objects.get(email="bo@oost.test")
        assert (member.role, member.region, member.school) == (Role.BUREAU, region, None)
    again = operator.post(url("bureau_invite", region.public_id), given)
    assert again.status_code == 422
    assert "heeft deze rol hier al" in text_of(again)
    twice = operator.post(url("region_add"), {"name": "oost"})
    assert twice.status_code == 422


def test_names_change_and_the_trail_says_so(world, operator):
    operator.post(url("school_edit", "01AA00"), {"name": "De Berk"})
    operator.post(url("region_edit", world.noord.region.public_id), {"name": "Het Noorden"})
    with use(SYSTEM):
        assert School.objects.get(brin="01AA00").name == "De Berk"
        assert Region.objects.filter(name="Het Noorden").exists()
    assert {"school_renamed", "region_renamed"} <= set(verbs(actor_role="operator"))
    taken = operator.post(url("region_edit", world.noord.region.public_id), {"name": "Zuid"})
    assert taken.status_code == 422
    # The coordinator reads in the school's own trail that the operator did it.
    text = text_of(client_of(world.berk.coordinator).get(reverse("web:audit_list")))
    assert "wijzigde de naam van de school" in text
    assert "Beheerder van het platform" in text


def test_another_first_person_is_known_to_those_who_are_there(world, operator):
    given = {"name": "Nieuw", "email": "nieuw@berk.test"}
    assert operator.post(url("coordinator_invite", "01AA00"), given).status_code == 302
    with use(SYSTEM):
        (told,) = OutboxMail.objects.filter(event="first_person_added")
        assert told.person_id == world.berk.coordinator.pk
        assert told.school_id == world.berk.school.pk
    delivery.deliver()
    (letter,) = [m for m in sent_mail.outbox if m.to == [world.berk.coordinator.email]]
    assert "nieuw@berk.test" in letter.body


def test_the_operator_lets_nobody_in_that_is_the_operator(world, operator):
    given = {"name": "Ik", "email": world.operator.email.upper()}
    for address in (
        url("coordinator_invite", "01AA00"),
        url("bureau_invite", world.noord.region.public_id),
    ):
        response = operator.post(address, given)
        assert response.status_code == 422
        assert "jezelf geen toegang" in text_of(response)


def test_a_mail_that_came_back_is_seen_and_taken_back(world, operator):
    given = {"name": "Nieuw", "email": "tikfout@berk.test"}
    operator.post(url("coordinator_invite", "01AA00"), given)
    with use(SYSTEM):
        member = Membership.objects.get(email="tikfout@berk.test")
        OutboxMail.objects.filter(event="staff_invited").update(state="refused")
    assert "Mail kwam niet aan" in text_of(operator.get(url("school_show", "01AA00")))
    home = text_of(operator.get(reverse("web:home")))
    assert "Nodig iemand anders uit: Berk" in home
    assert "tikfout@berk.test" in home
    assert "Trek in" in text_of(operator.get(url("first_withdraw", member.public_id)))
    assert operator.post(url("first_withdraw", member.public_id)).status_code == 302
    with use(SYSTEM):
        member.refresh_from_db()
        assert member.ended_at is not None
    assert "tikfout@berk.test" not in text_of(operator.get(url("school_show", "01AA00")))
    assert "tikfout@berk.test" not in text_of(operator.get(reverse("web:home")))
    assert operator.post(url("first_withdraw", member.public_id)).status_code == 404


def test_who_opened_the_account_is_not_the_operators_to_end(world, operator):
    member = world.berk.coordinator
    for name in ("first_resend", "first_withdraw"):
        response = operator.post(url(name, member.public_id))
        assert "al geopend" in text_of(response)
    with use(SYSTEM):
        member.refresh_from_db()
        assert member.ended_at is None


def test_somebody_who_is_no_first_person_is_not_found(world, operator):
    for member in (world.berk.teacher, world.berk.logins[0], world.operator):
        assert operator.post(url("first_resend", member.public_id)).status_code == 404


def test_a_school_that_stops_lets_nobody_in_and_keeps_everything(world, operator):
    berk = world.berk
    clients = {
        "coordinator": client_of(berk.coordinator),
        "student": client_of(berk.logins[0]),
        "guardian": client_of_guardian(berk.guardians[0]),
    }
    contact = client_of_contact(world.noord.contacts[0])
    assert "Laat de school stoppen" in text_of(operator.get(url("school_end", "01AA00")))
    with use(SYSTEM):
        assert School.objects.get(brin="01AA00").ended_at is None
    assert operator.post(url("school_end", "01AA00")).status_code == 302
    for name, client in clients.items():
        response = client.get(reverse("web:home"))
        assert response.status_code == 302, name
        assert "/inloggen/" in response["Location"], name
    assert memberships_of(berk.coordinator.user_id) == []
    # The company works on with the other school, and sees nothing more of this one.
    text = text_of(contact.get(reverse("web:home")))
    assert "Aya" not in text or "Els" in text
    assert [s.name for s in each_school(SchoolSettings.objects.all())] == ["Els", "Iep"]
    assert "doet niet meer mee" in text_of(operator.get(url("school_show", "01AA00")))
    assert operator.post(url("school_end", "01AA00")).status_code != 302
    given = {"name": "Nieuw", "email": "nieuw@berk.test"}
    refused = operator.post(url("coordinator_invite", "01AA00"), given)
    assert "doet niet meer mee" in text_of(refused)

    assert operator.post(url("school_back", "01AA00")).status_code == 302
    assert clients["coordinator"].get(reverse("web:home")).status_code == 200
    assert clients["student"].get(reverse("web:home")).status_code == 200
    assert clients["guardian"].get(reverse("web:home")).status_code == 200
    assert {"school_ended", "school_taken_back"} <= set(verbs(school=berk.school))


def test_no_mail_of_a_school_that_stopped_leaves(world, operator):
    from stage.core import mail
    from stage.core.tenants.tenancy import school_scope

    with use(school_scope(world.berk.school)):
        mail.queue(
            "staff_invited",
            person_kind="membership",
            person_id=world.berk.coordinator.pk,
            key="x",
            region_id=world.noord.region.pk,
            school_id=world.berk.school.pk,
        )
    operator.post(url("school_end", "01AA00"))
    assert delivery.deliver() == 0
    operator.post(url("school_back", "01AA00"))
    assert delivery.deliver() == 1


def test_who_has_an_account_and_no_school_any_more_is_told(world, operator):
    client = client_of(world.berk.coordinator)
    operator.post(url("school_end", "01AA00"))
    text = text_of(client.get(reverse("web:login")))
    assert "Je account hoort nu bij geen school" in text


def test_only_the_operator_does_the_operators_work(world):
    actor = world.actor(world.noord.bureau)
    with use(actor.scope):
        for work in (
            lambda: platform.make_region("X", actor=actor),
            lambda: platform.end_school(world.berk.school, actor=actor),
            lambda: platform.invite_first(
                world.berk.school, name="X", email="x@x.test", actor=actor
            ),
        ):
            with pytest.raises(NotAllowed):
                work()


def test_the_menu_and_the_top_name_no_region(world, operator):
    text = text_of(operator.get(reverse("web:home")))
    assert url("region_list") in text
    assert not re.search(r">\s*Noord\s*<", text)
