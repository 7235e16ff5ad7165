"""Companies of a region's pool, their parts and people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Coalesce, Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from companies.enums import (
    AttendanceMode,
    ContactLevel,
    ContactRole,
    DayEnd,
    NamedVia,
    Standing,
    TrustEnd,
)
from companies.models.base import CompanyRow
from stage.core.dutch import names
from stage.core.dutch.addresses import address_line
from stage.core.models.base import PoolRow, TenantQuerySet, new_public_id
from stage.schools.trades import trade_of


class CompanyQuerySet(TenantQuerySet):
    def search(self, text: str):
        """By name, accents and case aside."""
        return self.filter(search_name__contains=names.search_key(text))

    def present(self):
        """Companies that were not merged into another."""
        return self.filter(merged_into__isnull=True)

    def in_use(self):
        """Companies that still exist and are kept in the list."""
        return self.present().exclude(standing__in=[Standing.CLOSED, Standing.ARCHIVED])

    def with_parts(self):
        """With the locations and active people of each: `all_locations`, `all_contacts`."""
        parts = ("locations", Prefetch("contacts", Contact.objects.active()))
        merged = Company.objects.prefetch_related(*parts)
        return self.prefetch_related(*parts, Prefetch("merged", merged))

    def of_family(self, company_ids: Iterable[int]):
        """These companies and every other member of their families."""
        asked = Company.objects.filter(pk__in=list(company_ids)).order_by()
        return self.filter(family_id__in=asked.values("family_id"))

    def families(self, company_ids: Iterable[int]) -> dict[int, int]:
        """Number -> family, for every member of the families of these companies; one query."""
        rows = self.of_family(company_ids).order_by()
        return dict(rows.values_list("pk", "family_id"))


class Company(PoolRow):
    """A leerbedrijf in the pool its region's schools share; what each keeps of it: `relations`."""

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
    # How the company shows itself; what is on it, for who does not see it; and 64 pixels of it,
    # WebP in base64, which a page holds without another request.
    picture = models.ForeignKey(
        "core.StoredFile", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    picture_words = models.CharField(_("wat er op de foto staat"), max_length=120, blank=True)
    picture_tiny = models.CharField(max_length=1200, blank=True, editable=False)
    attendance_mode = models.CharField(
        _("aanwezigheid"), max_length=10, choices=AttendanceMode, default=AttendanceMode.QR
    )
    day_end = models.CharField(
        _("einde van de dag"), max_length=10, choices=DayEnd, default=DayEnd.PLANNED
    )
    # The one that stays, itself never merged (`services.merging`); no row of either moves.
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged"
    )
    merged_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Whether it may be asked, for all schools of the region (`services.standing`).
    standing = models.CharField(
        _("mag gevraagd worden"), max_length=8, choices=Standing, default=Standing.OPEN
    )
    standing_why = models.CharField(_("reden"), max_length=200, blank=True)
    standing_since = models.DateTimeField(null=True, blank=True, editable=False)
    standing_by = models.CharField(max_length=160, blank=True, editable=False)  # a name, as told
    # One number for the company that stays and all that were merged into it.
    family_id = models.GeneratedField(
        expression=Coalesce("merged_into", "id"),
        output_field=models.BigIntegerField(),
        db_persist=True,
        db_index=True,
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
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True)
                | (Q(merged_at__isnull=False) & ~Q(merged_into=F("id"))),
                name="company_merged_into_another",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def trade(self) -> str:
        """By what a stylesheet knows the colour of its first profile."""
        return trade_of(*self.profiles)

    @property
    def family(self) -> CompanyQuerySet:
        """The one that stays and all that were merged into it; what hangs on any is of all."""
        return type(self).objects.filter(family_id=self.family_id)

    @property
    def all_locations(self) -> list[Location]:
        """Its own and those of whom was merged into it; see `with_parts`."""
        return [row for one in (self, *self.merged.all()) for row in one.locations.all()]

    @property
    def all_contacts(self) -> list[Contact]:
        """Its own people and those of whom was merged into it; see `with_parts`."""
        return [row for one in (self, *self.merged.all()) for row in one.contacts.all()]

    @property
    def stays(self) -> Company:
        """The one of the family that stays; where it is out of sight, this one."""
        return self.merged_into or self

    def save(self, *args, **kwargs):
        """Keep the one stored derivation: the keys by which names are sorted and found."""
        self.set_keys()
        super().save(*args, **kwargs)

    def set_keys(self) -> None:
        """Derive both keys from the name; bulk writes call it themselves."""
        self.sort_name = names.sort_key(self.name)[:160]
        self.search_name = names.search_key(self.name)[:160]


class WithoutCodeManager(models.Manager):
    """What follows a reference to a location: without the code, which students may not read."""

    def get_queryset(self):
        return super().get_queryset().defer("poster_code")


