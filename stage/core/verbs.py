"""What the entries of the audit trail are called, in words for a coordinator."""

from django.utils.translation import gettext_lazy as _

from stage.core.record.audit import name_verbs

name_verbs(
    {
        "saw": _("bekeek"),
        "saw_audit": _("bekeek wie wat bekeek"),
        "exported": _("nam mee in een lijst"),
        "account_opened": _("nam een uitnodiging aan"),
        "password_chosen": _("koos een wachtwoord"),
        "phones_ended": _("logde andere apparaten uit"),
        "notices_chosen": _("koos hoe mail komt"),
        "push_switched_on": _("zette meldingen aan op een apparaat"),
        "push_switched_off": _("zette meldingen uit op een apparaat"),
        "role_switched": _("koos een andere rol"),
        "device_remembered": _("liet een apparaat onthouden"),
        "calendar_made": _("maakte een adres voor de eigen agenda"),
        "calendar_withdrawn": _("trok het adres voor de eigen agenda in"),
        "file_stored": _("bewaarde een bestand"),
        "file_removed": _("verwijderde een bestand"),
        "job_begun": _("begon lang werk"),
        "job_done": _("maakte lang werk af"),
        "job_refused": _("maakte lang werk niet af"),
        "mail_sent_again": _("stuurde een mail opnieuw"),
    }
)
