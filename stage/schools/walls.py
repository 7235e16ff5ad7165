"""A school's rows of the table of walls; `stage.core.tenants.walls` reads it."""

from stage.core.tenants.wall_rules import COMPANY_PERIODS, COMPANY_SCHOOLS, REGION_SCHOOLS
from stage.core.tenants.walls import Wall
from stage.core.walls import open_to_read as _open_to_read

WALLS = {
    "Profile": _open_to_read("a national list"),
    "ReferenceValue": _open_to_read("public rules and their sources"),
    "SchoolSettings": Wall(
        school="riu",
        student="r",
        company="r",
        bureau="r",
        rules={"company": COMPANY_SCHOOLS, "bureau": REGION_SCHOOLS},
    ),
    "RegionSettings": Wall(
        school="r", student="r", company="r", bureau="riu", rules={"company": "pool"}
    ),
    "Student": Wall(school="riu", student="r", bureau="r", rules={"student": "student_self"}),
    "Guardian": Wall(school="riud", student="r"),
    "LoginCode": Wall(school="riu"),
    # Placements writes it; nobody but the school's own staff reads whose students are whose.
    "Guides": Wall(school="riud"),
    "Period": Wall(
        school="riud",
        student="r",
        company="r",
        rules={"company": COMPANY_PERIODS.format(column="id")},
    ),
    "PeriodException": Wall(
        school="riud",
        student="r",
        company="r",
        rules={"company": COMPANY_PERIODS.format(column="period_id")},
    ),
    "Group": Wall(school="riud", student="r"),
    "GroupStudent": Wall(school="riud", student="r"),
    "Elective": Wall(
        school="riud",
        student="r",
        company="r",
        bureau="r",
        rules={
            "school": "school",
            "school.r": "school_or_shared",
            "student": "school_or_shared",
            "company": f"school_id IS NULL OR {COMPANY_SCHOOLS}",
            "bureau": "school_id IS NULL",
        },
    ),
    "Task": Wall(school="riud", student="r", company="r", rules={"company": COMPANY_SCHOOLS}),
    "ImportJob": Wall(school="riu", bureau="riu", rules={"school": "school"}),
    "ImportMapping": Wall(school="riu", bureau="riu", rules={"school": "school"}),
}

# Tables of the core that hold a student's number: the key is laid from here.
REFERENCES = {
    ("core.Membership", "student_id"): "Student",
    ("core.StoredFile", "student_id"): "Student",
}
