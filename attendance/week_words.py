"""Weeks by their numbers, as a sentence names them."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _


def numbers_words(numbers: Iterable[int]) -> str:
    """ "45", "45 en 46" or "45, 46 en 47"."""
    *before, last = [str(n) for n in dict.fromkeys(numbers)]
    return _(" en ").join([", ".join(before), last]) if before else last
