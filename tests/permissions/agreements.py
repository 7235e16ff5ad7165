"""Who may open which route of the agreements: by hand, see `tests/permissions/__init__.py`."""

from django.utils import timezone

from placements.agreements.models import Agreement, LateGuardian, SigningRefusal
from placements.agreements.services.texts import ensure_default_articles
from placements.agreements.views.refusal import told_token
from stage.core.tenants.tenancy import SYSTEM, use
from tests.permissions import EVERYBODY, Row
from tests.placements.agreements import started

COORDINATORS = ("coordinator", "other_coordinator", "far_coordinator")
BOTH = ("GET", "POST")


def agreement(world):
    """The agreement of Berk's placement, made once per test."""
    with use(SYSTEM):
        row = Agreement.objects.filter(placement=world.berk.placement).first()
    return [(row or started(world, state="running")).public_id]


def article(world):
    """The first article of Berk's text; other schools have none."""
    ensure_default_articles(world.berk.school)
    return [1]


def refusal(world):
    """What the guardian of Berk's first student said."""
    return [_said(world, world.berk.guardians[0], "unwilling").public_id]


def told(world):
    """The token of the page after "this is not my child"."""
    return [told_token(_said(world, world.berk.guardians[1], "stranger"))]


def _said(world, guardian, kind):
    agreement(world)
    with use(SYSTEM):
        about = {"kind": kind, "person_id": guardian.pk}
        row = SigningRefusal.objects.filter(**about).first()
        return row or SigningRefusal.objects.create(
            **_of_agreement(world),
            **about,
            party="guardian",
            person_kind="guardian",
            name="Ouder",
            at=timezone.now(),
        )


def late(world):
    """A question about that guardian, as if it came later."""
    with use(SYSTEM):
        agreement(world)
        row, _made = LateGuardian.objects.get_or_create(
            **_of_agreement(world), guardian=world.berk.guardians[0]
        )
    return [row.public_id]


def _of_agreement(world):
    row = Agreement.objects.get(placement=world.berk.placement)
    return {
        "agreement": row,
        "school_id": row.school_id,
        "student_id": row.student_id,
        "company_id": row.company_id,
    }


def placement(world):
    """Berk's placement."""
    return [world.berk.placement.public_id]


COMPANY = ("contact", "supervisor", "signatory")
SIGNERS = ("contact", "signatory")
ROUTES: dict[str, Row] = {
    "agreements:agreement_list": Row(may=COORDINATORS),
    "agreements:agreement_start": Row(may=COORDINATORS, methods=BOTH),
    "agreements:agreement_remind": Row(may=COORDINATORS, methods=("POST",)),
    "agreements:template_edit": Row(
        may=COORDINATORS, methods=BOTH, post=lambda world: {"action": "x", "number": "1"}
    ),
    "agreements:template_add": Row(may=COORDINATORS, methods=BOTH),
    "agreements:template_remove": Row(may=("coordinator",), args=article, methods=BOTH),
    "agreements:template_restore": Row(may=COORDINATORS, methods=("POST",)),
    "agreements:template_reset": Row(may=COORDINATORS, methods=BOTH),
    "agreements:template_article": Row(may=("coordinator",), args=article, methods=BOTH),
    "agreements:agreement_show": Row(
        may=("coordinator", "teacher", "student", "guardian", *COMPANY),
        args=agreement,
    ),
    "agreements:agreement_open": Row(
        may=("coordinator", "student", "guardian", *COMPANY),
        args=agreement,
    ),
    "agreements:agreement_refuse": Row(
        may=("student", "guardian", *COMPANY), args=agreement, methods=BOTH
    ),
    "agreements:agreement_stranger": Row(may=("guardian",), args=agreement, methods=BOTH),
    "agreements:refusal_withdraw": Row(
        may=("student", "guardian", *COMPANY), args=agreement, methods=("POST",)
    ),
    "agreements:refusal_settle": Row(may=("coordinator", "teacher"), args=refusal, methods=BOTH),
    # Thanks whoever holds it; takes back only in the browser that said so.
    "agreements:stranger_told": Row(may=EVERYBODY, args=told, methods=BOTH),
    "agreements:unsigned_start": Row(may=("coordinator",), args=placement, methods=BOTH),
    "agreements:late_guardian": Row(may=("coordinator",), args=late, methods=BOTH),
    "agreements:agreement_pdf": Row(
        may=("coordinator", "teacher", "student", "guardian", *COMPANY),
        args=agreement,
    ),
    "agreements:agreement_fill": Row(
        may=("coordinator", "student", *COMPANY), args=agreement, methods=BOTH
    ),
    "agreements:agreement_freeze": Row(may=("coordinator",), args=agreement, methods=BOTH),
    "agreements:agreement_sign": Row(
        may=("coordinator", "student", "guardian", *SIGNERS), args=agreement, methods=BOTH
    ),
    "agreements:agreement_code": Row(may=("guardian", *SIGNERS), args=agreement, methods=("POST",)),
    "agreements:signature_paper": Row(may=("coordinator",), args=agreement, methods=BOTH),
    "agreements:agreement_object": Row(
        may=("coordinator", "student", "guardian", *COMPANY),
        args=agreement,
        methods=BOTH,
    ),
}