# A poster's whole code is in its QR; to type, its first signs are enough within a region.
POSTER_LENGTH = 10
TYPED_LENGTH = 6


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
    # Empty: as the company does (`attendance.ways`).
    attendance_mode = models.CharField(
        _("aanwezigheid"),
        max_length=10,
        choices=AttendanceMode,
        blank=True,
        default="",
        db_default="",
    )
    # Empty: as the company does, as with the way.
    day_end = models.CharField(
        _("einde van de dag"), max_length=10, choices=DayEnd, blank=True, default=""
    )
    poster_code = models.CharField(
        max_length=20, unique=True, default=new_public_id, editable=False
    )

    objects = TenantQuerySet.as_manager()
    without_code = WithoutCodeManager()

    class Meta(CompanyRow.Meta):
        ordering = ["pk"]
        base_manager_name = "without_code"

    def __str__(self) -> str:
        return self.name or ", ".join(filter(None, [self.street, self.city]))

    @property
    def address_line(self) -> str:
        return address_line(self.street, self.postcode, self.city)

    @property
    def scans_poster(self) -> bool:
        """Whether a student who comes here checks in by a poster; its own way, or the company's."""
        way = self.attendance_mode or self.company.stays.attendance_mode
        return way == AttendanceMode.QR

    @property
    def typed_code(self) -> str:
        """What is typed where the poster cannot be scanned."""
        return self.poster_code[:TYPED_LENGTH]


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

    def known_to(self, school_id: int | None):
        """People this school trusts, each with its `address` and what it `may`, in roles.

        Whether others call somebody active, or write another address, is not asked.
        """
        return self.filter(trusts__school=school_id, trusts__until__isnull=True).annotate(
            address=F("trusts__address"), may=F("trusts__roles")
        )

    def who_may(self, *roles: str):
        """Of `known_to`: those with one of these roles."""
        return self.filter(may__overlap=list(roles))

    def not_put_away(self, school_id: int | None):
        """Without those of whom this school said that they count no more, at that address."""
        Trust = apps.get_model("companies.Trust")
        gone = Trust.objects.filter(
            school=school_id,
            contact=OuterRef("pk"),
            address=OuterRef("email"),
            ended_why__in=[TrustEnd.SCHOOL, TrustEnd.LEFT],
        )
        return self.active().filter(~Exists(gone))

    def named_only(self, school_id: int):
        """People with an address whom this school does not know: typed by others."""
        known = Contact.objects.known_to(school_id).filter(pk=OuterRef("pk"))
        # Who has a line at two members of a family is one person, by whichever the school knows.
        Trust = apps.get_model("companies.Trust")
        elsewhere = Trust.objects.filter(school=school_id, until__isnull=True).same_person()
        return self.active().exclude(email="").filter(~Exists(known), ~Exists(elsewhere))

    def as_shown(self, values: Iterable[str]) -> list[Contact]:
        """Those whom a form names with the address a person read there (`Contact.shown`).

        Whose address was changed meanwhile is left out: nobody saw the one it has now.
        """
        seen = dict(value.partition(" ")[::2] for value in values)
        rows = cast("QuerySet[Contact]", self.filter(public_id__in=seen))
        return [row for row in rows if row.email == seen[row.public_id]]


class Contact(CompanyRow):
    """Somebody at a company, as the pool names them. Being named gives no rights: see Trust."""

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    company = models.ForeignKey(Company, models.PROTECT, related_name="contacts")
    name = models.CharField(_("naam"), max_length=160)
    function = models.CharField(_("functie"), max_length=80, blank=True)
    email = models.EmailField(_("e-mailadres"), blank=True)
    telephone = models.CharField(_("telefoon"), max_length=20, blank=True)
    # Whom to ask what: who stands beside the student, who decides on places, who decides on more.
    level = models.CharField(_("niveau"), max_length=10, choices=ContactLevel, blank=True)
    roles = ArrayField(
        models.CharField(max_length=12, choices=ContactRole), verbose_name=_("rollen"), default=list
    )
    active = models.BooleanField(default=True)
    # Who put this address in the pool; what it may, a school's Trust says.
    named_via = models.CharField(max_length=8, choices=NamedVia, default=NamedVia.SCHOOL)
    named_school = models.ForeignKey("core.School", models.PROTECT, null=True, related_name="+")
    named_at = models.DateTimeField(default=timezone.now)
    # Left, and asked that we keep nothing; a job does so once nothing needs it.
    forget_asked_at = models.DateTimeField(null=True, blank=True, editable=False)
    forgotten_at = models.DateTimeField(null=True, blank=True, editable=False)

    address: str  # by which a school knows this person, set by known_to()
    may: list[str]  # in which roles
    family: int  # of its company, set by trust.known_people()

    objects = ContactQuerySet.as_manager()

    class Meta(CompanyRow.Meta):
        ordering = ["name", "pk"]
        # As `iexact` asks: who is at an address is looked up in the whole country.
        indexes = [
            models.Index(Upper("email"), name="contact_email"),
            models.Index(
                fields=["forget_asked_at"],
                condition=Q(forget_asked_at__isnull=False, forgotten_at__isnull=True),
                name="contact_to_forget",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def shown(self) -> str:
        """Who this is and by which address: what a form says yes to."""
        return f"{self.public_id} {self.email}"
