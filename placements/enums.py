"""States of applications and placements."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ApplicationState(TextChoices):
    DRAFT = "draft", _("Concept")
    WITH_COMPANY = "with_company", _("Bij het bedrijf")
    PARKED = "parked", _("Geparkeerd: een ander bedrijf zei ja")
    ACCEPTED = "accepted", _("Het bedrijf zegt ja")
    DECLINED = "declined", _("Het bedrijf zegt nee")
    EXPIRED = "expired", _("Verlopen")
    WITHDRAWN = "withdrawn", _("Ingetrokken")
    CLOSED = "closed", _("Gesloten: andere plek")


# Applications that still ask for, or hold, a place. A parked one asks again by itself once the yes
# it waits for falls through.
OPEN_APPLICATIONS = (
    ApplicationState.DRAFT,
    ApplicationState.WITH_COMPANY,
    ApplicationState.PARKED,
    ApplicationState.ACCEPTED,
)


class OwnState(TextChoices):
    """Where a company that a student brings stands; once asked, its application says the rest."""

    NAMED = "named", _("School kijkt ernaar")
    ASKED = "asked", _("Gevraagd")
    REFUSED = "refused", _("School zegt nee")
    WITHDRAWN = "withdrawn", _("Ingetrokken")


class AfterYes(TextChoices):
    """What a company's yes does to the student's other applications of the period."""

    PARK = "park", _("Zet ze even stil. Gaat het ja niet door, dan lopen ze vanzelf weer.")
    CLOSE = "close", _("Sluit ze. Gaat het ja niet door, dan gaan ze weer open.")
    LEAVE = "leave", _("Laat ze lopen. De leerling kan meer dan één ja krijgen.")


class PutTo(TextChoices):
    """Whom a company's question is for."""

    SCHOOL = "school", _("De school")
    STUDENT = "student", _("De leerling")


# A company's question waits as long as its application does.
QUESTIONS_OF = (
    ApplicationState.WITH_COMPANY,
    ApplicationState.PARKED,
    ApplicationState.ACCEPTED,
)
MOST_QUESTIONS = 5  # open ones of one application: more is a telephone call


class PlacementState(TextChoices):
    CONCEPT = "concept", _("Gekoppeld")
    AGREEMENT = "agreement", _("Overeenkomst wordt gemaakt")
    SIGNED = "signed", _("Getekend")
    RUNNING = "running", _("Loopt")
    FINISHED = "finished", _("Klaar")
    CANCELLED = "cancelled", _("Gaat niet door")


# Placements that take up a place and a student's time.
LIVE_PLACEMENTS = (
    PlacementState.CONCEPT,
    PlacementState.AGREEMENT,
    PlacementState.SIGNED,
    PlacementState.RUNNING,
    PlacementState.FINISHED,
)


# Placements in which there is still something to do: somebody has to guide them.
OPEN_PLACEMENTS = (
    PlacementState.CONCEPT,
    PlacementState.AGREEMENT,
    PlacementState.SIGNED,
    PlacementState.RUNNING,
)


# An application that a company leaves unanswered this long expires, so that the student can try
# elsewhere. Two weeks: longer than a company's holiday of a week, short enough for a second round
# before the period starts.
UNANSWERED_DAYS = 14
