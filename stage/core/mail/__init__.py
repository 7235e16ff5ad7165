"""The outbox: `queue()` in the transaction of what happened; the worker writes and sends.

    @mail.event("placement_changed", Notice(NoticeKind.PLACEMENT, staff=Pace.DAILY))
    def placement_changed(row) -> Letter | None: ...

A handler runs in the worker, in the mail's school's scope, just before sending: it reads the
database anew and answers None when the mail is no longer needed. When it leaves, its reader
chooses (`pace`), and what waits together leaves as one mail (`digest`).
"""

from stage.core.mail.letters import (
    Letter,
    Person,
    Sender,
    event,
    footer_of_kind,
    person_of_kind,
    resolve_person,
    sender,
    sender_of,
)
from stage.core.mail.notices import Notice
from stage.core.mail.outbox import (
    Post,
    Waiting,
    held_until,
    queue,
    queue_many,
    release,
    send_again,
    silent,
    take_back,
    undo_for,
    wake_outbox,
    withdraw,
    withdraw_about,
)

__all__ = [
    "Letter",
    "Notice",
    "Person",
    "Post",
    "Sender",
    "Waiting",
    "event",
    "footer_of_kind",
    "held_until",
    "person_of_kind",
    "queue",
    "queue_many",
    "release",
    "resolve_person",
    "send_again",
    "sender",
    "sender_of",
    "silent",
    "take_back",
    "undo_for",
    "wake_outbox",
    "withdraw",
    "withdraw_about",
]
