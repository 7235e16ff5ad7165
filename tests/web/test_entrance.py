"""The front door, the switch of roles, headers, and pages that say something went wrong."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core import mail
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import NoReverseMatch, path, reverse

from stage import urls as stage_urls
from stage.core import cards, health
from stage.core.access import EVERY_ROLE, allow, public
from stage.core.checks import no_demo_pages
from stage.core.enums import FileKind, Role
from stage.core.files import Owner, policy_for, remove, store_bytes
from stage.core.models import AuditEntry, Membership, OutboxMail, StoredFile
from stage.core.policies import ALLOWED, Conflict, Denied, NotAllowed
from stage.core.tenancy import NOBODY, SYSTEM, use
from stage.web import mailbox
from tests.clients import client_of, client_of_contact, client_of_guardian
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
    "web:demo_logins",
    "web:demo_mailbox",
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
    assert '<html lang="nl">' in page
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
    counters = list(yield_hotp_counters_from_time())
    return format_hotp_value(hotp_value(SECRET, counters[len(counters) // 2]))


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
    for route in ("web:home", "web:demo_logins", "web:explanation", "web:password_choose"):
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
    secret = client.session["mfa.totp.secret"]
    counters = list(yield_hotp_counters_from_time())
    code = format_hotp_value(hotp_value(secret, counters[len(counters) // 2]))
    response = client.post(reverse("mfa_activate_totp"), {"code": code})
    assert response["Location"] == reverse("mfa_view_recovery_codes")
    codes = check_page(client.get(response["Location"]))
    assert codes.count("<code>") == 10
    assert client.get(reverse("web:home")).status_code == 200


def test_a_forgotten_password_mails_known_staff_only(world, django_capture_on_commit_callbacks):
    answers = []
    for email in (world.berk.teacher.email, "niemand@nergens.test"):
        with django_capture_on_commit_callbacks(execute=True):
            response = Client().post(reverse("account_reset_password"), {"email": email})
        answers.append((response.status_code, response["Location"]))
    assert answers[0] == answers[1]
    assert [m.to for m in mail.outbox] == [[world.berk.teacher.email]]
    link = re.search(r"http://testserver(\S+)", mail.outbox[0].body).group(1)
    assert "Kies een nieuw wachtwoord" in mail.outbox[0].subject
    client = Client()
    form = client.get(link, follow=True)
    page = check_page(form)
    assert "password1" in page
    data = {"password1": "een-nieuw-wachtwoord", "password2": "een-nieuw-wachtwoord"}
    client.post(form.redirect_chain[-1][0], data)
    assert staff_login(Client(), world.berk.teacher).status_code == 200
    assert staff_login(Client(), world.berk.teacher, "een-nieuw-wachtwoord").status_code == 302


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
    assert "boos.test" not in page.content.decode()


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


# --- files ------------------------------------------------------------------------------------


def file_of(world, student=None, kind=FileKind.PAPER) -> StoredFile:
    student = student or world.berk.students[0]
    actor = world.actor(world.berk.coordinator)
    with use(actor.scope):
        owner = Owner(world.noord.region.pk, world.berk.school.pk, student.pk)
        return store_bytes(
            b"%PDF-1.7 brief",
            name="brief.pdf",
            content_type="application/pdf",
            kind=kind,
            owner=owner,
            actor=actor,
        )


def test_a_file_opens_for_its_student_and_is_noted(world):
    file = file_of(world)
    response = client_of(world.berk.logins[0]).get(reverse("web:file_open", args=[file.public_id]))
    assert b"".join(response.streaming_content) == b"%PDF-1.7 brief"
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Cache-Control"] == "private, no-store"
    with use(SYSTEM):
        entry = AuditEntry.objects.get(verb="saw")
        assert (entry.object_id, entry.student_number) == (file.pk, world.berk.students[0].pk)


def test_a_file_of_a_classmate_or_another_school_does_not_exist(world):
    url = reverse("web:file_open", args=[file_of(world).public_id])
    for client in (
        client_of(world.berk.logins[1]),
        client_of(world.els.coordinator),
        client_of_guardian(world.berk.guardians[1]),
        client_of_contact(world.noord.contacts[0]),
    ):
        assert client.get(url).status_code == 404
    assert Client().get(url).status_code == 302


def test_a_removed_file_is_gone_and_a_kind_s_policy_may_refuse(world, monkeypatch):
    file, client = file_of(world), client_of(world.berk.coordinator)
    url = reverse("web:file_open", args=[file.public_id])
    monkeypatch.setattr("stage.core.files._POLICIES", {})
    policy_for(FileKind.PAPER)(lambda actor, row: Denied("nee"))
    assert client.get(url).status_code == 403
    policy_for(FileKind.PAPER)(lambda actor, row: ALLOWED)
    b"".join(client.get(url).streaming_content)
    with use(world.actor(world.berk.coordinator).scope):
        remove(file, actor=world.actor(world.berk.coordinator))
    assert client.get(url).status_code == 404


# --- something went wrong ---------------------------------------------------------------------


@allow(*EVERY_ROLE, methods=("GET", "POST"))
def refusing(request):
    raise NotAllowed("Dit kan alleen de directeur.")


@public("for a test", methods=("GET", "POST"))
def clashing(request):
    raise Conflict("Fatima was net iets eerder.")


@public("for a test")
def breaking(request):
    raise RuntimeError("geheim detail")


@public("for a test", methods=("GET", "POST"))
def fine(request):
    return HttpResponse("goed")


class Wrong:
    urlpatterns = [
        path("fout/weigeren/", refusing, name="refusing"),
        path("fout/botsen/", clashing, name="clashing"),
        path("fout/stuk/", breaking, name="breaking"),
        path("fout/goed/", fine, name="fine"),
        *stage_urls.urlpatterns,
    ]
    handler400, handler403 = stage_urls.handler400, stage_urls.handler403
    handler404, handler500 = stage_urls.handler404, stage_urls.handler500


wrong_urls = override_settings(ROOT_URLCONF=Wrong)


@wrong_urls
def test_a_refusal_gives_its_reason(world):
    response = client_of(world.berk.teacher).get("/fout/weigeren/")
    assert response.status_code == 403
    assert "Dit kan alleen de directeur." in response.content.decode()


@wrong_urls
def test_being_second_says_what_is_so_and_the_way_back(world):
    client = Client(headers={"Referer": "http://testserver/rol/?a=1"})
    response = client.post("/fout/botsen/")
    page = response.content.decode()
    assert response.status_code == 409
    assert "Fatima was net iets eerder." in page
    assert 'href="/rol/?a=1"' in page
    away = Client(headers={"Referer": "https://boos.test/x"}).post("/fout/botsen/")
    assert "boos.test" not in away.content.decode()
    fragment = client.post("/fout/botsen/", headers={"HX-Request": "true"})
    assert fragment["HX-Retarget"] == "#notices"
    assert "Fatima was net iets eerder." in fragment.content.decode()
    assert "<html" not in fragment.content.decode()


@wrong_urls
def test_an_error_of_ours_tells_nothing(world):
    client = Client(raise_request_exception=False)
    response = client.get("/fout/stuk/")
    assert response.status_code == 500
    assert "geheim" not in response.content.decode()
    assert "Er ging iets mis bij ons" in response.content.decode()


@wrong_urls
def test_a_form_from_elsewhere_is_refused(world):
    response = Client(enforce_csrf_checks=True).post("/fout/goed/")
    assert response.status_code == 403
    assert "stond te lang open" in response.content.decode()


def test_an_unknown_page_is_a_404_in_our_look(db):
    response = Client().get("/bestaat-niet/")
    assert response.status_code == 404
    assert "Deze pagina is er niet" in response.content.decode()


# --- the app, health, the demo ----------------------------------------------------------------


def test_the_service_worker_and_manifest_stand_at_the_root(db):
    worker = Client().get("/sw.js")
    assert worker["Content-Type"].startswith("text/javascript")
    assert worker["Cache-Control"] == "no-cache"
    manifest = Client().get("/manifest.webmanifest").json()
    assert manifest["start_url"] == "/"
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}


def test_health_counts_and_names_nobody(world):
    with use(SYSTEM):
        OutboxMail.objects.create(
            event="x",
            person_kind="contact",
            person_id=1,
            key="k",
            state="uncertain",
            region=world.noord.region,
            not_before="2027-01-01T00:00Z",
        )
    response = Client().get(reverse("web:health"), {"format": "json"})
    assert response.json()["database"] is True
    assert response.json()["uncertain_mails"] == 1
    assert set(response.json()) == {
        "good",
        "database",
        "late_jobs",
        "uncertain_mails",
        "unsealed_entries",
    }


def test_health_says_when_the_database_is_away(db, monkeypatch):
    monkeypatch.setattr("stage.web.views.health.measure", lambda: health.Health(database=False))
    response = Client().get(reverse("web:health"), headers={"Accept": "application/json"})
    assert (response.status_code, response.json()["good"]) == (503, False)


def test_the_demo_shows_log_ins_and_makes_cards_that_work(world):
    with_totp(world.berk.coordinator)
    client = Client()
    page = client.get(reverse("web:demo_logins")).content.decode()
    assert world.berk.coordinator.email in page
    assert totp_now() in page
    student = world.berk.students[0]
    page = client.post(reverse("web:demo_logins"), {"student": student.public_id}).content.decode()
    code = re.search(r"/kaart/([0-9A-Z]{4}-[0-9A-Z]{4})/", page).group(1)
    assert cards.redeem(code, 15, 1) == world.berk.logins[0]


def test_the_demo_reads_the_mail_it_kept(tmp_path, settings, db):
    settings.VAR_DIR = tmp_path
    (tmp_path / "mail").mkdir()
    name = "20270101T080000000000-0a0b0c0d"
    (tmp_path / "mail" / f"{name}.eml").write_bytes(
        b"X-RcptTo: b@b.test\r\nTo: b@b.test\r\nSubject: Uw code\r\n"
        b"Date: Fri, 01 Jan 2027 08:00:00 +0000\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: text/plain; charset=utf-8\r\n\r\n"
        b"Kijk op http://testserver/l/X-1/ <script>alert(1)</script>\r\n"
    )
    page = Client().get(reverse("web:demo_mailbox")).content.decode()
    assert "Uw code" in page
    page = Client().get(reverse("web:demo_mail", args=[name])).content.decode()
    assert 'href="http://testserver/l/X-1/"' in page
    assert "<script>alert" not in page
    assert mailbox.read(tmp_path / "mail", "../mail/" + name) is None
    assert Client().get(reverse("web:demo_mail", args=["..%2f..%2fx"])).status_code == 404


@pytest.mark.parametrize("name", ["SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE"])
def test_a_place_that_looks_like_production_refuses_the_demo(settings, name, db):
    assert no_demo_pages(None) == []
    setattr(settings, name, True)
    assert "stage.E003" in {error.id for error in no_demo_pages(None)}
    with pytest.raises(RuntimeError):
        from stage.core import demo

        demo.logins()


def test_all_checks_pass(db):
    call_command("check")
