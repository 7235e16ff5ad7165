"""The core's rows of the table of walls; `stage.core.tenants.walls` reads it."""

from stage.core.tenants.wall_rules import (
    ACTOR,
    COMPANY_GUIDED,
    COMPANY_PERIODS,
    COMPANY_SCHOOLS,
    COMPANY_SCHOOLS_IN_SCOPE,
    COMPANY_TRAINEE,
    OWN_WORK,
    REGION_SCHOOLS,
)
from stage.core.tenants.walls import RULES, Peephole, Wall

_STUDENT = "school_id = nullif(current_setting('app.school', true), '')::bigint"
_OWN_ID = "nullif(current_setting('app.student', true), '')::bigint"
# Who writes the trail as student, guardian or company writes it as oneself.
_AS_ONESELF = f"actor_kind || ':' || actor_id || ':' || actor_role = {ACTOR}"
# Whom a company writes to: people it sees, or its own trainees.
_PEOPLE_OF_COMPANY = (
    "((person_kind = 'student' AND person_id IN (SELECT student_id FROM placements_placement))"
    " OR (person_kind = 'contact' AND person_id IN (SELECT id FROM companies_contact))"
    " OR (person_kind = 'membership' AND person_id IN (SELECT id FROM core_membership)))"
)


def _open_to_read(why: str) -> Wall:
    """A table every audience may read: it holds nothing of a tenant."""
    return Wall(school="r", student="r", company="r", bureau="r", app="r", forced=False, why=why)


WALLS = {
    "Region": _open_to_read("a name, nothing else"),
    "School": _open_to_read("a name and a public BRIN, nothing else"),
    "User": Wall(
        app="riu", forced=False, why="log-in precedes scope; no name, and no grant to any audience"
    ),
    "Profile": _open_to_read("a national list"),
    "ReferenceValue": _open_to_read("public rules and their sources"),
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
            "company": (
                "id IN (SELECT teacher_id FROM placements_placement) OR (role = 'coordinator'"
                " AND school_id IN (SELECT school_id FROM companies_invitation))"
            ),
            "bureau": "pool_only",
        },
    ),
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
    "Mandate": Wall(school="riud", bureau="r", rules={"bureau": "pool"}),
    "Student": Wall(school="riu", student="r", bureau="r", rules={"student": "student_self"}),
    "Guardian": Wall(school="riud", student="r"),
    "StudentCard": Wall(
        school="riu",
        company="r",
        rules={
            "company": (
                f"revoked_at IS NULL AND ({RULES['company_contact']}"
                f" OR ({RULES['company_pair']} AND {COMPANY_TRAINEE}))"
            )
        },
    ),
    "LoginCode": Wall(school="riu"),
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
    "OutboxMail": Wall(
        school="riu",
        company="i",
        bureau="riu",
        rules={
            "school": "school",
            "company": (
                f"state = 'queued' AND ({COMPANY_SCHOOLS_IN_SCOPE}"
                f" OR ({RULES['pool_only']} AND person_kind = 'contact'))"
                f" AND {_PEOPLE_OF_COMPANY}"
            ),
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
            "student": f"{_STUDENT} AND {_AS_ONESELF}",
            "company": (f"({RULES['pool_only']} OR {COMPANY_SCHOOLS_IN_SCOPE}) AND {_AS_ONESELF}"),
            # What the bureau does for a school stands on that school's trail.
            "bureau.i": f"({RULES['pool_only']} OR {RULES['mandate']})",
        },
    ),
    "AuditSeal": Wall(system="ri", append_only=True),
    # Of the log-in role, like users and sessions: they are looked up before there is a scope, and
    # hold digests and numbers of people.
    "Link": Wall(app="riu"),
    "MailedCode": Wall(app="riu"),
    "Device": Wall(app="riu"),
    "LanguageChoice": Wall(app="riu"),
    "StoredFile": Wall(
        key=("region", "school", "student", "company"),
        after={"student": f"{OWN_WORK} AND kind IN ('photo', 'evidence')"},
        columns={"student.u": ("removed_at",)},
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
            "student.i": f"{OWN_WORK} AND kind IN ('photo', 'evidence') AND removed_at IS NULL",
            "student.u": f"{OWN_WORK} AND kind IN ('photo', 'evidence') AND removed_at IS NULL",
            "student.r": (
                f"({_STUDENT} AND student_id = {_OWN_ID})"
                f" OR ({_STUDENT} AND kind = 'logo' AND student_id IS NULL)"
                " OR (school_id IS NULL"
                " AND student_id IS NULL"
                " AND region_id = ANY ((SELECT app_ids('app.regions'))::bigint[]))"
            ),
        },
    ),
    "ImportJob": Wall(school="riu", bureau="riu", rules={"school": "school"}),
    "ImportMapping": Wall(school="riu", bureau="riu", rules={"school": "school"}),
}

# What is looked up before there is a scope: each by one exact value that only its owner knows, or
# as a mere count. `tests/core/test_doors.py` lists them all.
FUNCTIONS = [
    Peephole(
        name="roles_of_user",
        arguments="number bigint",
        returns="SETOF core_membership",
        body="SELECT * FROM core_membership WHERE user_id = number AND ended_at IS NULL",
        roles=("app",),
        why="a session is of a user; its roles decide the scope",
    ),
    Peephole(
        name="role_numbered",
        arguments="number bigint",
        returns="SETOF core_membership",
        body="SELECT * FROM core_membership WHERE id = number AND ended_at IS NULL",
        roles=("app",),
        why="somebody who was invited proved the mailbox, and has no password yet",
    ),
    Peephole(
        name="school_of_card",
        arguments="card text",
        returns="TABLE (school_id bigint)",
        body="SELECT school_id FROM schools_logincode WHERE digest = card",
        roles=("app",),
        why="a printed code says of which school its student is; the rest happens in its scope",
    ),
    Peephole(
        name="guardians_at",
        arguments="address text",
        returns=(
            "TABLE (id bigint, school_id bigint, student_id bigint, region_id bigint, name text,"
            " email text, wrong_birthdays integer, has_left boolean)"
        ),
        body=(
            "SELECT g.id, g.school_id, g.student_id, s.region_id, g.name, g.email,"
            " g.wrong_birthdays::integer, t.left_on IS NOT NULL FROM schools_guardian g"
            " JOIN core_school s ON s.id = g.school_id JOIN schools_student t ON t.id = g.student_id"
            " WHERE upper(g.email) = upper(address) ORDER BY g.id"
        ),
        roles=("app",),
        why="a device or a visitor is an address; who is a guardian by it decides the scope",
    ),
    Peephole(
        name="platform_counts",
        arguments="unsealed_before timestamptz",
        returns="TABLE (uncertain bigint, unsealed bigint)",
        body=(
            "SELECT (SELECT count(*) FROM core_outboxmail WHERE state = 'uncertain'),"
            " (SELECT count(*) FROM core_auditentry e WHERE e.at < unsealed_before"
            " AND NOT EXISTS (SELECT FROM core_auditseal s WHERE s.entry_id = e.id))"
        ),
        roles=("app",),
        why="the page that says whether all is well: two counts",
    ),
]
