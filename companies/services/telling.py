"""Work of a job over all schools: what others changed is told, and what is too old ends."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from companies.enums import ContactRole, TrustEnd
from companies.models import Company, CompanyChange, Trust
from companies.services.trust import end_rows
from stage.core import mail
from stage.core.dutch.calendar import school_today
from stage.core.enums import PersonKind
from stage.core.models import School
from stage.core.record import audit
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.who.actors import job

PROVE_AGAIN = timedelta(days=365)


@transaction.atomic
def tell_changes(limit: int = 200) -> int:
    """Tell every school that knows somebody at the company, on its trail, and the company's own

    contacts by mail; returns how many changes were told. Running it twice tells once.
    """
    with use(SYSTEM):
        rows = CompanyChange.objects.select_for_update(skip_locked=True, of=("self",))
        waiting = list(rows.filter(told_at__isnull=True).order_by("pk")[:limit])
        for change in waiting:
            _tell(change)
        CompanyChange.objects.filter(pk__in=[c.pk for c in waiting]).update(told_at=timezone.now())
    return len(waiting)


def _tell(change: CompanyChange) -> None:
    trusts = list(
        Trust.objects.filter(Q(until__isnull=True) | Q(until__gte=change.at))
        .filter(company__in=Company.objects.of_family([change.company_id]), since__lt=change.at)
        .select_related("school")
        .order_by("pk")
    )
    schools: dict[int, School] = {t.school_id: t.school for t in trusts}
    schools.pop(change.by_school_id or 0, None)
    actor = job("tell_changes")
    for school in schools.values():
        audit.record(actor, "company_change_told", school=school)
    _mail_contacts(change, trusts)


def _mail_contacts(change: CompanyChange, trusts: list[Trust]) -> None:
    """One mail a day to each contact of the company, whoever else did something there."""
    told: set[str] = {change.by_address, change.after.get("email", "")}
    for row in trusts:
        if row.until or ContactRole.CONTACT not in row.roles or row.address in told:
            continue
        told.add(row.address)
        mail.queue(
            "company_changed",
            person_kind=PersonKind.CONTACT,
            person_id=row.contact_id,
            key=f"company_changed:{change.company_id}:{row.contact_id}:{school_today()}",
            region_id=change.region_id,
            school_id=row.school_id,
            about=change.company,
        )


@transaction.atomic
def end_unproven() -> int:
    """End what nobody vouched for or proved in the last year; returns how many."""
    with use(SYSTEM):
        last = Coalesce("proven_at", "since")
        rows = Trust.objects.live().annotate(last=last)
        old = list(rows.filter(last__lt=timezone.now() - PROVE_AGAIN))
        end_rows(old, TrustEnd.UNPROVEN, actor=job("end_unproven"))
    return len(old)
