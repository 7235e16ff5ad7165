"""Keeping what a list is narrowed to under a name, for oneself."""

from __future__ import annotations

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stage.core.models import Membership
from stage.core.ui.filters import Filters
from stage.core.who.policies import ALLOWED, Answer, Conflict, Denied, require
from stage.schools.kept_filters import LONGEST, KeepingList
from stage.schools.models import KeptFilter

MOST = 20  # per list
TAKEN_BACK_FOR = timedelta(hours=1)


def keeps(actor, _obj) -> Answer:
    """Staff of a school and of a region's bureau."""
    if actor.membership and (actor.is_staff or actor.is_bureau):
        return ALLOWED
    return Denied(_("Dit kan alleen wie op een school of stagebureau werkt."))


def is_own(actor, row: KeptFilter) -> Answer:
    """Who kept it."""
    if actor.membership == row.member_id:
        return ALLOWED
    return Denied(_("Dit filter is van iemand anders."))


@transaction.atomic
def keep(page: KeepingList, filters: Filters, *, name: str, actor) -> KeptFilter:
    """Keep what a list is narrowed to now, for who acts.

    Raises NotAllowed; Conflict when nothing is filtered, the name is taken or there are too many.
    """
    require(keeps, actor, None)
    query = filters.to_keep()
    if not filters.is_on or len(query) > LONGEST:
        raise Conflict(_("Kies op de lijst eerst een filter. Bewaar het dan."))
    member = _held(actor)
    own = KeptFilter.objects.filter(member=member)
    own.filter(removed_at__lt=timezone.now() - TAKEN_BACK_FOR).delete()
    _room_for_one(own, page.page)
    row = KeptFilter(
        region_id=member.region_id,
        school_id=member.school_id,
        member=member,
        page=page.page,
        name=name,
        query=query,
    )
    _save(row)
    return row


@transaction.atomic
def rename(row: KeptFilter, *, name: str, actor) -> None:
    """Another name. Raises NotAllowed; Conflict when the name is taken."""
    require(is_own, actor, row)
    row.name = name
    _save(row)


@transaction.atomic
def remove(row: KeptFilter, *, actor) -> None:
    """Gone from the list; can be taken back for a while. Raises NotAllowed."""
    require(is_own, actor, row)
    KeptFilter.objects.present().filter(pk=row.pk).update(removed_at=timezone.now())


@transaction.atomic
def take_back(row: KeptFilter, *, actor) -> None:
    """There again. Raises NotAllowed; Conflict when the name was taken meanwhile, or no room."""
    require(is_own, actor, row)
    _room_for_one(KeptFilter.objects.filter(member=_held(actor)).exclude(pk=row.pk), row.page)
    row.removed_at = None
    _save(row)


def _held(actor) -> Membership:
    """Who acts, one press at a time: two at once would both find room."""
    return Membership.objects.select_for_update(no_key=True).get(pk=actor.membership)


def _room_for_one(own, page: str) -> None:
    if own.present().filter(page=page).count() >= MOST:
        words = _("Je kunt per lijst %(most)s filters bewaren. Verwijder er eerst een.")
        raise Conflict(words % {"most": MOST})


def _save(row: KeptFilter) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Conflict(_("Je hebt al een filter met deze naam. Kies een andere naam.")) from None
