"""The companies' rows of the table of walls; `stage.core.tenants.walls` reads it."""

from stage.core.tenants.wall_rules import STUDENT_SUPERVISORS
from stage.core.tenants.walls import RULES, Peephole, Wall

_REGION = "region_id = ANY ((SELECT app_ids('app.regions'))::bigint[])"

WALLS = {
    "Company": Wall(
        school="riu",
        student="r",
        company="ru",
        bureau="riu",
        rules={"company.r": "company_self", "company.u": "company_keeps_self"},
    ),
    # Nobody removes a location: there is work on it.
    "Location": Wall(
        school="riu",
        student="r",
        company="riu",
        bureau="riu",
        rules={"company.i": "company_keeps", "company.u": "company_keeps"},
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
            "company.u": "company_keeps",
        },
    ),
    "Trust": Wall(
        school="riu",
        company="riu",
        bureau="riu",
        rules={
            "company.r": "company_pair",
            "company.i": "company_names",
            "company.u": "company_names",
        },
    ),
    "CompanyChange": Wall(school="riu", company="ri", bureau="riu"),
    "ChangeSeen": Wall(school="ri"),
    "CompanyNote": Wall(school="riud"),
    "GroupCompany": Wall(school="riud"),
    "Campaign": Wall(
        school="riu",
        company="r",
        rules={"company": "id IN (SELECT campaign_id FROM companies_invitation)"},
    ),
    # The bureau sees how often a company of its pool is asked, by whom and with what answer.
    "Invitation": Wall(
        school="riu",
        company="ru",
        bureau="r",
        rules={"bureau": _REGION, "company": "company_invitation"},
    ),
    "PollDay": Wall(school="riud", company="riud", rules={"company": "company_invited"}),
    "Place": Wall(
        school="riu",
        student="r",
        company="riu",
        bureau="r",
        rules={
            "bureau": _REGION,
            "company": "company_invited",
            "company.r": f"({RULES['company_invited']} OR {RULES['company_pair']})",
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
        name="pool_asks",
        arguments="since timestamptz",
        returns="TABLE (company_id bigint, schools bigint, last_asked timestamptz)",
        body=(
            "SELECT company_id, count(DISTINCT school_id), max(sent_at)"  # noqa: S608
            " FROM companies_invitation"
            f" WHERE sent_at >= since AND {_REGION} GROUP BY company_id"
        ),
        roles=("school", "bureau"),
        why="no company is flooded: counts across schools, never whose they are",
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
]
