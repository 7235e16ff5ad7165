"""The language somebody reads: Dutch, unless they chose another.

The choice is a cookie on the device, and a row per person for the mails and the next device. What a
browser asks for is not looked at: the school's own texts are Dutch, and a phone that happens to be
set to English does not say that its owner wants to read those pages so.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.db import transaction
from django.dispatch import receiver
from django.utils import translation

from stage.core.enums import PersonKind
from stage.core.models import LanguageChoice
from stage.core.tenants.statements import ask
from stage.core.tenants.tenancy import NOBODY, use
from stage.core.who.actors import Actor

YEAR = 365 * 24 * 3600


class LanguageMiddleware:
    """Runs the request in the language of its cookie."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        asked = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        request.LANGUAGE_CODE = asked if is_offered(asked) else settings.LANGUAGE_CODE
        with translation.override(request.LANGUAGE_CODE):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        known = getattr(request, "language_of_login", "")
        if known and not asked:
            keep_on_device(response, known)
        return response


def is_offered(language: str) -> bool:
    """Whether the product speaks a language."""
    return language in dict(settings.LANGUAGES)


def keep_on_device(response, language: str) -> None:
    """Remember the language in this browser."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=YEAR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def choose(language: str, *, actor: Actor | None) -> None:
    """Keep the language of whoever acts, in all their roles; nothing for a visitor.

    Raises ValueError for a language that is not offered.
    """
    if not is_offered(language):
        raise ValueError(language)
    if actor is None:
        return
    with use(NOBODY), transaction.atomic():
        for kind, number in _persons_of(actor):
            LanguageChoice.objects.update_or_create(
                person_kind=kind, person_id=number, defaults={"language": language}
            )


def _persons_of(actor: Actor) -> list[tuple[str, int]]:
    if actor.kind == "contact":
        return [(PersonKind.CONTACT, number) for number in actor.contacts or (actor.id,)]
    if actor.kind == "guardian":
        return [(PersonKind.GUARDIAN, actor.id)]
    found: list[tuple[str, int]] = []
    for role in ask("roles_of_user", actor.id):
        found.append((PersonKind.MEMBERSHIP, role["id"]))
        if role["student_id"]:
            found.append((PersonKind.STUDENT, role["student_id"]))
    return found


def language_of(kind: str, person_id: int) -> str:
    """The language a person chose, or else Dutch."""
    return languages_of(kind, [person_id])[person_id]


def languages_of(kind: str, person_ids: Iterable[int]) -> dict[int, str]:
    """The same for many people of one kind, in one read."""
    ids = list(person_ids)
    with use(NOBODY):
        rows = LanguageChoice.objects.filter(person_kind=kind, person_id__in=ids).order_by("-pk")
        chosen = dict(rows.values_list("person_id", "language"))
    offered = {pk: language for pk, language in chosen.items() if is_offered(language)}
    return {pk: offered.get(pk, settings.LANGUAGE_CODE) for pk in ids}


@receiver(user_logged_in, dispatch_uid="stage.language")
def _on_log_in(sender, request, user, **kwargs) -> None:
    roles = ask("roles_of_user", user.pk)
    if request is not None and roles:
        number = min(role["id"] for role in roles)
        chosen = language_of(PersonKind.MEMBERSHIP, number)
        request.language_of_login = "" if chosen == settings.LANGUAGE_CODE else chosen
