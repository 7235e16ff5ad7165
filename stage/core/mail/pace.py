"""When a mail leaves: what its reader chose, once a day, and not at night.

Decided by the worker, and not where a mail is queued: a company that queues one reads nobody's
choices, and a choice changed this morning counts for what waits since yesterday.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils import timezone

from stage.core.dutch.calendar import AMSTERDAM, local_datetime, school_day, school_today
from stage.core.enums import MailState, NoticeKind, Pace, PersonKind
from stage.core.mail.notices import CHOOSERS, OUTSIDE, Notice, of_event
from stage.core.models import Membership, NoticeSettings, NoticesOff, OutboxMail, Region, School
from stage.core.tenants.tenancy import NOBODY, SYSTEM, Scope, school_scope, use

logger = logging.getLogger(__name__)

UNWANTED = "wil dit niet per mail"


@dataclass(frozen=True)
class Rhythm:
    """When somebody is mailed, by the Dutch clock; `paces` is what they chose, by kind of notice.

    No quiet hours is both times None.
    """

    digest_at: time = time(7)
    weekdays_only: bool = True
    quiet_from: time | None = time(20)
    quiet_until: time | None = time(7)
    paces: Mapping[str, str] = field(default_factory=dict)

    def next_digest(self, now: datetime) -> datetime:
        """The first moment after now at which what waits leaves together."""
        day = school_day(now)
        while True:
            moment = local_datetime(day, self.digest_at)
            if moment > now and not (self.weekdays_only and day.isoweekday() > 5):
                return moment
            day += timedelta(days=1)

    def is_quiet(self, clock: time) -> bool:
        """Whether the quiet hours hold at a time of the Dutch clock."""
        begin, end = self.quiet_from, self.quiet_until
        if begin is None or end is None:
            return False
        return begin <= clock < end if begin <= end else begin <= clock or clock < end

    def quiet_end(self, now: datetime) -> datetime | None:
        """When the quiet hours end that now is in; None outside them."""
        clock, end = now.astimezone(AMSTERDAM).time(), self.quiet_until
        if end is None or not self.is_quiet(clock):
            return None
        moment = local_datetime(school_day(now) + timedelta(days=clock >= end), end)
        # In the hour that October has twice, its end may lie behind: then it is over.
        return moment if moment > now.astimezone(UTC) else None


# A guardian reads in the evening, and signs at the table at home.
USUAL = {
    PersonKind.MEMBERSHIP: Rhythm(),
    PersonKind.STUDENT: Rhythm(digest_at=time(16), weekdays_only=False),
    PersonKind.CONTACT: Rhythm(),
    PersonKind.GUARDIAN: Rhythm(quiet_from=time(22)),
}


def rhythm_of(chosen: NoticeSettings | NoticesOff | None, person_kind: str) -> Rhythm:
    """When somebody is mailed: what is usual, or what they chose."""
    usual = USUAL[PersonKind(person_kind)]
    if chosen is None:
        return usual
    if isinstance(chosen, NoticesOff):
        return replace(usual, paces=dict.fromkeys(chosen.kinds, Pace.NEVER))
    return replace(
        usual,
        digest_at=chosen.digest_at,
        quiet_from=chosen.quiet_from,
        quiet_until=chosen.quiet_until,
        paces=chosen.paces,
    )


@dataclass(frozen=True)
class Wait:
    """A mail stays until then; with the same `bundle` it leaves as one."""

    until: datetime
    bundle: str


def due(mails: list[OutboxMail]) -> list[OutboxMail]:
    """Of what was claimed: what leaves now. The rest goes back until its time, or is not wanted."""
    now = timezone.now()
    chosen = _chosen_by(mails)
    firsts = _first_roles(mails)
    go = []
    for mail in mails:
        rhythm = rhythm_of(chosen.get((mail.person_kind, mail.person_id)), mail.person_kind)
        pace, wait = _judged(mail, rhythm, now, firsts)
        if pace == Pace.NEVER:
            _put(mail, state=MailState.CANCELLED, error=UNWANTED)
        elif wait is not None:
            _put(mail, **_waiting(wait))
        else:
            go.append(mail)
    return go


def quiet_end(mail: OutboxMail) -> datetime | None:
    """When this mail's reader can be mailed again; None when that is now."""
    chosen = _chosen_by([mail]).get((mail.person_kind, mail.person_id))
    return _quiet_end(rhythm_of(chosen, mail.person_kind), timezone.now())


def again(rows) -> int:
    """Let what waits for its reader be judged anew, after another choice; how many.

    What waits for something else (the moment until which a step can be undone) keeps waiting.
    """
    waiting = rows.filter(state=MailState.QUEUED, paced_to__isnull=False)
    return waiting.update(paced_to=None, bundle="", not_before=timezone.now())


def scope_of(mail: OutboxMail) -> Scope:
    """The scope in which a mail is judged and written: its school's, or its region's."""
    if mail.school_id:
        return school_scope(School.objects.get(pk=mail.school_id))
    return Scope("bureau", regions=(Region.objects.get(pk=mail.region_id).pk,))


