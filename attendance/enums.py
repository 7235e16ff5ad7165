"""Choices of attendance."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from placements.enums import PlacementState


class FileKind(TextChoices):
    """What attendance keeps as a file."""

    PHOTO = "photo", _("Foto")


class CheckInKind(TextChoices):
    START = "start", _("Begin van de dag")
    END = "end", _("Einde van de dag")
    PAUSE = "pause", _("Begin van een pauze")
    BACK = "back", _("Weer aan het werk")


class CheckInMethod(TextChoices):
    POSTER = "poster", _("QR-code op de poster")
    TYPED = "typed", _("Code overgetypt")
    SCREEN = "screen", _("Code op het scherm van het bedrijf")
    SELF = "self", _("Zelf gemeld")
    SETTLED = "settled", _("Ingevuld door de school")
    SUPERVISOR = "supervisor", _("Ingevuld door het bedrijf")
    SHOWN = "shown", _("Code van de leerling gescand door het bedrijf")


# By the student alone.
OWN_METHODS = (
    CheckInMethod.POSTER,
    CheckInMethod.TYPED,
    CheckInMethod.SCREEN,
    CheckInMethod.SELF,
)


class Flag(TextChoices):
    """What is remarkable about a check-in; it is kept all the same and a person judges."""

    LATE = "late", _("Te laat")
    UNPLANNED_DAY = "unplanned_day", _("Niet ingeplande dag")
    OTHER_LOCATION = "other_location", _("Poster van een andere plek")
    OUTSIDE_PERIOD = "outside_period", _("Buiten de stageperiode")
    NOT_SIGNED = "not_signed", _("Overeenkomst nog niet getekend")
    OFFLINE = "offline", _("Later ontvangen, er was geen internet")
    SAME_BROWSER = "same_browser", _("Zelfde telefoon als een andere leerling")


# Being late shows on the day itself; these are for the teacher to look at.
ODD_FLAGS = [
    Flag.UNPLANNED_DAY.value,
    Flag.OTHER_LOCATION.value,
    Flag.OUTSIDE_PERIOD.value,
    Flag.NOT_SIGNED.value,
    Flag.OFFLINE.value,
    Flag.SAME_BROWSER.value,
]


class ScanFailure(TextChoices):
    """Why a scan could not be kept as a check-in. A word that goes out of use keeps its line."""

    UNKNOWN_CODE = "unknown_code", _("Onbekende code")
    NO_PLACEMENT = "no_placement", _("Geen stage in deze tijd")
    BY_COMPANY = "by_company", _("Het bedrijf houdt bij wie er is")
    OLD_CODE = "old_code", _("Oude code van een scherm")
    NEEDS_SCREEN = "needs_screen", _("Poster gescand waar alleen het scherm telt")
    TOO_OFTEN = "too_often", _("Te vaak een verkeerde code")
    ASKS_HELP = "asks_help", _("Zegt dat aanmelden niet lukt")
    TOO_OLD = "too_old", _("Te lang geleden, er was geen internet")


class AbsenceKind(TextChoices):
    ILL = "ill", _("Ziek")
    LATE = "late", _("Later")
    EARLY = "early", _("Eerder weg")
    APPOINTMENT = "appointment", _("Afspraak (tandarts, dokter)")
    OTHER = "other", _("Anders")


# Kinds of a part of a day: who comes later or goes sooner is there for the rest of it.
PARTLY = (AbsenceKind.LATE, AbsenceKind.EARLY)


class WordKind(TextChoices):
    """What a company's word about a day rests on, by how it kept attendance at that moment."""

    CONFIRMED = "confirmed", _("Bevestigd bij de aanmelding van de leerling")
    TICKED = "ticked", _("Ingevuld door het bedrijf")
    PHONED = "phoned", _("Telefonisch bevestigd")


class DisputeKind(TextChoices):
    """Why a company says less of a day than was planned or reported."""

    ILL = "ill", _("Ziek")
    ABSENT = "absent", _("Was er niet")
    LATE = "late", _("Kwam later")
    EARLY = "early", _("Ging eerder weg")
    OTHER = "other", _("Iets anders")


class AlarmStep(TextChoices):
    """Who was told that nobody saw a student."""

    TEACHER = "teacher", _("Stagebegeleider gemaild")
    COORDINATOR = "coordinator", _("Stagecoördinator gemaild")


class PatternKind(TextChoices):
    """What stands out in the days of a student, before it is a problem."""

    LATE = "late", _("Vaak te laat")
    WEEKDAY = "weekday", _("Vaak weg op dezelfde dag van de week")
    SILENT = "silent", _("Schrijft geen dagverslag meer")
    SAME = "same", _("Schrijft steeds hetzelfde")


class Mood(TextChoices):
    GOOD = "good", _("Goed")
    OKAY = "okay", _("Gaat wel")
    BAD = "bad", _("Niet zo goed")


MOOD_ICONS = {Mood.GOOD: "mood-good", Mood.OKAY: "mood-ok", Mood.BAD: "mood-bad"}

# Placements in which attendance counts: what is not signed yet is kept and flagged.
COUNTING_PLACEMENTS = (
    PlacementState.SIGNED,
    PlacementState.RUNNING,
    PlacementState.FINISHED,
    PlacementState.STOPPED,
)
