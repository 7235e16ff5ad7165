"""What a school's entries of the audit trail are called, in words for a coordinator."""

from django.utils.translation import gettext_lazy as _

from stage.core.record.audit import name_verbs

name_verbs(
    {
        "login_card_issued": _("maakte een inlogkaart"),
        "login_card_printed": _("printte een inlogkaart"),
        "login_card_used": _("logde in met een kaart"),
        "login_card_stopped": _("kaart gestopt na foute pogingen"),
        "student_added": _("voegde een leerling toe"),
        "student_changed": _("wijzigde een leerling"),
        "student_left": _("zette een leerling van school"),
        "student_returned": _("zette een leerling terug op school"),
        "mentor_changed": _("wijzigde de mentor"),
        "guardian_added": _("voegde een ouder toe"),
        "guardian_changed": _("wijzigde een ouder"),
        "guardian_disowned": _("zei: dit is niet mijn kind"),
        "guardian_stopped": _("adres van een ouder gestopt na foute geboortedagen"),
        "guardian_address_confirmed": _("keek een gestopt adres van een ouder na"),
        "guardian_removed": _("verwijderde een ouder"),
        "staff_invited": _("nodigde een collega uit"),
        "staff_invited_again": _("nodigde een collega opnieuw uit"),
        "staff_added": _("voegde een collega toe"),
        "staff_changed": _("wijzigde een collega"),
        "staff_ended": _("zette een collega van school"),
        "staff_handed_over": _("droeg leerlingen over"),
        "import_started": _("koos een lijst"),
        "import_columns_chosen": _("koos kolommen van een lijst"),
        "import_doubles_chosen": _("koos wat met dubbele regels gebeurt"),
        "import_mended": _("verbeterde regels van een lijst"),
        "import_given_back": _("haalde regels terug die niet ingelezen zijn"),
        "import_confirmed": _("liet een lijst inlezen"),
        "import_done": _("las een lijst in"),
        "import_refused": _("las een lijst niet in"),
        "import_cancelled": _("stopte met een lijst"),
        "group_added": _("maakte een groep"),
        "group_removed": _("verwijderde een groep"),
        "group_students_added": _("zette leerlingen in een groep"),
        "group_students_removed": _("haalde leerlingen uit een groep"),
        "period_added": _("maakte een periode"),
        "period_changed": _("wijzigde een periode"),
        "period_removed": _("verwijderde een periode"),
        "period_exceptions_added": _("voegde vrije dagen toe"),
        "period_exception_removed": _("verwijderde een vrije dag"),
        "region_made": _("maakte de regio"),
        "region_settings_changed": _("wijzigde instellingen van de regio"),
        "school_made": _("maakte de school"),
        "school_settings_changed": _("wijzigde instellingen"),
    }
)
