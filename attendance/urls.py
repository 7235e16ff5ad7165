"""Routes of the app. The poster's address is printed: it stays as it is."""

from django.urls import path, re_path

from attendance import converters  # noqa: F401
from attendance.views import (
    absence,
    called,
    company,
    guardian,
    lists,
    missed,
    reports,
    scan,
    staff,
    student,
    week,
    withdrawing,
)

app_name = "attendance"
urlpatterns = [
    path("scan/<str:code>/", scan.scan_open, name="scan_open"),
    path("code/", scan.scan_typed, name="scan_typed"),
    path("ik-ben-er/", scan.check_in, name="check_in"),
    path("binnen/", scan.check_in_done, name="check_in_done"),
    path("toch-niet/", withdrawing.check_in_undo, name="check_in_undo"),
    path("mijn-week/", student.week, name="week"),
    path("afmelden/", absence.absence_report, name="absence_report"),
    path("afmelden/ongedaan/", absence.absence_undo, name="absence_undo"),
    path("weer-beter/", absence.absence_back, name="absence_back"),
    path("verslagen/", student.report_list, name="report_list"),
    path("verslag/<day:day>/", student.report_write, name="report_write"),
    path("kind-afmelden/", guardian.guardian_absence, name="guardian_absence"),
    path("bedrijf/", company.company_today, name="company_today"),
    path("bedrijf/<str:public_id>/afwezig/", company.company_absence, name="company_absence"),
    path("bedrijf/<str:public_id>/afwezig/ongedaan/", company.absence_undo, name="company_undo"),
    path("bedrijf/<str:public_id>/er-is/", company.company_present, name="company_present"),
    path("bedrijf/<str:public_id>/weer-er/", company.company_back, name="company_back"),
    path(
        "bedrijf/<str:public_id>/is-er-niet/",
        withdrawing.company_not_here,
        name="company_not_here",
    ),
    path("week/<isoweek:week>/", week.week_confirm, name="week_confirm"),
    path("vandaag/", staff.today, name="today"),
    path("vandaag/<str:public_id>/<day:day>/", staff.settle, name="settle"),
    path("vandaag/<str:public_id>/<day:day>/terug/", staff.settle_undo, name="settle_undo"),
    path(
        "vandaag/<str:public_id>/<day:day>/klopt-niet/",
        withdrawing.check_in_wrong,
        name="check_in_wrong",
    ),
    path("vandaag/<str:public_id>/<day:day>/gebeld/", called.called, name="called"),
    path("vandaag/<str:public_id>/<day:day>/niet-gebeld/", called.called_undo, name="called_undo"),
    path("leerlingverslagen/", reports.reports_read, name="reports_read"),
    path(
        "leerlingverslagen/<str:public_id>/<day:day>/", reports.report_answer, name="report_answer"
    ),
    path("opvallend/", staff.flags, name="flags"),
    path("opvallend/<str:nonce>/gezien/", staff.flag_seen, name="flag_seen"),
    path("gemist/", missed.missed_list, name="missed_list"),
    path("gemist/<str:public_id>/<day:day>/", missed.missed_decide, name="missed_decide"),
    path("lijst/", lists.attendance_list, name="list"),
    re_path(r"^lijst/presentielijst\.(?P<kind>xlsx|csv)$", lists.list_export, name="list_export"),
]
