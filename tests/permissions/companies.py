"""Who may open which route of `companies`: by hand, see `tests/permissions/__init__.py`.

Companies belong to the region's pool: staff of the other school of the region see them too.
"""

from django.utils import timezone

from companies.models import (
    Campaign,
    Company,
    CompanyChange,
    CompanyNote,
    Contact,
    Department,
    FollowUp,
    Invitation,
    LetterText,
    Nomination,
)
from stage.core.dutch.calendar import school_today
from tests.permissions import EVERYBODY, Row

COORDINATORS = ("coordinator", "other_coordinator")
STAFF = ("coordinator", "teacher", "colleague", "other_coordinator", "other_teacher")
POOL = (*STAFF, "bureau")
# Staff of Berk: what it keeps of its own contact with companies.
OURS = ("coordinator", "teacher", "colleague")
# Pages without an object: everybody in that role sees the own region's or school's.
ANY_COORDINATOR = (*COORDINATORS, "far_coordinator")
ANY_STAFF = (*POOL, "far_coordinator", "far_bureau")
PEOPLE = ("contact", "supervisor")
# The company's page is one for all schools: whom any of them trusts as contact keeps it.
KEEPING = ("contact", "planted")
KEEPERS = (*COORDINATORS, "bureau", *KEEPING)
BOTH = ("GET", "POST")


def company(world) -> str:
    return world.noord.companies[0].public_id


def garage(world) -> str:
    return world.noord.companies[1].public_id


def merged(world) -> str:
    """One that was merged into the garage today."""
    return Company.objects.get_or_create(
        region=world.noord.region,
        name="Garage Noord BV",
        defaults={"merged_into": world.noord.companies[1], "merged_at": timezone.now()},
    )[0].public_id


def contact(world) -> str:
    return world.noord.contacts[0].public_id


def named(world) -> str:
    """Somebody at the company whom no school knows."""
    return Contact.objects.get_or_create(
        region=world.noord.region,
        company=world.noord.companies[0],
        name="Onbekend",
        defaults={"email": "onbekend@elders.test", "roles": ["contact"]},
    )[0].public_id


def change(world) -> str:
    """Something the other school changed at a company that Berk works with."""
    first = world.noord.companies[0]
    return CompanyChange.objects.create(
        region=first.region,
        company=first,
        kind="facts",
        before={"telephone": "1"},
        after={"telephone": first.telephone},
        by_school=world.els.school,
        by_name="Els",
    ).public_id


def location(world) -> str:
    return world.noord.locations[0].public_id


def department(world) -> str:
    first = world.noord.companies[0]
    return Department.objects.get_or_create(company=first, region=first.region, name="Winkel")[
        0
    ].public_id


def follow_up(world) -> str:
    return FollowUp.objects.get_or_create(
        region=world.noord.region,
        school=world.berk.school,
        company=world.noord.companies[0],
        text="Bel over de plekken",
        defaults={"who": world.berk.coordinator, "due": school_today()},
    )[0].public_id


def nomination(world) -> str:
    """A company that Berk's first student named."""
    student = world.berk.students[0]
    return Nomination.objects.get_or_create(
        region=world.noord.region,
        school=world.berk.school,
        student=student,
        by_kind="student",
        name="Kapsalon",
        defaults={"city": "Noord", "by_name": student.first_name},
    )[0].public_id


def note(world) -> str:
    return CompanyNote.objects.get_or_create(
        region=world.noord.region,
        school=world.berk.school,
        company=world.noord.companies[0],
        text="Bel na tien uur",
        written_by=world.berk.coordinator,
    )[0].public_id


def campaign(world) -> str:
    return Campaign.objects.get(school=world.berk.school).public_id


def letter_text(world) -> str:
    """An example letter of Berk, shown to the region."""
    return LetterText.objects.get_or_create(
        school=world.berk.school,
        region=world.noord.region,
        name="Winkel",
        defaults={
            "subject": "Stage",
            "text": "[contactpersoon]",
            "shared": True,
            "created_by": world.berk.coordinator,
        },
    )[0].public_id


def invitation(world) -> str:
    return Invitation.objects.get(
        school=world.berk.school, company=world.noord.companies[0]
    ).public_id


def part(*makers):
    return lambda world: [make(world) for make in makers]


