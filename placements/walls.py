"""The placements' walls (`stage.core.tenants.walls`), and how long rows are kept (`.retention`)."""

from stage.core.tenants.retention import Sooner, Until, delete, keep
from stage.core.tenants.wall_rules import COMPANY_TRAINEE, MADE_ALONG
from stage.core.tenants.walls import RULES, Peephole, Wall

WALLS = {
    "PlacementSettings": Wall(
        school="ru", student="r", operator="ri", columns=MADE_ALONG, rules={"operator": "all"}
    ),
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
    "Application": Wall(
        school="riu",
        # Every step, of whichever side, is one of the services': after the policy they go on in the
        # school's scope, since it counts places and closes other rows.
        student="r",
        company="r",
        rules={"company": f"{RULES['company_contact']} AND state <> 'draft'"},
    ),
    "ApplicationQuestion": Wall(
        school="riu",
        student="r",
        company="r",
        rules={
            "student": f"{RULES['student']} AND put_to = 'student'",
            "company": "company_contact",
        },
    ),
    # Steps are the services', as with applications. A company is asked by an application alone.
    "OwnCompany": Wall(school="riu", student="r"),
    "Placement": Wall(
        school="riu", student="r", company="r", rules={"company": "company_placement"}
    ),
    "PlannedDay": Wall(
        school="riud", student="r", company="r", rules={"company": "company_placed"}
    ),
    # A company reads what it asked itself; what the school wrote down about an end is not for it.
    "PlacementChange": Wall(
        school="riu",
        student="r",
        company="r",
        rules={"company": f"{RULES['company_placed']} AND asked_kind = 'company'"},
        apart={"moved_to_id": ("company",)},
    ),
    "RuleOverride": Wall(school="riu"),
}

_TRAINEES = (
    "(student_id, company_id) IN (SELECT placements_placement.student_id,"
    " placements_placement.company_id FROM placements_placement"
)

# What lower tables ask: whom and what the placements that somebody sees are about.
CONTRIBUTIONS = {
    whom: f"{{column}} IN (SELECT placements_placement.{column} FROM placements_placement)"  # noqa: S608
    for whom, column in (
        ("company_schools", "school_id"),
        ("company_periods", "period_id"),
        ("company_staff", "teacher_id"),
    )
} | {
    "student_supervisors": (
        "{column} IN (SELECT unnest(ARRAY[placements_placement.supervisor_id,"
        " placements_placement.stand_in_id]) FROM placements_placement)"
    ),
    "student_places": (
        "{column} IN (SELECT placements_application.place_id FROM placements_application)"
    ),
    "company_people": (
        "(person_kind = 'student' AND {column} IN"
        " (SELECT placements_placement.student_id FROM placements_placement))"
    ),
    "company_trainees": f"{_TRAINEES})",
    "company_guided": f"{_TRAINEES} WHERE id = ANY ((SELECT app_ids('app.placements'))::bigint[]))",
}

FUNCTIONS = [
    Peephole(
        name="placements_guided",
        arguments="people bigint[], today date",
        returns=(
            "TABLE (id bigint, student_id bigint, school_id bigint, company_id bigint,"
            " supervisor_id bigint)"
        ),
        body=(
            "SELECT id, student_id, school_id, company_id, guide FROM ("
            "SELECT id, student_id, school_id, company_id,"
            " CASE WHEN today BETWEEN stand_in_from AND stand_in_until THEN stand_in_id"
            " ELSE placements_placement.supervisor_id END AS guide FROM placements_placement"
            " WHERE (placements_placement.supervisor_id = ANY (people)"
            " OR stand_in_id = ANY (people)) AND state <> 'cancelled'"
            ") AS guided WHERE guide = ANY (people) ORDER BY id"
        ),
        roles=("app",),
        why="the placements somebody guides today are part of its scope: numbers only",
    ),
]
_LEFT = Until("student__left_on", "student_file")
# A company that claims the subsidy of praktijkleren shows agreement, hours and judgement.
_EVIDENCE = Until("student__left_on", "praktijkleren")

RETENTION = {
    "PlacementSettings": keep("a number that a school chose"),
    "StudentCard": delete(
        _LEFT, names=("first_name", "last_name", "school_class", "profile_name", "age_band")
    ),
    "Application": delete(
        _LEFT,
        names=("motivation", "reason"),
        plain=("public_id",),
        sooner=(Sooner(("motivation", "reason"), Until("period__ends", "motivation")),),
    ),
    "ApplicationQuestion": delete(
        _LEFT,
        names=("text", "answer", "asked_by_name", "answered_by_name"),
        plain=("public_id",),
        sooner=(Sooner(("text", "answer"), Until("application__period__ends", "motivation")),),
    ),
    "OwnCompany": delete(
        _LEFT,
        names=("name", "city", "what", "who", "email", "telephone", "reason"),
        plain=("public_id",),
        sooner=(
            Sooner(
                ("what", "who", "email", "telephone", "reason"),
                Until("period__ends", "motivation"),
            ),
        ),
    ),
    "Placement": delete(_LEFT, names=("tasks",), plain=("public_id",), hold=_EVIDENCE),
    "PlannedDay": delete(_LEFT, hold=_EVIDENCE),
    "PlacementChange": delete(
        _LEFT,
        names=("words", "answer", "asked_by_name"),
        plain=("public_id", "wanted", "before"),
        hold=_EVIDENCE,
    ),
    "RuleOverride": delete(_LEFT, names=("finding", "reason"), plain=("rule",), hold=_EVIDENCE),
}
