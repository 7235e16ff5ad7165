"""The placements' rows of the table of walls; `stage.core.tenants.walls` reads it."""

from stage.core.tenants.wall_rules import COMPANY_TRAINEE
from stage.core.tenants.walls import RULES, Wall

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
