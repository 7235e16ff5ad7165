"""The placements' rows of the table of walls; `stage.core.tenants.walls` reads it."""

from stage.core.tenants.wall_rules import COMPANY_SCHOOLS
from stage.core.tenants.walls import RULES, Wall

# Papers hang on an agreement that this person may read.
_OF_AGREEMENT = "agreement_id IN (SELECT id FROM placements_agreement)"
_PAPERS = {"company": f"{RULES['company_pair']} AND {_OF_AGREEMENT}"}

WALLS = {
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

_TRAINEES = (
    "(student_id, company_id) IN (SELECT placements_placement.student_id,"
    " placements_placement.company_id FROM placements_placement"
)

# What lower tables ask: whom and what the placements that somebody sees are about.
CONTRIBUTIONS = {
    whom: f"{{column}} IN (SELECT placements_placement.{column} FROM placements_placement)"  # noqa: S608
    for whom, column in (
        ("company_schools", "school_id"),
        ("company_periods", "period_id"),
        ("company_staff", "teacher_id"),
        ("student_supervisors", "supervisor_id"),
    )
} | {
    "company_trainees": f"{_TRAINEES})",
    "company_guided": f"{_TRAINEES} WHERE id = ANY ((SELECT app_ids('app.placements'))::bigint[]))",
}
