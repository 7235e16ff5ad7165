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
