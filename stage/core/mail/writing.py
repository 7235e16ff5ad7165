"""From rows of the outbox to the one message that goes out for them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import make_msgid
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.utils.translation import override

from stage.core.enums import MailState
from stage.core.mail import ahead
from stage.core.mail.digest import bundled, section_of
from stage.core.mail.letters import (
    HANDLERS,
    TO_NAMED,
    Letter,
    Person,
    Sender,
    resolve_person,
    sender_of,
    write,
)
from stage.core.mail.outbox import STOPPED
from stage.core.mail.pace import scope_of
from stage.core.models import OutboxMail
from stage.core.tenants.tenancy import use
from stage.core.ui.language import language_of, languages_of

logger = logging.getLogger(__name__)

SAID_ALREADY = "stond al in deze mail"


@dataclass
class Parcel:
    """What was made of rows to one person: a message, the rows that stand in it, and why not others

    do: (row, state, error).
    """

    message_id: str
    message: EmailMultiAlternatives | None = None
    address: str = ""  # where its one button leads
    mails: list[OutboxMail] = field(default_factory=list)
    left_out: list[tuple[OutboxMail, MailState, str]] = field(default_factory=list)

    def leave_out(self, mail: OutboxMail, state: MailState, error: str = "") -> None:
        self.left_out.append((mail, state, error))


def parcel_of(mails: list[OutboxMail]) -> Parcel:
    """Write these rows, all to one person and of one school, as one message."""
    first = mails[0]
    parcel = _new_parcel(first)
    try:
        with use(scope_of(first)), transaction.atomic():
            _fill(parcel, mails, _letters)
    except Exception as error:
        parcel.message, parcel.mails = None, []
        done = {mail.pk for mail, _state, _error in parcel.left_out}
        for mail in mails:
            if mail.pk not in done:
                _faulty(parcel, mail, error)
    return parcel


def parcels_of(mails: list[OutboxMail]) -> dict[UUID, Parcel]:
    """Write many rows, each as a message of its own; what their letters need is read together.

    Where one cannot be written, those of its school are left out: `parcel_of` writes each by itself
    and finds whose fault it was.
    """
    schools: dict[tuple, list[OutboxMail]] = {}
    for mail in mails:
        schools.setdefault((mail.school_id, mail.region_id), []).append(mail)
    found: dict[UUID, Parcel] = {}
    for rows in schools.values():
        if len(rows) > 1:
            found |= _written_together(rows)
    return found


def _written_together(mails: list[OutboxMail]) -> dict[UUID, Parcel]:
    found = {}
    try:
        with ahead.reading(), use(scope_of(mails[0])), transaction.atomic():
            _read_languages(mails)
            ahead.prepare(mails)
            for mail in mails:
                found[mail.pk] = _new_parcel(mail)
                _fill(found[mail.pk], [mail], _letter_alone)
    except Exception as error:
        logger.info("%s mails are written one by one: %r", len(mails), error)
        return {}
    return found


def _read_languages(mails: list[OutboxMail]) -> None:
    kinds: dict[str, set[int]] = {}
    for mail in mails:
        kinds.setdefault(mail.person_kind, set()).add(mail.person_id)
    for kind, people in kinds.items():
        chosen = languages_of(kind, people)
        ahead.keep({("language", kind, pk): language for pk, language in chosen.items()})


def _letter_alone(parcel: Parcel, mails: list[OutboxMail]) -> list[tuple[OutboxMail, Letter]]:
    """The letter of one row, without a net of its own."""
    [mail] = mails
    letter = HANDLERS[mail.event](mail)
    if letter is None:
        parcel.leave_out(mail, MailState.CANCELLED)
        return []
    return [(mail, letter)]


def _new_parcel(first: OutboxMail) -> Parcel:
    domain = urlsplit(settings.SITE_URL).hostname
    return Parcel(make_msgid(idstring=str(first.pk), domain=domain))


def _fill(parcel: Parcel, mails: list[OutboxMail], letters_of: Callable) -> None:
    first = mails[0]
    # One person in more than one role is resolved as each.
    persons = {pk: resolve_person(first.person_kind, pk) for pk in {m.person_id for m in mails}}
    mails = [mail for mail in mails if _may_go(parcel, mail, persons[mail.person_id])]
    person = persons[mails[0].person_id] if mails else None
    if person is None:
        return
    kind, number = first.person_kind, first.person_id
    with override(ahead.of(("language", kind, number), lambda: language_of(kind, number))):
        letters = letters_of(parcel, mails)
        if not letters:
            return
        sender = sender_of(school_id=first.school_id, region_id=first.region_id)
        letter = _one_letter(parcel, letters, person, sender)
        if letter is None:
            return
        parcel.address = str(letter.context.get("button_url", ""))
        parcel.message = write(letter, person, parcel.message_id, sender)


def _may_go(parcel: Parcel, mail: OutboxMail, person: Person | None) -> bool:
    """Whether there is somewhere to send it; else why not."""
    if person is None or not person.email:
        parcel.leave_out(mail, MailState.REFUSED, "geen e-mailadres bekend")
    elif person.stopped:
        parcel.leave_out(mail, MailState.REFUSED, STOPPED)
    elif not (person.known or mail.event in TO_NAMED):
        # Few go to an address the school does not know.
        parcel.leave_out(mail, MailState.CANCELLED, "adres nog niet bekend bij de school")
    else:
        return True
    return False


def _letters(parcel: Parcel, mails: list[OutboxMail]) -> list[tuple[OutboxMail, Letter]]:
    """What is still needed. A fault of ours in one letter stops no other: it is kept and shown."""
    found = []
    for mail in mails:
        try:
            with transaction.atomic():
                letter = HANDLERS[mail.event](mail)
        except Exception as error:
            _faulty(parcel, mail, error)
            continue
        if letter is None:
            parcel.leave_out(mail, MailState.CANCELLED)
        else:
            found.append((mail, letter))
    return found


def _one_letter(
    parcel: Parcel, letters: list[tuple[OutboxMail, Letter]], person: Person, sender: Sender
) -> Letter | None:
    """The letter that goes: the only one as it is, or all of them as sections of one."""
    if len(letters) == 1:
        parcel.mails = [letters[0][0]]
        return letters[0][1]
    sections, told = [], []
    for mail, letter in letters:
        try:
            with transaction.atomic():
                section = section_of(letter, person, sender)
        except Exception as error:
            _faulty(parcel, mail, error)
            continue
        if section in sections:
            parcel.leave_out(mail, MailState.CANCELLED, SAID_ALREADY)
            continue
        sections.append(section)
        told.append((mail, letter))
    if len(told) == 1:
        return _one_letter(parcel, told, person, sender)
    parcel.mails = [mail for mail, _letter in told]
    if not told:
        return None
    return bundled(sections, [letter for _mail, letter in told], person)


def _faulty(parcel: Parcel, mail: OutboxMail, error: Exception) -> None:
    logger.error("mail %s (%s) could not be written", mail.pk, mail.event, exc_info=error)
    parcel.leave_out(mail, MailState.REFUSED, type(error).__name__[:200])
