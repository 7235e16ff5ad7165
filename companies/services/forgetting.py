"""Somebody of a company asked to be forgotten: a job erases it once nothing needs it any more."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from companies import leaving
from companies.models import CompanyChange, Contact, Trust
from stage.core.enums import PersonKind
from stage.core.models import Device, LanguageChoice, Link
from stage.core.record import audit
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.who.actors import job


@transaction.atomic
def forget_who_asked(limit: int = 50) -> int:
    """Erase who asked for it and guides nobody any more; returns how many.

    Who came back meanwhile, because a school knows that person again, is left alone.
    """
    with use(SYSTEM):
        asked = Contact.objects.filter(forget_asked_at__isnull=False, forgotten_at__isnull=True)
        rows = list(asked.select_for_update(of=("self",), skip_locked=True).order_by("pk"))
        numbers = [row.pk for row in rows]
        known = Trust.objects.live().filter(contact__in=numbers).values_list("contact", flat=True)
        stay = leaving.guiding(numbers) | set(known)
        due = [row for row in rows if row.pk not in stay][:limit]
        on_paper = leaving.named_on_paper([row.pk for row in due])
        for row in due:
            _forget(row, keep_name=row.pk in on_paper)
    return len(due)


def _forget(contact: Contact, *, keep_name: bool) -> None:
    """Addresses, number and function go; the name stays where papers of a placement need it.

    What was signed is frozen and stays as it was (AVG, art. 17(3)(b) and (e)); an address on a list
    of letters that were stopped stays too, so that it is not written to again.
    """
    own = Trust.objects.filter(contact=contact)
    addresses = {contact.email.lower(), *own.values_list("address", flat=True)} - {""}
    own.delete()
    Trust.objects.filter(by_address__in=addresses, company_id=contact.company_id).update(
        by_address=""
    )
    changes = CompanyChange.objects.filter(company_id=contact.company_id)
    changes.filter(contact=contact).update(before={}, after={})
    changes.filter(after__email__in=sorted(addresses)).update(before={}, after={})
    changes.filter(by_address__in=addresses).update(by_name=_nameless(), by_address="")
    Contact.objects.filter(pk=contact.pk).update(
        name=contact.name if keep_name else _nameless(),
        function="",
        email="",
        telephone="",
        active=False,
        forgotten_at=timezone.now(),
    )
    audit.record(job("forget"), "contact_forgotten", contact, fields=("name", "email", "telephone"))
    _forget_ways_in(contact, addresses)


def _forget_ways_in(contact: Contact, addresses: Collection[str]) -> None:
    """Links and language of this line; devices of a mailbox that is nobody's any more."""
    here = {"person_kind": PersonKind.CONTACT, "person_id": contact.pk}
    Link.objects.filter(**here).update(revoked_at=timezone.now())
    LanguageChoice.objects.filter(**here).delete()
    for address in addresses:
        if not Contact.objects.filter(email__iexact=address).exists():
            Device.objects.filter(person_kind=PersonKind.CONTACT, email__iexact=address).delete()


def _nameless() -> str:
    return _("oud-medewerker")
