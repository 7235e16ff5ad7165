"""Writes checked rows of companies into the pool: updates instead of doubling, set by set.

A company is the same by KvK number, else by name and postcode, else by name and city, else (where
neither side has an address) by a name that occurs once. What is
already known stays unless the sheet says something newer; nothing is emptied. The caller owns the
transaction: all rows or none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from companies import policies
from companies.enums import ContactRole
from companies.models import Company, Contact, GroupCompany, Location
from stage.core import audit, names
from stage.core.imports import loaders
from stage.core.models import ImportJob
from stage.core.policies import require

BATCH = 1000  # rows per statement
TELL_EVERY = 500  # rows between two words about the progress
# Field of the sheet -> field of the company.
_COMPANY = {
    "name": "name",
    "kvk": "kvk_number",
    "email": "email",
    "phone": "telephone",
    "website": "website",
    "description": "description",
}
_CONTACT = {
    "contact_name": "name",
    "contact_function": "function",
    "contact_phone": "telephone",
}


# A sheet says the same names, streets and towns over and over.
_key = lru_cache(maxsize=20_000)(names.sort_key)


@dataclass
class Known:
    """The region's pool as dictionaries, so that no row needs a query of its own."""

    region_id: int
    by_kvk: dict[str, Company] = field(default_factory=dict)
    by_postcode: dict[tuple[str, str], Company] = field(default_factory=dict)
    by_city: dict[tuple[str, str], Company] = field(default_factory=dict)
    by_name: dict[str, dict[int, Company]] = field(default_factory=dict)
    placed: set[int] = field(default_factory=set)
    # Keyed by the company object's place in `all`, since a new one has no number yet.
    contacts: dict[tuple[int, str], Contact] = field(default_factory=dict)
    locations: dict[tuple[int, str, str], Location] = field(default_factory=dict)

    def find(self, row: dict) -> Company | None:
        """The company a row is about. A row with another KvK number is another company."""
        kvk, name = row.get("kvk") or "", _key(row["name"])
        if kvk and kvk in self.by_kvk:
            return self.by_kvk[kvk]
        for index, place in ((self.by_postcode, _postcode(row)), (self.by_city, _city(row))):
            found = index.get((name, place)) if place else None
            if found is not None and not (kvk and found.kvk_number and found.kvk_number != kvk):
                return found
        if kvk:
            return None
        # Without an address on either side only a name that occurs once can be trusted.
        namesakes = self.by_name.get(name, {})
        known = next(iter(namesakes.values())) if len(namesakes) == 1 else None
        placeless = not (_postcode(row) or _city(row))
        return known if known and (placeless or id(known) not in self.placed) else None

    def learn(self, company: Company, postcode: str, city: str) -> None:
        if company.kvk_number:
            self.by_kvk.setdefault(company.kvk_number, company)
        self.by_name.setdefault(company.sort_name, {})[id(company)] = company
        if postcode or city:
            self.placed.add(id(company))
        if postcode:
            self.by_postcode.setdefault((company.sort_name, postcode), company)
        if city:
            self.by_city.setdefault((company.sort_name, city), company)


def _postcode(row: dict) -> str:
    return (row.get("postcode") or "").replace(" ", "").upper()


def _city(row: dict) -> str:
    return _key(row.get("city") or "")


def _location_key(company: Company, street: str, postcode: str) -> tuple[int, str, str]:
    return (id(company), _key(street or ""), (postcode or "").replace(" ", "").upper())


@dataclass
class Work:
    """What has to be written, gathered while reading the rows."""

    new: list[Company] = field(default_factory=list)
    changed: dict[int, Company] = field(default_factory=dict)
    new_locations: list[Location] = field(default_factory=list)
    changed_locations: dict[int, Location] = field(default_factory=dict)
    new_contacts: list[Contact] = field(default_factory=list)
    changed_contacts: dict[int, Contact] = field(default_factory=dict)
    # Every company a row was about, once, in order; ids of objects, for new ones have no number.
    seen: dict[int, Company] = field(default_factory=dict)
    touched: set[int] = field(default_factory=set)

    def counts(self) -> dict[str, int]:
        """How many companies are new, changed and the same."""
        new = {id(c) for c in self.new}
        changed = (self.touched | set(self.changed)) - new
        same = len(self.seen) - len(new | changed)
        return {"new": len(new), "changed": len(changed), "same": same}


def load_companies(
    rows: list[dict], *, job: ImportJob, actor, progress: Callable[[int], None]
) -> dict[str, int]:
    """Bring rows into the pool of the job's region and, if it names one, into its group.

    Returns how many companies are new, changed and the same; `progress` hears how many rows are
    done. Runs in the caller's transaction.
    """
    work = _plan(rows, job, actor, progress)
    counts = work.counts()
    _write(work)
    _join_group(job, work, actor)
    audit.record(actor, "companies_imported", job)
    progress(len(rows))
    return counts


def preview_companies(rows: list[dict], *, job: ImportJob, actor) -> dict[str, int]:
    """What `load_companies` would answer, from reads alone."""
    return _plan(rows, job, actor, lambda done: None).counts()


