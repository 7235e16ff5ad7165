"""Choices and states of companies, invitations and places."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ContactRole(TextChoices):
    CONTACT = "contact", _("Contactpersoon")
    SUPERVISOR = "supervisor", _("Praktijkopleider")
    SIGNATORY = "signatory", _("Tekent de overeenkomst")


class AttendanceMode(TextChoices):
    """How attendance is kept at a company (D2)."""

    QR = "qr", _("Leerling scant een QR-code")
    SUPERVISOR = "supervisor", _("Praktijkopleider vinkt af")
    STUDENT = "student", _("Leerling meldt zich zelf")


class CampaignState(TextChoices):
    DRAFT = "draft", _("Concept")
    SENDING = "sending", _("Wordt verstuurd")
    PAUSED = "paused", _("Gepauzeerd")
    SENT = "sent", _("Verstuurd")


class InvitationState(TextChoices):
    QUEUED = "queued", _("Klaar om te versturen")
    SENT = "sent", _("Verstuurd")
    OPENED = "opened", _("Geopend")
    YES = "yes", _("Doet mee")
    NO = "no", _("Doet niet mee")
    LATER = "later", _("Nu niet")
    BOUNCED = "bounced", _("Niet aangekomen")


ANSWERED = (InvitationState.YES, InvitationState.NO, InvitationState.LATER)


class PlaceState(TextChoices):
    OPEN = "open", _("Open")
    WITHDRAWN = "withdrawn", _("Ingetrokken")