ROUTES: dict[str, Row] = {
    "companies:company_list": Row(may=ANY_STAFF),
    "companies:company_export": Row(may=ANY_STAFF),
    "companies:company_add": Row(
        may=(*ANY_COORDINATOR, "bureau", "far_bureau"),
        methods=BOTH,
        post=lambda world: {"name": "Nieuw bedrijf", "attendance_mode": "qr", "day_end": "planned"},
    ),
    "companies:company_show": Row(may=POOL, args=part(company)),
    "companies:company_edit": Row(
        may=(*COORDINATORS, "bureau"),
        args=part(company),
        methods=BOTH,
        post=lambda world: {"name": "Andere naam", "attendance_mode": "qr", "day_end": "planned"},
    ),
    "companies:contact_add": Row(
        may=KEEPERS,
        args=part(company),
        methods=BOTH,
        post=lambda world: {"name": "Piet", "email": "piet@bakker.test", "roles": ["contact"]},
    ),
    "companies:contact_edit": Row(
        may=KEEPERS,
        args=part(company, contact),
        methods=BOTH,
        post=lambda world: {"name": "Piet", "email": "piet@bakker.test", "roles": ["contact"]},
    ),
    "companies:contact_confirm": Row(
        may=COORDINATORS, args=part(company, named), methods=("POST",)
    ),
    "companies:contact_stop": Row(may=COORDINATORS, args=part(company, contact), methods=("POST",)),
    "companies:address_list": Row(may=ANY_COORDINATOR, methods=BOTH),
    "companies:colleague_list": Row(
        may=(*PEOPLE, "other_contact", "far_contact", "signatory", "planted", "named"),
        methods=BOTH,
    ),
    "companies:change_list": Row(may=ANY_COORDINATOR, methods=BOTH),
    "companies:change_undo": Row(may=("coordinator",), args=part(change), methods=("POST",)),
    "companies:location_add": Row(
        may=KEEPERS, args=part(company), methods=BOTH, post=lambda world: {"city": "Noord"}
    ),
    "companies:location_edit": Row(
        may=KEEPERS,
        args=part(company, location),
        methods=BOTH,
        post=lambda world: {"city": "Noord"},
    ),
    "companies:department_add": Row(
        may=KEEPERS, args=part(company), methods=BOTH, post=lambda world: {"name": "Bakkerij"}
    ),
    "companies:department_edit": Row(
        may=KEEPERS,
        args=part(company, department),
        methods=BOTH,
        post=lambda world: {"name": "Bakkerij"},
    ),
    "companies:department_remove": Row(may=KEEPERS, args=part(company, department), methods=BOTH),
    "companies:poster_print": Row(
        may=(*POOL, *PEOPLE, "signatory", "planted"), args=part(company, location)
    ),
    "companies:company_log": Row(may=POOL, args=part(company)),
    "companies:note_add": Row(
        may=POOL,
        args=part(company),
        methods=BOTH,
        post=lambda world: {"kind": "phone", "on": school_today(), "text": "Let op"},
    ),
    "companies:note_remove": Row(may=OURS, args=part(company, note), methods=BOTH),
    "companies:note_share": Row(may=OURS, args=part(company, note), methods=("POST",)),
    "companies:owner_set": Row(
        may=(*COORDINATORS, "bureau"), args=part(company), methods=BOTH, post=lambda world: {}
    ),
    "companies:follow_up_add": Row(may=POOL, args=part(company), methods=BOTH),
    "companies:doubles_list": Row(may=(*ANY_COORDINATOR, "bureau", "far_bureau")),
    "companies:doubles_compare": Row(may=(*COORDINATORS, "bureau"), args=part(company, garage)),
    "companies:doubles_apart": Row(may=("bureau",), args=part(company, garage), methods=("POST",)),
    "companies:doubles_merge": Row(may=("bureau",), args=part(garage, company), methods=BOTH),
    "companies:doubles_undo": Row(may=("bureau",), args=part(merged), methods=BOTH),
    "companies:follow_up_list": Row(may=ANY_STAFF),
    "companies:hand_over": Row(may=(*ANY_COORDINATOR, "bureau", "far_bureau"), methods=BOTH),
    "companies:follow_up_edit": Row(may=OURS, args=part(follow_up), methods=BOTH),
    "companies:follow_up_done": Row(may=OURS, args=part(follow_up), methods=("POST",)),
    "companies:follow_up_withdraw": Row(may=OURS, args=part(follow_up), methods=("POST",)),
    "companies:follow_up_reopen": Row(may=OURS, args=part(follow_up), methods=("POST",)),
    "companies:nominate": Row(
        may=(
            *(*STAFF, "far_coordinator", "student", "classmate", "other_student"),
            "guardian",
        ),
        methods=BOTH,
        post=lambda world: {"name": "Kaasboer", "city": "Noord"},
    ),
    "companies:nomination_withdraw": Row(
        may=("student",), args=part(nomination), methods=("POST",)
    ),
    "companies:nomination_list": Row(may=ANY_COORDINATOR),
    "companies:nomination_show": Row(
        may=("coordinator",),
        args=part(nomination),
        methods=BOTH,
        post=lambda world: {"do": "refuse", "answer": "Te ver weg"},
    ),
    "companies:profile_edit": Row(
        may=KEEPING, args=part(company), methods=BOTH, post=lambda world: {"tasks": "Brood bakken"}
    ),
    "companies:picture_edit": Row(may=KEEPERS, args=part(company), methods=BOTH),
    "companies:picture_remove": Row(may=KEEPERS, args=part(company), methods=("POST",)),
    "companies:region_numbers": Row(may=("bureau", "far_bureau")),
    "companies:region_calls": Row(may=("bureau", "far_bureau")),
    "companies:group_companies": Row(
        may=("coordinator",), args=lambda world: [world.berk.group.public_id], methods=BOTH
    ),
    "companies:campaign_list": Row(may=ANY_COORDINATOR),
    "companies:campaign_add": Row(may=ANY_COORDINATOR, methods=BOTH),
    "companies:campaign_edit": Row(may=("coordinator",), args=part(campaign), methods=BOTH),
    "companies:campaign_preview": Row(may=("coordinator",), args=part(campaign)),
    "companies:campaign_test": Row(may=("coordinator",), args=part(campaign), methods=("POST",)),
    "companies:campaign_trial": Row(
        may=("coordinator",), args=part(campaign, company), methods=BOTH
    ),
    "companies:campaign_keep": Row(may=("coordinator",), args=part(campaign), methods=("POST",)),
    "companies:letter_text_list": Row(may=(*ANY_COORDINATOR, "bureau", "far_bureau")),
    "companies:letter_text_show": Row(may=(*COORDINATORS, "bureau"), args=part(letter_text)),
    "companies:letter_text_edit": Row(
        may=("coordinator",),
        args=part(letter_text),
        methods=BOTH,
        post=lambda world: {"name": "Anders", "subject": "Stage", "text": "Dag"},
    ),
    "companies:letter_text_share": Row(
        may=("coordinator",),
        args=part(letter_text),
        methods=BOTH,
        post=lambda world: {"share": "1"},
    ),
    "companies:letter_text_remove": Row(may=("coordinator",), args=part(letter_text), methods=BOTH),
    "companies:campaign_send": Row(
        may=("coordinator",), args=part(campaign), methods=BOTH, post=lambda world: {"when": "now"}
    ),
    "companies:campaign_join": Row(may=("coordinator",), args=part(campaign), methods=BOTH),
    "companies:campaign_show": Row(may=("coordinator",), args=part(campaign)),
    "companies:campaign_progress": Row(may=("coordinator",), args=part(campaign)),
    "companies:campaign_phone_list": Row(may=("coordinator",), args=part(campaign)),
    "companies:campaign_pause": Row(may=("coordinator",), args=part(campaign), methods=("POST",)),
    "companies:campaign_resume": Row(may=("coordinator",), args=part(campaign), methods=("POST",)),
    "companies:invitation_resend": Row(
        may=("coordinator",), args=part(invitation), methods=("POST",)
    ),
    "companies:invitation_ask": Row(may=("coordinator",), args=part(invitation), methods=("POST",)),
    "companies:invitation_call": Row(
        may=("coordinator", "teacher", "colleague", "bureau"),
        args=part(invitation),
        methods=BOTH,
        post=lambda world: {"answer": "no_answer"},
    ),
    "companies:company_call": Row(may=STAFF, args=part(company), methods=BOTH),
    "companies:company_standing": Row(
        may=KEEPERS,
        args=part(company),
        methods=BOTH,
        post=lambda world: {"standing": "closed"},
    ),
    "companies:promised_list": Row(may=ANY_COORDINATOR, methods=BOTH),
    "companies:invitation_own": Row(may=("contact",), args=part(invitation), methods=BOTH),
    # Public: the token is the key, and "x" is none, so that everybody gets a 404.
    "companies:invitation_answer": Row(may=(), args=lambda world: ["x"], methods=BOTH),
    "companies:invitation_pass_on": Row(may=("contact",), args=part(invitation), methods=BOTH),
    "companies:mail_pass_on": Row(may=(), args=lambda world: ["x"], methods=BOTH),
    "companies:mail_turns": Row(may=(), args=lambda world: ["x"], methods=BOTH),
    "companies:contact_leave": Row(may=KEEPERS, args=part(company, contact), methods=BOTH),
    "companies:own_leave": Row(may=("contact",), args=part(contact), methods=BOTH),
    "companies:left": Row(may=EVERYBODY),
    "companies:letters_stop": Row(may=(), args=lambda world: ["x"], methods=BOTH),
}
