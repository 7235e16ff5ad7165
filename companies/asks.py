"""How often each company of a region was asked, for the bureau."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Count, Q

from companies.models import Company, Invitation
from companies.queries import UNASKED


@dataclass
class Counts:
    """Letters to the members of a family: how many, how many yeses, of which schools."""

    asked: int = 0
    said_yes: int = 0
    schools: set[int] = field(default_factory=set)


class CompaniesByAsks(Sequence[Company]):
    """The region's companies, most asked first, each with `asked`, `asked_by` and `said_yes`.

    The letters are counted once, by company, before any company is looked up; what stands on a page
    is read when it is shown.
    """

    def __init__(self, actor) -> None:
        self._companies = Company.objects.visible_to(actor).order_by("pk")
        families = dict(self._companies.values_list("pk", "family_id"))
        self._counts: dict[int, Counts] = defaultdict(Counts)
        letters = Invitation.objects.visible_to(actor).mailed().exclude(state__in=UNASKED)
        grouped = letters.order_by("company_id", "school_id").values("company_id", "school_id")
        for row in grouped.annotate(asked=Count("pk"), yes=Count("pk", filter=Q(state="yes"))):
            counts = self._counts[families.get(row["company_id"], 0)]
            counts.asked += row["asked"]
            counts.said_yes += row["yes"]
            counts.schools.add(row["school_id"])
        shown = self._companies.present().values_list("family_id", "sort_name", "pk")
        order = sorted((-self._counts[family].asked, name, pk) for family, name, pk in shown)
        self._order = [pk for _asked, _name, pk in order]

    def __len__(self) -> int:
        return len(self._order)

    def __getitem__(self, wanted):
        if not isinstance(wanted, slice):
            return self[wanted : wanted + 1 or None][0]
        numbers = self._order[wanted]
        rows = self._companies.in_bulk(numbers)
        page = [rows[pk] for pk in numbers if pk in rows]
        for company in page:
            counts = self._counts[company.family_id]
            company.asked, company.said_yes = counts.asked, counts.said_yes
            company.asked_by = len(counts.schools)
        return page
