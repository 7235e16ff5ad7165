"""The contact with a company, per side: what was said, who keeps it, what is to be done when.

A side is a school, or the region's bureau (`school_id` None). Each keeps its own; what is marked
as shared, the others of the region read.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from companies import policies
from companies.enums import FollowUpState, NoteKind
from companies.models import Company, CompanyNote, CompanyOwner, FollowUp
from stage.core.dutch.calendar import school_today
from stage.core.enums import STAFF, Role
from stage.core.models import Membership
from stage.core.record import audit
from stage.core.who.policies import Conflict, require


@dataclass(frozen=True)
class Said:
    """What a line of the log says, without whose it is."""

    text: str
    kind: str = NoteKind.NOTE
    on: date | None = None
    with_whom: str = ""
    promised: str = ""
    shared: bool = False


def colleagues(actor):
    """Who can keep contact with companies for the actor's side: those who work there now."""
    rows = Membership.objects.visible_to(actor).active()
    if actor.school_id is None:
        return rows.filter(role=Role.BUREAU, school=None, region__in=actor.scope.regions)
    return rows.filter(school_id=actor.school_id, role__in=STAFF)


def _of_side(company: Company, actor) -> dict:
    return {"region_id": company.region_id, "school_id": actor.school_id, "company": company}


@transaction.atomic
def add_note(company: Company, said: Said, *, actor) -> CompanyNote:
    """Write a line in the own side's log. Raises NotAllowed."""
    values = {**asdict(said), "on": said.on or school_today()}
    note = CompanyNote(**_of_side(company, actor), **values, written_by_id=actor.membership)
    require(policies.may_relate, actor, note)
    note.save()
    audit.record(actor, "company_note_added", note)
    return note


@transaction.atomic
def share_note(note: CompanyNote, *, shared: bool, actor) -> None:
    """Let the others of the region read it, or no longer."""
    require(policies.may_relate, actor, note)
    if CompanyNote.objects.filter(pk=note.pk).exclude(shared=shared).update(shared=shared):
        audit.record(
            actor,
            "company_note_shared" if shared else "company_note_unshared",
            note,
            fields=("shared",),
        )


@transaction.atomic
def remove_note(note: CompanyNote, *, actor) -> None:
    """Take a line out of the log; what was to be done after it stays."""
    require(policies.may_relate, actor, note)
    audit.record(actor, "company_note_removed", note)
    note.delete()


@transaction.atomic
def set_owner(company: Company, who: Membership | None, *, actor) -> None:
    """Say who of the own side keeps the contact with a company; None: nobody in particular.

    Raises NotAllowed; Conflict where that person does not work there now.
    """
    row = CompanyOwner(**_of_side(company, actor))
    require(policies.may_lead, actor, row)
    mine = CompanyOwner.objects.filter(
        region_id=company.region_id,
        school_id=actor.school_id,
        company__in=company.family,
    )
    if who is None:
        for one in mine:
            audit.record(actor, "company_owner_removed", one)
        mine.delete()
        return
    _check_works_here(who, actor)
    # What stands at another member of the family comes back when they are parted.
    # Two at once: the second one's word counts.
    row, _made = CompanyOwner.objects.update_or_create(
        region_id=company.region_id,
        school_id=actor.school_id,
        company=company,
        defaults={"who": who, "who_name": who.name, "since": timezone.now()},
    )
    audit.record(actor, "company_owner_set", row, fields=("who",))


def _check_works_here(who: Membership, actor) -> None:
    # Held, so that nobody leaves at the moment something is given to them.
    if not colleagues(actor).select_for_update(of=("self",)).filter(pk=who.pk).exists():
        raise Conflict(_("Kies een collega die bij jullie werkt."))


@transaction.atomic
def add_follow_up(
    company: Company,
    *,
    text: str,
    due: date,
    who: Membership,
    note: CompanyNote | None = None,
    shared: bool = False,
    actor,
) -> FollowUp:
    """Something to do about a company on a day. Raises NotAllowed, Conflict."""
    if note is not None:  # the key between them carries the company
        company = note.company
    row = FollowUp(
        **_of_side(company, actor), note=note, text=text, due=due, who=who, shared=shared
    )
    require(policies.may_relate, actor, row)
    _check_works_here(who, actor)
    row.save()
    audit.record(actor, "follow_up_added", row)
    return row


@transaction.atomic
def change_follow_up(row: FollowUp, *, text: str, due: date, who: Membership, actor) -> None:
    """Another day, other words, somebody else. Raises NotAllowed; Conflict once it is closed."""
    require(policies.may_relate, actor, row)
    if who.pk != row.who_id:
        _check_works_here(who, actor)
    held = FollowUp.objects.open().filter(pk=row.pk)
    if not held.update(text=text, due=due, who=who):
        raise Conflict(_("Dit staat niet meer open."))
    audit.record(actor, "follow_up_changed", row, fields=("text", "due", "who"))


@transaction.atomic
def close_follow_up(row: FollowUp, state: str, *, actor) -> None:
    """It was done, or is taken back. Raises NotAllowed; Conflict when a colleague was first."""
    require(policies.may_relate, actor, row)
    held = FollowUp.objects.open().filter(pk=row.pk)
    if not held.update(state=state, closed_at=timezone.now()):
        raise Conflict(_("Dit staat niet meer open."))
    done = state == FollowUpState.DONE
    audit.record(actor, "follow_up_done" if done else "follow_up_withdrawn", row, fields=("state",))


@transaction.atomic
def reopen_follow_up(row: FollowUp, *, actor) -> None:
    """It was closed by mistake: open again. Pressed twice, it is open."""
    require(policies.may_relate, actor, row)
    held = FollowUp.objects.filter(pk=row.pk).exclude(state=FollowUpState.OPEN)
    if held.update(state=FollowUpState.OPEN, closed_at=None):
        audit.record(actor, "follow_up_reopened", row, fields=("state",))


@transaction.atomic
def hand_over_all(who: Membership, to: Membership, *, actor) -> int:
    """All companies and open follow-ups of one colleague go to another; returns how many.

    Raises NotAllowed, and Conflict when `to` cannot take them.
    """
    require(policies.may_lead, actor, who)
    if who.pk == to.pk:
        raise Conflict(_("Kies een andere collega."))
    _check_works_here(to, actor)
    return move_all(who, to, actor=actor)


def held_by(who: Membership) -> tuple:
    """What is somebody's: the companies, and what is still to be done."""
    owned = CompanyOwner.objects.filter(who=who)
    return owned, FollowUp.objects.open().filter(who=who)


def move_all(who: Membership, to: Membership, *, actor) -> int:
    """The same for who may say so already: somebody leaves, and another takes all over."""
    owned, waiting = held_by(who)
    audit.record_all(
        audit.entry_of(actor, "company_owner_handed_over", row, fields=("who",))
        for row in owned.order_by("pk")
    )
    audit.record_all(
        audit.entry_of(actor, "follow_up_handed_over", row, fields=("who",))
        for row in waiting.order_by("pk")
    )
    moved = owned.update(who=to, who_name=to.name, since=timezone.now())
    return moved + waiting.update(who=to)
