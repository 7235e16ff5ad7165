"""A school's walls (`stage.core.tenants.walls`), and how long rows are kept (`.retention`)."""

from stage.core.tenants.retention import Event, Until, blank, delete, keep
from stage.core.tenants.wall_rules import (
    COMPANY_PERIODS,
    COMPANY_SCHOOLS,
    MADE_ALONG,
    OWN_WORK,
    REGION_SCHOOLS,
    TODAY,
)
from stage.core.tenants.walls import Peephole, Wall
from stage.core.walls import open_to_read as _open_to_read

_FOR_A_NEXT_PHONE = (
    "passes_on AND seed = '' AND sheet = '' AND used_at IS NULL AND stopped_at IS NULL"
    " AND expires_at < created_at + interval '11 minutes'"
    f" AND (created_at AT TIME ZONE 'Europe/Amsterdam')::date = {TODAY}"
)

WALLS = {
    "Profile": _open_to_read("a national list"),
    "SchoolSettings": Wall(
        school="ru",
        student="r",
        company="r",
        bureau="r",
        operator="ri",
        columns=MADE_ALONG,
        rules={"company": COMPANY_SCHOOLS, "bureau": REGION_SCHOOLS, "operator": "all"},
    ),
    "RegionSettings": Wall(
        school="r",
        student="r",
        company="r",
        bureau="ru",
        operator="ri",
        columns=MADE_ALONG,
        rules={"company": "pool", "operator": "all"},
    ),
    "Student": Wall(school="riu", student="r", bureau="r", rules={"student": "student_self"}),
    "Guardian": Wall(school="riud", student="r"),
    # Who is logged in makes a code for a next phone: for minutes, and reads none.
    "LoginCode": Wall(
        school="riu",
        student="i",
        rules={"student.i": f"{OWN_WORK} AND {_FOR_A_NEXT_PHONE}"},
    ),
    # Asked by nobody in particular, in the scope of the school whose student it is.
    "LogInHelp": Wall(school="riu"),
    "StandIn": Wall(school="riu"),
    # Placements writes it, and stand-ins; nobody but the school's own staff reads whose students
    # are whose.
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
    "KeptFilter": Wall(school="riud", bureau="riud", rules={"school": "school"}),
}

# Tables of the core that hold a student's number: the key is laid from here.
REFERENCES = {
    ("core.Membership", "student_id"): "Student",
    ("core.StoredFile", "student_id"): "Student",
    ("core.Received", "student_id"): "Student",
}

# Every page of a student shows the logo.
CONTRIBUTIONS = {"school_files": "{column} = 'logo'"}

# Looked up before there is a scope; `tests/core/test_doors.py` lists them all.
FUNCTIONS = [
    Peephole(
        name="school_of_card",
        arguments="card text",
        returns="TABLE (school_id bigint)",
        body=(
            "SELECT c.school_id FROM schools_logincode c JOIN core_school s ON s.id = c.school_id"
            " WHERE c.digest = card AND s.ended_at IS NULL"
        ),
        roles=("app",),
        why="a printed code says of which school its student is; the rest happens in its scope",
    ),
    Peephole(
        name="student_numbered",
        arguments="card_number text, called text, born_day integer, born_month integer",
        returns="TABLE (school_id bigint, student_id bigint)",
        body=(
            "SELECT t.school_id, t.id FROM schools_student t"
            " JOIN core_school s ON s.id = t.school_id"
            " WHERE t.number = card_number AND lower(t.first_name) = lower(called)"
            " AND extract(day FROM t.birth_date) = born_day"
            " AND extract(month FROM t.birth_date) = born_month"
            " AND t.left_on IS NULL AND s.ended_at IS NULL ORDER BY t.id LIMIT 3"
        ),
        roles=("app",),
        why="who cannot log in says which student it is; the school is told, the asker nothing",
    ),
    Peephole(
        name="guardians_at",
        arguments="address text",
        returns=(
            "TABLE (id bigint, school_id bigint, student_id bigint, region_id bigint, name text,"
            " email text, wrong_birthdays integer, disowned boolean, has_left boolean)"
        ),
        body=(
            "SELECT g.id, g.school_id, g.student_id, s.region_id, g.name, g.email,"
            " g.wrong_birthdays::integer, g.disowned_at IS NOT NULL, t.left_on IS NOT NULL"
            " FROM schools_guardian g"
            " JOIN core_school s ON s.id = g.school_id"
            " JOIN schools_student t ON t.id = g.student_id"
            " WHERE upper(g.email) = upper(address) AND s.ended_at IS NULL ORDER BY g.id"
        ),
        roles=("app",),
        why="a device or a visitor is an address; who is a guardian by it decides the scope",
    ),
]
_LEFT = Until("student__left_on", "student_file")
_NO_CONTRACT = Until(Event.CONTRACT_ENDED, "contract_end")

RETENTION = {
    "Profile": keep("a national list", plain=("code", "name", "sbb_code")),
    "SchoolSettings": blank(
        _NO_CONTRACT,
        names=(
            *("telephone", "absence_telephone", "email", "represented_by"),
            *("representative_function", "student_explanation"),
        ),
        plain=("street", "postcode", "city", "colour", "holiday_region"),
    ),
    "RegionSettings": blank(
        _NO_CONTRACT,
        names=("email", "telephone", "company_explanation"),
        plain=("shown_name", "colour"),
    ),
    "Student": delete(
        Until("left_on", "student_file"),
        names=(
            *("number", "first_name", "infix", "last_name", "sort_name", "search_name"),
            *("school_class", "birth_date", "street", "postcode", "city", "telephone", "email"),
        ),
        plain=("public_id",),
        hold=Until("left_on", "praktijkleren"),
        loosens=("mentor",),  # the mentor is a log-in, and a student's log-in is one as well
        numbers_in=("core.Membership.student_id", "core.StoredFile.student_id"),
    ),
    "Guardian": delete(_LEFT, names=("name", "email", "telephone"), plain=("public_id",)),
    "LoginCode": delete(
        Until("expires_at", "login_log"), names=("digest", "seed"), plain=("sheet",)
    ),
    "LogInHelp": delete(Until("asked_at", "login_log"), _LEFT),
    "StandIn": delete(
        Until("until", "planning"), _NO_CONTRACT, names=("chosen",), plain=("public_id",)
    ),
    "Guides": delete(_LEFT, plain=("source", "number")),
    "Period": delete(Until("ends", "planning"), names=("name",), plain=("public_id",)),
    "PeriodException": delete(Until("date", "planning"), names=("reason",)),
    "Group": delete(Until("period__ends", "planning"), names=("name",), plain=("public_id",)),
    "GroupStudent": delete(Until("group__period__ends", "planning"), _LEFT),
    "Elective": keep("names of subjects", plain=("public_id", "code", "name")),
    "Task": keep("names of parts of subjects", plain=("name",)),
    # Rows of people stand in the sheet, in its preview and in what is said of its errors; a sheet
    # without a heading has one of them for its headings.
    "ImportJob": delete(
        Until("created_at", "import"),
        names=("mapping", "choices", "message", "result"),
        plain=("public_id", "sheet"),
    ),
    "ImportMapping": delete(_NO_CONTRACT, names=("heading",), plain=("sheet", "field")),
    # What was searched for may be the name of a student.
    "KeptFilter": delete(
        Until("made_at", "planning"),
        Until("member__ended_at", "staff"),
        names=("name", "query"),
        plain=("public_id", "page"),
    ),
}
