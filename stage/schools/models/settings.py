"""What a school and a region decide for themselves."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from stage.core.models import Region, School
from stage.core.models.base import PoolRow, SchoolRow, TenantQuerySet
from stage.schools.enums import HolidayRegion


class SettingsQuerySet(TenantQuerySet):
    """Rows of which each owner has exactly one, made together with it: no read needs a default."""

    owner = "school_id"

    def of(self, owner_id: int):
        """The settings of one school, or of one region."""
        return self.get(**{self.owner: owner_id})


class RegionSettingsQuerySet(SettingsQuerySet):
    owner = "region_id"


class SettingsRow(SchoolRow):
    """What a school decides about one app: each app has its own row per school.

    The row is made with the school: `stage.schools.signals.school_made`. Its fields come on the
    school's page by a form of the app (`stage.schools.forms.settings_page`).
    """

    school = models.OneToOneField(School, models.PROTECT, related_name="+")

    objects = SettingsQuerySet.as_manager()

    class Meta(SchoolRow.Meta):
        abstract = True


class SchoolSettings(SettingsRow):
    """How a school is reached, who represents it, how it looks and what it tells its students."""

    street = models.CharField(_("straat en nummer"), max_length=120, blank=True)
    postcode = models.CharField(_("postcode"), max_length=7, blank=True)
    city = models.CharField(_("plaats"), max_length=80, blank=True)
    telephone = models.CharField(_("telefoon"), max_length=20, blank=True)
    absence_telephone = models.CharField(_("telefoon voor ziekmelden"), max_length=20, blank=True)
    email = models.EmailField(_("e-mailadres"), blank=True)
    holiday_region = models.CharField(
        _("regio voor schoolvakanties"), max_length=6, choices=HolidayRegion, blank=True
    )
    represented_by = models.CharField(_("vertegenwoordigd door"), max_length=120, blank=True)
    representative_function = models.CharField(_("functie"), max_length=80, blank=True)
    logo = models.ForeignKey(
        "core.StoredFile", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    colour = models.CharField(_("kleur"), max_length=7, blank=True)
    student_explanation = models.TextField(_("uitleg voor leerlingen"), blank=True)

    class Meta(SettingsRow.Meta):
        verbose_name = _("instellingen van de school")


class RegionSettings(PoolRow):
    """What a region decides for its pool."""

    region = models.OneToOneField(Region, models.PROTECT, related_name="+")
    shown_name = models.CharField(_("naam zoals getoond"), max_length=120, blank=True)
    email = models.EmailField(_("e-mailadres"), blank=True)
    telephone = models.CharField(_("telefoon"), max_length=20, blank=True)
    company_explanation = models.TextField(_("uitleg voor bedrijven"), blank=True)
    logo = models.ForeignKey(
        "core.StoredFile", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    colour = models.CharField(_("kleur"), max_length=7, blank=True)

    objects = RegionSettingsQuerySet.as_manager()

    class Meta(PoolRow.Meta):
        verbose_name = _("instellingen van de regio")
