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
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from stage.core.dutch.calendar import AMSTERDAM, local_datetime, school_day, school_today
from stage.core.enums import MailState, NoticeKind, Pace, PersonKind
from stage.core.mail.notices import CHOOSERS, Notice, of_event
from stage.core.models import NoticeSettings, OutboxMail, Region, School
from stage.core.tenants.tenancy import SYSTEM, Scope, school_scope, use

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


def rhythm_of(chosen: NoticeSettings | None, person_kind: str) -> Rhythm:
    """When somebody is mailed: what is usual, or what they chose."""
    usual = USUAL[PersonKind(person_kind)]
    if chosen is None:
        return usual
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
    go = []
    for mail in mails:
        rhythm = rhythm_of(chosen.get((mail.person_kind, mail.person_id)), mail.person_kind)
        pace, wait = _judged(mail, rhythm, now)
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


def _chosen_by(mails: list[OutboxMail]) -> dict[tuple[str, int], NoticeSettings]:
    """What their readers chose, in one read."""
    members = {m.person_id for m in mails if m.person_kind == PersonKind.MEMBERSHIP}
    students = {m.person_id for m in mails if m.person_kind == PersonKind.STUDENT}
    if not members and not students:
        return {}
    with use(SYSTEM):
        rows = NoticeSettings.objects.filter(
            Q(member__in=members) | Q(member__student_id__in=students)
        )
        found: dict[tuple[str, int], NoticeSettings] = {}
        for row in rows.annotate(student=F("member__student_id")).order_by("pk"):
            found[PersonKind.MEMBERSHIP, row.member_id] = row
            if row.student:
                found[PersonKind.STUDENT, row.student] = row
    return found


def _judged(mail: OutboxMail, rhythm: Rhythm, now: datetime) -> tuple[Pace, Wait | None]:
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
            return pace, Wait(moment, bundle_of(mail))
    until = _quiet_end(rhythm, now)
    if until is None or _at_night(notice, mail):
        return pace, None
    return pace, Wait(until, bundle_of(mail))


def _quiet_end(rhythm: Rhythm, now: datetime) -> datetime | None:
    return rhythm.quiet_end(now) if settings.QUIET_HOURS else None


def bundle_of(mail: OutboxMail) -> str:
    """With which others a mail leaves as one: of one reader and one school.

    Not to people without a page of their own, whose letters carry ways out and files; nor about an
    account, which may be the reader's first.
    """
    if mail.person_kind not in CHOOSERS or of_event(mail.event).kind == NoticeKind.ACCOUNT:
        return ""
    return f"{mail.person_kind}:{mail.person_id}:{mail.school_id or '-'}"


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
