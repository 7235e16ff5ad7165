"""What the placement itself says, which nobody fills in."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from placements.agreements import words
from placements.agreements.fact_types import (
    Fact,
    Merge,
    Row,
)
from placements.agreements.facts.parties import PLACEMENT
from placements.agreements.words import dutch

OF_PLACEMENT = (
    Fact(
        PLACEMENT,
        "starts",
        _("Eerste dag"),
        known=lambda k: k.placement.starts.isoformat(),
        rows=(Row(write=dutch(words.day_of)),),
        merges=(Merge("eerste_dag", _("eerste stagedag"), words.day_of, 120),),
    ),
    Fact(
        PLACEMENT,
        "ends",
        _("Laatste dag"),
        known=lambda k: k.placement.ends.isoformat(),
        rows=(Row(write=dutch(words.day_of)),),
        merges=(Merge("laatste_dag", _("laatste stagedag"), words.day_of, 130),),
    ),
    Fact(
        PLACEMENT,
        "weekdays",
        _("Dagen"),
        known=lambda k: list(k.placement.weekdays),
        rows=(Row(write=dutch(words.days_of)),),
        merges=(Merge("dagen", _("dagen in de week"), words.days_of, 140),),
    ),
)
