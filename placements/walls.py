"""The placements' rows of the table of walls; `stage.core.tenants.walls` reads it."""

from stage.core.tenants.wall_rules import COMPANY_SCHOOLS
from stage.core.tenants.walls import RULES, Peephole, Wall

# Papers hang on an agreement that this person may read.
_OF_AGREEMENT = "agreement_id IN (SELECT id FROM placements_agreement)"
_PAPERS = {"company": f"{RULES['company_pair']} AND {_OF_AGREEMENT}"}

WALLS = {
    "Application": Wall(
        school="riu",
        # Every step, of whichever side, is one of the services': after the policy they go on in the
        # school's scope, since it counts places and closes other rows.
        student="r",
        company="r",
        rules={"company": f"{RULES['company_contact']} AND state <> 'draft'"},
    ),
    "Placement": Wall(
        school="riu", student="r", company="r", rules={"company": "company_placement"}
    ),
    "PlannedDay": Wall(
        school="riud", student="r", company="r", rules={"company": "company_placed"}
    ),
    "RuleOverride": Wall(school="riu"),
    "ArticleTemplate": Wall(school="riud", company="r", rules={"company": COMPANY_SCHOOLS}),
    # What people signed stays what it was, for everybody and for the school too.
    "Agreement": Wall(
        school="riu",
        student="r",
        company="r",
        rules={"company": "company_placed"},
        fixed=("document", "whole_hash", "placement_id", "version"),
        fixed_when="OLD.document IS NOT NULL",
    ),
    "AgreementArticle": Wall(
        school="riu",
        student="r",
        company="r",
        rules=_PAPERS,
        fixed=("agreement_id", "number", "title", "text", "parties", "digest"),
        fixed_when="OLD.digest <> ''",
    ),
    # Filling and signing lock the agreement and reach the other parties' rows: after the policy
    # they run in the school's scope, so that no other audience needs a right to write here.
    "AgreementAnswer": Wall(school="riu", student="r", company="r", rules=_PAPERS),
    "Signature": Wall(school="ri", student="r", company="r", rules=_PAPERS),
}

FUNCTIONS = [
    Peephole(
        name="placements_guided",
        arguments="people bigint[]",
        returns=(
            "TABLE (id bigint, student_id bigint, school_id bigint, company_id bigint,"
            " supervisor_id bigint)"
        ),
        body=(
            "SELECT id, student_id, school_id, company_id, supervisor_id FROM placements_placement"
            " WHERE supervisor_id = ANY (people) AND state <> 'cancelled' ORDER BY id"
        ),
        roles=("app",),
        why="the placements somebody was put on are part of its scope: numbers only",
    ),
]
