"""Login cards: a printed code with which a student logs in once.

The code itself is not kept, only a keyed hash; and until the card is printed what a code is made
of with the server's key, so that a sheet that was lost on its way can be fetched again. A card
works once, together with the day and month of birth, until it expires; five wrong tries stop it. A
new card stops the old one and ends every session of the student.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from stage.core.enums import Role
from stage.core.models import Membership, User
from stage.core.record import audit
from stage.core.tenants.statements import ask
from stage.core.tenants.tenancy import NOBODY, scope_at, use
from stage.core.who.actors import Actor
from stage.core.who.codes import LOGIN_CODE_LENGTH, login_code, normalise_code, public_code
from stage.core.who.feeds import end_feed
from stage.core.who.policies import own_student, require
from stage.schools.guidance import guides_all
from stage.schools.models import LoginCode, Student
from stage.schools.services.log_in_help import settle

CARD_DAYS = 60
CARD_TRIES = 5
PASS_ON_MINUTES = 3


def digest_of_code(code: str) -> str:
    """The keyed hash of a code as printed or typed."""
    return salted_hmac("stage.card", normalise_code(code), algorithm="sha256").hexdigest()


def issue_card(student: Student, actor: Actor) -> str:
    """Make one student a new card and return its code, as it is printed ("K3TN-7WXC")."""
    return issue_cards([student], actor)[0][1]


@transaction.atomic
def issue_cards(students: Iterable[Student], actor: Actor) -> list[tuple[Student, str]]:
    """Make new cards that are handed out at once; earlier ones stop and the sessions end.

    Raises NotAllowed for a student whom the actor does not guide.
    """
    students = _held(students, actor)
    made = _make(students, actor, printed_at=timezone.now())
    codes = {card.student_id: code_of(card) for card in made}
    LoginCode.objects.filter(pk__in=[card.pk for card in made]).update(seed="")
    return [(student, codes[student.pk]) for student in students]


@transaction.atomic
def make_sheet(students: Iterable[Student], actor: Actor) -> str:
    """Make the cards of a sheet to print, and return its code.

    Who has a card that was made and not printed yet keeps it: the same again is the same sheet, in
    whatever way the first was lost. Others get a new one, and earlier ones stop. Raises NotAllowed
    for a student whom the actor does not guide.
    """
    students = _held(students, actor)
    sheet, now = public_code(), timezone.now()
    waiting = LoginCode.objects.to_print().filter(student__in=students)
    kept = set(waiting.values_list("student_id", flat=True))
    waiting.update(sheet=sheet, expires_at=now + timedelta(days=CARD_DAYS))
    _make([s for s in students if s.pk not in kept], actor, sheet=sheet)
    return sheet


def code_of(card: LoginCode) -> str:
    """The code of a card that was not printed yet, as it is printed."""
    digest = salted_hmac("stage.card.seed", card.seed, algorithm="sha256").digest()
    return login_code(int.from_bytes(digest, "big"))


@transaction.atomic
def note_printed(sheet: str, actor: Actor) -> int:
    """Somebody has the cards of a sheet on paper: their codes cannot be made again.

    Returns how many; none when that was said already.
    """
    rows = LoginCode.objects.to_print().filter(sheet=sheet)
    cards = list(rows.select_related("student").order_by("pk"))
    require(guides_all, actor, [card.student for card in cards])
    for card in cards:
        audit.record(actor, "login_card_printed", card.student)
    held = LoginCode.objects.to_print().filter(pk__in=[card.pk for card in cards])
    return held.update(printed_at=timezone.now(), seed="")


def _held(students: Iterable[Student], actor: Actor) -> list[Student]:
    students = list(students)
    require(guides_all, actor, students)
    # Two people printing at once: the second waits here, and finds the cards of the first.
    locked = Student.objects.filter(pk__in=[s.pk for s in students]).order_by("pk")
    list(locked.select_for_update().values_list("pk"))
    return students


def _make(students: list[Student], actor: Actor, **values) -> list[LoginCode]:
    if not students:
        return []
    now = timezone.now()
    LoginCode.objects.filter(
        student__in=students, used_at__isnull=True, stopped_at__isnull=True
    ).update(stopped_at=now)
    made = []
    for student in students:
        card = LoginCode(
            school_id=student.school_id,
            student=student,
            seed=secrets.token_hex(20),
            expires_at=now + timedelta(days=CARD_DAYS),
            **values,
        )
        card.digest = digest_of_code(code_of(card))
        made.append(card)
    LoginCode.objects.bulk_create(made)
    for student in students:
        audit.record(actor, "login_card_issued", student)
    settle([s.pk for s in students])
    _end_sessions(
        list(
            Membership.objects.filter(student_id__in=[s.pk for s in students]).values_list(
                "user_id", flat=True
            )
        )
    )
    return made


def _end_sessions(users: list[int]) -> None:
    from allauth.usersessions.models import UserSession

    # Sessions belong to the log-in role; a school's scope does not reach them.
    with use(NOBODY):
        rows = UserSession.objects.filter(user_id__in=users)
        Session.objects.filter(pk__in=list(rows.values_list("session_key", flat=True))).delete()
        rows.delete()


@transaction.atomic
def pass_on(actor: Actor) -> str:
    """A code with which the student logs in on a next phone, within `PASS_ON_MINUTES`.

    As a card it asks the birthday and works once; nothing else stops, and it gives no new password.
    Raises NotAllowed for who is no student.
    """
    code = login_code(secrets.randbits(160))
    row = LoginCode(
        school_id=actor.school_id,
        student_id=actor.student_id,
        digest=digest_of_code(code),
        passes_on=True,
        expires_at=timezone.now() + timedelta(minutes=PASS_ON_MINUTES),
    )
    require(own_student, actor, row)
    # ON CONFLICT DO NOTHING: a student may write here and not read.
    LoginCode.objects.bulk_create([row], ignore_conflicts=True)
    audit.record(actor, "login_passed_on", row)
    return code


def passes_on_to(code: str) -> str:
    """The first name of who passes a log-in on with this code; empty for a card, and for no code.

    It stands beside who holds both phones. A card may have been found.
    """
    digest = digest_of_code(code)
    found = ask("school_of_card", digest) if len(normalise_code(code)) == LOGIN_CODE_LENGTH else []
    if not found:
        return ""
    with use(scope_at(found[0]["school_id"], 0)):
        rows = LoginCode.objects.filter(digest=digest, passes_on=True, used_at__isnull=True)
        rows = rows.filter(expires_at__gt=timezone.now(), stopped_at__isnull=True)
        return rows.values_list("student__first_name", flat=True).first() or ""


@dataclass(frozen=True)
class Redeemed:
    """Whose log-in it is; `by_card` of a card from school, which also gives a new password."""

    membership: Membership
    by_card: bool


@transaction.atomic
def redeem(code: str, day: int, month: int) -> Redeemed | None:
    """Use a card: the student's log-in, or None when card or birthday are not right.

    Never says which of the two. Do not raise after this: a rolled back transaction would forget
    the wrong try.
    """
    if len(normalise_code(code)) != LOGIN_CODE_LENGTH:
        return None
    digest = digest_of_code(code)
    found = ask("school_of_card", digest)
    if not found:
        return None
    with use(scope_at(found[0]["school_id"], 0)):
        card = (
            LoginCode.objects.select_for_update(of=("self",))
            .select_related("student__school")
            .filter(
                digest=digest,
                used_at__isnull=True,
                stopped_at__isnull=True,
                expires_at__gt=timezone.now(),
                student__left_on__isnull=True,
            )
            .first()
        )
        if card is None:
            return None
        if not card.student.is_birthday(day, month):
            _note_wrong_try(card)
            return None
        card.used_at = timezone.now()
        card.seed = ""
        card.save(update_fields=["used_at", "seed"])
        membership = _membership_of(card.student)
        audit.record(None, "login_card_used", card.student)
        return Redeemed(membership, by_card=not card.passes_on)


def _note_wrong_try(card: LoginCode) -> None:
    card.wrong_tries += 1
    if card.wrong_tries >= CARD_TRIES:
        card.stopped_at = timezone.now()
        audit.record(None, "login_card_stopped", card.student)
    card.save(update_fields=["wrong_tries", "stopped_at"])


def _membership_of(student: Student) -> Membership:
    """The student's log-in; made with the first card. Its user holds a random username only."""
    found = Membership.objects.filter(student_id=student.pk).first()
    if found is None:
        with use(NOBODY):  # users are of the log-in role
            user = User.objects.create_user()
        return Membership.objects.create(
            user=user,
            role=Role.STUDENT,
            region_id=student.school.region_id,
            school=student.school,
            student_id=student.pk,
        )
    if found.ended_at is not None:
        end_feed(found.pk)
        Membership.objects.filter(pk=found.pk).update(ended_at=None)
    return found
