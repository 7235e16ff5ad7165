"""The agreements' rows of the table of walls; `stage.core.tenants.walls` reads it."""

from stage.core.record.frozen import FIXED, FIXED_WHEN
from stage.core.tenants.retention import Event, Until, blank, delete
from stage.core.tenants.wall_rules import COMPANY_SCHOOLS, MADE_ALONG
from stage.core.tenants.walls import RULES, Wall

# Papers hang on an agreement that this person may read.
_OF_AGREEMENT = "agreement_id IN (SELECT id FROM agreements_agreement)"
_PAPERS = {"company": f"{RULES['company_pair']} AND {_OF_AGREEMENT}"}

WALLS = {
    # A guardian sees whether others must sign too.
    "AgreementSettings": Wall(
        school="ru", student="r", operator="ri", columns=MADE_ALONG, rules={"operator": "all"}
    ),
    "ArticleTemplate": Wall(school="riud", company="r", rules={"company": COMPANY_SCHOOLS}),
    # What people signed stays what it was, for everybody and for the school too.
    "Agreement": Wall(
        school="riu",
        student="r",
        company="r",
        rules={"company": "company_placed"},
        fixed=(*FIXED, "placement_id", "version"),
        fixed_when=FIXED_WHEN,
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
    # Who does not sign tells the school; student, company and the other parent read none of it.
    "SigningRefusal": Wall(school="riu"),
    # Goes with its guardian.
    "LateGuardian": Wall(school="riud"),
}

# Scans of what was signed on paper.
CONTRIBUTIONS = {"signed_files": "{column} = 'paper'"}

_LEFT = Until("student__left_on", "student_file")
_NO_CONTRACT = Until(Event.CONTRACT_ENDED, "contract_end")
# A company that claims the subsidy of praktijkleren shows agreement, hours and judgement.
_EVIDENCE = Until("student__left_on", "praktijkleren")

RETENTION = {
    "AgreementSettings": blank(_NO_CONTRACT, names=("insurance_text",)),
    "ArticleTemplate": delete(_NO_CONTRACT, names=("title", "text")),
    "Agreement": delete(
        _LEFT,
        names=("document", "whole_hash", "objection"),
        plain=("public_id",),
        loosens=("amends",),
        hold=_EVIDENCE,
    ),
    "AgreementArticle": delete(_LEFT, names=("title", "text", "digest"), hold=_EVIDENCE),
    "AgreementAnswer": delete(_LEFT, names=("fields", "checked_by"), hold=_EVIDENCE),
    "Signature": delete(
        _LEFT,
        names=("person_id", "name", "whole_hash", "statement", "address", "browser"),
        plain=("person_kind",),
        hold=_EVIDENCE,
    ),
    "SigningRefusal": delete(
        _LEFT,
        names=("person_id", "name", "words", "note"),
        plain=("public_id", "person_kind"),
    ),
    "LateGuardian": delete(_LEFT, plain=("public_id",)),
}
