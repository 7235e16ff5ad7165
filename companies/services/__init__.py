"""Everything that changes companies and what is asked of them; verb first, actor by name."""

from companies.services.answers import Reply, answer_invitation
from companies.services.asking import (
    ask_anyway,
    ask_more,
    let_be,
    schedule_campaign,
    send_campaign,
)
from companies.services.calls import note_call, open_question, take_answer
from companies.services.campaigns import (
    add_campaign,
    change_campaign,
    pause_campaign,
    resend_invitation,
    resendable,
    resume_campaign,
    send_test,
    unschedule_campaign,
)
from companies.services.changes import changes_for, see_changes, undo_change
from companies.services.contacts import add_contact, change_contact, set_contact_active
from companies.services.deliveries import (
    finish_sent,
    note_deliveries,
    note_mails,
    reminding,
    send_reminders,
)
from companies.services.forgetting import forget_who_asked
from companies.services.groups import choose_companies
from companies.services.leaving import Successor, leave_company
from companies.services.merging import merge, say_apart, unmerge
from companies.services.nominations import (
    Nominated,
    nominate,
    refuse_nomination,
    take_on,
    withdraw_nomination,
)
from companies.services.passing import pass_on
from companies.services.pictures import remove_picture, set_picture
from companies.services.pool import (
    add_company,
    remove_department,
    save_department,
    save_location,
    update_company,
)
from companies.services.relations import (
    Said,
    add_follow_up,
    add_note,
    change_follow_up,
    close_follow_up,
    hand_over_all,
    remove_note,
    reopen_follow_up,
    set_owner,
    share_note,
)
from companies.services.standing import allow_letters, set_standing, stop_letters
from companies.services.telling import end_unproven, mail_due, tell_changes
from companies.services.trust import confirm_addresses, end_trust, vouch, vouch_many

__all__ = [
    "Nominated",
    "Reply",
    "Said",
    "Successor",
    "add_campaign",
    "add_company",
    "add_contact",
    "add_follow_up",
    "add_note",
    "allow_letters",
    "answer_invitation",
    "ask_anyway",
    "ask_more",
    "change_campaign",
    "change_contact",
    "change_follow_up",
    "changes_for",
    "choose_companies",
    "close_follow_up",
    "confirm_addresses",
    "end_trust",
    "end_unproven",
    "finish_sent",
    "forget_who_asked",
    "hand_over_all",
    "leave_company",
    "let_be",
    "mail_due",
    "merge",
    "nominate",
    "note_call",
    "note_deliveries",
    "note_mails",
    "open_question",
    "pass_on",
    "pause_campaign",
    "refuse_nomination",
    "reminding",
    "remove_department",
    "remove_note",
    "remove_picture",
    "reopen_follow_up",
    "resend_invitation",
    "resendable",
    "resume_campaign",
    "save_department",
    "save_location",
    "say_apart",
    "schedule_campaign",
    "see_changes",
    "send_campaign",
    "send_reminders",
    "send_test",
    "set_contact_active",
    "set_owner",
    "set_picture",
    "set_standing",
    "share_note",
    "stop_letters",
    "take_answer",
    "take_on",
    "tell_changes",
    "undo_change",
    "unmerge",
    "unschedule_campaign",
    "update_company",
    "vouch",
    "vouch_many",
    "withdraw_nomination",
]
