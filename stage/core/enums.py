"""Choices of the core: roles, audiences, days of the week, states of mail."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What a person with a log-in does in a school or a region (domain.md, section 1)."""

    BUREAU = "bureau", _("Stagebureau")
    COORDINATOR = "coordinator", _("Stagecoördinator")
    TEACHER = "teacher", _("Stagebegeleider")
    STUDENT = "student", _("Leerling")
    OPERATOR = "operator", _("Beheerder van het platform")


class Audience(TextChoices):
    """Everybody who can act: the roles plus the people without an account."""

    BUREAU = "bureau", _("Stagebureau")
    COORDINATOR = "coordinator", _("Stagecoördinator")
    TEACHER = "teacher", _("Stagebegeleider")
    STUDENT = "student", _("Leerling")
    OPERATOR = "operator", _("Beheerder van het platform")
    COMPANY = "company", _("Bedrijf")
    GUARDIAN = "guardian", _("Ouder of verzorger")
    JOB = "job", _("Automatisch")


# Who works at a school with students. What each of them reaches: an app above says (stage.schools).
STAFF = (Audience.COORDINATOR, Audience.TEACHER)


class Weekday(IntegerChoices):
    """ISO weekday numbers."""

    MONDAY = 1, _("maandag")
    TUESDAY = 2, _("dinsdag")
    WEDNESDAY = 3, _("woensdag")
    THURSDAY = 4, _("donderdag")
    FRIDAY = 5, _("vrijdag")
    SATURDAY = 6, _("zaterdag")
    SUNDAY = 7, _("zondag")


class MailState(TextChoices):
    """`handover` is committed just before SMTP DATA; a crash in it becomes `uncertain`."""

    QUEUED = "queued", _("Wacht")
    CLAIMED = "claimed", _("Wordt gemaakt")
    HANDOVER = "handover", _("Wordt verstuurd")
    SENT = "sent", _("Verstuurd")
    REFUSED = "refused", _("Geweigerd")
    UNCERTAIN = "uncertain", _("Onzeker")
    CANCELLED = "cancelled", _("Niet meer nodig")


class NoticeKind(TextChoices):
    """What a mail is about, as its reader chooses how to hear of it."""

    ATTENDANCE = "attendance", _("Aanwezigheid")
    APPLICATION = "application", _("Sollicitaties")
    PLACEMENT = "placement", _("Plaatsing en wijzigingen")
    AGREEMENT = "agreement", _("Overeenkomst")
    ASSESSMENT = "assessment", _("Beoordeling en opdrachten")
    GUIDANCE = "guidance", _("Begeleiding en vervanging")
    COMPANY = "company", _("Bedrijven")
    ACCOUNT = "account", _("Je account")


class Pace(TextChoices):
    """How soon a mail leaves. `always`: law or safety needs it, so nobody chooses."""

    AT_ONCE = "at_once", _("Meteen")
    DAILY = "daily", _("Eén keer per dag")
    NEVER = "never", _("Niet per mail")
    ALWAYS = "always", _("Altijd meteen")


class JobState(TextChoices):
    """Of long work that somebody began (`stage.core.work.long_jobs`)."""

    WAITING = "waiting", _("Wacht")
    RUNNING = "running", _("Bezig")
    DONE = "done", _("Klaar")
    REFUSED = "refused", _("Niet gedaan")


class PersonKind(TextChoices):
    """Whom a mail, a link or a device belongs to."""

    MEMBERSHIP = "membership", _("Medewerker")
    STUDENT = "student", _("Leerling")
    GUARDIAN = "guardian", _("Ouder of verzorger")
    CONTACT = "contact", _("Contactpersoon")
