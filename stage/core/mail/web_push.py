"""A message to one browser: encrypted for it alone (RFC 8291), signed as ours (RFC 8292).

Of what those need only primitives of `cryptography`, so that no library comes along with a client
for HTTP of its own; `tests/core/test_web_push.py` holds it to the example of the RFC.
"""

from __future__ import annotations

import http.client
import json
import secrets
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

SECONDS = 10  # a push service that takes longer is away
TTL = 12 * 3600  # how long a phone that is off may find it, in seconds
RECORD = 4096


def coded(raw: bytes) -> str:
    """Base64url without padding, as both RFCs write bytes."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """The bytes of base64url. Raises ValueError."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def is_on() -> bool:
    """Whether this installation has a key to send with."""
    return bool(settings.VAPID_PRIVATE_KEY)


def own_key() -> ec.EllipticCurvePrivateKey:
    """Our key, by which push services know us."""
    number = int.from_bytes(decoded(settings.VAPID_PRIVATE_KEY))
    return ec.derive_private_key(number, ec.SECP256R1())


def public_key() -> str:
    """What a browser is given to let only us send to it."""
    return coded(_point(own_key().public_key()))


def is_push_service(endpoint: str) -> bool:
    """Whether an address is of one of the makers' push services, and nothing else.

    The server opens what a browser says here, so an address of our own network is none.
    """
    if not (endpoint.isascii() and endpoint.isprintable()) or " " in endpoint:
        return False  # `urlsplit` leaves out what would end a line of the request
    try:
        parts = urlsplit(endpoint)
        port = parts.port
    except ValueError:
        return False
    if settings.PUSH_TEST_ORIGIN and endpoint.startswith(f"{settings.PUSH_TEST_ORIGIN}/"):
        return True
    host = parts.hostname or ""
    known = any(
        host == name or (name.startswith(".") and host.endswith(name))
        for name in settings.PUSH_HOSTS
    )
    plain = parts.username is None and parts.password is None and port in (None, 443)
    return parts.scheme == "https" and known and plain


@dataclass(frozen=True)
class Browser:
    """Where a message goes and whom it is encrypted for. Raises ValueError for what is no key."""

    endpoint: str
    p256dh: str
    auth: str

    def __post_init__(self) -> None:
        _public(self.p256dh)
        if len(decoded(self.auth)) != 16:
            raise ValueError("a secret is 16 bytes")


def send(to: Browser, said: dict) -> int:
    """Hand a message to the browser's push service; its status. Redirects are not followed.

    Raises OSError, http.client.HTTPException; ValueError for an address of no push service.
    """
    if not is_push_service(to.endpoint):
        raise ValueError("no push service")
    parts = urlsplit(to.endpoint)
    body = encrypted(json.dumps(said).encode(), to)
    headers = {
        "Authorization": authorization(f"{parts.scheme}://{parts.netloc}"),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(TTL),
    }
    is_tls = parts.scheme == "https"
    opens = http.client.HTTPSConnection if is_tls else http.client.HTTPConnection
    connection = opens(parts.netloc, timeout=SECONDS)
    try:
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, body, headers)
        return connection.getresponse().status
    finally:
        connection.close()


def encrypted(
    content: bytes,
    to: Browser,
    *,
    key: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes = b"",
) -> bytes:
    """The body of a message: one record of aes128gcm (RFC 8188), with a key made for it."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    salt = salt or secrets.token_bytes(16)
    theirs, ours = decoded(to.p256dh), _point(key.public_key())
    shared = key.exchange(ec.ECDH(), _public(to.p256dh))
    secret = _derived(shared, decoded(to.auth), b"WebPush: info\0" + theirs + ours, 32)
    content_key = _derived(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(secret, salt, b"Content-Encoding: nonce\0", 12)
    record = AESGCM(content_key).encrypt(nonce, content + b"\x02", None)
    return salt + RECORD.to_bytes(4) + bytes([len(ours)]) + ours + record


def authorization(origin: str) -> str:
    """Who sends this, for one push service and half a day (RFC 8292, section 3)."""
    claims = {"aud": origin, "exp": int(time.time()) + TTL, "sub": settings.VAPID_SUBJECT}
    parts = ({"typ": "JWT", "alg": "ES256"}, claims)
    text = ".".join(coded(json.dumps(part).encode()) for part in parts)
    r, s = decode_dss_signature(own_key().sign(text.encode(), ec.ECDSA(SHA256())))
    signature = coded(r.to_bytes(32) + s.to_bytes(32))
    return f"vapid t={text}.{signature}, k={public_key()}"


def _derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(secret)


def _public(text: str) -> ec.EllipticCurvePublicKey:
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decoded(text))


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
