"""The companies' rows of the table of walls; `stage.core.tenant_walls` reads it."""

from stage.core.tenant_walls import Peephole, Wall

_REGION = "region_id = ANY ((SELECT app_ids('app.regions'))::bigint[])"

WALLS = {
    "Company": Wall(
        school="riu",
        student="r",
        company="ru",
        bureau="riu",
        rules={"company": "company_self"},
    ),
    "Location": Wall(school="riud", student="r", company="riu", bureau="riud"),
    "Department": Wall(school="riud", student="r", company="riud", bureau="riud"),
    "Contact": Wall(
        school="riu",
        student="r",
        company="riu",
        bureau="riu",
        # A student knows the people who guide it, no other address of the pool.
        rules={"student": "id IN (SELECT supervisor_id FROM placements_placement)"},
    ),
    "CompanyNote": Wall(school="riud"),
    "GroupCompany": Wall(school="riud"),
    "Campaign": Wall(
        school="riu",
        company="r",
        rules={"company": "id IN (SELECT campaign_id FROM companies_invitation)"},
    ),
    # The bureau sees how often a company of its pool is asked, by whom and with what answer.
    "Invitation": Wall(school="riu", company="ru", bureau="r", rules={"bureau": _REGION}),
    "PollDay": Wall(school="riud", company="riud"),
    "Place": Wall(school="riu", student="r", company="riu", bureau="r", rules={"bureau": _REGION}),
}

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
    )
]