loaders.register("companies", load_companies, preview_companies)


def _plan(rows: list[dict], job: ImportJob, actor, progress: Callable[[int], None]) -> Work:
    """Compare the rows with the pool; writes nothing."""
    require(policies.may_add_company, actor, job.region_id)
    known, work = _read_pool(job.region_id), Work()
    for number, row in enumerate(rows, start=1):
        _take(row, known, work)
        if number % TELL_EVERY == 0:
            progress(number)
    return work


def _read_pool(region_id: int) -> Known:
    known = Known(region_id)
    companies = {
        c.pk: c for c in Company.objects.present().filter(region_id=region_id).order_by("pk")
    }
    for company in companies.values():
        known.learn(company, "", "")
    for location in Location.objects.filter(region_id=region_id).order_by("pk"):
        company = companies.get(location.company_id)
        if company is not None:
            location.company = company
            postcode = _postcode({"postcode": location.postcode})
            known.learn(company, postcode, _city({"city": location.city}))
            key = _location_key(company, location.street, location.postcode)
            known.locations.setdefault(key, location)
    for contact in Contact.objects.filter(region_id=region_id).order_by("pk"):
        company = companies.get(contact.company_id)
        if company is not None:
            contact.company = company
            name = contact.email.lower() or _key(contact.name)
            known.contacts.setdefault((id(company), name), contact)
    return known


def _take(row: dict, known: Known, work: Work) -> None:
    company = known.find(row)
    if company is None:
        company = Company(region_id=known.region_id)
        work.new.append(company)
    values = {ours: row.get(theirs) for theirs, ours in _COMPANY.items()}
    if profiles := row.get("profiles"):
        values["profiles"] = list(dict.fromkeys([*company.profiles, *profiles]))
    renamed = company.name != row["name"]
    if _put(company, values) and company.pk:
        work.changed[id(company)] = company
    if renamed:
        company.set_keys()
    known.learn(company, _postcode(row), _city(row))
    work.seen[id(company)] = company
    _take_location(row, company, known, work)
    _take_contact(row, company, known, work)


def _put(target, values: dict) -> bool:
    """Set what the sheet says and is not there yet; True when something changed."""
    changed = False
    for name, value in values.items():
        if value and getattr(target, name) != value:
            setattr(target, name, value)
            changed = True
    return changed


def _take_location(row: dict, company: Company, known: Known, work: Work) -> None:
    street, postcode, city = (row.get(n) or "" for n in ("address", "postcode", "city"))
    if not (street or postcode or city):
        return
    key = _location_key(company, street, postcode)
    # A location without street and postcode is filled in rather than joined by a second.
    location = known.locations.get(key) or known.locations.get((id(company), "", ""))
    if location is None:
        location = Location(region_id=known.region_id, company=company)
        work.new_locations.append(location)
        work.touched.add(id(company))
    if _put(location, {"street": street, "postcode": postcode, "city": city}) and location.pk:
        work.changed_locations[location.pk] = location
        work.touched.add(id(company))
    known.locations[key] = location


def _take_contact(row: dict, company: Company, known: Known, work: Work) -> None:
    email = (row.get("contact_email") or row.get("email") or "").lower()
    name = row.get("contact_name") or ""
    if not email and not name:
        return
    by_name = known.contacts.get((id(company), _key(name))) if name else None
    contact = known.contacts.get((id(company), email)) or by_name
    if contact is None:
        contact = Contact(
            region_id=known.region_id, company=company, name=name or row["name"], email=email
        )
        contact.roles = [ContactRole.CONTACT]
        work.new_contacts.append(contact)
        work.touched.add(id(company))
    values = {ours: row.get(theirs) for theirs, ours in _CONTACT.items()}
    if not contact.email:
        values["email"] = email
    if _put(contact, values) and contact.pk:
        work.changed_contacts[contact.pk] = contact
        work.touched.add(id(company))
    known.contacts[(id(company), email or _key(name))] = contact


def _write(work: Work) -> None:
    Company.objects.bulk_create(work.new, batch_size=BATCH)
    Company.objects.bulk_update(
        list(work.changed.values()),
        [*_COMPANY.values(), "profiles", "sort_name", "search_name"],
        batch_size=BATCH,
    )
    for part in (*work.new_locations, *work.new_contacts):
        part.company = part.company  # the number it got just now
    Location.objects.bulk_create(work.new_locations, batch_size=BATCH)
    Location.objects.bulk_update(
        list(work.changed_locations.values()), ["street", "postcode", "city"], batch_size=BATCH
    )
    Contact.objects.bulk_create(work.new_contacts, batch_size=BATCH)
    Contact.objects.bulk_update(
        list(work.changed_contacts.values()), [*_CONTACT.values(), "email"], batch_size=BATCH
    )


def _join_group(job: ImportJob, work: Work, actor) -> None:
    if job.group_id is None or job.school_id is None:
        return
    GroupCompany.objects.bulk_create(
        [
            GroupCompany(school_id=job.school_id, group_id=job.group_id, company=company)
            for company in work.seen.values()
        ],
        batch_size=BATCH,
        ignore_conflicts=True,
    )
