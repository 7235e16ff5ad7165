"""What schools ask of companies, and what they answer."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Case, F, OuterRef, Q, Subquery, Value, When
from django.utils.translation import gettext_lazy as _

from companies.enums import ANSWERED, CampaignState, InvitationState, NoReason
from companies.models.pool import Company, Contact
from stage.core.enums import MailState
from stage.core.models import OutboxMail
from stage.core.models.base import SchoolRow, TenantQuerySet, new_public_id

LETTER = "invitation"  # the event of an invitation's own mail; a reminder is another


class GroupCompany(SchoolRow):
    """A company that is asked for a group of students."""

    group = models.ForeignKey("schools.Group", models.CASCADE, related_name="companies")
    company = models.ForeignKey(Company, models.PROTECT, related_name="+")

    class Meta(SchoolRow.Meta):
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["group", "company"], name="group_company_once")
        ]


class Campaign(SchoolRow):
    """One mailing to the companies of a group: will you take part in this period?"""

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    group = models.ForeignKey("schools.Group", models.PROTECT, related_name="campaigns")
    period = models.ForeignKey("schools.Period", models.PROTECT, related_name="campaigns")
    subject = models.CharField(_("onderwerp"), max_length=120)
    letter = models.TextField(_("brief"), max_length=6000)
    answer_before = models.DateField(_("graag antwoord voor"), null=True, blank=True)
    reminder_after_days = models.PositiveSmallIntegerField(
        _("herinneren na (dagen)"), null=True, blank=True, default=7
    )
    send_at = models.DateTimeField(_("versturen op"), null=True, blank=True)
    state = models.CharField(max_length=10, choices=CampaignState, default=CampaignState.DRAFT)
    created_by = models.ForeignKey("core.Membership", models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    tone: str  # how its state is shown; set by the views

    class Meta(SchoolRow.Meta):
        ordering = ["-created_at", "pk"]

    def __str__(self) -> str:
        return self.subject

    @property
    def goes_out_at(self) -> datetime | None:
        """When a job sends it; None unless it is planned."""
        return self.send_at if self.state == CampaignState.SCHEDULED else None


class RegionCountedQuerySet(TenantQuerySet):
    """Rows of a school that the region's bureau counts: which company is asked how often."""

    def _bureau_q(self, columns, scope) -> Q:
        return Q(region_id__in=scope.regions)


class InvitationQuerySet(RegionCountedQuerySet):
    def _company_q(self, columns, scope) -> Q:
        """The contacts' own; by a link, the one it is about."""
        return super()._company_q(columns, scope) | Q(pk__in=scope.reach.invitations)

    def answered(self):
        return self.filter(state__in=ANSWERED)

    def unanswered(self):
        return self.exclude(state__in=ANSWERED)

    def with_delivery(self):
        """Adds `mail_state` and `mail_at` (of the newest letter, from the outbox) and `shown`.

        `mail_at` is when it came into that state. `shown` is an answer, or where the mail is: see
        `companies.enums.Shown`.
        """
        letters = OutboxMail.objects.about(Invitation).filter(event=LETTER, about_id=OuterRef("pk"))
        newest = letters.order_by("-created_at", "-pk")
        return self.annotate(
            mail_state=Subquery(newest.values("state")[:1]),
            mail_at=Subquery(newest.values("changed_at")[:1]),
        ).annotate(
            shown=Case(
                When(state__in=ANSWERED, then=F("state")),
                When(Q(mail_state=MailState.REFUSED) | Q(state="bounced"), then=Value("bounced")),
                When(mail_state=MailState.UNCERTAIN, then=Value("uncertain")),
                When(Q(mail_state=MailState.SENT) | Q(state="sent"), then=Value("sent")),
                default=Value("queued"),
                output_field=models.CharField(),
            )
        )


class Invitation(SchoolRow):
    """The question to one company in one campaign, and its answer. One per campaign and company."""

    region = models.ForeignKey("core.Region", models.PROTECT, related_name="+")
    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="invitations")
    period = models.ForeignKey("schools.Period", models.PROTECT, related_name="+")
    company = models.ForeignKey(Company, models.PROTECT, related_name="invitations")
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="+", null=True)
    state = models.CharField(max_length=10, choices=InvitationState, default=InvitationState.QUEUED)
    no_reason = models.CharField(_("reden"), max_length=10, choices=NoReason, blank=True)
    reason = models.CharField(_("toelichting"), max_length=500, blank=True)
    ask_again_on = models.DateField(_("vraag het weer op"), null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    # How often a person let it be sent anew; part of the outbox' key.
    resent = models.PositiveSmallIntegerField(default=0)
    shown: str  # set by `with_delivery`

    objects = InvitationQuerySet.as_manager()

    class Meta(SchoolRow.Meta):
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "company"], name="invitation_once")
        ]

    @property
    def said_yes(self) -> bool:
        return self.state == InvitationState.YES

    @property
    def said_no(self) -> bool:
        return self.state == InvitationState.NO


class InvitedQuerySet(RegionCountedQuerySet):
    """What hangs on an invitation: by its link too."""

    def _company_q(self, columns, scope) -> Q:
        own = Q(invitation__in=scope.reach.invitations)
        return super()._company_q(columns, scope) | own


class PollDay(SchoolRow):
    """The company's answer for one day of the period (availability poll)."""

    region = models.ForeignKey("core.Region", models.PROTECT, related_name="+")
    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    invitation = models.ForeignKey(Invitation, models.CASCADE, related_name="poll_days")
    date = models.DateField(_("datum"))
    available = models.BooleanField(_("kan"))

    objects = InvitedQuerySet.as_manager()

    class Meta(SchoolRow.Meta):
        ordering = ["date", "pk"]
        constraints = [models.UniqueConstraint(fields=["invitation", "date"], name="poll_day_once")]
