"""Telephone numbers as a link dials them."""

from __future__ import annotations


def dial(number: str) -> str:
    """Digits, and the plus it may begin with: "026 123 45 67" gives "0261234567"."""
    return "".join(c for c in number if c.isdigit() or c == "+")
