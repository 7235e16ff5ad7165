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
        "called_no_answer": _("belde en kreeg geen gehoor"),
        "called_undone": _("belde toch niet"),
        "report_answered": _("reageerde op een dagverslag"),
        "absence_reported": _("meldde afwezig"),
        "absence_closed": _("meldde beter"),
        "absence_undone": _("maakte een melding ongedaan"),
        "absence_withdrawn": _("trok een melding in"),
        "report_written": _("schreef een dagverslag"),
        "report_changed": _("wijzigde een dagverslag"),
        "exported_attendance_list": _("nam mee in een presentielijst"),
        "printed_attendance_list": _("printte een presentielijst"),
    }
)
