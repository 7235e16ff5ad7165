"""Attendance's rows of the table of walls; `stage.core.tenants.walls` reads it."""

from stage.core.tenants.walls import RULES, Wall

WALLS = {
    # A company takes back what it ticked itself, nothing else.
    "CheckIn": Wall(
        school="riud",
        student="ri",
        company="rid",
        rules={"company.d": f"{RULES['company_guided']} AND method = 'supervisor'"},
    ),
    "FailedScan": Wall(school="r", student="i"),
    # The school takes back what it settled by mistake; the audit trail keeps that it did.
    "Absence": Wall(school="riud", student="riu", company="riu"),
    "DayReport": Wall(school="r", student="riu", company="r"),
    "WeekConfirmation": Wall(school="r", student="r", company="riu"),
    "ConfirmedDay": Wall(school="r", student="r", company="ri", append_only=True),
}
