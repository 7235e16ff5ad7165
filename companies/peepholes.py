"""What the companies' walls hide and somebody may yet ask (`stage.core.tenants.walls`)."""

from stage.core.tenants.walls import Peephole

_REGION = "region_id = ANY ((SELECT app_ids('app.regions'))::bigint[])"

# A school may know how often a company of its region was asked lately, not by which school.
FUNCTIONS = [
    Peephole(
        name="location_of_poster",
        arguments="code text",
        returns="TABLE (location_id bigint, company_id bigint)",
        body=(
            "SELECT id, company_id FROM companies_location"  # noqa: S608
            " WHERE poster_code ~>=~ code AND poster_code ~<~ (code || '~')"
            f" AND length(code) IN (6, length(poster_code)) AND {_REGION}"
        ),
        roles=("student",),
        why=(
            "who stands before a poster checks in with its code, or types the first six signs,"
            " and can read no other"
        ),
    ),
    Peephole(
        name="pool_asks",
        arguments="since timestamptz",
        returns="TABLE (company_id bigint, schools bigint, last_asked timestamptz)",
        body=(
            "SELECT c.family_id, count(DISTINCT i.school_id), max(i.sent_at)"  # noqa: S608
            " FROM companies_invitation i JOIN companies_company c ON c.id = i.company_id"
            f" WHERE i.sent_at >= since AND i.{_REGION} GROUP BY c.family_id"
        ),
        roles=("school", "bureau"),
        why="no company is flooded: counts across schools, never whose they are",
    ),
    Peephole(
        name="shared_of_offer",
        arguments="number bigint, but_school bigint",
        returns="TABLE (open_shares bigint, all_shares bigint)",
        body=(
            "SELECT coalesce(sum(p.how_many) FILTER (WHERE p.state = 'open'), 0),"  # noqa: S608
            " coalesce(sum(p.how_many), 0) FROM companies_place p"
            f" WHERE p.offer_id = number AND p.school_id <> but_school AND p.{_REGION}"
        ),
        roles=("school",),
        why="no more places than offered: how many other schools have, never which",
    ),
    Peephole(
        name="offers_of_company",
        arguments="number bigint, first date, last date",
        returns=(
            "TABLE (offer_id bigint, location_id bigint, department_id bigint, school_id bigint,"
            " school text, how_many integer, starts date, ends date, tasks text)"
        ),
        body=(
            "SELECT o.id, o.location_id, o.department_id, p.school_id, s.name::text,"  # noqa: S608
            " p.how_many::integer, o.starts, o.ends, o.tasks FROM companies_place p"
            " JOIN companies_offer o ON o.id = p.offer_id JOIN core_school s ON s.id = p.school_id"
            " JOIN companies_company m ON m.id = o.company_id"
            " JOIN companies_company own ON own.family_id = m.family_id"
            " WHERE own.id = number AND own.id = ANY ((SELECT app_ids('app.companies'))::bigint[])"
            " AND p.state = 'open' AND NOT p.for_one AND o.starts <= last AND o.ends >= first"
            f" AND p.{_REGION} ORDER BY o.id, p.id"
        ),
        roles=("company",),
        why="a company reads what it offers already and to which schools; no student stands in it",
    ),
    Peephole(
        name="contact_is_known",
        arguments="number bigint",
        returns="boolean",
        body=(
            "SELECT EXISTS (SELECT 1 FROM companies_trust t JOIN companies_contact c"  # noqa: S608
            " ON c.id = t.contact_id WHERE t.contact_id = number AND t.until IS NULL"
            f" AND c.{_REGION})"
        ),
        roles=("school", "company", "bureau"),
        why="nobody is put out of the pool whom another school knows: yes or no, not which",
    ),
    Peephole(
        name="trusts_at",
        arguments="mailbox text",
        returns=(
            "TABLE (school_id bigint, company_id bigint, contact_id bigint, roles text[],"
            " region_id bigint, name text, address text)"
        ),
        # At each member of the company's family, for that school alone; its own word comes first.
        body=(
            "SELECT t.school_id, m.id, t.contact_id, t.roles::text[], c.region_id, c.name,"
            " t.address FROM companies_trust t JOIN companies_contact c ON c.id = t.contact_id"
            " JOIN companies_company own ON own.id = t.company_id"
            " JOIN companies_company m ON m.family_id = own.family_id"
            " JOIN core_school s ON s.id = t.school_id"
            " WHERE t.until IS NULL AND t.address = lower(trim(mailbox)) AND s.ended_at IS NULL"
            " ORDER BY m.id <> t.company_id, t.id, m.id"
        ),
        roles=("app",),
        why="a company's device is an address; what schools trust it with is its scope",
    ),
    Peephole(
        name="schools_vouching",
        arguments="companies bigint[]",
        returns="TABLE (school_id bigint)",
        body=(
            "SELECT DISTINCT t.school_id FROM companies_trust t"  # noqa: S608
            " JOIN companies_company c ON c.id = t.company_id"
            f" WHERE t.company_id = ANY (companies) AND t.until IS NULL AND c.{_REGION}"
            " ORDER BY t.school_id"
        ),
        roles=("bureau",),
        why="companies that are no longer one: each school's rows end in that school's scope",
    ),
    Peephole(
        name="contact_named_at",
        arguments="mailbox text",
        returns="TABLE (contact_id bigint, region_id bigint, name text, email text)",
        body=(
            "SELECT id, region_id, name, email FROM companies_contact"
            " WHERE active AND upper(email) = upper(mailbox) ORDER BY id LIMIT 1"
        ),
        roles=("app",),
        why="an address that was only named may ask its way in, and sees nothing yet",
    ),
    Peephole(
        name="schools_of_move",
        arguments="number bigint, mailbox text",
        returns="TABLE (school_id bigint)",
        body=(
            "SELECT DISTINCT t.school_id FROM companies_contact c"
            " JOIN companies_company own ON own.id = c.company_id"
            " JOIN companies_company m ON m.family_id = own.family_id"
            " JOIN companies_trust t ON t.company_id = m.id"
            " WHERE c.id = number AND t.until IS NULL AND t.next_address = lower(mailbox)"
            " ORDER BY t.school_id"
        ),
        roles=("app",),
        why="an address that was proven: which schools wait for it, each changes its own row",
    ),
]
