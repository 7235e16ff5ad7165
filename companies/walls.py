"""The companies' walls (`stage.core.tenants.walls`), and how long rows are kept (`.retention`)."""

from companies.peepholes import FUNCTIONS
from stage.core.tenants.retention import Event, Sooner, Until, blank, delete
from stage.core.tenants.wall_rules import ACTOR, STUDENT_SUPERVISORS
from stage.core.tenants.walls import RULES, Wall, one_of, others

__all__ = ["CONTRIBUTIONS", "FUNCTIONS", "REFERENCES", "RETENTION", "WALLS"]

_REGION = "region_id = ANY ((SELECT app_ids('app.regions'))::bigint[])"
# To whom no pool is shown: what a place that they see is a share of.
_SHARED = "id IN (SELECT companies_place.offer_id FROM companies_place)"
_SHARED_TEXT = f"(shared AND {_REGION})"
# A row of a school, or of the bureau where it has none; each reads what the other shares.
_SIDES = {
    "school": "school",
    "school.r": f"({RULES['school']} OR {_SHARED_TEXT})",
    "bureau": "pool_only",
    "bureau.r": f"({RULES['pool_only']} OR {_SHARED_TEXT})",
}
# A student, or the parent who runs as the same role: each what it said itself.
_NOMINATED = (
    f"{RULES['student']} AND ((by_kind::text = 'student' AND starts_with({ACTOR}, 'user:'))"
    f" OR (by_kind::text = 'guardian' AND {ACTOR} = format('guardian:%s:guardian', guardian_id)))"
)

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
    "CompanyNote": Wall(school="riud", bureau="riud", rules=_SIDES),
    # What looks like one company and is two, for the whole region.
    "NotSame": Wall(school="r", bureau="rid"),
    "FollowUp": Wall(school="riu", bureau="riu", rules=_SIDES),
    # Who keeps the contact for the bureau, every school of the region may know.
    "CompanyOwner": Wall(
        school="riud",
        bureau="riud",
        rules={
            "school": "school",
            "school.r": f"({RULES['school']} OR {RULES['pool_only']})",
            "bureau": "pool_only",
        },
    ),
    "Nomination": Wall(
        school="riu",
        student="riu",
        rules={
            "student": _NOMINATED,
            "student.i": f"{_NOMINATED} AND state::text = 'named' AND known_as_id IS NULL",
            "student.u": f"{_NOMINATED} AND state::text = 'named'",
        },
        after={"student": f"{_NOMINATED} AND state::text = 'withdrawn'"},
        columns={"student.u": ("state",)},
    ),
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
        Until("written_at", "company_contact"),
        names=("text", "with_whom", "promised"),
        plain=("public_id",),
    ),
    "NotSame": delete(Until("at", "company_contact")),
    "FollowUp": delete(Until("due", "company_contact"), names=("text",), plain=("public_id",)),
    "CompanyOwner": delete(_NO_CONTACT, Until("who__ended_at", "staff"), names=("who_name",)),
    "Nomination": delete(
        Until("named_at", "company_contact"),
        Until("student__left_on", "student_file"),
        names=("by_name", "name", "city", "why", "who", "telephone", "email", "answer"),
        plain=("public_id",),
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
