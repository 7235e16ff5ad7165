"""The placements' rows of the table of walls; `stage.core.tenants.walls` reads it."""

from stage.core.tenants.wall_rules import COMPANY_SCHOOLS, COMPANY_TRAINEE
from stage.core.tenants.walls import RULES, Wall

# Papers hang on an agreement that this person may read.
_OF_AGREEMENT = "agreement_id IN (SELECT id FROM placements_agreement)"
_PAPERS = {"company": f"{RULES['company_pair']} AND {_OF_AGREEMENT}"}

WALLS = {
    "StudentCard": Wall(
        school="riu",
        student="riu",
        company="r",
        rules={
            "company": (
                f"revoked_at IS NULL AND ({RULES['company_contact']}"
                f" OR ({RULES['company_pair']} AND {COMPANY_TRAINEE}))"
            )
        },
    ),
    "Application": Wall(
        school="riu",
        student="riu",
        company="ru",
        rules={"company": f"{RULES['company_contact']} AND state <> 'draft'"},
    ),
    "Placement": Wall(
        school="riu", student="r", company="r", rules={"company": "company_placement"}
    ),
    "PlannedDay": Wall(
        school="riud", student="r", company="r", rules={"company": "company_placed"}
    ),
    "RuleOverride": Wall(school="riu"),
    "ArticleTemplate": Wall(school="riud", company="r", rules={"company": COMPANY_SCHOOLS}),
    "Agreement": Wall(school="riu", student="r", company="r", rules={"company": "company_placed"}),
    "AgreementArticle": Wall(school="riu", student="r", company="r", rules=_PAPERS),
    # Filling and signing lock the agreement and reach the other parties' rows: after the policy
    # they run in the school's scope, so that no other audience needs a right to write here.
    "AgreementAnswer": Wall(school="riu", student="r", company="r", rules=_PAPERS),
    "Signature": Wall(school="ri", student="r", company="r", rules=_PAPERS),
}
