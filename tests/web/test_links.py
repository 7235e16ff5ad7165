"""Links identify, codes prove, devices remember; and the door for who lost the link."""

import re
import threading
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from companies.models import Contact, Trust
from stage.core.mail.letters import HANDLERS
from stage.core.models import AuditEntry, Device, Link, MailedCode, Membership, OutboxMail, User
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.who import links
from stage.schools.models import Guardian
from tests.clients import client_of, client_of_contact, client_of_guardian


def link_of(world, person, kind="contact", purpose="home", target=""):
    with use(SYSTEM):
        school = getattr(person, "school_id", None)
        address = links.link_for(
            person_kind=kind,
            person_id=person.pk,
            purpose=purpose,
            target=target,
            region_id=world.noord.region.pk,
            school_id=school,
        )
    return address.split("/l/")[1].strip("/")


BIRTHDAY = {"day": 15, "month": 1}  # of Berk's first student
OTHER_DAY = {"day": 16, "month": 1}


def contact(world):
    return world.noord.contacts[0]


def rows():
    with use(SYSTEM):
        return (
            list(Link.objects.values_list("pk", "expires_at", "revoked_at")),
            MailedCode.objects.count(),
            Device.objects.count(),
            OutboxMail.objects.count(),
        )


def ask(client, token):
    return client.post(reverse("web:link_open", args=[token]))


def code_now() -> str:
    with use(SYSTEM):
        return links.code_of(MailedCode.objects.latest("pk"))


def enter(client, token, code, **data):
    return client.post(reverse("web:link_code", args=[token]), {"code": code, **data})


def proven(world, person, kind="contact", **data):
    client, token = Client(), link_of(world, person, kind)
    ask(client, token)
    return client, enter(client, token, code_now(), **data)


def is_in(client) -> bool:
    return client.get(reverse("web:home")).status_code == 200


def test_opening_a_link_changes_nothing_and_lets_nobody_in(world):
    token = link_of(world, contact(world))
    before, client = rows(), Client()
    for _n in range(3):
        page = client.get(reverse("web:link_open", args=[token])).content.decode()
    assert "c…t@bakkerij-noord.test" in page
    assert contact(world).email not in page
    assert rows() == before
    assert dict(client.cookies).keys() <= {"csrftoken"}
    assert not is_in(client)


