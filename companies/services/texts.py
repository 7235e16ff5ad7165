"""Example letters: kept from a letter, changed, shown to the region, removed."""

from __future__ import annotations

import re

from django.db import transaction
from django.utils import timezone

from companies import letters, policies
from companies.models import Campaign, LetterText
from stage.core.models import Membership
from stage.core.record import audit
from stage.core.who.policies import require

# What looks like somebody's address or number: an example that is shared should hold none.
_MAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[a-z]{2,}", re.IGNORECASE)
_NUMBER = re.compile(r"\+?\d(?:[ \-]?\d){8,11}")


@transaction.atomic
def keep_text(campaign: Campaign, *, actor) -> LetterText:
    """Keep a letter's words as an example; pressed twice it is kept once.

    The writer's name and the school's, where they were typed, become fields.
    """
    require(policies.may_campaign, actor, campaign)
    typed = {campaign.created_by.name: "coordinator", campaign.school.name: "school"}
    words = {}
    for column in ("subject", "letter"):
        text = letters.readable(getattr(campaign, column))
        for name, key in typed.items():
            if name:
                text = text.replace(name, letters.FIELDS[key].token)
        words[column] = text
    own = LetterText.objects.filter(school_id=campaign.school_id)
    found = own.filter(subject=words["subject"], text=words["letter"]).first()
    if found is not None:
        return found
    row = LetterText(
        school_id=campaign.school_id,
        region_id=campaign.school.region_id,
        name=campaign.period.name[:80],
        subject=words["subject"][:120],
        text=words["letter"][:6000],
        created_by_id=actor.membership,
    )
    row.save()
    audit.record(actor, "letter_text_added", row)
    return row


@transaction.atomic
def change_text(row: LetterText, *, actor, **values) -> None:
    """Rename it or change its words."""
    require(policies.may_campaign, actor, row)
    for name, value in {**values, "used_at": timezone.now()}.items():
        setattr(row, name, value)
    row.save(update_fields=[*values, "used_at"])
    audit.record(actor, "letter_text_changed", row, fields=values)


@transaction.atomic
def share_text(row: LetterText, shared: bool, *, actor) -> None:
    """Show it to the region's schools and the bureau, or no longer; twice changes nothing."""
    require(policies.may_campaign, actor, row)
    if LetterText.objects.filter(pk=row.pk, shared=not shared).update(shared=shared):
        audit.record(actor, "letter_text_shared" if shared else "letter_text_unshared", row)


@transaction.atomic
def remove_text(row: LetterText, *, actor) -> None:
    """Remove it; letters that began with it stay as they are."""
    require(policies.may_campaign, actor, row)
    audit.record(actor, "letter_text_removed", row)
    row.delete()


def note_use(row: LetterText, *, actor) -> None:
    """A letter began with it: what a school uses is kept. Another school's use is not noted."""
    if policies.may_campaign(actor, row):
        LetterText.objects.filter(pk=row.pk).update(used_at=timezone.now())


def personal_in(row: LetterText) -> list[str]:
    """What in it looks like a person's: names of colleagues, addresses and numbers."""
    words = f"{row.subject}\n{row.text}"
    found = [*_MAIL.findall(words), *_NUMBER.findall(words)]
    staff = Membership.objects.active().filter(school_id=row.school_id).exclude(name="")
    names = staff.order_by("name", "pk").values_list("name", flat=True)
    folded = words.casefold()
    return list(dict.fromkeys([*found, *(n for n in names if n.casefold() in folded)]))
