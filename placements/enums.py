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
    CONCEPT = "concept", _("Geplaatst")
    AGREEMENT = "agreement", _("Overeenkomst loopt")
    SIGNED = "signed", _("Getekend")
    RUNNING = "running", _("Loopt")
    FINISHED = "finished", _("Klaar")
    STOPPED = "stopped", _("Eerder gestopt")
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


# Placements under which nobody has signed all that has to be signed.
UNSIGNED = (PlacementState.CONCEPT, PlacementState.AGREEMENT)


# Placements with days: one that stopped early keeps the days up to its last one.
PLACED = (*LIVE_PLACEMENTS, PlacementState.STOPPED)


class ChangeKind(TextChoices):
    """What changes in a placement once it is made; in the order of the page that asks."""

    SCHEDULE = "schedule", _("Andere dagen of tijden")
    DATES = "dates", _("Andere eerste of laatste dag")
    PAUSE = "pause", _("Een pauze")
    SUPERVISOR = "supervisor", _("Een andere praktijkopleider")
    TEACHER = "teacher", _("Een andere stagebegeleider")
    MOVE = "move", _("Een ander bedrijf")
    OFF = "off", _("De stage gaat niet door")
    STOP = "stop", _("De stage stopt eerder")
    PERIOD = "period", _("De periode van school verandert")
    UNMATCH = "unmatch", _("De koppeling is losgemaakt")
    CALLED_OFF = "called_off", _("Dagen die niet doorgaan")
    CATCH_UP = "catch_up", _("Een gemiste dag")


# Not on the page that asks what changes: begun on the period's, on the board, or on that of missed
# days.
OF_THEIR_OWN = (
    ChangeKind.PERIOD,
    ChangeKind.UNMATCH,
    ChangeKind.CALLED_OFF,
    ChangeKind.CATCH_UP,
)


class Missed(TextChoices):
    """What became of a day that was missed, as the school decided."""

    CAUGHT_UP = "caught_up", _("Inhalen op een andere dag")
    EXCUSED = "excused", _("Geoorloofd: hoeft niet ingehaald")
    WRITTEN_OFF = "written_off", _("Wordt niet ingehaald")
    OPEN = "open", _("Nog niet besloten")


# After these the placement is over: who was heard is asked, and the place comes free.
ENDINGS = (ChangeKind.MOVE, ChangeKind.OFF, ChangeKind.STOP)


# The teacher of the placement settles these; everything else is the coordinator's.
ABOUT_DAYS = (ChangeKind.SCHEDULE, ChangeKind.DATES, ChangeKind.PAUSE, ChangeKind.CATCH_UP)


class ChangeState(TextChoices):
    ASKED = "asked", _("Gevraagd")
    DONE = "done", _("Gedaan")
    REFUSED = "refused", _("Niet gedaan")
    WITHDRAWN = "withdrawn", _("Ingetrokken")
    UNDONE = "undone", _("Ongedaan gemaakt")


class ChangeReason(TextChoices):
    """Why; counted over the years, so the codes stay what they are."""

    FIT = "fit", _("Het paste niet")
    ILLNESS = "illness", _("Ziekte")
    CONDUCT = "conduct", _("Gedrag")
    ABSENCE = "absence", _("Te vaak afwezig")
    GUIDANCE = "guidance", _("Geen begeleiding")
    NO_WORK = "no_work", _("Geen werk")
    COMPANY_STOPPED = "company_stopped", _("Het bedrijf stopt")
    UNSAFE = "unsafe", _("Onveilig")
    OTHER_SCHOOL = "other_school", _("Naar een andere school")
    LEFT_SCHOOL = "left_school", _("Van school")
    SCHOOL_PLAN = "school_plan", _("De school plant anders")
    SCHOOL_DAY = "school_day", _("Toets of activiteit op school")
    CLOSED = "closed", _("School of bedrijf is dicht")
    TRAVEL = "travel", _("Weer of vervoer")
    AGREED = "agreed", _("Zo afgesproken")
    OTHER = "other", _("Iets anders")


class Heard(TextChoices):
    """Who was heard before the school ended a placement."""

    STUDENT = "student", _("De leerling")
    SUPERVISOR = "supervisor", _("De praktijkopleider")
    TEACHER = "teacher", _("De stagebegeleider")
    GUARDIAN = "guardian", _("De ouders")


# An application that a company leaves unanswered this long expires, so that the student can try
# elsewhere. Two weeks: longer than a company's holiday of a week, short enough for a second round
# before the period starts.
UNANSWERED_DAYS = 14
