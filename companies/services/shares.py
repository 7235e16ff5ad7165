"""How an offer is shared out over schools; in the scope of one, which counts its own shares."""

from __future__ import annotations

from typing import NamedTuple

from django.db import connection
from django.db.models import Sum

from companies.models import Offer, Place
from stage.core.tenants.tenancy import current


class Shares(NamedTuple):
    """Places of an offer: open, all that were ever given, and open ones of other schools."""

    open: int
    all: int
    others: int


def of(offer: Offer) -> Shares:
    """What every school has of it."""
    own = Place.objects.filter(offer=offer)
    total = own.aggregate(n=Sum("how_many"))["n"] or 0
    still = own.open().aggregate(n=Sum("how_many"))["n"] or 0
    school_id = current().school or 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM shared_of_offer(%s, %s)", [offer.pk, school_id])
        others_open, others_all = cursor.fetchone()
    return Shares(still + others_open, total + others_all, others_open)


def grow(offer: Offer, tasks: str | None, before: int) -> None:
    """As many as are shared out, and what was to spare; `before`: all shares until now.

    What nobody has yet is given out first. `tasks` None: as it stands.
    """
    shares = of(offer)
    spare = max(0, offer.how_many - before)
    spare = max(0, spare - max(0, shares.all - before))
    offer.how_many = max(1, shares.open + spare)
    if tasks is not None:
        offer.tasks = tasks
    offer.save(update_fields=["how_many", "tasks"])
