"""Attendance's walls (`stage.core.tenants.walls`), and how long rows are kept (`.retention`)."""

from stage.core.tenants.retention import Sooner, Until, delete, keep
from stage.core.tenants.wall_rules import ACTOR, COMPANY_SCHOOLS, MADE_ALONG, OWN_WORK, TODAY
from stage.core.tenants.walls import RULES, Peephole, Wall, one_of

_STUDENT, _GUIDED = RULES["student"], RULES["company_guided"]
_UNSEEN = (
    "kind = 'start' AND settled_by_id IS NULL AND flags_seen_at IS NULL AND withdrawn_at IS NULL"
)
_OWN_WAYS = one_of("method", "poster", "typed", "screen", "self")
# Today, or what a phone without a network kept for a week at most, marked as such.
_LATELY = (
    f"(date = {TODAY} OR ('offline' = ANY (flags) AND date <= {TODAY} AND date >= {TODAY} - 7))"
)
_CHECKS_IN = f"{_UNSEEN} AND {_OWN_WAYS}"
# The rest of a day at work: with a button, no code.
_REST = "kind = ANY ('{end,pause,back}'::text[]) AND settled_by_id IS NULL AND withdrawn_at IS NULL"
_SAYS = f"{OWN_WORK} AND {_LATELY} AND (({_CHECKS_IN}) OR ({_REST} AND method = 'self'))"
# What is taken back stays, with the day and the moment; who was not asked says why.
_STANDS = "withdrawn_at IS NULL AND settled_by_id IS NULL"
_WITHDRAWS = f"date = {TODAY} AND {_STANDS}"
_WITHDRAWN = f"withdrawn_at IS NOT NULL AND withdrawn_kind = split_part({ACTOR}, ':', 3)"
_WITHDRAWAL = ("withdrawn_at", "withdrawn_kind", "withdrawn_why")
_TICKS = (
    f"{_GUIDED} AND date <= {TODAY} AND (({_UNSEEN}"
    f" AND (method = 'supervisor' OR (method = 'shown' AND date = {TODAY})))"
    f" OR (kind = 'end' AND {_STANDS} AND method = 'supervisor' AND date = {TODAY}))"
)

# Absence is told for today or later, in one's own name; whether it is excused the school says.
# Who is ill is so until better: today or tomorrow, without a last day.
_TO_COME = f"starts >= {TODAY} AND (ends IS NOT NULL OR starts <= {TODAY} + 1)"
_OWN_WORD = f"reported_kind = split_part({ACTOR}, ':', 3)"
_TELLS = (
    f"{_TO_COME} AND back_at IS NULL AND excused IS NULL AND withdrawn_at IS NULL"
    f" AND (ends IS NULL OR ends >= starts) AND {_OWN_WORD}"
)
# What stands can be said to be over, or not over after all; and one's own word be taken back.
_CHANGES = (
    "withdrawn_at IS NULL AND (ends IS NULL"
    f" OR (back_at IS NOT NULL AND ends >= {TODAY} - 1)"
    f" OR ({_OWN_WORD} AND (starts >= {TODAY} OR ends >= {TODAY})))"
)
_TOLD = (
    "(back_at IS NOT NULL OR ends IS NULL OR ends >= starts)"
    f" AND (withdrawn_at IS NULL OR {_OWN_WORD})"
)
_ABSENCE_COLUMNS = (
    "starts",
    "ends",
    "back_at",
    "note",
    "reported_kind",
    "reported_at",
    "withdrawn_at",
)

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
            "student.i": _SAYS,
            "student.u": f"{OWN_WORK} AND {_LATELY} AND {_STANDS}",
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
    # Of the company alone; a student asks `screen_showing`, the device itself `screen_of_key`.
    "Screen": Wall(
        company="riu",
        rules={"company": "company_keeps"},
        columns={"company.u": ("pairing", "key", "seen_at", "withdrawn_at")},
    ),
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
    # The company says why, as long as it may say how much; the student answers once, and no more.
    "DisputedDay": Wall(
        school="ru",
        student="ru",
        company="riu",
        rules={
            "student.u": f"{OWN_WORK} AND answered_at IS NULL AND withdrawn_at IS NULL",
            "company.i": f"{_GUIDED} AND answered_at IS NULL AND date <= {TODAY}"
            " AND settled_at IS NULL",
            "company.u": f"{_GUIDED} AND date + {_CHANGE_DAYS} >= {TODAY}",
        },
        after={"student": f"{_STUDENT} AND answered_at IS NOT NULL", "company": _GUIDED},
        columns={
            "school.u": ("settled_at", "settled_by_id"),
            "student.u": ("answer", "answered_at"),
            "company.u": ("kind", "words", "by_id", "at", "withdrawn_at"),
        },
    ),
    # The school's own, as calls are.
    "Alarm": Wall(school="ri"),
    "PatternSeen": Wall(school="riu"),
    # What was said of a day stays; a later word is a newer version.
    "ConfirmedDay": Wall(
        school="ri",
        student="r",
        company="ri",
        rules={
            "school.i": f"{RULES['school']} AND date <= {TODAY} AND kind = 'phoned'",
            "company.i": f"{_GUIDED} AND date <= {TODAY} AND kind <> 'phoned'",
        },
        append_only=True,
    ),
}

