"""Attendance's walls (`stage.core.tenants.walls`), and how long rows are kept (`.retention`)."""

from stage.core.tenants.retention import Sooner, Until, delete, keep
from stage.core.tenants.wall_rules import ACTOR, COMPANY_SCHOOLS, MADE_ALONG, OWN_WORK, TODAY
from stage.core.tenants.walls import RULES, Wall, one_of

_STUDENT, _GUIDED = RULES["student"], RULES["company_guided"]
_UNSEEN = (
    "kind = 'start' AND settled_by_id IS NULL AND flags_seen_at IS NULL AND withdrawn_at IS NULL"
)
_CHECKS_IN = (
    f"{OWN_WORK} AND {_UNSEEN} AND date = {TODAY} AND {one_of('method', 'poster', 'typed', 'self')}"
)
# What is taken back stays, with the day and the moment; who was not asked says why.
_WITHDRAWS = f"date = {TODAY} AND withdrawn_at IS NULL AND settled_by_id IS NULL"
_WITHDRAWN = f"withdrawn_at IS NOT NULL AND withdrawn_kind = split_part({ACTOR}, ':', 3)"
_WITHDRAWAL = ("withdrawn_at", "withdrawn_kind", "withdrawn_why")
_TICKS = f"{_GUIDED} AND {_UNSEEN} AND date <= {TODAY} AND method = 'supervisor'"

# Absence is told today or for tomorrow, in one's own name; whether it is excused the school says.
_TODAY_OR_TOMORROW = f"starts BETWEEN {TODAY} AND {TODAY} + 1"
_OWN_WORD = f"reported_kind = split_part({ACTOR}, ':', 3)"
_TELLS = (
    f"{_TODAY_OR_TOMORROW} AND back_at IS NULL AND excused IS NULL AND withdrawn_at IS NULL"
    f" AND (ends IS NULL OR ends = starts) AND {_OWN_WORD}"
)
# What stands can be said to be over, or not over after all; and one's own word be taken back.
_CHANGES = (
    "withdrawn_at IS NULL AND (ends IS NULL"
    f" OR (back_at IS NOT NULL AND ends >= {TODAY} - 1)"
    f" OR ({_OWN_WORD} AND {_TODAY_OR_TOMORROW}))"
)
_TOLD = (
    "(back_at IS NOT NULL OR ends IS NULL OR ends = starts)"
    f" AND (withdrawn_at IS NULL OR {_OWN_WORD})"
)
_ABSENCE_COLUMNS = ("ends", "back_at", "note", "reported_kind", "reported_at", "withdrawn_at")

# A report is the student's until the company has said that the day was so.
_REPORTS = (
    f"{OWN_WORK} AND date <= {TODAY} AND (placement_id, date) NOT IN (SELECT"  # noqa: S608
    " attendance_confirmedday.placement_id, attendance_confirmedday.date"
    " FROM attendance_confirmedday)"
)
_MONDAY = "to_date(iso_year || '-' || iso_week, 'IYYY-IW')"
_CHANGE_DAYS = 6 + 14  # after the Monday: until two weeks after the week (`services.weeks`)

WALLS = {
    "AttendanceSettings": Wall(
        school="ru",
        student="r",
        company="r",
        operator="ri",
        columns=MADE_ALONG,
        rules={"company": COMPANY_SCHOOLS, "operator": "all"},
    ),
    # A company takes back what it ticked itself; what somebody else said it withdraws that day.
    "CheckIn": Wall(
        school="riud",
        student="riu",
        company="riud",
        rules={
            "student.i": _CHECKS_IN,
            "student.u": f"{OWN_WORK} AND {_WITHDRAWS}",
            "company.i": _TICKS,
            "company.u": f"{_GUIDED} AND {_WITHDRAWS}",
            "company.d": f"{_GUIDED} AND method = 'supervisor' AND withdrawn_at IS NULL",
        },
        after={
            "student": f"{_STUDENT} AND {_WITHDRAWN}",
            "company": f"{_GUIDED} AND {_WITHDRAWN}",
        },
        columns={"student.u": _WITHDRAWAL, "company.u": _WITHDRAWAL},
    ),
    "FailedScan": Wall(school="r", student="i", rules={"student": OWN_WORK}),
    # The school takes back what it settled by mistake; the audit trail keeps that it did.
    "Absence": Wall(
        school="riud",
        student="riu",
        company="riu",
        rules={
            "student.i": f"{_STUDENT} AND {_TELLS}",
            "student.u": f"{_STUDENT} AND {_CHANGES}",
            "company.i": f"{_GUIDED} AND {_TELLS}",
            "company.u": f"{_GUIDED} AND {_CHANGES}",
        },
        after={"student": f"{_STUDENT} AND {_TOLD}", "company": f"{_GUIDED} AND {_TOLD}"},
        columns={"student.u": _ABSENCE_COLUMNS, "company.u": _ABSENCE_COLUMNS},
    ),
    "DayReport": Wall(
        school="r",
        student="riu",
        company="r",
        rules={"student.i": _REPORTS, "student.u": _REPORTS},
        columns={"student.u": ("text", "mood", "photo_id", "written_at")},
    ),
    # The school's own: nobody else reads that was called.
    "Called": Wall(school="rid"),
    "ReportAnswer": Wall(school="riu", student="r"),
    "WeekConfirmation": Wall(
        school="r",
        student="r",
        company="riu",
        rules={
            "company.i": f"{_GUIDED} AND {_MONDAY} <= {TODAY}",
            "company.u": f"{_GUIDED} AND {_MONDAY} + {_CHANGE_DAYS} >= {TODAY}",
        },
        columns={"company.u": ("contact_id", "remark", "confirmed_at")},
    ),
    # What was said of a day stays; a later word is a newer version.
    "ConfirmedDay": Wall(
        school="r",
        student="r",
        company="ri",
        rules={"company.i": f"{_GUIDED} AND date <= {TODAY}"},
        append_only=True,
    ),
}

# A photo beside one's own report.
CONTRIBUTIONS = {"own_files": "{column} = 'photo'"}

_LEFT = Until("student__left_on", "student_file")
_EVIDENCE = Until("student__left_on", "praktijkleren")  # hours that a subsidy rests on

RETENTION = {
    "AttendanceSettings": keep("what a school chose", plain=("way",)),
    "CheckIn": delete(_LEFT, names=("withdrawn_why",), plain=("nonce", "poster"), hold=_EVIDENCE),
    "Called": delete(Until("date", "absence"), _LEFT),
    "ReportAnswer": delete(_LEFT, names=("line",)),
    "FailedScan": delete(Until("at", "login_log"), names=("typed",)),
    "Absence": delete(Until("starts", "absence"), _LEFT, names=("note",), plain=("public_id",)),
    "DayReport": delete(
        _LEFT,
        names=("text",),
        sooner=(Sooner(("photo",), Until("date", "photos")),),
    ),
    "WeekConfirmation": delete(_LEFT, names=("remark",), hold=_EVIDENCE),
    "ConfirmedDay": delete(_LEFT, hold=_EVIDENCE),
}
