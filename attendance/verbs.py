"""What the audit trail calls the days at work."""

from django.utils.translation import gettext_lazy as _

from stage.core.record.audit import name_verbs

name_verbs(
    {
        "checked_in": _("meldde zich aan"),
        "ticked_present": _("zette op aanwezig"),
        "settled_present": _("zette op aanwezig"),
        "settled_undone": _("draaide aanwezig terug"),
        "odd_check_in_seen": _("bekeek een vreemde aanmelding"),
        "check_in_withdrawn": _("trok een aanmelding in"),
        "checked_out": _("meldde het einde van de dag"),
        "check_out_withdrawn": _("trok het einde van een dag in"),
        "check_out_corrected": _("verbeterde het einde van een dag"),
        "pause_started": _("begon een pauze"),
        "pause_ended": _("ging na een pauze weer aan het werk"),
        "screen_made": _("maakte een scherm met een code"),
        "screen_withdrawn": _("trok een scherm in"),
        "called_no_answer": _("belde en kreeg geen gehoor"),
        "called_undone": _("belde toch niet"),
        "pattern_seen": _("zag wat opvalt aan de dagen"),
        "pattern_unseen": _("zette terug wat opvalt aan de dagen"),
        "report_answered": _("reageerde op een dagverslag"),
        "absence_reported": _("meldde afwezig"),
        "absence_closed": _("meldde beter"),
        "absence_undone": _("maakte een melding ongedaan"),
        "absence_withdrawn": _("trok een melding in"),
        "absence_changed": _("veranderde de dagen van een afmelding"),
        "day_disputed": _("bevestigde minder uren dan gepland"),
        "dispute_answered": _("antwoordde op wat het bedrijf zei"),
        "dispute_settled": _("handelde een verschil over een dag af"),
        "dispute_unsettled": _("zette een verschil over een dag terug"),
        "days_phoned": _("noteerde uren die het bedrijf telefonisch bevestigde"),
        "alarm_raised": _("werd gemaild: niemand zag deze leerling"),
        "report_written": _("schreef een dagverslag"),
        "report_changed": _("wijzigde een dagverslag"),
        "exported_attendance_list": _("nam mee in een presentielijst"),
        "printed_attendance_list": _("printte een presentielijst"),
    }
)
