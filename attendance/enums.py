"""Choices of attendance."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CheckInKind(TextChoices):
    START = "start", _("Begin van de dag")
    END = "end", _("Einde van de dag")


class CheckInMethod(TextChoices):
    POSTER = "poster", _("QR-code op de poster")
    TYPED = "typed", _("Code overgetypt")
    SETTLED = "settled", _("Ingevuld door de school")
    SUPERVISOR = "supervisor", _("Ingevuld door het bedrijf")


class AbsenceKind(TextChoices):
    ILL = "ill", _("Ziek")
    LATE = "late", _("Later")
    APPOINTMENT = "appointment", _("Afspraak (tandarts, dokter)")
    OTHER = "other", _("Anders")


class Mood(TextChoices):
    GOOD = "good", _("Goed")
    OKAY = "okay", _("Gaat wel")
    BAD = "bad", _("Niet zo goed")
