"""Whom a school trusts at a company, and what others changed at a company it works with."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import OuterRef, Q
from django.db.models.functions import Coalesce, Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from companies.enums import ChangeKind, ContactRole, TrustEnd, TrustSource
from companies.models.base import CompanyRow
from companies.models.pool import Company, Contact, Location
from stage.core.models.base import SchoolRow, TenantQuerySet, new_public_id, q_of_pairs


class TrustQuerySet(TenantQuerySet):
    def live(self):
        """Rows that count now."""
        return self.filter(until__isnull=True)

    def at_address(self, email: str):
        return self.filter(address=email.strip().lower())

    def same_person(self):
        """Of the contact outside: by its address at another member of its company's family."""
        return self.filter(
            ~Q(company=OuterRef("company")),
            company__family_id=OuterRef("company__family_id"),
            address=Lower(OuterRef("email")),
        )

    def _company_q(self, columns, scope) -> Q:
        return q_of_pairs(scope.reach.pairs)


class Trust(SchoolRow):
    """What one school lets the reader of one mailbox be and do at one company.

    In a shared pool anybody can type an address, so an address gives nothing by itself: a person
    vouches for it, for one school. The sum of somebody's live rows is the whole of what it may.
    The address is a copy on purpose: another one, typed in the pool by others, changes nothing
    here.
    """

    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="trusts")
    address = models.EmailField(_("e-mailadres"))  # lower case
    roles = ArrayField(
        models.CharField(max_length=12, choices=ContactRole), verbose_name=_("rollen"), default=list
    )
    source = models.CharField(max_length=8, choices=TrustSource)
    # Who vouched: staff (a membership) or, by its address, a trusted contact of the company.
    by = models.ForeignKey("core.Membership", models.PROTECT, null=True, related_name="+")
    by_address = models.EmailField(blank=True)
    since = models.DateTimeField(default=timezone.now)
    widened_at = models.DateTimeField(null=True, blank=True)  # a role was added since, lately
    proven_at = models.DateTimeField(null=True, blank=True)  # a mailed code was typed, lately
    # The address its owner, proven by the old one, moves to; counts once it is proven itself.
    next_address = models.EmailField(blank=True)
    until = models.DateTimeField(null=True, blank=True)  # ended at
    ended_why = models.CharField(max_length=8, choices=TrustEnd, blank=True)

    objects = TrustQuerySet.as_manager()

    class Meta(SchoolRow.Meta):
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["address"], condition=Q(until__isnull=True), name="trust_address"),
            # Who was vouched for or proved itself longest ago (`end_unproven`).
            models.Index(
                Coalesce("proven_at", "since"), condition=Q(until__isnull=True), name="trust_oldest"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "company", "address"],
                condition=Q(until__isnull=True),
                name="trust_once_per_address",
            ),
            models.UniqueConstraint(
                fields=["school", "contact"],
                condition=Q(until__isnull=True),
                name="trust_once_per_contact",
            ),
        ]


class CompanyChange(CompanyRow):
    """A fact of a shared company that somebody changed: told to every school that works there.

    A row of the pool: it says what is in the pool anyway, and by which school. `before` and `after`
    hold the changed fields.
    """

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    company = models.ForeignKey(Company, models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=10, choices=ChangeKind)
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, related_name="+")
    location = models.ForeignKey(Location, models.PROTECT, null=True, related_name="+")
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    # Not `school`: the row is the region's. Empty where the bureau or the company itself did it.
    by_school = models.ForeignKey("core.School", models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=160)  # of the school, the bureau or the company
    by_address = models.EmailField(blank=True)  # of the company person who did it
    at = models.DateTimeField(default=timezone.now)
    told_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta(CompanyRow.Meta):
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["company", "at"]),
            models.Index(fields=["id"], condition=Q(told_at__isnull=True), name="change_to_tell"),
        ]


class ChangeSeen(SchoolRow):
    """A school looked at such a change and leaves it."""

    change = models.ForeignKey(CompanyChange, models.CASCADE, related_name="+")

    class Meta(SchoolRow.Meta):
        constraints = [
            models.UniqueConstraint(fields=["school", "change"], name="change_seen_once")
        ]
