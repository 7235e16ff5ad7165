"""How somebody wants to hear by mail: read, and chosen.

Who logs in at a school chooses how soon; who comes by a mailed link, what need not come at all.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import time

from django.db import transaction
from django.utils.translation import gettext as _

from stage.core.enums import NoticeKind, Pace, PersonKind
from stage.core.mail import pace
from stage.core.mail.notices import OUTSIDE, usual_paces
from stage.core.mail.outbox import wake_outbox
from stage.core.models import Membership, NoticeSettings, NoticesOff, OutboxMail
from stage.core.record import audit
from stage.core.tenants import tenancy
from stage.core.tenants.tenancy import NOBODY, use
from stage.core.who.policies import ALLOWED, Answer, Denied, require

OFFERED = (Pace.AT_ONCE, Pace.DAILY, Pace.NEVER)


def may_choose(actor, _obj=None) -> Answer:
    """Who logs in at a school; others hear at once of what they are asked."""
    if actor.membership and (actor.is_staff or actor.is_student):
        return ALLOWED
    return Denied(_("Dit kan alleen wie bij een school inlogt."))


def kind_of(actor) -> PersonKind:
    """As whom the outbox knows somebody who chooses."""
    if actor.is_student:
        return PersonKind.STUDENT
    return PersonKind(actor.kind) if actor.kind in OUTSIDE else PersonKind.MEMBERSHIP


def rhythm_of(actor) -> pace.Rhythm:
    """When the actor is mailed now."""
    chosen = NoticeSettings.objects.visible_to(actor).order_by("-changed_at", "-pk").first()
    return pace.rhythm_of(chosen, kind_of(actor))


def paces_of(actor) -> dict[NoticeKind, Pace]:
    """The kinds that the actor chooses about, as they are now."""
    chosen = rhythm_of(actor).paces
    return {
        kind: Pace(chosen.get(kind, usual)) for kind, usual in usual_paces(kind_of(actor)).items()
    }


@transaction.atomic
def choose(
    paces: Mapping[str, str],
    *,
    digest_at: time,
    quiet_from: time | None,
    quiet_until: time | None,
    actor,
) -> None:
    """Keep the actor's choices; they count for what already waits too.

    Raises NotAllowed; ValueError for a kind or a pace that is not to be chosen, and for one quiet
    time without the other.
    """
    require(may_choose, actor, None)
    usual = usual_paces(kind_of(actor))
    if set(paces) - set(usual) or set(paces.values()) - set(OFFERED):
        raise ValueError("not to be chosen")
    if (quiet_from is None) != (quiet_until is None):
        raise ValueError("quiet hours begin and end")
    member = Membership.objects.get(pk=actor.membership)
    NoticeSettings.objects.update_or_create(
        member=member,
        defaults={
            "school_id": member.school_id,
            "paces": {kind: how for kind, how in paces.items() if how != usual[NoticeKind(kind)]},
            "digest_at": digest_at,
            "quiet_from": quiet_from,
            "quiet_until": quiet_until,
        },
    )
    audit.record(actor, "notices_chosen", fields=("paces", "digest_at", "quiet_from"))
    number = member.student_id if actor.is_student else member.pk
    # A student may not read the outbox, where what is addressed to it waits.
    with tenancy.as_school_of(member):
        waiting = OutboxMail.objects.filter(person_kind=kind_of(actor), person_id=number)
        if pace.again(waiting):
            transaction.on_commit(wake_outbox)


def may_refuse(actor, _obj=None) -> Answer:
    """Who comes by a mailed link and proved to read that mailbox."""
    if actor.kind in OUTSIDE and actor.proven:
        return ALLOWED
    return Denied(_("Dit kan alleen wie zonder account mail krijgt."))


def kinds_off(actor) -> set[NoticeKind]:
    """The kinds of mail that the actor, who comes by a mailed link, does not want."""
    with use(NOBODY):
        rows = NoticesOff.objects.filter(
            person_kind=kind_of(actor), person_id__in=_numbers_of(actor)
        )
        found = {kind for row in rows.order_by("pk") for kind in row.kinds}
    return {kind for kind in usual_paces(kind_of(actor)) if kind in found}


@transaction.atomic
def refuse(kinds: Collection[str], *, actor) -> None:
    """Mail the actor no more of these kinds, and of all others again; at all its companies.

    Raises NotAllowed; ValueError for a kind that has to come.
    """
    require(may_refuse, actor, None)
    if set(kinds) - set(usual_paces(kind_of(actor))):
        raise ValueError("not to be refused")
    with use(NOBODY), transaction.atomic():
        for number in _numbers_of(actor):
            NoticesOff.objects.update_or_create(
                person_kind=kind_of(actor), person_id=number, defaults={"kinds": sorted(kinds)}
            )
    audit.record(actor, "notices_chosen", fields=("kinds",))


def _numbers_of(actor) -> tuple[int, ...]:
    return actor.contacts or (actor.id,)
