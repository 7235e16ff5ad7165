"""What each event's mails are about, and how soon their reader hears: declared with the event."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from stage.core.enums import NoticeKind, Pace, PersonKind

# Who logs in chooses how soon, and gets what waits as one mail.
CHOOSERS = (PersonKind.MEMBERSHIP, PersonKind.STUDENT)
# Who comes by a mailed link chooses what need not come at all.
OUTSIDE = (PersonKind.CONTACT, PersonKind.GUARDIAN)


@dataclass(frozen=True)
class Notice:
    """An event as its readers know it.

    `staff` and `student`: how soon these hear as long as they chose nothing; None for an event that
    is not mailed to them. Company people and guardians hear at once; `company` and `guardian`: they
    may say that they do not want it. `at_night`: leaves in quiet hours too, always or where the
    function of the mail's row says so. `known_by`: the day by which its reader must know, where
    there is one: no daily mail is waited for that comes too late.
    """

    kind: NoticeKind
    staff: Pace | None = None
    student: Pace | None = None
    company: bool = False
    guardian: bool = False
    at_night: bool | Callable[..., bool] = False
    known_by: Callable[..., date | None] | None = None

    def usual(self, person_kind: str) -> Pace:
        """How soon somebody of this kind hears who chose nothing."""
        by_kind = {
            PersonKind.MEMBERSHIP: self.staff,
            PersonKind.STUDENT: self.student,
            PersonKind.CONTACT: Pace.AT_ONCE if self.company else None,
            PersonKind.GUARDIAN: Pace.AT_ONCE if self.guardian else None,
        }
        return by_kind.get(PersonKind(person_kind)) or Pace.ALWAYS


NOTICES: dict[str, Notice] = {}


def of_event(event: str) -> Notice:
    """What an event's mails are about."""
    return NOTICES[event]


def usual_paces(person_kind: str) -> dict[NoticeKind, Pace]:
    """The kinds that people of this kind choose about, with what is usual; in the enum's order.

    Within one kind all that can be chosen is usually as soon (a test asks it).
    """
    found = {
        notice.kind: notice.usual(person_kind)
        for notice in NOTICES.values()
        if notice.usual(person_kind) != Pace.ALWAYS
    }
    return {kind: found[kind] for kind in NoticeKind if kind in found}