def test_a_code_lets_the_person_in_with_a_safe_cookie(world, settings):
    client, response = proven(world, contact(world))
    assert response.status_code == 302
    cookie = client.cookies["device"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert cookie["max-age"] == 12 * 3600
    assert is_in(client)


def test_remembering_lasts_thirty_days(world):
    client, _response = proven(world, contact(world), remember="on")
    assert client.cookies["device"]["max-age"] == 30 * 24 * 3600


def test_cookies_are_secure_where_sessions_are(world, settings):
    settings.SESSION_COOKIE_SECURE = True
    client, _response = proven(world, contact(world))
    assert client.cookies["device"]["secure"] is True
    assert client.cookies["browser"]["secure"] is True


def test_a_company_goes_straight_to_its_mail_and_is_explained_at_home(world):
    client, first = proven(world, contact(world))
    assert first["Location"] == "/"
    assert "Nieuw hier?" in client.get("/").content.decode()
    client.post(reverse("web:explanation_seen"))
    assert "Nieuw hier?" not in client.get("/").content.decode()


def test_the_mail_about_an_applicant_leads_to_that_one(world):
    wish = world.berk.applications[1]
    with use(SYSTEM):
        address = links.link_for(
            person_kind="contact",
            person_id=contact(world).pk,
            purpose="applicant",
            target=wish.public_id,
            region_id=world.noord.region.pk,
            school_id=world.berk.school.pk,
        )
    client, path = Client(), reverse("placements:application_decide", args=[wish.public_id])
    token = address.rstrip("/").rsplit("/", 1)[1]
    # Whoever holds the mail alone sees nothing of a student.
    assert "Bram" not in client.get(address).content.decode()
    assert client.get(path).status_code in (302, 403)
    ask(client, token)
    answer = enter(client, token, code_now())
    assert answer["Location"] == path
    assert "Bram wil bij u stage lopen" in client.get(path).content.decode()


def test_a_code_works_once(world):
    token, client = link_of(world, contact(world)), Client()
    ask(client, token)
    code = code_now()
    assert enter(client, token, code).status_code == 302
    again = Client()
    again.cookies["browser"] = client.cookies["browser"].value
    assert enter(again, token, code).status_code == 422
    assert not is_in(again)


def test_a_code_works_in_the_browser_that_asked_only(world):
    token, mine, other = link_of(world, contact(world)), Client(), Client()
    ask(mine, token)
    code = code_now()
    assert enter(other, token, code).status_code == 422
    assert not is_in(other)
    assert enter(mine, token, code).status_code == 302


def test_a_code_is_of_one_person(world):
    mine, theirs = link_of(world, contact(world)), link_of(world, world.noord.contacts[1])
    client = Client()
    ask(client, mine)
    code = code_now()
    ask(client, theirs)
    if code != code_now():
        assert enter(client, theirs, code).status_code == 422


def test_a_code_ends_after_ten_minutes(world):
    token, client = link_of(world, contact(world)), Client()
    ask(client, token)
    with use(SYSTEM):
        row = MailedCode.objects.get()
        assert row.expires_at - row.created_at <= timedelta(minutes=10, seconds=1)
        MailedCode.objects.update(expires_at=timezone.now())
    assert enter(client, token, code_now()).status_code == 422


def test_five_wrong_tries_end_a_code(world):
    token, client = link_of(world, contact(world)), Client()
    ask(client, token)
    right = code_now()
    wrong = f"{(int(right) + 1) % 10**8:08d}"
    pages = [enter(client, token, wrong).content.decode() for _n in range(5)]
    assert "nog 4 keer" in pages[0]
    assert "nieuwe code" in pages[4]
    assert enter(client, token, right).status_code == 422
    assert not is_in(client)


def test_six_codes_an_hour(world):
    token, client = link_of(world, contact(world)), Client()
    assert [ask(client, token).status_code for _n in range(7)] == [302] * 6 + [429]
    with use(SYSTEM):
        assert MailedCode.objects.count() == 6
        assert OutboxMail.objects.filter(event="code").count() == 6


def test_asking_many_at_once_gives_no_more_than_six(committed_world):
    token, start = link_of(committed_world, contact(committed_world)), threading.Barrier(9)

    def ask_one():
        try:
            client = Client()
            start.wait()
            ask(client, token)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=ask_one) for _ in range(9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with use(SYSTEM):
        assert MailedCode.objects.count() == 6


def test_a_revoked_device_is_out_at_the_next_request(world):
    client, _response = proven(world, contact(world))
    assert is_in(client)
    with use(SYSTEM):
        Device.objects.update(revoked_at=timezone.now())
    assert not is_in(client)


def test_logging_out_forgets_the_device(world):
    client, _response = proven(world, contact(world))
    secret = client.cookies["device"].value
    client.post(reverse("web:log_out"))
    thief = Client()
    thief.cookies["device"] = secret
    assert not is_in(thief)


def test_a_known_device_goes_straight_on(world):
    client = client_of_contact(contact(world))
    page = client.get(reverse("web:link_open", args=[link_of(world, contact(world))]))
    assert (page.status_code, page["Location"]) == (302, "/")
    other = client_of_contact(world.noord.contacts[1])
    page = other.get(reverse("web:link_open", args=[link_of(world, contact(world))]))
    assert "Stuur mij een code" in page.content.decode()


def test_an_expired_link_offers_a_new_one_to_the_known_address(world):
    token, client = link_of(world, contact(world)), Client()
    with use(SYSTEM):
        Link.objects.update(expires_at=timezone.now() - timedelta(days=1))
    page = client.get(reverse("web:link_open", args=[token]))
    assert page.status_code == 410
    assert "c…t@bakkerij-noord.test" in page.content.decode()
    assert ask(client, token).status_code == 410
    client.post(reverse("web:link_renew", args=[token]))
    with use(SYSTEM):
        mail = OutboxMail.objects.get()
        assert (mail.event, mail.person_id) == ("link_renewed", contact(world).pk)
        letter = HANDLERS["link_renewed"](mail)
    assert letter.context["button_url"].endswith(f"/l/{token}/")
    assert client.get(reverse("web:link_open", args=[token])).status_code == 200


def test_a_wrong_or_revoked_token_gives_a_friendly_404(world):
    token = link_of(world, contact(world))
    forged = token[:-1] + ("0" if token[-1] != "0" else "1")
    for wrong in (forged, "x", token.partition("-")[0] + "-", "ö-é"):
        page = Client().get(reverse("web:link_open", args=[wrong]))
        assert page.status_code == 404
        assert "Mail mij een nieuwe link" in page.content.decode()
    with use(SYSTEM):
        Link.objects.update(revoked_at=timezone.now())
    assert Client().get(reverse("web:link_open", args=[token])).status_code == 404


def test_a_contact_who_left_gets_no_code(world):
    token = link_of(world, contact(world))
    with use(SYSTEM):
        Contact.objects.filter(pk=contact(world).pk).update(active=False)
    assert ask(Client(), token).status_code == 404
    assert rows()[1] == 0


def test_a_proven_guardian_is_in_for_its_own_child_only(world):
    client, _response = proven(world, world.berk.guardians[0], "guardian", **BIRTHDAY)
    response = client.get(reverse("web:explanation"))
    actor = response.wsgi_request.actor
    assert (actor.kind, actor.student_id) == ("guardian", world.berk.students[0].pk)


def code_page(client, token):
    return client.get(reverse("web:link_code", args=[token])).content.decode()


def test_a_guardian_s_first_time_asks_the_birthday_of_a_child_who_stays_unnamed(world):
    guardian = world.berk.guardians[0]
    client, token = Client(), link_of(world, guardian, "guardian", "agreement", "ABC")
    pages = [client.get(reverse("web:link_open", args=[token])).content.decode()]
    ask(client, token)
    pages.append(code_page(client, token))
    assert "Dag waarop uw kind jarig is" in pages[1]
    response = enter(client, token, code_now())
    assert response.status_code == 422
    pages.append(response.content.decode())
    response = enter(client, token, code_now(), **OTHER_DAY)
    assert response.status_code == 422
    pages.append(response.content.decode())
    # The guardian's own name is on the page where one says "that is me", and nobody else's.
    seen = "".join(pages).replace(guardian.name, "")
    assert "Aya" not in seen
    assert not is_in(client)
    assert enter(client, token, code_now(), **BIRTHDAY).status_code == 302
    assert is_in(client)


def test_after_the_first_time_a_guardian_is_asked_nothing_extra(world):
    guardian = world.berk.guardians[0]
    client_of_guardian(guardian)
    client, token = Client(), link_of(world, guardian, "guardian")
    ask(client, token)
    assert "jarig" not in code_page(client, token)
    assert enter(client, token, code_now()).status_code == 302
    assert is_in(client)


def test_a_company_contact_is_never_asked_a_birthday(world):
    client, token = Client(), link_of(world, contact(world))
    ask(client, token)
    assert "jarig" not in code_page(client, token)


def test_another_child_s_guardian_at_the_same_address_has_a_first_time_of_their_own(world):
    first, second = world.berk.guardians[:2]
    with use(SYSTEM):
        Guardian.objects.filter(pk=second.pk).update(email=first.email)
    client = client_of_guardian(first)
    token = link_of(world, second, "guardian")
    ask(client, token)
    assert enter(client, token, code_now(), **BIRTHDAY).status_code == 422
    assert enter(client, token, code_now(), day=15, month=2).status_code == 302


def test_the_link_a_guardian_asked_for_goes_the_same_way(world):
    guardian = world.berk.guardians[0]
    way_in(guardian.email)
    with use(SYSTEM):
        letter = HANDLERS["way_in"](OutboxMail.objects.get())
    token = letter.context["button_url"].split("/l/")[1].strip("/")
    client = Client()
    ask(client, token)
    assert enter(client, token, code_now()).status_code == 422
    assert enter(client, token, code_now(), **BIRTHDAY).status_code == 302


def test_a_wrong_birthday_says_the_same_as_a_wrong_code_and_uses_up_a_try(world):
    token, client = link_of(world, world.berk.guardians[0], "guardian"), Client()
    ask(client, token)
    right = code_now()
    wrong = f"{(int(right) + 1) % 10**8:08d}"
    said = [
        enter(client, token, right, **OTHER_DAY).content.decode(),
        enter(client, token, wrong, **BIRTHDAY).content.decode(),
        enter(client, token, wrong, **OTHER_DAY).content.decode(),
        enter(client, token, wrong, **BIRTHDAY).content.decode(),
        enter(client, token, right, **OTHER_DAY).content.decode(),
    ]
    for left, page in zip((4, 3, 2, 1), said, strict=False):
        assert f"De code of de verjaardag klopt niet. U kunt nog {left} keer proberen." in page
    assert "Deze code werkt niet meer" in said[4]
    assert enter(client, token, right, **BIRTHDAY).status_code == 422
    assert not is_in(client)


def test_a_new_address_is_a_first_time_again_and_ends_the_devices_of_the_old_one(world):
    guardian = world.berk.guardians[0]
    client = client_of_guardian(guardian)
    assert is_in(client)
    with use(SYSTEM):
        Guardian.objects.filter(pk=guardian.pk).update(email="nieuw@ouder.test")
    assert not is_in(client)
    token = link_of(world, guardian, "guardian")
    ask(client, token)
    assert "jarig" in code_page(client, token)
    assert enter(client, token, code_now()).status_code == 422


def test_a_code_mailed_to_an_earlier_address_is_of_no_use(world):
    guardian = world.berk.guardians[0]
    client_of_guardian(guardian)
    client, token = Client(), link_of(world, guardian, "guardian")
    with use(SYSTEM):
        Guardian.objects.filter(pk=guardian.pk).update(email="typfout@ouder.test")
    ask(client, token)
    mailed = code_now()
    with use(SYSTEM):
        Guardian.objects.filter(pk=guardian.pk).update(email=guardian.email)
    assert enter(client, token, mailed).status_code == 422
    assert not is_in(client)


def test_proving_another_identity_ends_the_log_in_before(world):
    client, token = client_of(world.berk.teacher), link_of(world, contact(world))
    assert "uitgelogd" in client.get(reverse("web:link_open", args=[token])).content.decode()
    ask(client, token)
    enter(client, token, code_now())
    actor = client.get(reverse("web:explanation")).wsgi_request.actor
    assert (actor.kind, actor.id) == ("contact", contact(world).pk)


def way_in(email):
    return Client().post(reverse("web:link_ask"), {"email": email})


def test_asking_a_link_answers_the_same_for_an_unknown_address(world):
    known, unknown = way_in(contact(world).email), way_in("niemand@nergens.test")
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    with use(SYSTEM):
        mails = OutboxMail.objects.values_list("event", "person_kind", "person_id")
        assert list(mails) == [("way_in", "contact", contact(world).pk)]


def test_staff_and_inactive_contacts_get_no_link(world):
    with use(SYSTEM):
        Trust.objects.filter(contact=contact(world)).delete()
        Contact.objects.filter(pk=contact(world).pk).update(active=False)
    for email in (world.berk.coordinator.email, contact(world).email):
        way_in(email)
    assert rows()[3] == 0


def test_a_link_is_mailed_once_an_hour_to_each_child_s_guardian(world):
    with use(SYSTEM):
        for guardian in world.berk.guardians[:2]:
            guardian.email = "ouder@twee.test"
            guardian.save()
    for _n in range(3):
        way_in("Ouder@Twee.test")
    with use(SYSTEM):
        mails = list(OutboxMail.objects.order_by("person_id"))
        assert [m.person_id for m in mails] == [g.pk for g in world.berk.guardians[:2]]
        letter = HANDLERS["way_in"](mails[1])
    assert letter.context["first_name"] == "Bram"
    assert re.search(r"/l/[0-9A-Z]+-[0-9a-f]{24}/$", letter.context["button_url"])


def test_asking_links_is_slowed_down_per_address(world):
    cache.clear()
    answers = [way_in(f"adres{n}@test.test").status_code for n in range(21)]
    assert answers == [302] * 20 + [429]


def invited(world) -> Membership:
    with use(SYSTEM):
        return Membership.objects.create(
            user=User.objects.create_user(email="nieuw@berk.test"),
            role="coordinator",
            region=world.noord.region,
            school=world.berk.school,
            name="Nieuwe Collega",
            email="nieuw@berk.test",
        )


def test_an_invited_coordinator_sets_a_password_and_then_a_second_factor(world):
    membership, client = invited(world), Client()
    token = link_of(world, membership, "membership", "staff_invitation")
    assert client.get(reverse("web:staff_welcome")).status_code == 404
    ask(client, token)
    response = enter(client, token, code_now())
    assert response["Location"] == reverse("web:staff_welcome")
    assert "device" not in client.cookies
    assert not is_in(client)
    wrong = {"password": "een-lang-wachtwoord", "again": "iets anders dan dat"}
    assert client.post(reverse("web:staff_welcome"), wrong).status_code == 422
    data = {"password": "een-lang-wachtwoord", "again": "een-lang-wachtwoord"}
    response = client.post(reverse("web:staff_welcome"), data)
    assert response["Location"] == reverse("mfa_activate_totp")
    assert client.get(response["Location"]).status_code == 200
    assert client.get(reverse("web:home"))["Location"] == reverse("mfa_activate_totp")
    with use(SYSTEM):
        assert AuditEntry.objects.filter(verb="account_opened").count() == 1


def test_an_invitation_never_changes_an_existing_password(world):
    membership, client = world.berk.coordinator, Client()
    token = link_of(world, membership, "membership", "staff_invitation")
    ask(client, token)
    enter(client, token, code_now())
    data = {"password": "een-ander-wachtwoord", "again": "een-ander-wachtwoord"}
    page = client.post(reverse("web:staff_welcome"), data)
    assert "al een account" in page.content.decode()
    assert not is_in(client)
    with use(SYSTEM):
        assert User.objects.get(pk=membership.user_id).check_password("een-lang-wachtwoord")


def test_the_proof_of_an_invitation_lasts_fifteen_minutes(world, monkeypatch):
    membership, client = invited(world), Client()
    token = link_of(world, membership, "membership", "staff_invitation")
    ask(client, token)
    enter(client, token, code_now())
    assert client.get(reverse("web:staff_welcome")).status_code == 200
    session = client.session
    session["welcome"] = [session["welcome"][0], session["welcome"][1] - 15 * 60 - 1]
    session.save()
    assert client.get(reverse("web:staff_welcome")).status_code == 404


@pytest.mark.parametrize("verb", ["get", "put", "delete"])
def test_only_a_press_of_a_button_does_anything(world, verb):
    token, before = link_of(world, contact(world)), rows()
    for name in ("web:link_renew", "web:code_resend"):
        assert getattr(Client(), verb)(reverse(name, args=[token])).status_code == 405
    assert rows() == before


def test_a_guardian_s_device_is_not_the_next_guardian_s(world):
    client = client_of_guardian(world.berk.guardians[0])
    token = link_of(world, world.berk.guardians[1], "guardian")
    page = client.get(reverse("web:link_open", args=[token])).content.decode()
    assert "Stuur mij een code" in page
