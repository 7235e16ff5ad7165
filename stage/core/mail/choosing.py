"""How somebody who logs in wants to hear by mail: read, and chosen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time

from django.db import transaction
from django.utils.translation import gettext as _

from stage.core.enums import NoticeKind, Pace, PersonKind
from stage.core.mail import pace
from stage.core.mail.notices import usual_paces
from stage.core.mail.outbox import wake_outbox
from stage.core.models import Membership, NoticeSettings, OutboxMail
from stage.core.record import audit
from stage.core.tenants import tenancy
from stage.core.who.policies import ALLOWED, Answer, Denied, require

OFFERED = (Pace.AT_ONCE, Pace.DAILY, Pace.NEVER)


def may_choose(actor, _obj=None) -> Answer:
    """Who logs in at a school; others hear at once of what they are asked."""
    if actor.membership and (actor.is_staff or actor.is_student):
        return ALLOWED
    return Denied(_("Dit kan alleen wie bij een school inlogt."))


def kind_of(actor) -> PersonKind:
    """As whom the outbox knows somebody who chooses."""
    return PersonKind.STUDENT if actor.is_student else PersonKind.MEMBERSHIP


def rhythm_of(actor) -> pace.Rhythm:
    """When the actor is mailed now."""
    chosen = NoticeSettings.objects.visible_to(actor).first()
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
