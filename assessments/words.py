"""Dates and numbers as the pages say them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stage.core.dutch.calendar import school_today
from stage.core.ui.dates import day_words


def due_words(due: date | None, today: date | None = None) -> str:
    """When work must be in: "Morgen (di 12 januari)", "3 dagen te laat (…)"; "" without a date."""
    if due is None:
        return ""
    days = (due - (today or school_today())).days
    if days < 0:
        words = ngettext("%(days)d dag te laat", "%(days)d dagen te laat", -days)
    elif days == 0:
        words = _("Vandaag inleveren")
    elif days == 1:
        words = _("Morgen inleveren")
    else:
        words = _("Inleveren over %(days)d dagen")
    return f"{words % {'days': abs(days)}} ({day_words(due)})"


def mark_words(value: Decimal | None) -> str:
    """A mark as schools write it, in the active language: "7,5" or "7.5", "10,0"."""
    return "" if value is None else number_format(value, decimal_pos=1, use_l10n=True)
