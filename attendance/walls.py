"""Attendance's rows of the table of walls; `stage.core.tenant_walls` reads it."""

from stage.core.tenant_walls import Wall

WALLS = {
    "CheckIn": Wall(school="riud", student="ri", company="ri"),
    "FailedScan": Wall(school="r", student="i"),
    "Absence": Wall(school="riu", student="riu", company="riu"),
    "DayReport": Wall(school="r", student="riu", company="r"),
    "WeekConfirmation": Wall(school="r", student="r", company="riu"),
}
