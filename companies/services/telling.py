"""Work of a job over all schools: what others changed is told, and what is too old ends."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Max, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from companies.enums import ContactRole, TrustEnd
from companies.models import Company, CompanyChange, FollowUp, Trust
from companies.services.trust import end_rows
from stage.core import mail
from stage.core.dutch.calendar import school_today
from stage.core.enums import PersonKind
from stage.core.models import School
from stage.core.record import audit
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.who.actors import job

PROVE_AGAIN = timedelta(days=365)
TOLD_LATE = timedelta(days=14)  # of what came due: older is on the home only


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


@transaction.atomic
def mail_due() -> int:
    """One mail to everybody for whom a follow-up came due, on a day on which one more did.

    What lies there longer stands in it too, and brings no mail of its own. Returns how many people.
    """
    today = school_today()
    with use(SYSTEM):
        rows = FollowUp.objects.due().filter(due__gte=today - TOLD_LATE, who__ended_at__isnull=True)
        due = rows.order_by("who_id").values("who_id", "school_id", "region_id")
        due = due.annotate(last=Max("due"))
        posts = [
            mail.Post(
                "follow_ups_due",
                person_kind=PersonKind.MEMBERSHIP,
                person_id=one["who_id"],
                key=f"follow_ups_due:{one['who_id']}:{one['last']:%Y%m%d}",
                region_id=one["region_id"],
                school_id=one["school_id"],
            )
            for one in due
        ]
        mail.queue_many(posts)
    return len(posts)
