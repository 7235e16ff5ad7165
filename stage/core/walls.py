"""The core's walls (`stage.core.tenants.walls`), and how long rows are kept (`.retention`)."""

from stage.core.tenants.retention import Event, Sooner, Until, blank, delete, keep
from stage.core.tenants.wall_rules import (
    ACTOR,
    COMPANY_GUIDED,
    COMPANY_SCHOOLS_IN_SCOPE,
    COMPANY_STAFF,
    OWN_WORK,
)
from stage.core.tenants.walls import RULES, Peephole, Wall, one_of, others

_STUDENT = "school_id = nullif(current_setting('app.school', true), '')::bigint"
_OWN_ID = "nullif(current_setting('app.student', true), '')::bigint"
# Who writes the trail as student, guardian or company writes it as oneself.
_AS_ONESELF = f"actor_kind || ':' || actor_id || ':' || actor_role = {ACTOR}"
# Whom a company writes to: its school's staff, and whom the apps above name.
_PEOPLE_OF_COMPANY = (
    f"({others('company_people', 'person_id')}"  # noqa: S608
    " OR (person_kind = 'membership' AND person_id IN"
    " (SELECT core_membership.id FROM core_membership)))"
)


def open_to_read(why: str, *, operator: str = "", changes: tuple[str, ...] = ()) -> Wall:
    """A table every audience may read: it holds nothing of a tenant.

    `changes`: the columns the operator changes, where it may.
    """
    return Wall(
        school="r",
        student="r",
        company="r",
        bureau="r",
        operator=operator,
        columns={"operator.u": changes} if changes else {},
        app="r",
        forced=False,
        why=why,
    )


# The operator's: whoever invites the others, never somebody who knows a student, never itself.
_FIRST_PEOPLE = f"student_id IS NULL AND {one_of('role', 'coordinator', 'bureau')}"
_COLLEAGUE = f"{RULES['pool_only']} AND {one_of('role', 'bureau')}"
_NOT_ITSELF = f"({ACTOR} <> 'user:' || user_id || ':operator')"
_FIRST_MAIL = (
    f"{one_of('event', 'staff_invited', 'first_person_added')}"
    f" AND {one_of('person_kind', 'membership')}"
)
_INVITATION = f"event = 'staff_invited' AND {one_of('person_kind', 'membership')}"


# A student's own log-in; a guardian runs as the same role and has none.
_OWN_LOGIN = (
    f"{_STUDENT} AND starts_with({ACTOR}, 'user:')"  # noqa: S608
    f" AND member_id IN (SELECT m.id FROM core_membership m WHERE m.student_id = {_OWN_ID})"
)

# What students add and take away themselves.
_OWN_FILE = f"{OWN_WORK} AND {others('own_files', 'kind')}"

