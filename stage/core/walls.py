"""The core's rows of the table of walls; `stage.core.tenants.walls` reads it."""

from stage.core.tenants.wall_rules import (
    COMPANY_GUIDED,
    COMPANY_SCHOOLS,
    COMPANY_STAFF,
)
from stage.core.tenants.walls import RULES, Wall

_STUDENT = "school_id = nullif(current_setting('app.school', true), '')::bigint"
_OWN_ID = "nullif(current_setting('app.student', true), '')::bigint"


def open_to_read(why: str) -> Wall:
    """A table every audience may read: it holds nothing of a tenant."""
    return Wall(school="r", student="r", company="r", bureau="r", app="r", forced=False, why=why)


WALLS = {
    "Region": open_to_read("a name, nothing else"),
    "School": open_to_read("a name and a public BRIN, nothing else"),
    "User": Wall(
        app="riu", forced=False, why="log-in precedes scope; no name, and no grant to any audience"
    ),
    "Heartbeat": Wall(app="r", forced=False, why="names of jobs and times, no tenant"),
    "TryCount": Wall(
        app="riud",
        system="",
        forced=False,
        why="digests and numbers, of no tenant; no grant to any audience",
    ),
    "Membership": Wall(
        key=("school",),
        school="riu",
        student="r",
        company="r",
        bureau="r",
        rules={
            "school": "school",
            "student": f"{_STUDENT} AND (student_id IS NULL OR student_id = {_OWN_ID})",
            "company": COMPANY_STAFF,
            "bureau": "pool_only",
        },
    ),
    "Mandate": Wall(school="riud", bureau="r", rules={"bureau": "pool"}),
    "OutboxMail": Wall(
        school="riu",
        student="i",
        company="i",
        bureau="riu",
        rules={
            "school": "school",
            "student": "school",
            "company": f"({RULES['pool_only']} OR {COMPANY_SCHOOLS})",
        },
    ),
    "AuditEntry": Wall(
        school="ri",
        student="i",
        company="i",
        bureau="ri",
        app="i",
        system="ri",
        append_only=True,
        rules={
            "school.r": "school",
            "school.i": "school_or_pool",
            "student": "school",
            "company": "all",
            # What the bureau does for a school stands on that school's trail.
            "bureau.i": f"({RULES['pool_only']} OR {RULES['mandate']})",
        },
    ),
    "AuditSeal": Wall(system="ri", append_only=True),
    "Link": Wall(),
    "MailedCode": Wall(),
    "Device": Wall(),
    "LanguageChoice": Wall(),
    "StoredFile": Wall(
        key=("region", "school", "student", "company"),
        school="riu",
        student="riu",
        company="ri",
        bureau="riu",
        rules={
            "company": (
                "company_id = ANY ((SELECT app_ids('app.companies'))::bigint[])"
                " AND (school_id IS NULL"
                f" OR {RULES['company_contact']}"
                f" OR ({RULES['company_pair']} AND {COMPANY_GUIDED})"
                f" OR (kind = 'paper' AND {RULES['company_signatory']}))"
            ),
            "student.r": (
                f"({_STUDENT} AND student_id = {_OWN_ID})"
                f" OR ({_STUDENT} AND kind = 'logo' AND student_id IS NULL)"
                " OR (school_id IS NULL"
                " AND student_id IS NULL"
                " AND region_id = ANY ((SELECT app_ids('app.regions'))::bigint[]))"
            ),
        },
    ),
}
