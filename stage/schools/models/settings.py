"""What a school and a region decide for themselves."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from stage.core.models import Region, School
from stage.core.models.base import PoolRow, SchoolRow
from stage.schools.enums import GuardiansNeeded


class SchoolSettings(SchoolRow):
    """What a school decides for itself, and what its agreements say about it."""

    school = models.OneToOneField(School, models.PROTECT, related_name="settings")
    street = models.CharField(_("straat en nummer"), max_length=120, blank=True)
    postcode = models.CharField(_("postcode"), max_length=7, blank=True)
    city = models.CharField(_("plaats"), max_length=80, blank=True)
    telephone = models.CharField(_("telefoon"), max_length=20, blank=True)
    absence_telephone = models.CharField(_("telefoon voor ziekmelden"), max_length=20, blank=True)
    email = models.EmailField(_("e-mailadres"), blank=True)
    represented_by = models.CharField(_("vertegenwoordigd door"), max_length=120, blank=True)
    representative_function = models.CharField(_("functie"), max_length=80, blank=True)
    logo = models.ForeignKey(
        "core.StoredFile", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    colour = models.CharField(_("kleur"), max_length=7, blank=True)
    guardians_needed = models.CharField(
        _("wie tekent er thuis"),
        max_length=3,
        choices=GuardiansNeeded,
        default=GuardiansNeeded.ONE,
    )
    paper_counts = models.BooleanField(
        _("een formulier in het dossier telt als handtekening"), default=True
    )
    max_applications = models.PositiveSmallIntegerField(_("sollicitaties per leerling"), default=3)
    liability_maximum = models.PositiveIntegerField(
        _("verzekerd bedrag bij schade, in euro"), default=1_000_000
    )
    insurance_text = models.TextField(_("wie is waarvoor verzekerd"), blank=True)
    late_after_minutes = models.PositiveSmallIntegerField(_("te laat na (minuten)"), default=15)
    student_explanation = models.TextField(_("uitleg voor leerlingen"), blank=True)

    class Meta(SchoolRow.Meta):
        verbose_name = _("instellingen van de school")


class RegionSettings(PoolRow):
    """What a region decides for its pool."""

    region = models.OneToOneField(Region, models.PROTECT, related_name="settings")
    email = models.EmailField(_("e-mailadres"), blank=True)
    telephone = models.CharField(_("telefoon"), max_length=20, blank=True)
    company_explanation = models.TextField(_("uitleg voor bedrijven"), blank=True)

    class Meta(PoolRow.Meta):
        verbose_name = _("instellingen van de regio")
