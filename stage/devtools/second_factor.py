"""A second factor as an authenticator app has it: time-based one-time passwords (RFC 6238)."""

from __future__ import annotations

import base64
import hmac
import secrets
import time

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt, encrypt


def give(user) -> Authenticator:
    """A new second factor, as if somebody had scanned its QR."""
    secret = base64.b32encode(secrets.token_bytes(20)).decode()
    return Authenticator.objects.create(
        user=user, type=Authenticator.Type.TOTP, data={"secret": encrypt(secret)}
    )


def code_of(authenticator: Authenticator) -> str:
    """What the app shows now."""
    return code_at(decrypt(authenticator.data["secret"]), time.time())


def code_at(secret: str, moment: float) -> str:
    """The code of a base32 secret at a moment in seconds since 1970 (RFC 4226, 5.3)."""
    counter = int(moment) // app_settings.TOTP_PERIOD
    key = base64.b32decode(secret, casefold=True)
    digest = hmac.digest(key, counter.to_bytes(8, "big"), "sha1")
    start = digest[-1] & 0x0F
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**app_settings.TOTP_DIGITS:0{app_settings.TOTP_DIGITS}}"
