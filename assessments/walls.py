"""Assessments' rows of the table of walls; `stage.core.tenant_walls` reads it."""

from stage.core.tenant_walls import Wall
from stage.core.wall_rules import COMPANY_SCHOOLS

WALLS = {
    "Assignment": Wall(
        school="riud",
        student="r",
        company="r",
        rules={"company": "id IN (SELECT assignment_id FROM assessments_handin)"},
    ),
    "HandIn": Wall(school="riud", student="ru", company="r"),
    "Evidence": Wall(school="r", student="rid", company="r"),
    "Form": Wall(school="riud", student="r", company="r", rules={"company": COMPANY_SCHOOLS}),
    "Criterion": Wall(school="riud", student="r", company="r", rules={"company": COMPANY_SCHOOLS}),
    "Assessment": Wall(school="r", student="ru", company="riu"),
    "Score": Wall(school="r", student="r", company="riud"),
    "Mark": Wall(school="riu", student="r"),
}
