"""Everything that changes companies and what is asked of them; verb first, actor by name."""

from companies.services.answers import Reply, answer_invitation
from companies.services.campaigns import (
    add_campaign,
    change_campaign,
    pause_campaign,
    resend_invitation,
    resume_campaign,
    schedule_campaign,
    send_campaign,
    send_test,
    unschedule_campaign,
)
from companies.services.deliveries import finish_sent, note_deliveries, send_reminders
from companies.services.groups import choose_companies
from companies.services.pool import (
    add_company,
    add_note,
    remove_department,
    remove_note,
    save_part,
    set_contact_active,
    update_company,
)

__all__ = [
    "Reply",
    "add_campaign",
    "add_company",
    "add_note",
    "answer_invitation",
    "change_campaign",
    "choose_companies",
    "finish_sent",
    "note_deliveries",
    "pause_campaign",
    "remove_department",
    "remove_note",
    "resend_invitation",
    "resume_campaign",
    "save_part",
    "schedule_campaign",
    "send_campaign",
    "send_reminders",
    "send_test",
    "set_contact_active",
    "unschedule_campaign",
    "update_company",
]
