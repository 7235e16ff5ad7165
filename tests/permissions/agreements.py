"""Who may open which route of the agreements: by hand, see `tests/permissions/__init__.py`."""

from placements.agreements.models import Agreement
from placements.agreements.services.texts import ensure_default_articles
from stage.core.tenants.tenancy import SYSTEM, use
from tests.permissions import Row
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
