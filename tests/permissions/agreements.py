"""Who may open which route of the agreements: by hand, see `tests/permissions/__init__.py`."""

from placements.agreements.templates import ensure_default_articles
from placements.models import Agreement
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
    "placements:agreement_list": Row(may=COORDINATORS),
    "placements:agreement_start": Row(may=COORDINATORS, methods=BOTH),
    "placements:agreement_remind": Row(may=COORDINATORS, methods=("POST",)),
    "placements:template_edit": Row(
        may=COORDINATORS, methods=BOTH, post=lambda world: {"action": "x", "number": "1"}
    ),
    "placements:template_add": Row(may=COORDINATORS, methods=BOTH),
    "placements:template_remove": Row(may=("coordinator",), args=article, methods=BOTH),
    "placements:template_restore": Row(may=COORDINATORS, methods=("POST",)),
    "placements:template_reset": Row(may=COORDINATORS, methods=BOTH),
    "placements:template_article": Row(may=("coordinator",), args=article, methods=BOTH),
    "placements:agreement_show": Row(
        may=("coordinator", "teacher", "student", "guardian", *COMPANY),
        args=agreement,
    ),
    "placements:agreement_pdf": Row(
        may=("coordinator", "teacher", "student", "guardian", *COMPANY),
        args=agreement,
    ),
    "placements:agreement_fill": Row(
        may=("coordinator", "student", *COMPANY), args=agreement, methods=BOTH
    ),
    "placements:agreement_freeze": Row(may=("coordinator",), args=agreement, methods=BOTH),
    "placements:agreement_sign": Row(
        may=("coordinator", "student", "guardian", *SIGNERS), args=agreement, methods=BOTH
    ),
    "placements:agreement_code": Row(may=("guardian", *SIGNERS), args=agreement, methods=("POST",)),
    "placements:signature_paper": Row(may=("coordinator",), args=agreement, methods=BOTH),
    "placements:agreement_object": Row(
        may=("coordinator", "student", "guardian", *COMPANY),
        args=agreement,
        methods=BOTH,
    ),
}