WALLS = {
    "Region": open_to_read("a name, nothing else", operator="riu", changes=("name",)),
    "School": open_to_read(
        "a name and a public BRIN, nothing else", operator="riu", changes=("name", "ended_at")
    ),
    "User": Wall(
        app="riu", forced=False, why="log-in precedes scope; no name, and no grant to any audience"
    ),
    "Heartbeat": Wall(app="r", forced=False, why="names of jobs and times, no tenant"),
    "Job": Wall(school="riu", bureau="riu", rules={"school": "school"}),
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
        bureau="riu",
        operator="riu",
        columns={"bureau.u": ("name", "ended_at"), "operator.u": ("ended_at",)},
        rules={
            "bureau.i": _COLLEAGUE,
            "bureau.u": _COLLEAGUE,
            "operator": _FIRST_PEOPLE,
            "operator.i": f"{_FIRST_PEOPLE} AND ended_at IS NULL AND {_NOT_ITSELF}",
            "school": "school",
            "student": f"{_STUDENT} AND (student_id IS NULL OR student_id = {_OWN_ID})",
            "company": COMPANY_STAFF,
            "bureau": "pool_only",
        },
    ),
    "Mandate": Wall(school="riud", bureau="r", rules={"bureau": "pool"}),
    "OutboxMail": Wall(
        school="riu",
        company="i",
        bureau="riu",
        operator="ri",
        columns={"operator.r": ("id", "event", "person_kind", "person_id", "state", "created_at")},
        rules={
            "operator.r": _INVITATION,
            "operator.i": f"state = 'queued' AND {_FIRST_MAIL}",
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
        operator="i",
        app="i",
        system="ri",
        append_only=True,
        after_insert="wait_for_seal",
        rules={
            "school.r": "school",
            "school.i": "school_or_pool",
            "student": f"{_STUDENT} AND {_AS_ONESELF}",
            "company": (f"({RULES['pool_only']} OR {COMPANY_SCHOOLS_IN_SCOPE}) AND {_AS_ONESELF}"),
            "operator": f"student_number IS NULL AND {_AS_ONESELF}",
            # What the bureau does for a school stands on that school's trail.
            "bureau.i": f"({RULES['pool_only']} OR {RULES['mandate']})",
        },
    ),
    "AuditSeal": Wall(system="ri", append_only=True),
    # Written by the trigger on the entries, emptied by the sealer.
    "AuditWaiting": Wall(system="rid"),
    # Of the log-in role, like users and sessions: they are looked up before there is a scope, and
    # hold digests and numbers of people.
    "Link": Wall(app="riu"),
    "MailedCode": Wall(app="riu"),
    "Device": Wall(app="riu"),
    "CalendarFeed": Wall(app="riu"),
    "LanguageChoice": Wall(app="riu"),
    "NoticesOff": Wall(app="riu"),
    # How somebody wants to hear by mail; the worker reads it.
    "NoticeSettings": Wall(school="riu", student="riu", rules={"student": _OWN_LOGIN}),
    # Where notices show; the worker sends them.
    "PushSubscription": Wall(school="riud", student="riud", rules={"student": _OWN_LOGIN}),
    # What was taken of a phone is told to that student; who guides may read that it came.
    "Received": Wall(school="r", student="ri", rules={"student": OWN_WORK}),
    "StoredFile": Wall(
        key=("region", "school", "student", "company"),
        after={"student": _OWN_FILE},
        columns={"student.u": ("removed_at",), "company.u": ("removed_at",)},
        school="riu",
        student="riu",
        company="riu",
        bureau="riu",
        rules={
            "company": (
                "company_id = ANY ((SELECT app_ids('app.companies'))::bigint[])"
                " AND (school_id IS NULL"
                f" OR {RULES['company_contact']}"
                f" OR ({RULES['company_pair']} AND {COMPANY_GUIDED})"
                f" OR ({others('signed_files', 'kind')} AND {RULES['company_signatory']}))"
            ),
            # Its own picture, which it shows to a region; nothing that is of a school.
            "company.u": (
                "company_id = ANY ((SELECT app_ids('app.companies'))::bigint[])"
                " AND school_id IS NULL AND student_id IS NULL"
            ),
            "student.i": f"{_OWN_FILE} AND removed_at IS NULL",
            "student.u": f"{_OWN_FILE} AND removed_at IS NULL",
            "student.r": (
                f"({_STUDENT} AND student_id = {_OWN_ID})"
                f" OR ({_STUDENT} AND {others('school_files', 'kind')} AND student_id IS NULL)"
                " OR (school_id IS NULL"
                " AND student_id IS NULL"
                " AND region_id = ANY ((SELECT app_ids('app.regions'))::bigint[]))"
            ),
        },
    ),
}

# Nobody gets in at a school that ended.
_IN_NOW = (  # as a value: a join with all schools that ended would read all schools
    "ended_at IS NULL AND (SELECT s.ended_at FROM core_school s"
    " WHERE s.id = core_membership.school_id) IS NULL"
)

# What is looked up before there is a scope: each by one exact value that only its owner knows, or
# as a mere count. `tests/core/test_doors.py` lists them all.
AT_MOST = 1000  # counts on a page that anybody asks for read no more rows than this
FUNCTIONS = [
    Peephole(
        name="roles_of_user",
        arguments="number bigint",
        returns="SETOF core_membership",
        body=f"SELECT * FROM core_membership WHERE user_id = number AND {_IN_NOW}",  # noqa: S608
        roles=("app",),
        why="a session is of a user; its roles decide the scope",
    ),
    Peephole(
        name="role_numbered",
        arguments="number bigint",
        returns="SETOF core_membership",
        body=f"SELECT * FROM core_membership WHERE id = number AND {_IN_NOW}",  # noqa: S608
        roles=("app",),
        why="somebody who was invited proved the mailbox, and has no password yet",
    ),
    Peephole(
        name="platform_counts",
        arguments="unsealed_before timestamptz",
        returns="TABLE (uncertain bigint, unsealed bigint, due bigint)",
        body=", ".join(
            f"{'SELECT ' if not n else ''}(SELECT count(*) FROM (SELECT FROM {rows}"  # noqa: S608
            f" LIMIT {AT_MOST}) AS found)"
            for n, rows in enumerate(
                (
                    "core_outboxmail WHERE state = 'uncertain'",
                    "core_auditwaiting WHERE at < unsealed_before",
                    # Each half by its own index, in the words of its condition.
                    "core_outboxmail WHERE state = 'queued' AND bundle = ''"
                    " AND not_before <= now() UNION ALL SELECT FROM core_outboxmail"
                    " WHERE state = 'queued' AND NOT (bundle = '') AND not_before <= now()",
                )
            )
        ),
        roles=("app",),
        why="the page that says whether all is well: three counts, none above a thousand",
    ),
    Peephole(
        name="wait_for_seal",
        arguments="",
        returns="trigger",
        body=(
            "BEGIN INSERT INTO core_auditwaiting (entry_id, at) SELECT id, at FROM written;"
            " RETURN NULL; END"
        ),
        roles=("owner",),
        why="who adds to the trail puts the entry in the sealer's queue, which nobody else sees",
    ),
]
# Of a log-in: after its last role. Of what others show or name: when nothing does any more.
_NO_ROLE = Until(Event.ROLES_ENDED, "login_log")
_UNUSED = Until(Event.UNREFERENCED, "at_once")

