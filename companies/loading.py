"""Writes checked rows of companies into the pool: fills in instead of doubling, set by set.

A list never changes what the pool knows: schools share it, and a KvK number is public. It adds
companies, places and people, and fills in what is empty. A fact that differs stays and is told; a
row with the KvK number of a company of another name is left out, unless somebody said that it is
the same company (`job.choices`). Preview and write follow one plan. The caller owns the
transaction: all rows or none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from companies import policies, services
from companies.enums import ContactRole, TrustSource
from companies.models import Company, CompanyNote, Contact, GroupCompany, Location
from companies.row_matching import Known, differs, key, read_pool
from companies.services.changes import note_added
from companies.services.contacts import name_by
from companies.sheet import COMPANIES, SAMPLE
from stage.core.record import audit
from stage.core.who.policies import require
from stage.schools.imports import loaders
from stage.schools.models import ImportJob

BATCH = 1000  # rows per statement
TELL_EVERY = 500  # rows between two words about the progress
MAX_TOLD = 500  # possible doubles and differences, one by one; the counts are exact
MAX_SHOWN = 200  # letters of a fact
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
_LOCATION = {"address": "street", "postcode": "postcode", "city": "city"}


@dataclass
class Work:
    """What has to be written, gathered while reading the rows."""

    new: list[Company] = field(default_factory=list)
    changed: dict[int, Company] = field(default_factory=dict)
    new_locations: list[Location] = field(default_factory=list)
    changed_locations: dict[int, Location] = field(default_factory=dict)
    new_contacts: list[Contact] = field(default_factory=list)
    changed_contacts: dict[int, Contact] = field(default_factory=dict)
    filled_addresses: dict[int, Contact] = field(default_factory=dict)
    # Everybody whose address stands on the sheet just so.
    listed: dict[int, Contact] = field(default_factory=dict)
    # Every company a row was about, once, in order; ids of objects, for new ones have no number.
    seen: dict[int, Company] = field(default_factory=dict)
    touched: set[int] = field(default_factory=set)
    # The row that made a new company: who it is, before it has a number.
    made_by: dict[int, int] = field(default_factory=dict)
    # Rows with the KvK number of a company of another name, and facts that stayed as they were.
    doubles: list[dict[str, Any]] = field(default_factory=list)
    kept: list[dict[str, Any]] = field(default_factory=list)
    notes: list[tuple[Company, str]] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """How many companies are new, changed and the same."""
        new = {id(c) for c in self.new}
        changed = (self.touched | set(self.changed)) - new
        same = len(self.seen) - len(new | changed)
        return {"new": len(new), "changed": len(changed), "same": same}

    def outcome(self) -> dict[str, Any]:
        """The counts and, where there are any, the possible doubles and the facts that stay."""
        told: dict[str, Any] = dict(self.counts())
        if self.doubles:
            told["doubles"], told["double_count"] = self.doubles[:MAX_TOLD], len(self.doubles)
            told["left_out"] = sum(not double["same"] for double in self.doubles)
        if self.kept:
            told["kept"], told["kept_count"] = self.kept[:MAX_TOLD], len(self.kept)
        return told

    def identity(self, company: Company) -> str:
        """What a choice is bound to: the company of the pool, or the row that brought it."""
        made_by = self.made_by.get(id(company))
        return company.public_id if made_by is None else f"row {made_by}"


def load_companies(
    rows: list[dict], *, job: ImportJob, actor, progress: Callable[[int], None]
) -> dict[str, Any]:
    """Bring rows into the pool of the job's region and, if it names one, into its group.

    Returns how many companies are new, changed and the same, and what `Work.outcome` adds;
    `progress` hears how many rows are done. Runs in the caller's transaction.
    """
    work = _plan(rows, job, actor, progress)
    outcome = work.outcome()
    _write(work, actor)
    _join_group(job, work, actor)
    _write_notes(job, work, actor)
    audit.record(actor, "companies_imported", job)
    progress(len(rows))
    return outcome


def preview_companies(rows: list[dict], *, job: ImportJob, actor) -> dict[str, Any]:
    """What `load_companies` would answer, from reads alone."""
    return _plan(rows, job, actor, lambda done: None).outcome()


loaders.register(
    COMPANIES,
    load_companies,
    page="companies:company_list",
    group_page="companies:group_companies",
    sample=SAMPLE,
    preview=preview_companies,
    binding=True,
    by_bureau=True,
)


def _plan(rows: list[dict], job: ImportJob, actor, progress: Callable[[int], None]) -> Work:
    """Compare the rows with the pool; writes nothing."""
    require(policies.may_add_company, actor, job.region_id)
    known, work = read_pool(job.region_id), Work()
    same = job.choices.get("same", {})
    for index, row in enumerate(rows):
        _take(index, row, known, work, same)
        if (index + 1) % TELL_EVERY == 0:
            progress(index + 1)
    return work


def _take(index: int, row: dict, known: Known, work: Work, same: dict[str, str]) -> None:
    company, is_double = known.find(row)
    if company is None:
        company = Company(region_id=known.region_id)
        work.new.append(company)
        work.made_by[id(company)] = index
    elif is_double and not _is_chosen(index, row, company, known, work, same):
        return
    values = {
        theirs: row.get(theirs) for theirs in _COMPANY if not (is_double and theirs == "name")
    }
    filled = _fill(company, _COMPANY, values, index, company, work)
    if (filled | _add_profiles(company, row)) and company.pk:
        work.changed[id(company)] = company
    if not company.sort_name:
        company.set_keys()
    known.learn(company, row)
    work.seen[id(company)] = company
    _take_location(index, row, company, known, work)
    _take_contact(index, row, company, known, work)
    if row.get("note"):
        work.notes.append((company, row["note"]))


def _is_chosen(
    index: int, row: dict, company: Company, known: Known, work: Work, same: dict[str, str]
) -> bool:
    """Whether somebody said of this row that it is this very company; notes the possible double."""
    identity = work.identity(company)
    chosen = same.get(str(index)) == identity
    work.doubles.append(
        {
            "row": index,
            "yours": row["name"],
            "yours_place": row.get("city") or "",
            "ours": company.name,
            "ours_place": known.towns.get(id(company), ""),
            "company": identity,
            "same": chosen,
        }
    )
    return chosen


def _add_profiles(company: Company, row: dict) -> bool:
    every = list(dict.fromkeys([*company.profiles, *(row.get("profiles") or ())]))
    changed = every != company.profiles
    company.profiles = every
    return changed


def _fill(
    target, fields: dict[str, str], row: dict, index: int, company: Company, work: Work
) -> bool:
    """Set what the sheet says where nothing stands; True when something changed.

    What stands there and says something else stays, and is noted.
    """
    changed = False
    for theirs, ours in fields.items():
        value, standing = row.get(theirs), getattr(target, ours)
        if not value:
            continue
        if not standing:
            setattr(target, ours, value)
            changed = True
        elif differs(ours, standing, value):
            note = {"row": index, "company": company.name, "field": theirs}
            note |= {"yours": value[:MAX_SHOWN], "ours": standing[:MAX_SHOWN]}
            work.kept.append(note)
    return changed


def _take_location(index: int, row: dict, company: Company, known: Known, work: Work) -> None:
    if not any(row.get(name) for name in _LOCATION):
        return
    location = known.find_location(company, row)
    is_new = location is None
    if location is None:
        location = Location(region_id=known.region_id, company=company)
        work.new_locations.append(location)
        work.touched.add(id(company))
    filled = _fill(location, _LOCATION, row, index, company, work)
    if filled and location.pk:
        work.changed_locations[location.pk] = location
        work.touched.add(id(company))
    if filled or is_new:
        known.learn_location(company, location)


def _take_contact(index: int, row: dict, company: Company, known: Known, work: Work) -> None:
    email = (row.get("contact_email") or row.get("email") or "").lower()
    name = row.get("contact_name") or ""
    if not email and not name:
        return
    by_name = known.contacts.get((id(company), key(name))) if name else None
    contact = known.contacts.get((id(company), email)) or by_name
    if contact is None:
        contact = Contact(
            region_id=known.region_id, company=company, name=name or row["name"], email=email
        )
        contact.roles = [ContactRole.CONTACT]
        work.new_contacts.append(contact)
        work.touched.add(id(company))
    changed = _fill(contact, _CONTACT, row, index, company, work)
    if email and not contact.email:
        contact.email = email
        work.filled_addresses[id(contact)] = contact
        changed = True
    if email and contact.email.lower() == email:
        work.listed[id(contact)] = contact
    if changed and contact.pk:
        work.changed_contacts[contact.pk] = contact
        work.touched.add(id(company))
    known.contacts[(id(company), email or key(name))] = contact


def _write(work: Work, actor) -> None:
    Company.objects.bulk_create(work.new, batch_size=BATCH)
    Company.objects.bulk_update(
        list(work.changed.values()),
        ["kvk_number", "email", "telephone", "website", "description", "profiles"],
        batch_size=BATCH,
    )
    for part in (*work.new_locations, *work.new_contacts):
        part.company = part.company  # the number it got just now
    Location.objects.bulk_create(work.new_locations, batch_size=BATCH)
    Location.objects.bulk_update(
        list(work.changed_locations.values()), ["street", "postcode", "city"], batch_size=BATCH
    )
    for contact in (*work.new_contacts, *work.filled_addresses.values()):
        name_by(contact, actor)
    Contact.objects.bulk_create(work.new_contacts, batch_size=BATCH)
    Contact.objects.bulk_update(
        list(work.changed_contacts.values()), ["function", "telephone"], batch_size=BATCH
    )
    # Apart from the rest: an address that somebody changes meanwhile is not put back.
    filled = [contact for contact in work.filled_addresses.values() if contact.pk]
    source = ["email", "named_via", "named_school", "named_at"]
    Contact.objects.bulk_update(filled, source, batch_size=BATCH)
    _tell_and_vouch(work, actor)


def _tell_and_vouch(work: Work, actor) -> None:
    """People the list adds to companies that others know already are news; and it vouches."""
    new = {id(company) for company in work.new}
    added = [c for c in work.new_contacts if id(c.company) not in new and c.email]
    note_added(added, actor=actor)
    services.vouch_many(work.listed.values(), source=TrustSource.TYPED, actor=actor)


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


def _write_notes(job: ImportJob, work: Work, actor) -> None:
    """What the list says for the school alone, once per company however often it is read in."""
    if not work.notes or job.school_id is None:
        return
    mine = CompanyNote.objects.filter(school_id=job.school_id)
    there = set(mine.values_list("company_id", "text"))
    new = []
    for company, text in work.notes:
        if (company.pk, text) not in there:
            there.add((company.pk, text))
            note = CompanyNote(
                region_id=company.region_id,
                school_id=job.school_id,
                company=company,
                text=text,
            )
            note.written_by_id = actor.membership
            new.append(note)
    CompanyNote.objects.bulk_create(new, batch_size=BATCH)
    audit.record_all(audit.entry_of(actor, "company_note_added", note) for note in new)
