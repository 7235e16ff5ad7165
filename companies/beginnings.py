"""What a new letter may begin with: an example, an earlier letter, or the letter that always is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from companies import letters
from companies.models import Campaign, LetterText
from stage.core.dutch.calendar import school_today

if TYPE_CHECKING:
    from stage.core.models import StoredFile

MOST = 12  # of each kind, to choose from; the page of examples has them all


def words_of(text: LetterText | None, copy: Campaign | None) -> dict:
    """How the form of a new letter starts."""
    if text is not None:
        return {"subject": text.subject, "letter": text.text}
    if copy is None:
        return {}
    start: dict[str, Any] = {
        "subject": letters.readable(copy.subject),
        "letter": letters.readable(copy.letter),
        "reminder_days": copy.reminder_days,
    }
    if copy.answer_before and copy.answer_before > school_today():
        start["answer_before"] = copy.answer_before
    return start


def file_of(copy: Campaign | None) -> StoredFile | None:
    """The file of an earlier letter, which goes along with a copy too."""
    file = copy.attachment if copy is not None else None
    return file if file is not None and file.removed_at is None else None


def beginnings(actor, group) -> dict[str, list[dict]]:
    """What there is to begin with, each with its address on the page of a new letter."""
    at = {"group": group.public_id} if group is not None else {}
    texts = LetterText.objects.visible_to(actor).select_related("school").order_by("name", "pk")
    earlier = Campaign.objects.visible_to(actor).select_related("group", "period")
    return {
        "own": [
            {"name": row.name, "query": urlencode({**at, "voorbeeld": row.public_id})}
            for row in texts.filter(school_id=actor.school_id)[:MOST]
        ],
        "shared": [
            {
                "name": row.name,
                "school": row.school.name,
                "query": urlencode({**at, "voorbeeld": row.public_id}),
            }
            for row in texts.exclude(school_id=actor.school_id)[:MOST]
        ],
        "earlier": [
            {
                "name": f"{row.group.name}, {row.period.name}",
                "query": urlencode({**at, "kopie": row.public_id}),
            }
            for row in earlier.order_by("-created_at", "pk")[:MOST]
        ],
    }
