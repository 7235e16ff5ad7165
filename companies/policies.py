"""Who may do what with companies, campaigns and invitations."""

from __future__ import annotations

from django.utils.translation import gettext as _

from companies import leaving, trust
from companies.enums import Standing
from stage.core.who.policies import ALLOWED, Answer, Denied, coordinator_of, same_school

__all__ = [
    "may_answer",
    "may_ask_for_one",
    "may_bar",
    "may_call",
    "may_campaign",
    "may_confirm",
    "may_give",
    "may_keep_company",
    "may_lead",
    "may_leave",
    "may_merge",
    "may_nominate",
    "may_offer",
    "may_pass_on",
    "may_relate",
    "may_settle",
    "may_stop_letters",
]


def may_keep_company(actor, row) -> Answer:
    """Change a company of the pool, or a part of it: coordinator, bureau, its own contacts.

    `row` is a Company or carries `company_id`. Who is known by a link only may not: the page of a
    link shows and changes one invitation. Nor may supervisors and signatories.
    """
    if (actor.is_coordinator or actor.is_bureau) and row.region_id in actor.scope.regions:
        return ALLOWED
    if trust.keeps_company(actor, getattr(row, "company_id", row.pk)):
        return ALLOWED
    return Denied(
        _("Een bedrijf wijzigen kan de stagecoördinator, het stagebureau of het bedrijf zelf.")
    )


def may_add_company(actor, region_id: int) -> Answer:
    """Bring a company into the region's pool."""
    if (actor.is_coordinator or actor.is_bureau) and region_id in actor.scope.regions:
        return ALLOWED
    return Denied(_("Een bedrijf toevoegen kan de stagecoördinator of het stagebureau."))


def may_merge(actor, company) -> Answer:
    """Say that two companies of the pool are one, and take that back: the region's bureau."""
    if actor.is_bureau and company.region_id in actor.scope.regions:
        return ALLOWED
    return Denied(_("Bedrijven samenvoegen kan alleen het stagebureau."))


def may_confirm(actor, contact) -> Answer:
    """Say that an address in the pool is who it says: a coordinator, or a known colleague."""
    if actor.is_coordinator and contact.region_id in actor.scope.regions:
        return ALLOWED
    return trust.keeps_company(actor, contact.company_id)


def may_relate(actor, row) -> Answer:
    """Write in the log, or keep a follow-up, of the own side: staff of the school, the bureau.

    `row` carries `school_id` (None: the bureau's) and `region_id`.
    """
    if row.region_id not in actor.scope.regions:
        return Denied(_("Dit bedrijf hoort niet bij jullie regio."))
    if row.school_id is not None:
        return same_school(actor, row)
    return ALLOWED if actor.is_bureau else Denied(_("Dit kan alleen het stagebureau."))


def may_lead(actor, row) -> Answer:
    """Say who of the own side keeps the contact: a coordinator, or the bureau."""
    if actor.is_teacher:
        return Denied(_("Dit kan alleen de stagecoördinator van de school."))
    return may_relate(actor, row)


def may_nominate(actor, row) -> Answer:
    """Tell the own school of a company: staff, a student, a parent whose phone was proven."""
    known = actor.is_student or actor.is_guardian
    if known and actor.proven and actor.student_id == row.student_id:
        return ALLOWED
    return same_school(actor, row)


def may_settle(actor, nomination) -> Answer:
    """Take on a company that somebody knew, or say why not."""
    return coordinator_of(actor, nomination)


def may_campaign(actor, row) -> Answer:
    """Everything around a mailing of the school; a job sends what was planned."""
    if actor.kind == "job" and actor.school_id == row.school_id:
        return ALLOWED
    return coordinator_of(actor, row)


def may_answer(actor, invitation) -> Answer:
    """Answer for the company; the link is enough, since no student is in sight.

    Staff of the school and the region's bureau enter what a company told them.
    """
    if may_call(actor, invitation):
        return ALLOWED
    return trust.answers(actor, invitation)


def may_call(actor, row) -> Answer:
    """Note what a company said by telephone: coordinator, teacher, the region's bureau."""
    if actor.is_bureau and row.region_id in actor.scope.regions:
        return ALLOWED
    if actor.is_coordinator or actor.is_teacher:
        return same_school(actor, row)
    return Denied(_("Dit kan alleen iemand van de school of het stagebureau."))


def may_ask_for_one(actor, row) -> Answer:
    """Ask a company for one student, and bring it into the pool for that: coordinator, teacher.

    `row` is a place or a question of the school. Whose student it is, the app above says.
    """
    if (actor.is_coordinator or actor.is_teacher) and row.region_id in actor.scope.regions:
        return same_school(actor, row)
    return Denied(_("Een bedrijf voor één leerling vragen kan alleen iemand van de school."))


def may_give(actor, place) -> Answer:
    """Let what was asked for one student be a place: the company's word, or told to the school."""
    return ALLOWED if trust.is_contact(actor, place) else may_ask_for_one(actor, place)


def may_bar(actor, company, standing: str) -> Answer:
    """Say for the whole region that a company is not asked any more, or may be again.

    That it wants no questions, the company itself says (who proved the mailbox), or the bureau;
    that it is gone, the region's coordinators too.
    """
    if actor.is_bureau and company.region_id in actor.scope.regions:
        return ALLOWED
    never = Standing.NEVER in (standing, company.standing)
    if never and trust.keeps_company(actor, company.pk):
        return ALLOWED
    if not never and actor.is_coordinator and company.region_id in actor.scope.regions:
        return ALLOWED
    return Denied(_("Dit kan alleen het bedrijf zelf of het stagebureau."))


def may_offer(actor, place) -> Answer:
    """Offer a place, change it or take it back: who may answer the question it came from."""
    asked = place.invitation
    return trust.is_contact(actor, place) if asked is None else may_answer(actor, asked)


def may_leave(actor, contact) -> Answer:
    """Say that somebody does not work there any more: oneself, or who keeps the company."""
    return ALLOWED if leaving.is_own(actor, contact) else may_keep_company(actor, contact)


def may_pass_on(actor, invitation) -> Answer:
    """Say that a letter is for a colleague: who holds its link, or the company's contact.

    Where it waited for a yes to the address, a job of the school sends it on.
    """
    if actor.kind == "job" and actor.school_id == invitation.school_id:
        return ALLOWED
    return trust.answers(actor, invitation)


def may_stop_letters(actor, row) -> Answer:
    """Say whether the own mailbox gets letters of a school: by the link of any mail to it.

    `row` carries `school_id` and `company_id`; nobody says so for somebody else's address.
    """
    if actor.is_company and actor.proven:
        known = (row.school_id, row.company_id) in actor.scope.reach.pairs
        return ALLOWED if known else trust.answers(actor, row)
    if actor.is_company and row.school_id and row.company_id in actor.scope.companies:
        return ALLOWED
    return Denied(_("Dit kan alleen wie de mail kreeg."))
