"""What a mail says and to whom: handlers per event, resolvers per kind of person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context, Engine
from django.template.loader import render_to_string

from stage.core.enums import PersonKind
from stage.core.mail import ahead
from stage.core.mail.notices import NOTICES, Notice


@dataclass(frozen=True)
class Person:
    """Somebody a mail can reach. `email` is empty when no address is known.

    `stopped`: whoever reads that address did not know what this person knows. Nothing is mailed
    there and no link opens until the school looked at it.
    """

    kind: str
    id: int
    name: str
    email: str
    school_id: int | None = None
    region_id: int | None = None
    stopped: bool = False
    # False: an address in a shared pool that others typed and the school does not know.
    known: bool = True


@dataclass(frozen=True)
class Sender:
    """Who a mail comes from, and whom to call or mail about it; empty when none is known.

    An answer goes to `email`, unless the letter names another address.
    """

    name: str
    telephone: str = ""
    email: str = ""


@dataclass(frozen=True)
class Letter:
    """One mail's template and context; templates are `email/<template>.{subject,txt,html}`.

    `reply_to` is an address an answer should go to; `attachments` are (name, bytes, type).
    """

    template: str
    context: dict
    reply_to: str = ""
    attachments: tuple[tuple[str, bytes, str], ...] = ()
    headers: dict[str, str] = field(default_factory=dict)


HANDLERS: dict[str, Callable] = {}
# Events whose mails name no student and lead to none: these alone may go to an unknown address.
TO_NAMED: set[str] = set()
_PERSONS: dict[str, Callable[[int], Person | None]] = {}


def event(name: str, notice: Notice, *, to_named: bool = False) -> Callable:
    """Register the handler `(OutboxMail) -> Letter | None` of one event.

    `notice`: what its mails are about and how soon they leave. `to_named`: they hold nothing of a
    student, so they may go to an address that somebody else typed. All others are kept back until
    the school knows the address.
    """

    def register(handler: Callable) -> Callable:
        if name in HANDLERS:
            raise ValueError(f"two handlers for {name}")
        if to_named:
            TO_NAMED.add(name)
        NOTICES[name] = notice
        HANDLERS[name] = handler
        return handler

    return register


def person_of_kind(kind: str) -> Callable:
    """Register the function `(id) -> Person | None` that finds people of one kind."""

    def register(finder: Callable[[int], Person | None]) -> Callable:
        _PERSONS[kind] = finder
        return finder

    return register


def resolve_person(kind: str, person_id: int) -> Person | None:
    """The person as known now, in the running scope."""
    return ahead.of(("person", kind, person_id), lambda: _PERSONS[kind](person_id))


@person_of_kind(PersonKind.MEMBERSHIP)
def _membership(person_id: int) -> Person | None:
    from stage.core.models import Membership

    row = Membership.objects.active().filter(pk=person_id).first()
    if row is None:
        return None
    return Person("membership", row.pk, row.name, row.email, row.school_id, row.region_id)


# (school number or None, region number) -> Sender: who knows the organisations registers it.
_SENDERS: list[Callable[..., Sender]] = []


def sender(function: Callable[..., Sender]) -> Callable[..., Sender]:
    """Register what says who a mail comes from, as known in the running scope."""
    _SENDERS.append(function)
    return function


def sender_of(*, school_id: int | None, region_id: int) -> Sender:
    """The school a mail is about, or else the region's bureau, as known in the running scope."""
    return ahead.of(
        ("sender", school_id, region_id),
        lambda: _SENDERS[0](school_id=school_id, region_id=region_id),
    )


# Kind of person -> what stands under its mails beside who they come from, as the templates read it.
_FOOTERS: dict[str, list[Callable[[Letter], dict[str, str]]]] = {}


def footer_of_kind(kind: str) -> Callable:
    """Register the function `(Letter) -> context` of what stands under mails to one kind."""

    def register(function: Callable[[Letter], dict[str, str]]) -> Callable:
        _FOOTERS.setdefault(kind, []).append(function)
        return function

    return register


def context_of(letter: Letter, person: Person, sender: Sender) -> dict:
    """What the templates of a letter read."""
    footers = [footer(letter) for footer in _FOOTERS.get(person.kind, ())]
    return {
        **{name: value for footer in footers for name, value in footer.items()},
        "person": person,
        "site_url": settings.SITE_URL,
        "sender_name": sender.name,
        "sender_telephone": sender.telephone,
        "sender_email": sender.email,
        **letter.context,
    }


def as_text(template: str, context: dict) -> str:
    """A template that writes plain text: nothing is escaped, since nobody reads it as HTML.

    Gives a `str` that nothing holds for safe, so that a page that shows it escapes it.
    """
    found = Engine.get_default().get_template(template)
    rendered = found.render(Context(context, autoescape=False))
    return "".join(list(rendered))  # str() of a SafeString is the same SafeString


def write(
    letter: Letter, person: Person, message_id: str, sender: Sender
) -> EmailMultiAlternatives:
    """Render a letter for a person: text first, html beside it, in the language of the moment.

    Each ends with who it comes from and whom to call.
    """
    context = context_of(letter, person, sender)
    subject = as_text(f"email/{letter.template}.subject", context)
    text = as_text(f"email/{letter.template}.txt", context)
    signed = as_text("email/_sender.txt", context)
    html = render_to_string(f"email/{letter.template}.html", context)
    message = EmailMultiAlternatives(
        subject=" ".join(subject.split()),
        body=f"{text.strip()}\n\n{signed.strip()}\n",
        to=[person.email],
        reply_to=[answer_to] if (answer_to := letter.reply_to or sender.email) else None,
        headers={"Message-ID": message_id, "Auto-Submitted": "auto-generated", **letter.headers},
    )
    message.attach_alternative(html, "text/html")
    for name, content, kind in letter.attachments:
        message.attach(name, content, kind)
    return message
