"""What schools ask of companies, and what they answer."""

from __future__ import annotations

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, F, OuterRef, Q, Subquery, Value, When
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from companies.enums import (
    ANSWERED,
    AnsweredVia,
    CampaignState,
    InvitationState,
    NoReason,
)
from companies.models.pool import Company, Contact
from stage.core.enums import MailState
from stage.core.models import OutboxMail
from stage.core.models.base import SchoolRow, TenantQuerySet, new_public_id

HELD, NO_ADDRESS = InvitationState.HELD, InvitationState.NO_ADDRESS
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


def usual_reminders() -> list[int]:
    """After how many days a silent company is reminded, unless the school says otherwise."""
    return [7, 14]


class Campaign(SchoolRow):
    """One mailing to the companies of a group: will you take part in this period?"""

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    group = models.ForeignKey("schools.Group", models.PROTECT, related_name="campaigns")
    period = models.ForeignKey("schools.Period", models.PROTECT, related_name="campaigns")
    subject = models.CharField(_("onderwerp"), max_length=120)
    letter = models.TextField(_("brief"), max_length=6000)
    answer_before = models.DateField(_("graag antwoord voor"), null=True, blank=True)
    # So many days after the letter each: one reminder a time, until the company answers.
    reminder_days = ArrayField(
        models.PositiveSmallIntegerField(),
        verbose_name=_("herinneren na (dagen)"),
        default=usual_reminders,
        blank=True,
    )
    # Profile -> how many of its students look for a place; said in the letter and on the page.
    wanted = models.JSONField(_("leerlingen per profiel"), default=dict, blank=True)
    attachment = models.ForeignKey(
        "core.StoredFile", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # Families of companies a person ticked or unticked on the page that sends, and when.
    asked_too = ArrayField(models.BigIntegerField(), default=list, blank=True)
    left_out = ArrayField(models.BigIntegerField(), default=list, blank=True)
    chosen_at = models.DateTimeField(null=True, blank=True)
    send_at = models.DateTimeField(_("versturen op"), null=True, blank=True)
    state = models.CharField(max_length=10, choices=CampaignState, default=CampaignState.DRAFT)
    created_by = models.ForeignKey("core.Membership", models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    tone: str  # how its state is shown; set by the views

    class Meta(SchoolRow.Meta):
        ordering = ["-created_at", "pk"]
        indexes = [models.Index(fields=["state", "send_at"], name="campaign_due")]

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


def has_answer() -> Q:
    """What the company said counts for this letter: to it, or to the question it asks again.

    An answer from before a letter that asks once more, because a person decided so, does not.
    """
    newer = Q(state=InvitationState.HELD) | Q(question__answered_at__gte=F("created_at"))
    return Q(state__in=ANSWERED) | (Q(question__state__in=ANSWERED) & newer)


class InvitationQuerySet(RegionCountedQuerySet):
    def _company_q(self, columns, scope) -> Q:
        """The contacts' own; by a link, the one it is about."""
        return super()._company_q(columns, scope) | Q(pk__in=scope.reach.invitations)

    def questions(self):
        """Each question once: without letters that ask what another already asked."""
        return self.filter(again=False)

    def answered(self):
        return self.filter(has_answer())

    def unanswered(self):
        return self.exclude(has_answer())

    def mailed(self):
        """Those of which a letter went out or goes out."""
        return self.exclude(state__in=[InvitationState.HELD, InvitationState.NO_ADDRESS])

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
                When(has_answer(), then=F("question__state")),
                When(state__in=[HELD, NO_ADDRESS], then=F("state")),
                When(Q(mail_state=MailState.REFUSED) | Q(state="bounced"), then=Value("bounced")),
                When(mail_state=MailState.UNCERTAIN, then=Value("uncertain")),
                When(Q(mail_state=MailState.SENT) | Q(state="sent"), then=Value("sent")),
                default=Value("queued"),
                output_field=models.CharField(),
            )
        )


class Invitation(SchoolRow):
    """The question of a school to one company about one period, and its answer.

    A school asks a company about a period once. A later letter about the same period, for another
    group or because a person decided so, has a row of its own that points at that `question`: the
    answer, and the place that is offered, are the question's. Without a campaign it was asked or
    answered by hand.
    """

    region = models.ForeignKey("core.Region", models.PROTECT, related_name="+")
    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    campaign = models.ForeignKey(
        Campaign, models.PROTECT, null=True, blank=True, related_name="invitations"
    )
    question = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="asked_again"
    )
    # Whether it has such a question; stays when that is loosened, before both are deleted.
    again = models.BooleanField(default=False, editable=False)
    period = models.ForeignKey("schools.Period", models.PROTECT, related_name="+")
    company = models.ForeignKey(Company, models.PROTECT, related_name="invitations")
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="+", null=True)
    state = models.CharField(max_length=10, choices=InvitationState, default=InvitationState.QUEUED)
    no_reason = models.CharField(_("reden"), max_length=10, choices=NoReason, blank=True)
    reason = models.CharField(_("toelichting"), max_length=500, blank=True)
    ask_again_on = models.DateField(_("vraag het weer op"), null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    sent_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_via = models.CharField(
        max_length=8, choices=AnsweredVia, default=AnsweredVia.ITSELF, blank=True
    )
    # Who of the school entered it; empty where the company answered itself, or the bureau did.
    answered_by = models.ForeignKey("core.Membership", models.PROTECT, null=True, related_name="+")
    reminded_at = models.DateTimeField(null=True, blank=True)
    reminders = models.PositiveSmallIntegerField(default=0)  # how many of the campaign's went out
    # A person saw that the promised day came, and does not ask again.
    let_be_at = models.DateTimeField(null=True, blank=True)
    # How often a person let it be sent anew; part of the outbox' key.
    resent = models.PositiveSmallIntegerField(default=0)
    shown: str  # set by `with_delivery`
    status: tuple[str, str] | None  # tone and words of what is shown; set by the views
    handed: list  # to whom it was passed on, set by `history.latest`
    number: str  # to call, set by the phone list
    may_call: bool  # set by the page of a company

    objects = InvitationQuerySet.as_manager()

    class Meta(SchoolRow.Meta):
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["school", "company", "-id"], name="invitation_of_school"),
            models.Index(fields=["school"], condition=Q(state="queued"), name="invitation_leaving"),
            models.Index(fields=["region", "company"], name="invitation_in_region"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "company"], name="invitation_once"),
            models.UniqueConstraint(
                fields=["school", "company", "period"],
                condition=Q(again=False),
                name="question_once",
            ),
        ]

    @property
    def asked(self) -> Invitation:
        """The row that holds the answer: this one, or the question it asks again."""
        return self.question or self

    @property
    def entered_by(self) -> str:
        """Who entered what the company said; empty where it answered itself."""
        if not self.answered_via or self.answered_via == AnsweredVia.ITSELF:
            return ""
        return self.answered_by.name if self.answered_by else gettext("het stagebureau")

    @property
    def said_yes(self) -> bool:
        return self.state == InvitationState.YES

    @property
    def said_no(self) -> bool:
        return self.state == InvitationState.NO

    @property
    def wants_none(self) -> bool:
        """Said no for good: that holds for every letter of this school."""
        return self.said_no and self.no_reason == NoReason.STOPPED


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
