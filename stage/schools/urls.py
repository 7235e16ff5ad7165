"""Students, classes, colleagues and the school's settings."""

from django.urls import path

from stage.schools.views import (
    cards_print,
    import_mending,
    imports,
    periods,
    settings,
    staff,
    students,
)

app_name = "schools"
urlpatterns = [
    path("leerlingen/", students.student_list_page, name="student_list"),
    path("leerlingen/lijst/", students.student_export, name="student_export"),
    path("leerlingen/nieuw/", students.student_add, name="student_add"),
    path("leerlingen/in-groep/", students.student_group_add, name="student_group_add"),
    path("leerlingen/kaarten/", cards_print.card_print, name="card_print"),
    path("leerlingen/kaarten/<str:sheet>/", cards_print.card_sheet, name="card_sheet"),
    path("leerlingen/kaarten/<str:sheet>/pdf/", cards_print.card_file, name="card_file"),
    path("leerlingen/<str:public_id>/", students.student_show, name="student_show"),
    path("leerlingen/<str:public_id>/wijzigen/", students.student_edit, name="student_edit"),
    path("leerlingen/<str:public_id>/van-school/", students.student_leave, name="student_leave"),
    path("leerlingen/<str:public_id>/ouder/", students.guardian_add, name="guardian_add"),
    path("ouders/<str:public_id>/", students.guardian_edit, name="guardian_edit"),
    path("ouders/<str:public_id>/adres/", students.guardian_address, name="guardian_address"),
    path("ouders/<str:public_id>/verwijderen/", students.guardian_remove, name="guardian_remove"),
    path("inlezen/<str:sheet>/", imports.import_start, name="import_start"),
    path("inlezen/<str:sheet>/voorbeeld/", imports.import_sample, name="import_sample"),
    path("import/<str:public_id>/", imports.import_show, name="import_show"),
    path("import/<str:public_id>/inlezen/", imports.import_confirm, name="import_confirm"),
    path("import/<str:public_id>/verbeteren/", import_mending.import_mend, name="import_mend"),
    path("import/<str:public_id>/rest/", import_mending.import_rest, name="import_rest"),
    path("import/<str:public_id>/dubbel/", imports.import_doubles, name="import_doubles"),
    path("import/<str:public_id>/voortgang/", imports.import_progress, name="import_progress"),
    path("import/<str:public_id>/stoppen/", imports.import_cancel, name="import_cancel"),
    path("collegas/", staff.staff_list, name="staff_list"),
    path("collegas/uitnodigen/", staff.staff_invite, name="staff_invite"),
    path("collegas/<str:public_id>/", staff.staff_edit, name="staff_edit"),
    path("collegas/<str:public_id>/opnieuw/", staff.staff_resend, name="staff_resend"),
    path("collegas/<str:public_id>/van-school/", staff.staff_end, name="staff_end"),
    path("periodes/", periods.period_list, name="period_list"),
    path("periodes/nieuw/", periods.period_add, name="period_add"),
    path("periodes/<str:public_id>/", periods.period_show, name="period_show"),
    path("periodes/<str:public_id>/wijzigen/", periods.period_edit, name="period_edit"),
    path("periodes/<str:public_id>/verwijderen/", periods.period_remove, name="period_remove"),
    path("periodes/<str:public_id>/vrij/", periods.exception_add, name="exception_add"),
    path("periodes/<str:public_id>/feestdagen/", periods.holidays_add, name="holidays_add"),
    path(
        "periodes/<str:public_id>/vrij/<str:day>/",
        periods.exception_remove,
        name="exception_remove",
    ),
    path("instellingen/school/", settings.settings_school, name="settings_school"),
    path("instellingen/regio/", settings.settings_region, name="settings_region"),
]
