"""Locks that keep the steps of one agreement from crossing each other."""

from __future__ import annotations

from placements.agreements.models import Agreement


def lock(agreement: Agreement) -> Agreement:
    """The agreement's row, held until the transaction ends; in the school's scope only."""
    return Agreement.objects.select_for_update().get(pk=agreement.pk)