RETENTION = {
    "Region": keep("names of organisations", plain=("public_id", "name")),
    "School": keep("names of public institutions", plain=("name", "brin")),
    # A log-in goes with its last role; the address it logs in by goes before.
    "User": delete(
        _UNUSED,
        names=("username", "email", "password"),
        sooner=(Sooner(("email",), _NO_ROLE),),
    ),
    "Heartbeat": blank(  # an error quotes what it stumbled over
        Until("last_error_at", "login_log"), names=("last_error",), plain=("name",)
    ),
    "Job": delete(
        Until("created_at", "job"),
        names=("arguments", "message", "result", "step"),
        plain=("public_id", "kind"),
    ),
    "TryCount": delete(Until("until", "code"), names=("key",)),
    # The row stays while students, letters or judgements say who made them; the name does not.
    "Membership": delete(
        _UNUSED,
        names=("name", "email", "telephone", "abbreviation", "student_id"),
        plain=("public_id",),
        sooner=(
            Sooner(("name", "email", "telephone", "abbreviation"), Until("ended_at", "staff")),
        ),
    ),
    "Mandate": delete(Until("ends", "planning"), names=("task",)),
    "OutboxMail": delete(
        Until("created_at", "mail_log"),
        # A mail server's answer quotes the address.
        names=("person_id", "about_id", "details", "key", "error", "held_by", "bundle"),
        plain=("event", "message_id", "about_type"),
    ),
    # Both take no deletes (a trigger): the owner of the tables drops the oldest part of a chain.
    "AuditEntry": delete(
        Until("at", "audit"),
        names=("actor_id", "object_id", "student_number"),
        plain=("actor_kind", "actor_role", "verb", "object_type", "fields"),
    ),
    "AuditSeal": delete(Until("sealed_at", "audit"), plain=("chain", "number", "digest")),
    "AuditWaiting": delete(Until("at", "audit")),  # seconds; the sealer takes it away
    "Link": delete(
        Until("expires_at", "login_log"),
        names=("person_id",),
        plain=("public_id", "purpose", "target"),
    ),
    "MailedCode": delete(
        Until("expires_at", "code"), names=("person_id", "browser", "digest"), plain=("purpose",)
    ),
    "Device": delete(Until("expires_at", "login_log"), names=("person_id", "email", "digest")),
    # While it is empty nothing runs: a calendar asks for years.
    "CalendarFeed": delete(
        Until("withdrawn_at", "login_log"),
        names=("person_id", "email", "digest"),
    ),
    "LanguageChoice": delete(
        Until(Event.PERSON_GONE, "at_once"), names=("person_id",), plain=("language",)
    ),
    "NoticesOff": delete(Until(Event.PERSON_GONE, "at_once"), names=("person_id", "kinds")),
    "NoticeSettings": delete(Until("member__ended_at", "staff"), names=("paces",)),
    "PushSubscription": delete(
        Until("member__ended_at", "at_once"),
        names=("endpoint", "p256dh", "auth", "device"),
        plain=("public_id",),
    ),
    "Received": delete(
        Until("at", "received"), names=("student_id", "said"), plain=("nonce", "to")
    ),
    # A file lives as long as what shows it; a paper, a photo and an import have their own terms.
    "StoredFile": delete(
        _UNUSED,
        names=("name", "path", "thumbnail_path", "digest", "student_id", "company_id"),
        plain=("public_id", "kind", "content_type"),
        files=("path", "thumbnail_path"),
    ),
}
