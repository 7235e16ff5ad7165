"""Facts of a shared company that somebody changed: noted, told to whom it concerns, put back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from companies import policies
from companies.enums import ChangeKind
from companies.models import (
    ChangeSeen,
    Company,
    CompanyChange,
    Contact,
    Invitation,
    Location,
    Place,
    Trust,
)
from stage.core.dutch.calendar import school_today
from stage.core.models import Region, School
from stage.core.record import audit
from stage.core.who.policies import Conflict, require

# Facts that steer other schools' days there; the rest of a profile speaks for itself.
TOLD_FACTS = ("name", "kvk_number", "email", "telephone", "attendance_mode", "day_end")


def note_change(
    kind: str,
    part: Company | Contact | Location,
    *,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    actor,
) -> CompanyChange | None:
    """Note what changed of a company; None when nothing did. In the caller's transaction."""
    if before == after and kind in (ChangeKind.FACTS, ChangeKind.LOCATION, ChangeKind.ADDRESS):
        return None
    row = CompanyChange(
        region_id=part.region_id,
        company_id=getattr(part, "company_id", None) or part.pk,
        kind=kind,
        contact=part if isinstance(part, Contact) else None,
        location=part if isinstance(part, Location) else None,
        before=dict(before),
        after=dict(after),
        by_school_id=actor.school_id if not actor.is_company else None,
        by_name=_name_of(actor, part),
        # Who merely held a link is nobody: the one it was mailed to hears it like the others.
        by_address=actor.email.lower() if actor.is_company and actor.proven else "",
    )
    row.save()
    return row


def note_added(contacts: Iterable[Contact], *, actor) -> None:
    """Note that people were added at companies, many at once, all by the same."""
    rows = list(contacts)
    if rows:
        name = _name_of(actor, rows[0])
        CompanyChange.objects.bulk_create(
            [
                CompanyChange(
                    region_id=c.region_id,
                    company_id=c.company_id,
                    kind=ChangeKind.ADDED,
                    contact=c,
                    after={"name": c.name, "email": c.email, "telephone": c.telephone},
                    by_school_id=actor.school_id,
                    by_name=name,
                )
                for c in rows
            ],
            batch_size=1000,
        )


def _name_of(actor, part) -> str:
    if actor.is_company and not actor.proven:
        return _("via de link voor %(name)s") % {"name": actor.name}
    if actor.is_company:
        return actor.name
    if actor.school_id:
        return School.objects.values_list("name", flat=True).get(pk=actor.school_id)
    return Region.objects.values_list("name", flat=True).get(pk=part.region_id)


def values_of(part: models.Model, fields) -> dict[str, Any]:
    """These fields of a row as they can be kept in a change."""
    return {name: getattr(part, name) for name in fields}


def stands(change: CompanyChange) -> bool:
    """Whether what this change made is still so, and can be put back."""
    if change.undone_at or change.kind not in (ChangeKind.FACTS, ChangeKind.LOCATION):
        return False
    return bool(change.before) and values_of(_part_of(change), change.after) == change.after


def _keys_of(part: Company | Location) -> tuple[str, ...]:
    """Columns that follow from the name."""
    return ("sort_name", "search_name") if isinstance(part, Company) else ()


def _part_of(change: CompanyChange) -> Company | Location:
    return change.location or change.company


@transaction.atomic
def undo_change(change: CompanyChange, *, actor) -> None:
    """Put the facts back as they were. Raises Conflict when they were changed since."""
    require(policies.may_keep_company, actor, change)
    change = CompanyChange.objects.select_for_update(of=("self",)).get(pk=change.pk)
    if not stands(change):
        raise Conflict(_("Dit is daarna weer veranderd. Bekijk hoe het nu is."))
    part = _part_of(change)
    now = values_of(part, change.after)
    for name, value in change.before.items():
        setattr(part, name, value)
    part.save(update_fields=[*change.before, *_keys_of(part)])
    CompanyChange.objects.filter(pk=change.pk).update(undone_at=timezone.now())
    audit.record(actor, "company_change_undone", change, fields=change.before)
    note_change(change.kind, part, before=now, after=change.before, actor=actor)


@transaction.atomic
def see_changes(changes, *, actor) -> None:
    """The school looked at them and leaves them as they are."""
    ChangeSeen.objects.bulk_create(
        [ChangeSeen(school_id=actor.school_id, change=c) for c in changes], ignore_conflicts=True
    )


def changes_for(actor):
    """What others changed at companies this school works with, and it has not looked at yet.

    It works with a company where it trusts somebody, or has a place; who leaves concerns it too
    where its question lies with that person.
    """
    seen = ChangeSeen.objects.filter(school_id=actor.school_id, change=OuterRef("pk"))
    return (
        CompanyChange.objects.visible_to(actor)
        .filter(concerns(actor.school_id), ~Exists(seen), undone_at__isnull=True)
        .exclude(by_school=actor.school_id)
        .select_related("company", "contact", "location")
    )


def concerns(school_id: int) -> Q:
    """Changes at companies a school works with, from the day it began to."""
    mine = {"school_id": school_id, "company__family_id": OuterRef("company__family_id")}
    # Also where the only person it knew there is who just left.
    then = Q(until__isnull=True) | Q(until__gte=OuterRef("at"))
    trusts = Trust.objects.filter(then, **mine, since__lt=OuterRef("at"))
    places = Place.objects.filter(**mine, created_at__lt=OuterRef("at"))
    lies_there = {"school_id": school_id, "contact": OuterRef("contact")}
    asked = Invitation.objects.filter(
        **lies_there, created_at__lt=OuterRef("at"), period__ends__gte=school_today()
    )
    gone = Q(kind__in=[ChangeKind.LEFT, ChangeKind.HANDED])
    return Q(Exists(trusts)) | Q(Exists(places)) | (gone & Q(Exists(asked)))
