"""What a company offers, and the share of it that is one school's: a place."""

from __future__ import annotations

from datetime import time

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from companies.enums import GIVEN, PlaceState
from companies.models.asking import Invitation, InvitedQuerySet
from companies.models.base import CompanyRow
from companies.models.pool import Company, Contact, Department, Location
from stage.core.models.base import SchoolRow, TenantQuerySet, new_public_id, q_of_pairs


class OfferQuerySet(TenantQuerySet):
    """The pool's to schools and bureaus; to others, what a place that they see is a share of."""

    def _within(self, actor):
        if actor.scope.role in ("student", "company"):
            return self.filter(pk__in=Place.objects.visible_to(actor).values("offer_id"))
        return super()._within(actor)


class Offer(CompanyRow):
    """What a company offers at one location and department, whoever is asked: when, what work.

    One for a company, location, department and time: a second school's question shows it and lets
    it grow (`services.offers`).

    It outlives the letter it was first given to. Whose the places are is said by its shares
    (`Place`), together never more than `how_many`; what is not shared out yet is nobody's.
    """

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    location = models.ForeignKey(Location, models.PROTECT, null=True, blank=True, related_name="+")
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+"
    )
    starts = models.DateField(_("eerste dag"))
    ends = models.DateField(_("laatste dag"))
    how_many = models.PositiveSmallIntegerField(_("aantal plekken"))
    tasks = models.TextField(_("wat de leerling doet"), max_length=2000, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OfferQuerySet.as_manager()

    class Meta(CompanyRow.Meta):
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(how_many__gte=1), name="offer_at_least_one"),
            models.CheckConstraint(condition=Q(ends__gte=F("starts")), name="offer_ends_last"),
        ]


class PlaceQuerySet(InvitedQuerySet):
    def _company_q(self, columns, scope) -> Q:
        """Everybody whom the school trusts there: a place says nothing of a student."""
        return super()._company_q(columns, scope) | q_of_pairs(scope.reach.pairs)

    def open(self):
        return self.filter(state=PlaceState.OPEN)

    def for_all(self):
        """Without those that were asked for one student."""
        return self.filter(for_one=False)


class Place(SchoolRow):
    """One school's share of what a company offers: so many places in one of its periods.

    Its work is the offer's; on which days, at what hours and with whom is its own, since one
    company takes one school's students on Monday and another's on Tuesday. Free places are counted
    (`placements.queries`), never stored.
    """

    region = models.ForeignKey("core.Region", models.PROTECT, related_name="+")
    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    company = models.ForeignKey(Company, models.PROTECT, related_name="places")
    offer = models.ForeignKey(Offer, models.PROTECT, related_name="places")
    period = models.ForeignKey("schools.Period", models.PROTECT, related_name="+")
    invitation = models.OneToOneField(
        Invitation, models.PROTECT, null=True, blank=True, related_name="place"
    )
    supervisor = models.ForeignKey(Contact, models.PROTECT, null=True, blank=True, related_name="+")
    weekdays = ArrayField(
        models.PositiveSmallIntegerField(), verbose_name=_("dagen"), default=list, blank=True
    )
    # Empty: the period's.
    day_from = models.TimeField(_("begintijd"), null=True, blank=True)
    day_to = models.TimeField(_("eindtijd"), null=True, blank=True)
    how_many = models.PositiveSmallIntegerField(_("aantal plekken"))
    # Asked for one student and given for that one: no other can choose it.
    for_one = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=PlaceState, default=PlaceState.OPEN)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PlaceQuerySet.as_manager()

    class Meta(SchoolRow.Meta):
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(how_many__gte=1), name="place_at_least_one"),
            models.CheckConstraint(
                condition=Q(day_from__isnull=True, day_to__isnull=True)
                | Q(day_to__gt=F("day_from")),
                name="place_day_ends_after_start",
            ),
            models.CheckConstraint(
                condition=~Q(state="asked") | Q(for_one=True), name="place_asked_for_one"
            ),
        ]

    @property
    def hours(self) -> tuple[time, time]:
        """From when to when on a day: the period's where the company asked for no others."""
        if self.day_from is None or self.day_to is None:
            return self.period.day_from, self.period.day_to
        return self.day_from, self.day_to

    @property
    def stands(self) -> bool:
        """Whether it can be given: it is offered, or was asked for one student."""
        return self.state in GIVEN
