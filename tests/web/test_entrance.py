"""The front door, the switch of roles, headers, and pages that say something went wrong."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client
from django.urls import NoReverseMatch, reverse

from stage.core.enums import Role
from stage.core.models import Membership
from stage.core.tenants.tenancy import NOBODY, SYSTEM, use
from stage.devtools import second_factor
from tests.clients import client_of, client_of_contact, client_of_guardian
from tests.markup import tight
from tests.world import PASSWORD

# A colour or a text: nothing a page of ours may load from elsewhere.
ELSEWHERE = re.compile(r"""(?:src|href|action|srcset)=["'](?:https?:)?//(?!testserver)""")
INLINE = re.compile(r"<style|<script(?![^>]*\bsrc=)|\son[a-z]+=|\sstyle=", re.I)
SECRET = "JBSWY3DPEHPK3PXP"  # noqa: S105

OPEN_PAGES = [
    "web:login",
    "web:student_login",
    "web:card_typed",
    "web:link_ask",
    "web:link_asked",
    "web:health",
    "web:offline",
    "devtools:demo_logins",
    "devtools:demo_mailbox",
    "account_login",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
    "account_inactive",
]
OWN_PAGES = [
    "web:role_switch",
    "account_logout",
    "account_change_password",
    "account_reauthenticate",
    "mfa_index",
    "mfa_reauthenticate",
    "mfa_activate_totp",
    "mfa_generate_recovery_codes",
    "usersessions_list",
]


def check_page(response) -> str:
    """A page in Dutch that loads nothing from elsewhere and holds nothing inline."""
    page = response.content.decode()
    assert response.status_code == 200
    assert '<html lang="nl"' in tight(page)
    assert not ELSEWHERE.search(page)
    assert not INLINE.search(page)
    csp = response["Content-Security-Policy"]
    assert "default-src 'none'" in csp
    assert "unsafe-inline" not in csp
    assert "http:" not in csp
    assert {"private", "no-store"} <= set(response["Cache-Control"].replace(" ", "").split(","))
    return page


@pytest.mark.parametrize("name", OPEN_PAGES)
def test_open_pages_keep_to_the_policy(world, name):
    page = check_page(Client().get(reverse(name)))
    assert "Sign" not in re.sub(r"<[^>]+>", "", page)


@pytest.mark.parametrize("name", OWN_PAGES)
def test_pages_of_ones_own_account_keep_to_the_policy(world, name):
    client = client_of(world.berk.teacher)
    if name == "mfa_activate_totp":
        Authenticator.objects.all().delete()
    check_page(client.get(reverse(name), follow=True))


@pytest.mark.parametrize("who", ["student", "guardian", "company"])
def test_everybody_gets_an_own_explanation(world, who):
    client = {
        "student": lambda: client_of(world.berk.logins[0]),
        "guardian": lambda: client_of_guardian(world.berk.guardians[0]),
        "company": lambda: client_of_contact(world.noord.contacts[0]),
    }[who]()
    with use(SYSTEM):
        world.berk.settings.student_explanation = "Kom langs in lokaal 12."
        world.berk.settings.save()
        world.els.settings.student_explanation = "Geheim van Els."
        world.els.settings.save()
    page = check_page(client.get(reverse("web:explanation")))
    assert ("lokaal 12" in page) == (who == "student")
    assert "Geheim van Els" not in page


def test_pages_of_the_library_that_are_not_used_do_not_exist(db):
    for name in ("account_signup", "account_email", "account_confirm_email", "mfa_add_webauthn"):
        with pytest.raises(NoReverseMatch):
            reverse(name)
    for address in ("signup/", "email/", "confirm-email/", "3rdparty/", "login/code/"):
        assert Client().get(f"/accounts/{address}").status_code == 404


# --- staff ------------------------------------------------------------------------------------


def staff_login(client, membership, password=PASSWORD, **data):
    return client.post(
        reverse("account_login"), {"login": membership.email, "password": password, **data}
    )


def with_totp(membership):
    with use(NOBODY):
        Authenticator.objects.create(
            user=membership.user, type=Authenticator.Type.TOTP, data={"secret": SECRET}
        )


def totp_now() -> str:
    return second_factor.code_at(SECRET, time.time())


def test_a_teacher_logs_in_with_e_mail_and_password(world):
    client = Client()
    assert staff_login(client, world.berk.teacher, "fout").status_code == 200
    assert client.get(reverse("web:home")).status_code == 302
    response = staff_login(client, world.berk.teacher)
    assert response["Location"] == reverse("web:home")
    assert client.get(reverse("web:home")).status_code == 200


def test_a_second_factor_is_asked_when_there_is_one(world):
    client = Client()
    with_totp(world.berk.coordinator)
    response = staff_login(client, world.berk.coordinator)
    assert response["Location"] == reverse("mfa_authenticate")
    assert client.get(reverse("web:home")).status_code == 302
    check_page(client.get(reverse("mfa_authenticate")))
    client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert client.get(reverse("web:home")).status_code == 302
    response = client.post(reverse("mfa_authenticate"), {"code": totp_now()})
    assert response["Location"] == reverse("web:home")
    assert client.get(reverse("web:home")).status_code == 200


@pytest.mark.parametrize("role", ["coordinator", "bureau", "operator"])
def test_without_a_second_factor_there_is_only_its_setup(world, role):
    membership = {
        "coordinator": world.berk.coordinator,
        "bureau": world.noord.bureau,
        "operator": world.operator,
    }[role]
    client = Client()
    staff_login(client, membership)
    setup = reverse("mfa_activate_totp")
    for route in ("web:home", "devtools:demo_logins", "web:explanation", "web:password_choose"):
        response = client.get(reverse(route))
        assert (response.status_code, response["Location"]) == (302, setup), route
    for route in ("web:file_open", "web:file_thumbnail"):
        assert client.get(reverse(route, args=["X"]))["Location"] == setup
    assert client.get("/bestaat-niet/").status_code == 404
    assert client.post(reverse("web:log_out")).status_code == 302
    assert client.get(reverse("web:home"))["Location"].startswith(reverse("web:login"))


