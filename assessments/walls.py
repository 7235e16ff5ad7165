"""Assessments' rows of the table of walls; `stage.core.tenants.walls` reads it."""

from stage.core.tenants.wall_rules import COMPANY_SCHOOLS
from stage.core.tenants.walls import RULES, Wall

_HANDED_OUT = "id IN (SELECT assignment_id FROM assessments_handin)"
_OF_GIVEN = "assessment_id IN (SELECT id FROM assessments_assessment)"
_OF_HAND_IN = "hand_in_id IN (SELECT id FROM assessments_handin)"

WALLS = {
    "Assignment": Wall(
        school="riu",
        student="r",
        company="r",
        rules={"student": _HANDED_OUT, "company": _HANDED_OUT},
    ),
    "HandIn": Wall(school="riu", student="ru", company="r"),
    "Evidence": Wall(
        school="r",
        student="rid",
        company="r",
        rules={"company": f"{RULES['company_pair']} AND {_OF_HAND_IN}"},
    ),
    # A form comes into being when somebody first needs it, also at a company's request: in the
    # school's scope then.
    "Form": Wall(school="ri", student="r", company="r", rules={"company": COMPANY_SCHOOLS}),
    "Criterion": Wall(school="riud", student="r", company="r", rules={"company": COMPANY_SCHOOLS}),
    # The school reads drafts to know whether its form is in use; its pages show given ones only.
    "Assessment": Wall(
        school="r",
        student="ru",
        company="riu",
        rules={"student": f"{RULES['student']} AND state = 'given'"},
    ),
    "Score": Wall(
        school="r",
        student="r",
        company="riud",
        rules={
            "student": f"{RULES['student']} AND {_OF_GIVEN}",
            "company": f"{RULES['company_pair']} AND {_OF_GIVEN}",
        },
    ),
    "Mark": Wall(
        school="riu",
        student="r",
        rules={"student": f"{RULES['student']} AND locked_at IS NOT NULL"},
    ),
}
