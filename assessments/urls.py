"""Routes of the app."""

from django.urls import path

from assessments.views import bank, company, company_group, form, marks, reaction, review, student

app_name = "assessments"
urlpatterns = [
    path("opdrachten/", bank.assignment_list, name="assignment_list"),
    path("opdrachten/nieuw/", bank.assignment_add, name="assignment_add"),
    path("opdrachten/<str:public_id>/", bank.assignment_edit, name="assignment_edit"),
    path("opdrachten/<str:public_id>/archief/", bank.assignment_archive, name="assignment_archive"),
    path(
        "opdrachten/<str:public_id>/uitdelen/",
        bank.assignment_hand_out,
        name="assignment_hand_out",
    ),
    path("nakijken/", review.hand_in_list, name="hand_in_list"),
    path("nakijken/<str:public_id>/", review.hand_in_show, name="hand_in_show"),
    path("mijn/", student.my_assignments, name="my_assignments"),
    path("mijn/<str:public_id>/", student.assignment_show, name="assignment_show"),
    path("mijn/<str:public_id>/inleveren/", student.hand_in, name="hand_in"),
    path("mijn/<str:public_id>/terughalen/", student.hand_in_undo, name="hand_in_undo"),
    path("mijn/<str:public_id>/bewijs/", student.evidence_add, name="evidence_add"),
    path(
        "mijn/<str:public_id>/bewijs/<str:file_id>/weg/",
        student.evidence_remove,
        name="evidence_remove",
    ),
    path("mijn-beoordeling/<str:public_id>/", reaction.assessment_show, name="assessment_show"),
    path("beoordelen/", company.assessment_list, name="assessment_list"),
    path("beoordelen/groep/", company_group.assessment_group, name="assessment_group"),
    path("beoordelen/<str:public_id>/", company.assessment_fill, name="assessment_fill"),
    path("cijfers/", marks.mark_list, name="mark_list"),
    path("cijfers/<str:public_id>/", marks.mark_give, name="mark_give"),
    path("beoordelingsformulier/", form.form_edit, name="form_edit"),
]
