"""The companies' walls (`stage.core.tenants.walls`), and how long rows are kept (`.retention`)."""

from stage.core.tenants.retention import Event, Sooner, Until, blank, delete
from stage.core.tenants.wall_rules import STUDENT_SUPERVISORS
from stage.core.tenants.walls import RULES, Peephole, Wall, one_of, others

_REGION = "region_id = ANY ((SELECT app_ids('app.regions'))::bigint[])"
# To whom no pool is shown: what a place that they see is a share of.
_SHARED = "id IN (SELECT companies_place.offer_id FROM companies_place)"
_SHARED_TEXT = f"(shared AND {_REGION})"

_OWN_WORDS = (
    *("description", "tasks", "profiles", "size", "minimum_age", "clothing", "needs_vog"),
    *("telephone", "website", "sort_name", "search_name"),
    *("picture_id", "picture_words", "picture_tiny"),
)
# Whether it may be asked at all; who may say what: `services.standing`.
_STANDING = ("standing", "standing_why", "standing_since", "standing_by")

WALLS = {
    "Company": Wall(
        school="riu",
        student="r",
        company="ru",
        bureau="riu",
        rules={"company.r": "company_self", "company.u": "company_keeps_self"},
        # What a company tells about itself; name, number and ways of attendance are the region's.
        # Which companies are one, the bureau says.
        columns={
            "company.u": (*_OWN_WORDS, *_STANDING),
            "school.u": (
                *(*_OWN_WORDS, *_STANDING),
                *("name", "kvk_number", "email", "attendance_mode", "day_end"),
            ),
        },
    ),
    # Nobody removes a location: there is work on it.
    "Location": Wall(
        school="riu",
        student="r",
        company="riu",
        bureau="riu",
        rules={"company.i": "company_keeps", "company.u": "company_keeps"},
        # A poster's code is known to who stands before it: a student asks `location_of_poster`.
        columns={
            "student.r": (
                *("id", "public_id", "region_id", "company_id", "name", "street", "postcode"),
                *("city", "latitude", "longitude", "attendance_mode", "day_end"),
            ),
        },
    ),
    "Department": Wall(
        school="riud",
        student="r",
        company="riud",
        bureau="riud",
        rules={f"company.{verb}": "company_keeps" for verb in "iud"},
    ),
    "Contact": Wall(
        school="riu",
        student="r",
        company="riu",
        bureau="riu",
        # A student knows the people who guide it, no other address of the pool.
        # By a link a colleague may be named: that gives nobody anything.
        rules={
            "student": STUDENT_SUPERVISORS,
            "company.i": (
                f"{RULES['company']} AND {one_of('named_via', 'company', 'link')}"
                " AND named_school_id IS NULL"
            ),
            "company.u": "company_keeps",
        },
    ),
    "Trust": Wall(
        school="riu",
        company="riu",
        bureau="riu",
        rules={
            "company.r": "company_pair",
            "company.i": (
                f"{RULES['company_names']} AND source = 'named' AND by_id IS NULL"
                " AND until IS NULL AND proven_at IS NULL AND next_address = ''"
            ),
            "company.u": "company_names",
        },
        # The address itself changes when the new one is proven, and not by who says so.
        columns={
            "company.u": (
                *("contact_id", "roles", "widened_at", "next_address", "until", "ended_why"),
            )
        },
    ),
    "CompanyChange": Wall(
        school="riu",
        company="ri",
        bureau="riu",
        rules={
            "company.i": (
                f"{RULES['company']} AND by_school_id IS NULL AND told_at IS NULL"
                " AND undone_at IS NULL"
            )
        },
    ),
    "ChangeSeen": Wall(school="ri"),
    "CompanyNote": Wall(school="riud"),
    "GroupCompany": Wall(school="riud"),
    "Campaign": Wall(
        school="riu",
        company="r",
        rules={"company": "id IN (SELECT campaign_id FROM companies_invitation)"},
    ),
    # Examples of a school; what it shares, every school of the region reads, and the bureau.
    "LetterText": Wall(
        school="riud",
        bureau="r",
        rules={
            "school.r": f"({RULES['school']} OR {_SHARED_TEXT})",
            "bureau": _SHARED_TEXT,
        },
    ),
    # The bureau sees how often a company of its pool is asked, by whom and with what answer.
    "Invitation": Wall(
        school="riu",
        company="ru",
        bureau="r",
        rules={"bureau": _REGION, "company": "company_invitation"},
        after={
            "company": (
                f"{RULES['company_invitation']} AND {one_of('state', 'yes', 'no', 'later')}"
            )
        },
        columns={
            "company.u": (
                *("state", "no_reason", "reason", "ask_again_on", "answered_at", "answered_via"),
                "answered_by_id",
            )
        },
    ),
    # Who called and what was said: of the school; the bureau, which calls too, reads along.
    "Call": Wall(school="ri", bureau="r", rules={"bureau": _REGION}),
    # Written by whoever holds the letter's link, in the school's scope (`services.standing`).
    "LetterStop": Wall(
        school="rid",
        bureau="r",
        rules={"bureau": "company_id IN (SELECT companies_company.id FROM companies_company)"},
    ),
    # The same; the bureau sees to whom a company turned.
    "PassedOn": Wall(school="riu", bureau="r", rules={"bureau": _REGION}),
    "PollDay": Wall(school="riud", company="riud", rules={"company": "company_invited"}),
    # What a company offers and to whom is written by a service, after its policy, in the school's
    # scope: it counts shares that whoever answers cannot see.
    "Offer": Wall(
        school="riu",
        student="r",
        company="r",
        bureau="riu",
        rules={"student": _SHARED, "company": f"({RULES['company']} AND {_SHARED})"},
    ),
    "Place": Wall(
        school="riu",
        student="r",
        company="r",
        bureau="r",
        rules={
            "bureau": _REGION,
            # What was asked for one student is not another's to read.
            "student": f"({RULES['school']} AND (NOT for_one OR {others('student_places', 'id')}))",
            "company": f"({RULES['company_invited']} OR {RULES['company_pair']})",
        },
    ),
}

