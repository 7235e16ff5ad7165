"""What the audit trail calls applying and matching."""

from django.utils.translation import gettext_lazy as _

from stage.core.record.audit import name_verbs

name_verbs(
    {
        "application_written": _("schreef een sollicitatie"),
        "application_submitted": _("verstuurde een sollicitatie"),
        "applications_ranked": _("zette sollicitaties op volgorde"),
        "application_accepted": _("zei ja op een sollicitatie"),
        "application_declined": _("zei nee op een sollicitatie"),
        "application_withdrawn": _("trok een sollicitatie in"),
        "application_expired": _("sollicitatie verliep zonder antwoord"),
        "application_settled": _("zette een sollicitatie op ja"),
        "application_place_gone": _("sollicitatie verviel omdat de plek weg is"),
        "application_parked": _("zette een sollicitatie stil"),
        "application_released": _("gaf een bewaarde plek vrij"),
        "application_closed": _("sloot een sollicitatie"),
        "application_reopened": _("opende een sollicitatie weer"),
        "application_asked": _("vroeg een bedrijf voor één leerling"),
        "application_told_yes": _("noteerde het ja van een bedrijf"),
        "application_told_no": _("noteerde het nee van een bedrijf"),
        "own_company_named": _("noemde een eigen bedrijf"),
        "own_company_changed": _("wijzigde een eigen bedrijf"),
        "own_company_withdrawn": _("trok een eigen bedrijf in"),
        "own_company_asked": _("vroeg het eigen bedrijf van een leerling"),
        "own_company_refused": _("zei nee tegen het eigen bedrijf van een leerling"),
        "saw_own_company": _("bekeek het eigen bedrijf van een leerling"),
        "question_asked": _("stelde een vraag over een sollicitatie"),
        "question_answered": _("beantwoordde een vraag van een bedrijf"),
        "saw_applications": _("bekeek sollicitaties"),
        "student_disclosed": _("toonde een leerling aan een bedrijf"),
        "disclosure_revoked": _("trok inzage van een bedrijf in"),
        "placement_made_ready": _("maakte een snuffelstage klaar"),
        "placement_made": _("koppelde een leerling"),
        "placement_assigned": _("koos begeleiders"),
        "placement_teacher_changed": _("wijzigde de begeleider"),
        "placement_times_agreed": _("sprak werktijden af"),
        "placement_briefed": _("stuurde de plaatsingsbrief"),
        "placement_cancelled": _("maakte een koppeling los"),
        "placement_agreement_started": _("begon een overeenkomst"),
        "placement_signed": _("overeenkomst is door iedereen getekend"),
        "placement_started": _("stage begon"),
        "placement_finished": _("stage is afgelopen"),
        "placements_exported": _("nam stages mee in een lijst"),
        "saw_placement": _("bekeek een stage"),
        "rule_overridden": _("week met een reden af van een regel"),
    }
)
