"""What the audit trail calls assignments, assessments and marks."""

from django.utils.translation import gettext_lazy as _

from stage.core.record.audit import name_verbs

name_verbs(
    {
        "assignment_added": _("maakte een opdracht"),
        "assignment_changed": _("wijzigde een opdracht"),
        "assignment_archived": _("archiveerde een opdracht"),
        "assignment_restored": _("zette een opdracht terug"),
        "assignment_handed_out": _("deelde een opdracht uit"),
        "answer_saved": _("schreef aan een opdracht"),
        "work_handed_in": _("leverde werk in"),
        "work_taken_back": _("haalde ingeleverd werk terug"),
        "work_returned": _("gaf werk terug"),
        "work_done": _("keurde werk goed"),
        "form_made": _("maakte een beoordelingsformulier"),
        "form_changed": _("wijzigde het beoordelingsformulier"),
        "assessment_saved": _("schreef aan een beoordeling"),
        "assessment_changed": _("wijzigde een beoordeling"),
        "assessment_given": _("gaf een beoordeling"),
        "assessment_reacted": _("reageerde op een beoordeling"),
        "mark_given": _("gaf een cijfer"),
        "mark_locked": _("zette een cijfer vast"),
        "final_mark_changed": _("wijzigde een vast cijfer"),
        "marks_exported": _("nam cijfers mee in een lijst"),
    }
)
