"""Companies of a region's pool, and what schools ask of them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from companies.enums import (
    ANSWERED,
    AttendanceMode,
    CampaignState,
    ContactRole,
    InvitationState,
    NoReason,
    PlaceState,
)
from stage.core import names
from stage.core.enums import MailState
from stage.core.models import OutboxMail
from stage.core.models.base import (
    CompanyRow,
    PoolRow,
    SchoolRow,
    TenantQuerySet,
    new_public_id,
)


class CompanyQuerySet(TenantQuerySet):
    def search(self, text: str):
        """By name, accents and case aside."""
        return self.filter(search_name__contains=names.search_key(text))

    def present(self):
        """Companies that were not merged into another."""
        return self.filter(merged_into__isnull=True)


class Company(PoolRow):
    """A leerbedrijf in the pool its region's schools share; a school's notes: CompanyNote."""

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    name = models.CharField(_("naam"), max_length=160)
    sort_name = models.CharField(max_length=160, editable=False)
    search_name = models.CharField(max_length=160, editable=False)
    kvk_number = models.CharField(_("KvK-nummer"), max_length=8, blank=True)
    email = models.EmailField(_("algemeen e-mailadres"), blank=True)
    telephone = models.CharField(_("telefoon"), max_length=20, blank=True)
    website = models.URLField(_("website"), blank=True)
    description = models.TextField(_("over het bedrijf"), max_length=4000, blank=True)
    tasks = models.TextField(_("wat een leerling hier doet"), max_length=2000, blank=True)
    profiles = ArrayField(
        models.CharField(max_length=6), verbose_name=_("profielen"), default=list, blank=True
    )
    size = models.PositiveIntegerField(_("aantal medewerkers"), null=True, blank=True)
    minimum_age = models.PositiveSmallIntegerField(_("minimale leeftijd"), null=True, blank=True)
    clothing = models.CharField(_("kleding en schoenen"), max_length=200, blank=True)
    needs_vog = models.BooleanField(_("VOG nodig"), default=False)
    attendance_mode = models.CharField(
        _("aanwezigheid"), max_length=10, choices=AttendanceMode, default=AttendanceMode.QR
    )
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    last_state: str | None  # of its latest invitation; set by filtered_companies()

    objects = CompanyQuerySet.as_manager()

    class Meta(PoolRow.Meta):
        ordering = ["sort_name", "pk"]
        indexes = [models.Index(fields=["region", "sort_name"])]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "kvk_number"],
                condition=~Q(kvk_number=""),
                name="company_kvk_once",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs):
        """Keep the one stored derivation: the keys by which names are sorted and found."""
        self.set_keys()
        super().save(*args, **kwargs)

    def set_keys(self) -> None:
        """Derive both keys from the name; bulk writes call it themselves."""
        self.sort_name = names.sort_key(self.name)[:160]
        self.search_name = names.search_key(self.name)[:160]


class Location(CompanyRow):
    """Where the work is. Each location has its own poster with its own code."""

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    company = models.ForeignKey(Company, models.PROTECT, related_name="locations")
    name = models.CharField(_("naam"), max_length=80, blank=True)
    street = models.CharField(_("straat en nummer"), max_length=200, blank=True)
    postcode = models.CharField(_("postcode"), max_length=7, blank=True)
    city = models.CharField(_("plaats"), max_length=120, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    poster_code = models.CharField(
        max_length=20, unique=True, default=new_public_id, editable=False
    )

    class Meta(CompanyRow.Meta):
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name or ", ".join(filter(None, [self.street, self.city]))


class Department(CompanyRow):
    """A part of a larger company with places of its own."""

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    company = models.ForeignKey(Company, models.PROTECT, related_name="departments")
    location = models.ForeignKey(
        Location, models.SET_NULL, null=True, blank=True, related_name="departments"
    )
    name = models.CharField(_("naam"), max_length=80)

    class Meta(CompanyRow.Meta):
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class ContactQuerySet(TenantQuerySet):
    def active(self):
        return self.filter(active=True)

    def with_role(self, role: str):
        return self.filter(roles__contains=[role])


class Contact(CompanyRow):
    """Somebody at a company, reached by e-mail; who has the address is the identity."""

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    company = models.ForeignKey(Company, models.PROTECT, related_name="contacts")
    name = models.CharField(_("naam"), max_length=160)
    function = models.CharField(_("functie"), max_length=80, blank=True)
    email = models.EmailField(_("e-mailadres"), blank=True)
    telephone = models.CharField(_("telefoon"), max_length=20, blank=True)
    roles = ArrayField(
        models.CharField(max_length=12, choices=ContactRole), verbose_name=_("rollen"), default=list
    )
    active = models.BooleanField(default=True)

    objects = ContactQuerySet.as_manager()

    class Meta(CompanyRow.Meta):
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class CompanyNote(SchoolRow):
    """What one school notes about a shared company; no other school and no company sees it."""

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    text = models.TextField(_("notitie"), max_length=2000)
    written_by = models.ForeignKey("core.Membership", models.PROTECT, related_name="+")
    written_at = models.DateTimeField(auto_now_add=True)

    class Meta(SchoolRow.Meta):
        ordering = ["-written_at", "pk"]


class GroupCompany(SchoolRow):
    """A company that is asked for a group of students."""

    group = models.ForeignKey("core.Group", models.CASCADE, related_name="companies")
    company = models.ForeignKey(Company, models.PROTECT, related_name="+")

    class Meta(SchoolRow.Meta):
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["group", "company"], name="group_company_once")
        ]


class Campaign(SchoolRow):
    """One mailing to the companies of a group: will you take part in this period?"""

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    group = models.ForeignKey("core.Group", models.PROTECT, related_name="campaigns")
    period = models.ForeignKey("core.Period", models.PROTECT, related_name="campaigns")
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


class RegionCountedQuerySet(TenantQuerySet):
    """Rows of a school that the region's bureau counts: which company is asked how often."""

    def _bureau_q(self, columns, scope) -> Q:
        return Q(region_id__in=scope.regions)