def test_setting_up_a_second_factor_shows_a_qr_and_recovery_codes(world):
    client = Client()
    staff_login(client, world.berk.coordinator)
    client.post(
        reverse("account_reauthenticate") + "?next=" + reverse("mfa_activate_totp"),
        {"password": PASSWORD},
    )
    page = check_page(client.get(reverse("mfa_activate_totp")))
    assert 'src="data:image/svg+xml;base64,' in page
    assert "Google Authenticator of Microsoft Authenticator" in page
    secret = client.session["mfa.totp.secret"]
    code = second_factor.code_at(secret, time.time())
    response = client.post(reverse("mfa_activate_totp"), {"code": code})
    assert response["Location"] == reverse("mfa_view_recovery_codes")
    codes = check_page(client.get(response["Location"]))
    assert codes.count("<code>") == 10
    home = client.get(reverse("web:home"))
    assert home.status_code == 200
    said = codes + home.content.decode()
    assert "Authenticator-app" not in said  # the library's words
    assert "gegenereerd" not in said


def test_a_forgotten_password_mails_known_staff_only(world, django_capture_on_commit_callbacks):
    answers = []
    for email in (world.berk.teacher.email, "niemand@nergens.test"):
        with django_capture_on_commit_callbacks(execute=True):
            response = Client().post(reverse("account_reset_password"), {"email": email})
        answers.append((response.status_code, response["Location"]))
    assert answers[0] == answers[1]
    assert [m.to for m in mail.outbox] == [[world.berk.teacher.email]]
    link = re.search(r"http://127.0.0.1:8000(\S+)", mail.outbox[0].body).group(1)
    assert mail.outbox[0].subject == "Kies een nieuw wachtwoord"
    client = Client()
    form = client.get(link, follow=True)
    page = check_page(form)
    assert "password1" in page
    data = {"password1": "een-nieuw-wachtwoord", "password2": "een-nieuw-wachtwoord"}
    client.post(form.redirect_chain[-1][0], data)
    assert staff_login(Client(), world.berk.teacher).status_code == 200
    assert staff_login(Client(), world.berk.teacher, "een-nieuw-wachtwoord").status_code == 302


def test_a_reset_leads_to_our_own_address_whatever_the_request_says(
    world, settings, django_capture_on_commit_callbacks
):
    settings.SITE_URL = "https://stage.voorbeeld.test"
    with django_capture_on_commit_callbacks(execute=True):
        Client().post(
            reverse("account_reset_password"),
            {"email": world.berk.teacher.email},
            headers={"host": "127.0.0.1:9999"},
        )
    (message,) = mail.outbox
    links = re.findall(r"https?://\S+", message.body)
    assert [link.partition("/accounts/")[0] for link in links] == [settings.SITE_URL]
    assert "9999" not in message.subject + message.body


@pytest.mark.parametrize(
    "next_url", ["https://boos.test/", "//boos.test/", "/\\boos.test", "javascript:x"]
)
def test_next_never_leads_elsewhere(world, next_url):
    client = Client()
    response = staff_login(client, world.berk.teacher, next=next_url)
    assert response["Location"] == reverse("web:home")
    again = client.get(reverse("web:login"), {"next": next_url})
    assert again["Location"] == reverse("web:home")
    page = client_of(world.berk.logins[0]).get(reverse("web:explanation"), {"next": next_url})
    # The choice of language names the page itself as where to return to; it stays encoded.
    assert not re.search(r'="(https?:|[/\\]*)[/\\]*boos', page.content.decode())


def test_next_leads_to_a_page_of_ours(world):
    response = staff_login(Client(), world.berk.teacher, next="/rol/")
    assert response["Location"] == "/rol/"


# --- roles ------------------------------------------------------------------------------------


def second_role(world) -> Membership:
    with use(SYSTEM):
        return Membership.objects.create(
            user=world.berk.teacher.user,
            role=Role.COORDINATOR,
            region=world.noord.region,
            school=world.els.school,
            name="Docent Berk",
        )


def test_somebody_with_two_roles_switches(world):
    wanted, client = second_role(world), client_of(world.berk.teacher)
    page = check_page(client.get(reverse("web:role_switch")))
    assert "Els" in page
    response = client.post(reverse("web:role_switch"), {"membership": wanted.pk})
    assert response["Location"] == reverse("web:home")
    actor = client.get(reverse("web:role_switch")).wsgi_request.actor
    assert (actor.role, actor.school_id) == ("coordinator", world.els.school.pk)


def test_switching_to_a_role_that_needs_one_asks_a_second_factor(world):
    wanted, client = second_role(world), Client()
    staff_login(client, world.berk.teacher)
    client.post(reverse("web:role_switch"), {"membership": wanted.pk})
    assert client.get(reverse("web:home"))["Location"] == reverse("mfa_activate_totp")


def test_somebody_elses_role_or_an_ended_one_is_refused(world):
    ended, client = second_role(world), client_of(world.berk.teacher)
    with use(SYSTEM):
        Membership.objects.filter(pk=ended.pk).update(ended_at="2026-01-01T00:00Z")
    for wanted in (world.els.coordinator.pk, ended.pk, "x", "", "9" * 30):
        response = client.post(reverse("web:role_switch"), {"membership": wanted})
        assert response["Location"] == reverse("web:role_switch")
        actor = client.get(reverse("web:role_switch")).wsgi_request.actor
        assert actor.membership == world.berk.teacher.pk
