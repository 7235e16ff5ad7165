"""Assessments' walls (`stage.core.tenants.walls`), and how long rows are kept (`.retention`)."""

from stage.core.tenants.retention import Event, Until, delete
from stage.core.tenants.wall_rules import COMPANY_SCHOOLS, OWN_WORK, TODAY
from stage.core.tenants.walls import RULES, Wall, one_of

_HANDED_OUT = "id IN (SELECT assignment_id FROM assessments_handin)"
_OF_GIVEN = "assessment_id IN (SELECT id FROM assessments_assessment)"
_OF_HAND_IN = "hand_in_id IN (SELECT id FROM assessments_handin)"
_STUDENTS_TURN = one_of("state", "open", "returned")
_HANDED_IN_TODAY = (
    f"(state = 'handed_in' AND (handed_in_at AT TIME ZONE 'Europe/Amsterdam')::date = {TODAY})"
)
_ON_TURN = (
    f"{OWN_WORK} AND hand_in_id IN"  # noqa: S608
    f" (SELECT id FROM assessments_handin WHERE {_STUDENTS_TURN})"
)
# A judgement is changed with no reaction beside it: what was said was said to another text.
_NO_REACTION = "reacted_at IS NULL AND student_agrees IS NULL AND student_comment = ''"
_REACTION = ("student_comment", "student_agrees", "reacted_at")

WALLS = {
    "Assignment": Wall(
        school="riu",
        student="r",
        company="r",
        rules={"student": _HANDED_OUT, "company": _HANDED_OUT},
    ),
    "HandIn": Wall(
        school="riu",
        student="ru",
        company="r",
        # What was handed in can be taken back; what is handed in says that it was today.
        rules={"student.u": f"{OWN_WORK} AND {one_of('state', 'open', 'returned', 'handed_in')}"},
        after={"student": f"{OWN_WORK} AND ({_STUDENTS_TURN} OR {_HANDED_IN_TODAY})"},
        columns={"student.u": ("answer", "state", "handed_in_at")},
    ),
    "Evidence": Wall(
        school="r",
        student="rid",
        company="r",
        rules={
            "student.i": _ON_TURN,
            "student.d": _ON_TURN,
            "company": f"{RULES['company_pair']} AND {_OF_HAND_IN}",
        },
    ),
    # A form comes into being when somebody first needs it, also at a company's request: in the
    # school's scope then.
    "Form": Wall(school="ri", student="r", company="r", rules={"company": COMPANY_SCHOOLS}),
    "Criterion": Wall(school="riud", student="r", company="r", rules={"company": COMPANY_SCHOOLS}),
    # The school reads drafts to know whether its form is in use; its pages show given ones only.
    "Assessment": Wall(
        school="r",
        student="ru",
        company="riu",
        rules={
            "student.r": f"{RULES['student']} AND state = 'given'",
            "student.u": f"{OWN_WORK} AND state = 'given' AND reacted_at IS NULL",
            "company.i": f"{RULES['company_guided']} AND state = 'draft' AND {_NO_REACTION}",
        },
        after={
            "student": f"{OWN_WORK} AND state = 'given' AND reacted_at IS NOT NULL",
            "company": f"{RULES['company_guided']} AND {_NO_REACTION}",
        },
        columns={
            "student.u": _REACTION,
            "company.u": (
                *("outcome", "note", "version", "state", "given_at", "contact_id"),
                *_REACTION,
            ),
        },
    ),
    "Score": Wall(
        school="r",
        student="r",
        company="riud",
        rules={
            "student": f"{RULES['student']} AND {_OF_GIVEN}",
            "company": f"{RULES['company_pair']} AND {_OF_GIVEN}",
        },
    ),
    "Mark": Wall(
        school="riu",
        student="r",
        rules={"student": f"{RULES['student']} AND locked_at IS NOT NULL"},
    ),
}

# What a student hands in.
CONTRIBUTIONS = {"own_files": "{column} = 'evidence'"}

_LEFT = Until("student__left_on", "student_file")
_EVIDENCE = Until("student__left_on", "praktijkleren")  # guidance that a subsidy rests on
_NO_CONTRACT = Until(Event.CONTRACT_ENDED, "contract_end")

RETENTION = {
    "Assignment": delete(
        Until("archived_at", "planning"),
        _NO_CONTRACT,
        names=("title", "text"),
        plain=("public_id",),
    ),
    "HandIn": delete(_LEFT, names=("answer", "feedback"), plain=("public_id",)),
    "Evidence": delete(_LEFT, names=("caption",)),
    "Form": delete(_NO_CONTRACT, names=("name",)),
    "Criterion": delete(_NO_CONTRACT, names=("name", "explanation")),
    "Assessment": delete(
        _LEFT, names=("note", "student_comment"), plain=("public_id",), hold=_EVIDENCE
    ),
    "Score": delete(_LEFT, names=("text",), hold=_EVIDENCE),
    "Mark": delete(_LEFT, names=("remark", "change_reason")),
}