# Which screen shows these six signs (as a number), now or up to ten minutes ago: `services.screens`
# works the same out in Python for the screen itself.
_SHOWN = (
    "('x' || substr(encode(sha256(convert_to(s.secret || encode(sha256(convert_to("
    "s.secret || ':' || (step - back), 'UTF8')), 'hex'), 'UTF8')), 'hex'), 1, 12))::bit(48)::bigint"
)
_REGION = "s.region_id = ANY ((SELECT app_ids('app.regions'))::bigint[])"

FUNCTIONS = [
    Peephole(
        name="screen_to_pair",
        arguments="digest text, made_after timestamptz",
        returns="TABLE (id bigint, company_id bigint, region_id bigint)",
        body=(
            "SELECT s.id, s.company_id, s.region_id FROM attendance_screen s WHERE s.pairing <> ''"
            " AND s.pairing = digest AND s.made_at > made_after AND s.withdrawn_at IS NULL"
        ),
        roles=("app",),
        why="a device without anybody logged in types the code that its company was shown",
    ),
    Peephole(
        name="screen_of_key",
        arguments="digest text, moment timestamptz",
        returns=(
            "TABLE (id bigint, company_id bigint, region_id bigint, secret text, company text,"
            " seen_ago integer)"
        ),
        body=(
            "SELECT s.id, s.company_id, s.region_id, s.secret::text, c.name::text,"
            " extract(epoch FROM moment - s.seen_at)::integer"
            " FROM attendance_screen s JOIN companies_company c ON c.id = s.company_id"
            " WHERE s.key <> '' AND s.key = digest AND s.withdrawn_at IS NULL"
        ),
        roles=("app",),
        why="a paired device shows the code of its own screen",
    ),
    Peephole(
        name="screen_showing",
        arguments="number bigint, step bigint",
        returns="TABLE (location_id bigint, steps_ago integer)",
        # The newest step first, and it is nearly always that one: the others' codes, of every
        # screen of the region, are not worked out then.
        body=(
            "SELECT shown.location_id, back FROM generate_series(0, 20) back, LATERAL ("  # noqa: S608
            "SELECT s.location_id FROM attendance_screen s"
            f" WHERE s.key <> '' AND s.withdrawn_at IS NULL AND {_REGION}"
            f" AND {_SHOWN} % 387420489 = number ORDER BY s.id LIMIT 1) shown LIMIT 1"
        ),
        roles=("student",),
        why="who stands before a screen checks in with its code, and reads no screen's secret",
    ),
]

# A photo beside one's own report.
CONTRIBUTIONS = {"own_files": "{column} = 'photo'"}

_LEFT = Until("student__left_on", "student_file")
_EVIDENCE = Until("student__left_on", "praktijkleren")  # hours that a subsidy rests on

RETENTION = {
    "AttendanceSettings": keep("what a school chose", plain=("way",)),
    "CheckIn": delete(_LEFT, names=("withdrawn_why",), plain=("nonce", "poster"), hold=_EVIDENCE),
    "Called": delete(Until("date", "absence"), _LEFT),
    "ReportAnswer": delete(_LEFT, names=("line",)),
    "Alarm": delete(Until("date", "absence"), _LEFT),
    "PatternSeen": delete(Until("until", "absence"), _LEFT),
    "DisputedDay": delete(_LEFT, names=("words", "answer"), hold=_EVIDENCE),
    "Screen": delete(
        Until("withdrawn_at", "company_contact"),
        names=("name",),
        plain=("public_id", "secret", "pairing", "key"),
    ),
    "FailedScan": delete(Until("at", "login_log"), names=("typed",)),
    "Absence": delete(Until("starts", "absence"), _LEFT, names=("note",), plain=("public_id",)),
    "DayReport": delete(
        _LEFT,
        names=("text",),
        sooner=(Sooner(("photo",), Until("date", "photos")),),
    ),
    "WeekConfirmation": delete(_LEFT, names=("remark",), hold=_EVIDENCE),
    "ConfirmedDay": delete(_LEFT, names=("spoken_to",), hold=_EVIDENCE),
}
