"""The placements' rows of the table of walls; `stage.core.tenant_walls` reads it."""

from stage.core.tenant_walls import Wall
from stage.core.wall_rules import COMPANY_SCHOOLS

_OWN = "company_id = ANY ((SELECT app_ids('app.companies'))::bigint[])"
_REGION_COMPANIES = "company_id IN (SELECT id FROM companies_company)"  # the bureau's own pool

WALLS = {
    "Application": Wall(
        school="riu",
        student="riu",
        company="ru",
        rules={"company": f"{_OWN} AND state <> 'draft'"},
    ),
    "Placement": Wall(school="riu", student="r", company="r"),
    "PlannedDay": Wall(school="riud", student="r", company="r"),
    "RuleOverride": Wall(school="riu"),
    "ArticleTemplate": Wall(school="riud", company="r", rules={"company": COMPANY_SCHOOLS}),
    "Agreement": Wall(school="riu", student="r", company="r"),
    "AgreementArticle": Wall(school="riu", student="r", company="r"),
    # Filling and signing lock the agreement and reach the other parties' rows: after the policy
    # they run in the school's scope, so that no other audience needs a right to write here.
    "AgreementAnswer": Wall(school="riu", student="r", company="r"),
    "Signature": Wall(school="ri", student="r", company="r"),
}
