"""One shape for everything that goes wrong in the API: problem details (RFC 9457)."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.views import set_rollback

from stage.core.who.policies import Conflict, NotAllowed

CONTENT_TYPE = "application/problem+json"
PREFIX = "/api/"


def concerns_api(request) -> bool:
    """Whether the answer to this request must be JSON, whatever went wrong on the way."""
    return request.path.startswith(PREFIX)


def words_of(status: int) -> str:
    """What went wrong, in a sentence a person can act on."""
    words = {
        400: _("De vraag klopt niet. Bij errors staat wat er anders moet."),
        401: _("Log eerst in."),
        403: _("Dit is niet voor jou."),
        404: _("Dit bestaat niet, of je mag het niet zien."),
        405: _("Dit kan hier niet: je kunt alleen lezen."),
        409: _("Iemand anders was je voor."),
        415: _("Stuur JSON."),
        429: _("Te veel vragen achter elkaar. Wacht even en probeer het opnieuw."),
        500: _("Er ging iets mis. Probeer het straks opnieuw."),
    }
    return words.get(status, words[400 if status < 500 else 500])


def problem(
    status: int,
    detail: str = "",
    *,
    errors: Mapping[str, list[str]] | None = None,
    headers: Mapping[str, str] | None = None,
) -> JsonResponse:
    """A problem as RFC 9457 describes it; `errors` holds messages per parameter."""
    body = {
        "type": "about:blank",
        "title": words_of(status),
        "status": status,
        "detail": detail or words_of(status),
    }
    if errors:
        body["errors"] = errors
    response = JsonResponse(body, status=status, headers=dict(headers or {}))
    response["Content-Type"] = CONTENT_TYPE
    return response


def handle(error: Exception, context: dict) -> JsonResponse | None:
    """DRF's EXCEPTION_HANDLER: every refusal as a problem; None, a 500, for a fault of ours."""
    set_rollback()
    if isinstance(error, Http404):
        return problem(404)
    if isinstance(error, PermissionDenied):
        return problem(403, str(error) if isinstance(error, NotAllowed) else "")
    if isinstance(error, Conflict):
        return problem(409, str(error))
    if isinstance(error, exceptions.ValidationError):
        return problem(400, errors=_messages(error.detail))
    if isinstance(error, exceptions.APIException):
        return problem(error.status_code, headers=_headers(error))
    return None


def _messages(detail) -> dict[str, list[str]]:
    if not isinstance(detail, dict):
        return {"non_field_errors": [str(message) for message in detail]}
    return {name: [str(m) for m in messages] for name, messages in detail.items()}


def _headers(error: exceptions.APIException) -> dict[str, str]:
    found = {}
    if header := getattr(error, "auth_header", None):
        found["WWW-Authenticate"] = header
    if wait := getattr(error, "wait", None):
        found["Retry-After"] = str(int(wait) + 1)
    return found
