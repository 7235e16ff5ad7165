"""States and parties of agreements, and how somebody signs."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AgreementState(TextChoices):
    FILLING = "filling", _("Wordt ingevuld")
    SIGNING = "signing", _("Wordt getekend")
    COMPLETE = "complete", _("Getekend door iedereen")
    SUPERSEDED = "superseded", _("Vervangen door een nieuwe versie")


class Party(TextChoices):
    """Who an article concerns, who fills a part and who signs."""

    STUDENT = "student", _("Leerling")
    GUARDIAN = "guardian", _("Ouder of verzorger")
    COMPANY = "company", _("Bedrijf")
    SCHOOL = "school", _("School")


class GuardiansNeeded(TextChoices):
    ONE = "one", _("Eén ouder of verzorger tekent")
    ALL = "all", _("Alle ouders of verzorgers die bekend zijn, tekenen")


class RefusalKind(TextChoices):
    """Why somebody does not sign, without saying that the text is wrong."""

    UNWILLING = "unwilling", _("Wil niet tekenen")
    STRANGER = "stranger", _("Dit is niet mijn kind")


class LateAnswer(TextChoices):
    """Whether somebody who became known later signs an agreement that was being signed already."""

    MUST = "must", _("Tekent ook")
    MAY = "may", _("Mag tekenen in plaats van de ander")
    NOT = "not", _("Hoeft niet te tekenen")


class SigningOrder(TextChoices):
    TOGETHER = "together", _("Iedereen tegelijk")
    IN_TURN = "in_turn", _("Eerst leerling en ouder, dan het bedrijf, dan de school")


# Who signs first where a school lets them sign in turn; the lower waits for nobody.
TURNS = {Party.STUDENT: 0, Party.GUARDIAN: 0, Party.COMPANY: 1, Party.SCHOOL: 2}


class FileKind(TextChoices):
    """What agreements keep as a file."""

    PAPER = "paper", _("Getekend papier")


class SignatureMethod(TextChoices):
    CODE = "code", _("Op het scherm, met een code uit de mail")
    LOGIN = "login", _("Op het scherm, ingelogd")
    PAPER = "paper", _("Op papier, gezien door de school")
