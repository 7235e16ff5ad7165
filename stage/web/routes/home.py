"""The home page of each role."""

from django.urls import path

from stage.web.views import agenda, audit, groups, home, notices, search

urlpatterns = [
    path("", home.home, name="home"),
    path("stage/", home.student_stage, name="student_stage"),
    path("matchen/", home.match_start, name="match_start"),
    path("ik/", home.me, name="me"),
    path("ik/agenda/", agenda.agenda, name="agenda"),
    path("ik/agenda/intrekken/", agenda.agenda_withdraw, name="agenda_withdraw"),
    path("kalender/<str:token>/stage.ics", agenda.agenda_feed, name="agenda_feed"),
    path("ik/berichten/", notices.notices, name="notices"),
    path("ik/berichten/apparaat/", notices.push_on, name="push_on"),
    path("ik/berichten/apparaat/<str:public_id>/uit/", notices.push_off, name="push_off"),
    path("groepen/", groups.group_list, name="group_list"),
    path("groepen/nieuw/", groups.group_add, name="group_add"),
    path("groepen/<str:public_id>/", groups.group_show, name="group_show"),
    path("groepen/<str:public_id>/leerlingen/", groups.group_students, name="group_students"),
    path("groepen/<str:public_id>/verwijderen/", groups.group_remove, name="group_remove"),
    path("zoeken/", search.search, name="search"),
    path("inzage/", audit.audit_list, name="audit_list"),
]