class InvitationQuerySet(RegionCountedQuerySet):
    def answered(self):
        return self.filter(state__in=ANSWERED)

    def unanswered(self):
        return self.exclude(state__in=ANSWERED)

    def with_delivery(self):
        """Adds `mail_state` (of the newest mail, from the outbox) and `shown`.

        `shown` is an answer, or where the mail is: see `companies.enums.Shown`.
        """
        key = Concat(
            Value("invitation:"),
            Cast(OuterRef("pk"), models.CharField()),
            Value(":"),
            Cast(OuterRef("resent"), models.CharField()),
        )
        mails = OutboxMail.objects.order_by().filter(key=key)
        return self.annotate(mail_state=Subquery(mails.values("state")[:1])).annotate(
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
    period = models.ForeignKey("core.Period", models.PROTECT, related_name="+")
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

    objects = InvitationQuerySet.as_manager()

    class Meta(SchoolRow.Meta):
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "company"], name="invitation_once")
        ]


class PollDay(SchoolRow):
    """The company's answer for one day of the period (availability poll)."""

    region = models.ForeignKey("core.Region", models.PROTECT, related_name="+")
    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    invitation = models.ForeignKey(Invitation, models.CASCADE, related_name="poll_days")
    date = models.DateField(_("datum"))
    available = models.BooleanField(_("kan"))

    class Meta(SchoolRow.Meta):
        ordering = ["date", "pk"]
        constraints = [models.UniqueConstraint(fields=["invitation", "date"], name="poll_day_once")]


class PlaceQuerySet(RegionCountedQuerySet):
    def open(self):
        return self.filter(state=PlaceState.OPEN)

    def for_period(self, period):
        return self.filter(period=period)


class Place(SchoolRow):
    """What a company offers in a period: so many places, on these days, with this work.

    Free places are counted (`placements.queries`), never stored.
    """

    region = models.ForeignKey("core.Region", models.PROTECT, related_name="+")
    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    company = models.ForeignKey(Company, models.PROTECT, related_name="places")
    period = models.ForeignKey("core.Period", models.PROTECT, related_name="+")
    invitation = models.OneToOneField(
        Invitation, models.PROTECT, null=True, blank=True, related_name="place"
    )
    location = models.ForeignKey(Location, models.PROTECT, null=True, blank=True, related_name="+")
    supervisor = models.ForeignKey(Contact, models.PROTECT, null=True, blank=True, related_name="+")
    how_many = models.PositiveSmallIntegerField(_("aantal plekken"))
    weekdays = ArrayField(
        models.PositiveSmallIntegerField(), verbose_name=_("dagen"), default=list, blank=True
    )
    tasks = models.TextField(_("wat de leerling doet"), max_length=2000, blank=True)
    state = models.CharField(max_length=10, choices=PlaceState, default=PlaceState.OPEN)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PlaceQuerySet.as_manager()

    class Meta(SchoolRow.Meta):
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(how_many__gte=1), name="place_at_least_one")
        ]
