"""Which company of the pool a row of a list is about, and which of its facts say something else.

A company is the same by KvK number and name, else by name (however its legal form and "&" are
written) and postcode, else by name and city, else
(where neither side has an address) by a name that occurs once. A KvK number is public and is often
typed into the wrong row: with another name it makes a possible double, for a person to judge. What
only looks like it, for who names a company in words, is found by `lookalikes`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from companies.models import Company, Contact, Location
from stage.core.dutch import names

# Fields that say the same in more than one way of writing; see `differs`.
PHONES = ("telephone",)
ADDRESSES = ("email", "website")

# A sheet says the same names, streets and towns over and over.
key = lru_cache(maxsize=20_000)(names.sort_key)
trade_key = lru_cache(maxsize=20_000)(names.trade_key)


@dataclass
class Known:
    """The region's pool as dictionaries, so that no row needs a query of its own."""

    region_id: int
    by_kvk: dict[str, Company] = field(default_factory=dict)
    by_postcode: dict[tuple[str, str], Company] = field(default_factory=dict)
    by_city: dict[tuple[str, str], Company] = field(default_factory=dict)
    by_name: dict[str, dict[int, Company]] = field(default_factory=dict)
    # Where a company is, in words: the first town that is known.
    towns: dict[int, str] = field(default_factory=dict)
    placed: set[int] = field(default_factory=set)
    # Keyed by the company object's place in memory, since a new one has no number yet.
    contacts: dict[tuple[int, str], Contact] = field(default_factory=dict)
    locations: dict[tuple[int, str, str], Location] = field(default_factory=dict)
    by_town: dict[tuple[int, str], Location] = field(default_factory=dict)
    bare: dict[int, list[Location]] = field(default_factory=dict)

    def find(self, row: dict) -> tuple[Company | None, bool]:
        """The company a row is about, and whether that is only possible: it has another name.

        A row with another KvK number is another company.
        """
        kvk, name = row.get("kvk") or "", key(row["name"])
        if kvk and kvk in self.by_kvk:
            found = self.by_kvk[kvk]
            return found, trade_key(found.name) != trade_key(row["name"])
        return self._find_by_name(row, kvk, name), False

    def _find_by_name(self, row: dict, kvk: str, name: str) -> Company | None:
        ways = (
            (self.by_postcode, trade_key(row["name"]), postcode_of(row)),
            (self.by_city, name, city_of(row)),
        )
        for index, called, place in ways:
            found = index.get((called, place)) if place else None
            if found is not None and not (kvk and found.kvk_number and found.kvk_number != kvk):
                return found
        if kvk:
            return None
        # Without an address on either side only a name that occurs once can be trusted.
        namesakes = self.by_name.get(name, {})
        known = next(iter(namesakes.values())) if len(namesakes) == 1 else None
        placeless = not (postcode_of(row) or city_of(row))
        return known if known and (placeless or id(known) not in self.placed) else None

    def learn(self, company: Company, place: dict, *, named: Company | None = None) -> None:
        """Find this company from now on, also by a place: a row, or what looks like one.

        `named` is one that was merged into it: by that name and number too.
        """
        postcode, city, named = postcode_of(place), city_of(place), named or company
        if named.kvk_number:
            self.by_kvk.setdefault(named.kvk_number, company)
        self.by_name.setdefault(named.sort_name, {})[id(company)] = company
        if postcode or city:
            self.placed.add(id(company))
        if postcode:
            self.by_postcode.setdefault((trade_key(named.name), postcode), company)
        if city:
            self.by_city.setdefault((named.sort_name, city), company)
            self.towns.setdefault(id(company), place["city"])

    def find_location(self, company: Company, row: dict) -> Location | None:
        """The location of this company that a row is about.

        One of which only the town is known is filled in rather than joined by a second, and a row
        that says no more than a town is about any location there.
        """
        street, city = row.get("address") or "", city_of(row)
        if street or postcode_of(row):
            found = self.locations.get(location_key(company, street, postcode_of(row)))
        else:
            found = self.by_town.get((id(company), city))
        if found is not None:
            return found
        for bare in self.bare.get(id(company), []):
            filled = bare.street or bare.postcode  # by an earlier row
            if not filled and len({key(bare.city), city} - {""}) < 2:
                return bare
        return None

    def learn_location(self, company: Company, location: Location) -> None:
        """Find this location from now on."""
        at = location_key(company, location.street, location.postcode)
        self.locations.setdefault(at, location)
        self.by_town.setdefault((id(company), key(location.city)), location)
        if not (location.street or location.postcode):
            self.bare.setdefault(id(company), []).append(location)


def read_pool(region_id: int) -> Known:
    """The pool of a region in three queries."""
    known = Known(region_id)
    rows = Company.objects.filter(region_id=region_id).order_by("pk")
    companies = {company.pk: company for company in rows}
    for company in companies.values():
        known.learn(companies[company.family_id], {}, named=company)
    for location in Location.objects.filter(region_id=region_id).order_by("pk"):
        company = location.company = companies[location.company_id]
        stays = companies[company.family_id]
        place = {"postcode": location.postcode, "city": location.city}
        known.learn(stays, place, named=company)
        known.learn_location(stays, location)
    for contact in Contact.objects.filter(region_id=region_id).order_by("pk"):
        company = contact.company = companies[contact.company_id]
        name = contact.email.lower() or key(contact.name)
        known.contacts.setdefault((id(companies[company.family_id]), name), contact)
    return known


def postcode_of(row: dict) -> str:
    """The postcode as it is compared."""
    return (row.get("postcode") or "").replace(" ", "").upper()


def city_of(row: dict) -> str:
    """The town as it is compared."""
    return key(row.get("city") or "")


def location_key(company: Company, street: str, postcode: str) -> tuple[int, str, str]:
    """What tells one location of a company from another."""
    return (id(company), key(street or ""), postcode_of({"postcode": postcode}))


def differs(name: str, ours: str, theirs: str) -> bool:
    """Whether two values of a field say something else, apart from how they are written."""
    return ours != theirs and _plain(name, ours) != _plain(name, theirs)


def _plain(name: str, value: str) -> str:
    if name in PHONES:
        digits = re.sub(r"\D", "", value.replace("(0)", ""))
        return re.sub(r"^(00)?31", "0", digits)
    if name == "postcode":
        return postcode_of({"postcode": value})
    if name in ADDRESSES:
        return re.sub(r"^https?://(www\.)?|/$", "", value.strip().lower())
    return key(value)
