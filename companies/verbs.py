"""What the audit trail calls the work on companies and letters to them."""

from django.utils.translation import gettext_lazy as _

from stage.core.record.audit import name_verbs

name_verbs(
    {
        "companies_exported": _("nam bedrijven mee in een lijst"),
        "company_added": _("voegde een bedrijf toe"),
        "company_changed": _("wijzigde een bedrijf"),
        "company_merged": _("voegde een bedrijf samen met een ander"),
        "company_unmerged": _("haalde twee bedrijven weer uit elkaar"),
        "companies_imported": _("las bedrijven in"),
        "company_note_added": _("schreef een notitie"),
        "company_note_removed": _("verwijderde een notitie"),
        "contact_added": _("voegde een contactpersoon toe"),
        "contact_changed": _("wijzigde een contactpersoon"),
        "contact_back": _("zette een contactpersoon terug"),
        "contact_left": _("zette een contactpersoon weg"),
        "address_trusted": _("vond een adres van een bedrijf goed"),
        "address_roles_changed": _("wijzigde wat iemand van een bedrijf mag"),
        "address_ended": _("vertrouwt een adres van een bedrijf niet meer"),
        "address_moved": _("een bekend adres van een bedrijf veranderde"),
        "company_change_told": _("een ander wijzigde iets bij een bedrijf van ons"),
        "company_change_undone": _("zette gegevens van een bedrijf terug"),
        "location_added": _("voegde een locatie toe"),
        "location_changed": _("wijzigde een locatie"),
        "department_added": _("voegde een afdeling toe"),
        "department_changed": _("wijzigde een afdeling"),
        "department_removed": _("verwijderde een afdeling"),
        "group_companies_chosen": _("koos bedrijven voor een groep"),
        "campaign_added": _("schreef een brief"),
        "campaign_changed": _("wijzigde een brief"),
        "campaign_scheduled": _("plande het versturen van een brief"),
        "campaign_unscheduled": _("haalde een brief uit de planning"),
        "campaign_sent": _("verstuurde een brief"),
        "campaign_paused": _("pauzeerde een brief"),
        "campaign_resumed": _("ging verder met een brief"),
        "campaign_finished": _("brief is helemaal verstuurd"),
        "invitation_sent": _("uitnodiging kwam aan"),
        "invitation_bounced": _("uitnodiging kwam niet aan"),
        "invitation_resent": _("stuurde een uitnodiging opnieuw"),
        "invitation_accepted": _("zei ja op een uitnodiging"),
        "invitation_declined": _("zei nee op een uitnodiging"),
        "invitation_postponed": _("zei nu niet op een uitnodiging"),
        "place_offered": _("bood een plek aan"),
        "place_changed": _("wijzigde een plek"),
        "place_withdrawn": _("trok een plek in"),
    }
)
