"""What leaves for a phone: as the example of RFC 8291, and on a push service that tests run."""

from __future__ import annotations

import json
import threading
import time
from base64 import urlsafe_b64decode
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from stage.core import mail
from stage.core.enums import MailState, NoticeKind, Pace
from stage.core.mail import delivery, letters, phones, web_push
from stage.core.models import OutboxMail, PushSubscription
from stage.core.tenants.tenancy import SYSTEM, use
from tests.attendance.helpers import at
from tests.core.test_delivery import sink  # noqa: F401 (a fixture)
from tests.core.test_digest import SOON, TUESDAY, _context, put

# RFC 8291, section 5 and appendix A.
PLAIN = b"When I grow up, I want to be a watermelon"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
BROWSER_KEY = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
BROWSER_POINT = (
    "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
)
SENDER_KEY = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
MESSAGE = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6"
    "TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulc"
    "y4a-fN"
)


def raw(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def key_of(text: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(raw(text)), ec.SECP256R1())


def point(key) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def test_a_message_is_that_of_the_rfc():
    to = web_push.Browser("", BROWSER_POINT, AUTH)
    body = web_push.encrypted(PLAIN, to, key=key_of(SENDER_KEY), salt=raw(SALT))
    assert body == raw(MESSAGE)


def hmac(key: bytes, data: bytes) -> bytes:
    found = HMAC(key, SHA256())
    found.update(data)
    return found.finalize()


def read(body: bytes, key: ec.EllipticCurvePrivateKey, auth: bytes) -> bytes:
    """As a browser opens it: by the steps of RFC 8291, 3.4, written out."""
    salt, size, length = body[:16], int.from_bytes(body[16:20]), body[20]
    sender, record = body[21 : 21 + length], body[21 + length :]
    assert len(record) <= size
    shared = key.exchange(
        ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
    )
    info = b"WebPush: info\x00" + point(key.public_key()) + sender
    ikm = hmac(hmac(auth, shared), info + b"\x01")
    prk = hmac(salt, ikm)
    content_key = hmac(prk, b"Content-Encoding: aes128gcm\x00\x01")[:16]
    nonce = hmac(prk, b"Content-Encoding: nonce\x00\x01")[:12]
    padded = AESGCM(content_key).decrypt(nonce, record, None).rstrip(b"\x00")
    assert padded[-1:] == b"\x02"
    return padded[:-1]


def test_the_reader_of_these_tests_reads_the_rfc():
    assert read(raw(MESSAGE), key_of(BROWSER_KEY), raw(AUTH)) == PLAIN


class Phone:
    """A browser: its keys, and what it was shown."""

    def __init__(self):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.auth = b"0123456789abcdef"

    @property
    def keys(self) -> dict[str, str]:
        return {
            "p256dh": web_push.coded(point(self.key.public_key())),
            "auth": web_push.coded(self.auth),
        }


class Service(BaseHTTPRequestHandler):
    """A push service: keeps what it is given, answers what the test tells it to."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((self.path, dict(self.headers.items()), body))
        status = self.server.answers.pop(0) if self.server.answers else 201
        self.send_response(status)
        if status == 307:
            self.send_header("Location", f"{self.server.origin}/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        """Says nothing."""


@pytest.fixture
def service(settings, monkeypatch):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    server.asked, server.answers = [], []
    server.origin = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    settings.PUSH_TEST_ORIGIN = server.origin
    settings.VAPID_PRIVATE_KEY = SENDER_KEY
    settings.VAPID_SUBJECT = "mailto:beheer@stage.test"
    monkeypatch.setattr(phones, "AGAIN_AFTER", 0)
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(autouse=True)
def _event(monkeypatch):
    def handler(row):
        return mail.Letter("placement_changed_for_membership", _context(row.details["says"]))

    monkeypatch.setitem(letters.HANDLERS, SOON, handler)
    notice = mail.Notice(NoticeKind.GUIDANCE, staff=Pace.AT_ONCE)
    monkeypatch.setitem(letters.NOTICES, SOON, notice)


def switched_on(world, service, name: str = "one", person=None) -> Phone:
    phone = Phone()
    actor = world.actor(person or world.berk.teacher)
    with use(actor.scope):
        phones.switch_on(
            f"{service.origin}/{name}", **phone.keys, device="Chrome, Android", actor=actor
        )
    return phone


def rows() -> list[PushSubscription]:
    with use(SYSTEM):
        return list(PushSubscription.objects.order_by("pk"))


def mailed(world, says: str = "Aya") -> None:
    put(world, SOON, says)
    delivery.deliver()


def test_a_mail_is_shown_on_the_phone_too_and_once(committed_world, sink, service):  # noqa: F811
    phone = switched_on(committed_world, service)
    mailed(committed_world)
    assert phones.send_due() == 1
    assert phones.send_due() == 0
    [(path, headers, body)] = service.asked
    assert path == "/one"
    said = json.loads(read(body, phone.key, phone.auth))
    with use(SYSTEM):
        row = OutboxMail.objects.get()
    assert said == {
        "title": "Stage",
        "body": "Er verandert iets aan de stage van Aya",
        "url": "/",  # the letter of this test leads elsewhere than to us
        "tag": row.pk.hex,
    }
    assert headers["Content-Encoding"] == "aes128gcm"
    assert headers["TTL"] == "43200"
    assert (row.state, row.push_due) == (MailState.SENT, False)
    assert rows()[0].ok_at is not None


def test_it_opens_the_page_of_the_mails_button(
    committed_world,
    sink,  # noqa: F811
    service,
    settings,
    monkeypatch,
):
    context = {**_context("Aya"), "button_url": f"{settings.SITE_URL}/stage/x/"}
    monkeypatch.setitem(
        letters.HANDLERS, SOON, lambda row: mail.Letter("placement_changed_for_membership", context)
    )
    phone = switched_on(committed_world, service)
    mailed(committed_world)
    phones.send_due()
    said = json.loads(read(service.asked[0][2], phone.key, phone.auth))
    assert said["url"] == "/stage/x/"


def test_the_signature_is_ours_for_this_service_and_half_a_day(
    committed_world,
    sink,  # noqa: F811
    service,
):
    switched_on(committed_world, service)
    mailed(committed_world)
    phones.send_due()
    scheme, _space, rest = service.asked[0][1]["Authorization"].partition(" ")
    assert scheme == "vapid"
    given = dict(part.strip().split("=", 1) for part in rest.split(","))
    header, claims, signature = given["t"].split(".")
    ours = key_of(SENDER_KEY).public_key()
    assert raw(given["k"]) == point(ours)
    assert json.loads(raw(header)) == {"typ": "JWT", "alg": "ES256"}
    said = json.loads(raw(claims))
    assert (said["aud"], said["sub"]) == (service.origin, "mailto:beheer@stage.test")
    assert time.time() < said["exp"] <= time.time() + 24 * 3600  # RFC 8292, section 2
    made = raw(signature)
    der = encode_dss_signature(int.from_bytes(made[:32]), int.from_bytes(made[32:]))
    ours.verify(der, f"{header}.{claims}".encode(), ec.ECDSA(SHA256()))
    with pytest.raises(InvalidSignature):
        ours.verify(der, f"{header}.{claims}x".encode(), ec.ECDSA(SHA256()))


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(committed_world, sink, service, status):  # noqa: F811
    switched_on(committed_world, service)
    service.answers = [status]
    mailed(committed_world)
    assert phones.send_due() == 0
    assert rows() == []
    assert len(service.asked) == 1


def test_a_service_that_is_busy_is_asked_once_more(committed_world, sink, service):  # noqa: F811
    switched_on(committed_world, service)
    service.answers = [503]
    mailed(committed_world)
    assert phones.send_due() == 1
    assert len(service.asked) == 2
    assert rows()[0].failures == 0


def test_one_that_stays_away_is_given_up_and_keeps_no_other_waiting(
    committed_world,
    sink,  # noqa: F811
    service,
    monkeypatch,
):
    monkeypatch.setattr(phones, "MOST_FAILURES", 2)
    switched_on(committed_world, service, "one")
    switched_on(committed_world, service, "two")
    service.answers = [500, 500]
    mailed(committed_world)
    assert phones.send_due() == 1
    assert [row.failures for row in rows()] == [1, 0]
    service.answers = [500, 500]
    mailed(committed_world, "Bram")
    assert phones.send_due() == 1
    assert [row.endpoint[-3:] for row in rows()] == ["two"]


def test_a_redirect_is_not_followed(committed_world, sink, service):  # noqa: F811
    switched_on(committed_world, service)
    service.answers = [307]
    mailed(committed_world)
    assert phones.send_due() == 0
    assert [path for path, _headers, _body in service.asked] == ["/one"]


def test_a_colleague_and_somebody_who_left_see_nothing(committed_world, sink, service):  # noqa: F811
    world = committed_world
    switched_on(world, service, "colleague", world.berk.colleague)
    switched_on(world, service, "teacher")
    put(world, SOON, "Aya")
    delivery.deliver()
    with use(SYSTEM):
        type(world.berk.teacher).objects.filter(pk=world.berk.teacher.pk).update(
            ended_at="2026-01-01T00:00Z"
        )
    assert phones.send_due() == 0
    assert service.asked == []


def test_at_night_a_phone_is_as_quiet_as_the_mail(committed_world, sink, service, settings):  # noqa: F811
    settings.QUIET_HOURS = True
    switched_on(committed_world, service)
    with at(TUESDAY, "21:00"):
        mailed(committed_world)
        assert phones.send_due() == 0
    with at(date(2027, 1, 13), "07:00"):
        delivery.deliver()
        assert phones.send_due() == 1


def test_without_a_key_there_is_nothing(committed_world, sink, service, settings):  # noqa: F811
    switched_on(committed_world, service)
    settings.VAPID_PRIVATE_KEY = ""
    mailed(committed_world)
    assert phones.send_due() == 0
    assert service.asked == []


@pytest.mark.parametrize(
    ("endpoint", "is_one"),
    [
        ("https://fcm.googleapis.com/fcm/send/abc", True),
        ("https://updates.push.services.mozilla.com/wpush/v2/abc", True),
        ("https://web.push.apple.com/abc", True),
        ("https://db5.notify.windows.com/w/?token=abc", True),
        ("http://fcm.googleapis.com/fcm/send/abc", False),
        ("https://fcm.googleapis.com:8443/x", False),
        ("https://fcm.googleapis.com@127.0.0.1/x", False),
        ("https://user@fcm.googleapis.com/x", False),
        ("https://fcm.googleapis.com.evil.example/x", False),
        ("https://evilfcm.googleapis.com/x", False),
        ("https://push.apple.com.evil.example/x", False),
        ("https://127.0.0.1/x", False),
        ("https://169.254.169.254/latest/meta-data/", False),
        ("https://[::1]/x", False),
        ("https://fcm.googleapis.com:x/", False),
        ("https://fcm.googleapis.com/\r\nX: y", False),
        ("file:///etc/passwd", False),
        ("", False),
    ],
)
def test_only_the_makers_own_services_are_opened(endpoint, is_one):
    assert web_push.is_push_service(endpoint) is is_one


def test_an_address_that_is_no_service_is_never_opened(service, settings):
    settings.PUSH_TEST_ORIGIN = ""
    to = web_push.Browser(f"{service.origin}/x", BROWSER_POINT, AUTH)
    with pytest.raises(ValueError, match="no push service"):
        web_push.send(to, {})
    assert service.asked == []
