"""Choices and states of companies, invitations and places."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ContactRole(TextChoices):
    CONTACT = "contact", _("Contactpersoon")
    SUPERVISOR = "supervisor", _("Praktijkopleider")
    SIGNATORY = "signatory", _("Tekent de overeenkomst")


class ContactLevel(TextChoices):
    """Where in the company somebody is."""

    FLOOR = "floor", _("Werkvloer")
    MANAGEMENT = "management", _("Leiding")
    BOARD = "board", _("Directie of bestuur")


class NoteKind(TextChoices):
    """How there was contact with a company; or only something to remember."""

    PHONE = "phone", _("Telefoon")
    MAIL = "mail", _("Mail")
    VISIT = "visit", _("Bezoek")
    OTHER = "other", _("Anders")
    NOTE = "note", _("Alleen een notitie")


class FollowUpState(TextChoices):
    OPEN = "open", _("Staat open")
    DONE = "done", _("Gedaan")
    WITHDRAWN = "withdrawn", _("Teruggenomen")


class NominationState(TextChoices):
    """How it stands with a company that somebody told the school of."""

    NAMED = "named", _("Wacht op de school")
    TAKEN = "taken", _("Opgepakt")
    REFUSED = "refused", _("Niet opgepakt")
    WITHDRAWN = "withdrawn", _("Ingetrokken")


class AlikeBy(TextChoices):
    """By what two companies of the pool are likely one."""

    NAME = "name", _("naam en postcode")
    TELEPHONE = "telephone", _("telefoon")
    WEBSITE = "website", _("website")


class TrustSource(TextChoices):
    """How an address came to be trusted by a school."""

    TYPED = "typed", _("zelf ingevuld of ingelezen")
    TICKED = "ticked", _("bekeken en goedgevonden")
    NAMED = "named", _("genoemd door een bekende van het bedrijf")


class TrustEnd(TextChoices):
    """Why an address is not trusted any more."""

    SCHOOL = "school", _("door de school gestopt")
    LEFT = "left", _("werkt er niet meer")
    MOVED = "moved", _("heeft een ander adres")
    BOUNCED = "bounced", _("het adres bestaat niet meer")
    UNPROVEN = "unproven", _("een jaar niet gebruikt")
    VOUCHER = "voucher", _("wie het adres noemde, telt niet meer")
    UNMERGED = "unmerged", _("genoemd toen het bedrijf met een ander was samengevoegd")


class NamedVia(TextChoices):
    """By whom an address came into the pool."""

    SCHOOL = "school", _("door een school")
    BUREAU = "bureau", _("door het stagebureau")
    COMPANY = "company", _("door het bedrijf zelf")
    LINK = "link", _("via de link van een uitnodiging")
    GENERAL = "general", _("als algemeen adres van het bedrijf")


class ChangeKind(TextChoices):
    """What of a shared company was changed."""

    ADDED = "added", _("nieuwe contactpersoon")
    ADDRESS = "address", _("ander adres of andere gegevens van een contactpersoon")
    LEFT = "left", _("contactpersoon weg")
    HANDED = "handed", _("een contactpersoon ging weg en droeg over aan een collega")
    FACTS = "facts", _("gegevens van het bedrijf")
    LOCATION = "location", _("locatie")
    MERGED = "merged", _("samengevoegd met een ander bedrijf")
    UNMERGED = "unmerged", _("niet meer samengevoegd met een ander bedrijf")
    STANDING = "standing", _("mag het bedrijf gevraagd worden")


class AttendanceMode(TextChoices):
    """How attendance is kept at a company (D2)."""

    QR = "qr", _("Leerling scant een QR-code")
    SCREEN = "screen", _("Leerling scant een scherm, de poster telt niet")
    SUPERVISOR = "supervisor", _("Praktijkopleider vinkt af")
    STUDENT = "student", _("Leerling meldt zich zelf")


# What each asks of whom, where somebody chooses.
WAY_HINTS = {
    AttendanceMode.QR: _("De poster bij de ingang. Een code op een scherm telt ook."),
    AttendanceMode.SCREEN: _("De code verandert elke dertig seconden. Een foto ervan telt niet."),
    AttendanceMode.SUPERVISOR: _("De leerling hoeft niets te doen."),
    AttendanceMode.STUDENT: _("Met één knop, zonder code. Het bedrijf bevestigt de week."),
}


class DayEnd(TextChoices):
    """What a student says of the rest of a day at work."""

    PLANNED = "planned", _("De geplande eindtijd telt")
    TOLD = "told", _("Leerling meldt wanneer de dag klaar is")
    BREAKS = "breaks", _("Leerling meldt ook de pauzes")


DAY_END_HINTS = {
    DayEnd.PLANNED: _("De leerling hoeft niets te doen."),
    DayEnd.TOLD: _("Met één knop. De uren van de week komen daaruit."),
    DayEnd.BREAKS: _("Met een knop “Pauze” en een knop “Weer aan het werk”."),
}


class CampaignState(TextChoices):
    DRAFT = "draft", _("Concept")
    SCHEDULED = "scheduled", _("Staat klaar")
    SENDING = "sending", _("Wordt verstuurd")
    PAUSED = "paused", _("Gepauzeerd")
    SENT = "sent", _("Verstuurd")


class InvitationState(TextChoices):
    QUEUED = "queued", _("Klaar om te versturen")
    SENT = "sent", _("Verstuurd")
    YES = "yes", _("Doet mee")
    NO = "no", _("Doet niet mee")
    LATER = "later", _("Nu niet")
    BOUNCED = "bounced", _("Niet aangekomen")
    NO_ADDRESS = "no_address", _("Niet gemaild: bel")
    HELD = "held", _("Eerder al gevraagd")


class FileKind(TextChoices):
    """The kinds of stored files this app keeps."""

    ATTACHMENT = "enclosure", _("bijlage van een brief")
    PICTURE = "facade", _("foto van een bedrijf")


class Shown(TextChoices):
    """What a list shows of an invitation: its answer, or how far its mail came."""

    YES = "yes", _("Doet mee")
    NO = "no", _("Doet niet mee")
    LATER = "later", _("Nu niet")
    SENT = "sent", _("Nog geen antwoord")
    QUEUED = "queued", _("Wacht op versturen")
    BOUNCED = "bounced", _("Niet aangekomen")
    UNCERTAIN = "uncertain", _("Onzeker of de mail aankwam")
    NO_ADDRESS = "no_address", _("Niet gemaild: bel")
    HELD = "held", _("Eerder al gevraagd")


ANSWERED = (InvitationState.YES, InvitationState.NO, InvitationState.LATER)


class AnsweredVia(TextChoices):
    """How an answer came to the school."""

    ITSELF = "itself", _("door het bedrijf zelf")
    PHONE = "phone", _("aan de telefoon")
    VISIT = "visit", _("bij een bezoek")
    OTHER = "other", _("op een andere manier")


class CallOutcome(TextChoices):
    """What came of a call."""

    YES = "yes", _("Ja")
    LATER = "later", _("Nu niet")
    NO = "no", _("Nee")
    NO_ANSWER = "no_answer", _("Geen gehoor")


class Standing(TextChoices):
    """Whether a company of the pool may be asked by anybody in the region."""

    OPEN = "open", _("Mag gevraagd worden")
    NEVER = "never", _("Wil niet meer gevraagd worden")
    CLOSED = "closed", _("Bestaat niet meer")
    ARCHIVED = "archived", _("Niet meer in gebruik")


class PlaceState(TextChoices):
    # For one student, and the company has not said yes: nobody else can choose it.
    ASKED = "asked", _("Gevraagd voor één leerling")
    OPEN = "open", _("Open")
    WITHDRAWN = "withdrawn", _("Ingetrokken")


# A place that a student can still get.
GIVEN = (PlaceState.ASKED, PlaceState.OPEN)


class NoReason(TextChoices):
    """Why a company does not take part, as it says so itself."""

    NO_TIME = "no_time", _("Wij hebben geen tijd voor begeleiding")
    NO_WORK = "no_work", _("Wij hebben geen geschikt werk")
    FULL = "full", _("Wij hebben al stagiairs")
    BAD_PERIOD = "bad_period", _("De periode komt niet uit")
    STOPPED = "stopped", _("Wij nemen geen stagiairs meer")
    OTHER = "other", _("Iets anders")