def _chosen_by(mails: list[OutboxMail]) -> dict[tuple[str, int], NoticeSettings | NoticesOff]:
    """What their readers chose, in one read for each side of the door."""
    found: dict[tuple[str, int], NoticeSettings | NoticesOff] = {}
    if any(m.person_kind in CHOOSERS for m in mails):
        _add_chosen(found, mails)
    outside = [m for m in mails if m.person_kind in OUTSIDE]
    if outside:
        with use(NOBODY):
            rows = NoticesOff.objects.filter(person_id__in={m.person_id for m in outside})
            found |= {(row.person_kind, row.person_id): row for row in rows.order_by("pk")}
    return found


def _add_chosen(found: dict, mails: list[OutboxMail]) -> None:
    """Of who logs in: what was chosen last in any of the person's roles at the school."""
    members = {m.person_id for m in mails if m.person_kind == PersonKind.MEMBERSHIP}
    students = {m.person_id for m in mails if m.person_kind == PersonKind.STUDENT}
    with use(SYSTEM):
        own = Membership.objects.filter(
            user=OuterRef("member__user"), school=OuterRef("school"), pk__in=members
        )
        rows = NoticeSettings.objects.filter(Q(Exists(own)) | Q(member__student_id__in=students))
        rows = rows.annotate(
            student=F("member__student_id"), roles=ArraySubquery(own.order_by().values("pk"))
        )
        for row in rows.order_by("changed_at", "pk"):
            for member in row.roles or ():
                found[PersonKind.MEMBERSHIP, member] = row
            if row.student:
                found[PersonKind.STUDENT, row.student] = row


def _first_roles(mails: list[OutboxMail]) -> dict[int, int]:
    """Membership -> the first of that person's at the school with the same address.

    So that who has two roles there gets one mail a day, and not two.
    """
    members = {m.person_id for m in mails if m.person_kind == PersonKind.MEMBERSHIP}
    if not members:
        return {}
    with use(SYSTEM):
        same = Membership.objects.active().filter(
            user=OuterRef("user"), school=OuterRef("school"), email__iexact=OuterRef("email")
        )
        rows = Membership.objects.active().filter(pk__in=members, school__isnull=False)
        first = Subquery(same.order_by("pk").values("pk")[:1])
        return dict(rows.order_by().values_list("pk", first))


def _judged(
    mail: OutboxMail, rhythm: Rhythm, now: datetime, firsts: Mapping[int, int]
) -> tuple[Pace, Wait | None]:
    notice = of_event(mail.event)
    pace = notice.usual(mail.person_kind)
    if pace != Pace.ALWAYS:
        pace = Pace(rhythm.paces.get(notice.kind, pace))
    if pace == Pace.NEVER:
        return pace, None
    # Once put off it has waited: at its time it leaves, were it not for the night.
    if pace == Pace.DAILY and mail.paced_to is None:
        moment = rhythm.next_digest(now)
        if not _too_late(notice, mail, moment):
            return pace, Wait(moment, bundle_of(mail, firsts))
    until = _quiet_end(rhythm, now)
    if until is None or _at_night(notice, mail):
        return pace, None
    return pace, Wait(until, bundle_of(mail, firsts))


def _quiet_end(rhythm: Rhythm, now: datetime) -> datetime | None:
    return rhythm.quiet_end(now) if settings.QUIET_HOURS else None


def bundle_of(mail: OutboxMail, firsts: Mapping[int, int]) -> str:
    """With which others a mail leaves as one: of one reader and one school, in all roles there.

    Not to people without a page of their own, whose letters carry ways out and files; nor about an
    account, which may be the reader's first.
    """
    if mail.person_kind not in CHOOSERS or of_event(mail.event).kind == NoticeKind.ACCOUNT:
        return ""
    reader = mail.person_id
    if mail.person_kind == PersonKind.MEMBERSHIP:
        reader = firsts.get(reader, reader)
    return f"{mail.person_kind}:{reader}:{mail.school_id or '-'}"


def _too_late(notice: Notice, mail: OutboxMail, moment: datetime) -> bool:
    """Whether the reader must know before the daily mail comes, or on that very day."""
    if notice.known_by is None:
        return False
    day = _asked(notice.known_by, mail)
    return day is not None and day <= school_day(moment)


def _at_night(notice: Notice, mail: OutboxMail) -> bool:
    if callable(notice.at_night):
        return bool(_asked(notice.at_night, mail))
    return notice.at_night


def _asked(question, mail: OutboxMail):
    """What an app says of a mail, in its scope; a fault there is no reason to keep it waiting."""
    try:
        with use(scope_of(mail)), transaction.atomic():
            return question(mail)
    except Exception:
        logger.exception("mail %s (%s) could not be judged", mail.pk, mail.event)
        return school_today()


def _waiting(wait: Wait) -> dict:
    """Back in the queue as if it had not been tried."""
    return {
        "state": MailState.QUEUED,
        "not_before": wait.until,
        "paced_to": wait.until,
        "bundle": wait.bundle,
        "attempts": F("attempts") - 1,
    }


def _put(mail: OutboxMail, **values) -> None:
    with use(SYSTEM), transaction.atomic():
        mine = OutboxMail.objects.filter(
            pk=mail.pk, state=MailState.CLAIMED, attempts=mail.attempts
        )
        mine.update(changed_at=timezone.now(), **values)