# What lower tables ask: whom and what somebody of a company deals with.
CONTRIBUTIONS = {
    "company_schools": (
        "{column} IN (SELECT companies_invitation.school_id FROM companies_invitation"
        " UNION SELECT companies_place.school_id FROM companies_place)"
    ),
    "company_periods": (
        "{column} IN (SELECT companies_invitation.period_id FROM companies_invitation"
        " UNION SELECT companies_place.period_id FROM companies_place)"
    ),
    "company_people": (
        "(person_kind = 'contact' AND {column} IN"
        " (SELECT companies_contact.id FROM companies_contact))"
    ),
    "company_staff": (
        "(role = 'coordinator' AND school_id IN"
        " (SELECT companies_invitation.school_id FROM companies_invitation))"
    ),
}

# Tables of the core that hold a company's number: the key is laid from here.
REFERENCES = {("core.StoredFile", "company_id"): "Company"}

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

_NO_CONTACT = Until(Event.LAST_CONTACT, "company_contact")
_PERIOD_OVER = Until("period__ends", "planning")
_PERIOD_OF_LETTER = Until("invitation__period__ends", "planning")

RETENTION = {
    # What stands in the trade register stays; what people wrote and where they are reached, not.
    "Company": blank(
        _NO_CONTACT,
        names=(
            *("email", "telephone", "description", "tasks", "clothing"),
            *("standing_why", "standing_by", "picture_words", "picture_tiny"),
        ),
        plain=(
            *("public_id", "name", "sort_name", "search_name", "kvk_number", "website"),
            "profiles",
        ),
        loosens=("merged_into",),
        numbers_in=("core.StoredFile.company_id",),
        why="the name and number of a business are public",
    ),
    "Location": blank(
        _NO_CONTACT,
        names=("name",),
        plain=("public_id", "street", "postcode", "city", "poster_code"),
        why="the address of a business is public",
    ),
    "Department": delete(_NO_CONTACT, names=("name",), plain=("public_id",)),
    # An assessment or a running placement holds the row, with the name, longer than the address.
    "Contact": delete(
        _NO_CONTACT,
        names=("name", "function", "email", "telephone"),
        plain=("public_id",),
        sooner=(Sooner(("function", "email", "telephone"), _NO_CONTACT),),
    ),
    "Trust": delete(
        Until("until", "company_contact"),
        _NO_CONTACT,
        names=("address", "by_address", "next_address"),
    ),
    "CompanyChange": delete(
        Until("at", "company_contact"),
        names=("before", "after", "by_name", "by_address"),
        plain=("public_id",),
    ),
    "ChangeSeen": delete(Until("change__at", "company_contact")),
    "CompanyNote": delete(
        Until("written_at", "company_contact"), names=("text",), plain=("public_id",)
    ),
    "GroupCompany": delete(Until("group__period__ends", "planning")),
    "Campaign": delete(
        _PERIOD_OVER,
        names=("subject", "letter"),
        plain=("public_id", "wanted", "asked_too", "left_out"),
    ),
    "LetterText": delete(
        Until("used_at", "planning"), names=("name", "subject", "text"), plain=("public_id",)
    ),
    "Invitation": delete(
        _PERIOD_OVER, names=("reason",), plain=("public_id",), loosens=("question",)
    ),
    "Call": delete(Until("at", "company_contact"), names=("note",), plain=("public_id",)),
    "LetterStop": delete(Until("at", "company_contact"), names=("address",)),
    "PassedOn": delete(_PERIOD_OF_LETTER),
    "PollDay": delete(Until("date", "planning")),
    "Offer": delete(Until("ends", "planning"), names=("tasks",), plain=("public_id",)),
    "Place": delete(_PERIOD_OVER, plain=("public_id",)),
}
