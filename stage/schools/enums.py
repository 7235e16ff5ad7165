"""Choices of a school: leerwegen, kinds of period, who signs at home, states of imports."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Leerweg(TextChoices):
    BB = "BB", _("basisberoepsgericht")
    KB = "KB", _("kaderberoepsgericht")
    GL = "GL", _("gemengd")
    TL = "TL", _("theoretisch")


class PeriodKind(TextChoices):
    BLOCK = "block", _("Blokstage: hele weken")
    WEEKDAYS = "weekdays", _("Lintstage: vaste dagen in de week")
    TASTER = "taster", _("Snuffelstage: komen kijken, zonder overeenkomst")


class FileKind(TextChoices):
    """What a school keeps as a file."""

    LOGO = "logo", _("Logo")
    IMPORT = "import", _("Importbestand")


class ImportState(TextChoices):
    UPLOADED = "uploaded", _("Bestand ontvangen")
    CHECKING = "checking", _("Wordt gecontroleerd")
    MAPPING = "mapping", _("Kolommen kiezen")
    CHECKED = "checked", _("Gecontroleerd")
    RUNNING = "running", _("Wordt ingelezen")
    DONE = "done", _("Ingelezen")
    REFUSED = "refused", _("Geweigerd")
    CANCELLED = "cancelled", _("Niet ingelezen")


class LeaveReason(TextChoices):
    """Why a student leaves; the codes are those of the reasons for which a placement ends."""

    LEFT_SCHOOL = "left_school", _("Van school")
    OTHER_SCHOOL = "other_school", _("Naar een andere school")
    OTHER = "other", _("Iets anders")


class GuideKind(TextChoices):
    """How somebody guides a student. The mentor stands on the student itself."""

    TEACHER = "teacher", _("Stagebegeleider")
    STAND_IN = "stand_in", _("Vervanger")
    JOBCOACH = "jobcoach", _("Jobcoach")


class HolidayRegion(TextChoices):
    """In which of the three regions the school has its holidays."""

    NOORD = "noord", _("Noord")
    MIDDEN = "midden", _("Midden")
    ZUID = "zuid", _("Zuid")
