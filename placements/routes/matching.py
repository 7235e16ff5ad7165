"""Routes of applications, the matching board and the placement folder."""

from django.urls import path

from placements.views import (
    accepted,
    applications,
    board,
    browse,
    change_requests,
    changes,
    company,
    folder,
    own,
    own_desk,
    periods,
    placement_desk,
    questions,
)

urlpatterns = [
    path("plekken/", browse.place_browse, name="place_browse"),
    path("plekken/<str:public_id>/", browse.place_show, name="place_show"),
    path(
        "plekken/<str:public_id>/solliciteren/",
        applications.application_write,
        name="application_write",
    ),
    path("sollicitaties/", applications.application_list, name="application_list"),
    path(
        "sollicitaties/<str:public_id>/intrekken/",
        applications.application_withdraw,
        name="application_withdraw",
    ),
    path(
        "sollicitaties/<str:public_id>/ongedaan/",
        applications.application_take_up,
        name="application_take_up",
    ),
    path(
        "sollicitaties/<str:public_id>/verplaatsen/",
        applications.application_move,
        name="application_move",
    ),
    path("eigen-bedrijf/", own.own_company, name="own_company"),
    path(
        "eigen-bedrijf/<str:public_id>/intrekken/",
        own.own_company_withdraw,
        name="own_company_withdraw",
    ),
    path("eigen-bedrijf/<str:public_id>/", own_desk.own_check, name="own_check"),
    path("sollicitaties/<str:public_id>/gebeld/", own_desk.one_call, name="one_call"),
    path("leerlingen/<str:public_id>/bedrijf-vragen/", own_desk.one_ask, name="one_ask"),
    path("bedrijven/<str:public_id>/leerling-kiezen/", own_desk.one_choose, name="one_choose"),
    path("vragen/<str:public_id>/", questions.question_answer, name="question_answer"),
    path("bedrijf/", company.company_inbox, name="company_inbox"),
    path(
        "bedrijf/sollicitaties/<str:public_id>/",
        company.application_decide,
        name="application_decide",
    ),
    path("bedrijf/stagiairs/", company.trainee_list, name="trainee_list"),
    path("koppelen/", board.board, name="board"),
    path("koppelen/maken/", board.match, name="match"),
    path("koppelen/ongedaan/", accepted.matches_undo, name="matches_undo"),
    path("koppelen/<str:public_id>/jas/", accepted.match_accepted, name="match_accepted"),
    path("koppelen/<str:public_id>/losmaken/", board.unmatch, name="unmatch"),
    path(
        "leerlingen/<str:public_id>/sollicitaties/",
        board.application_overview,
        name="application_overview",
    ),
    path("plaatsingen/", placement_desk.placement_list, name="placement_list"),
    path("plaatsingen/begeleiders/", placement_desk.assign, name="assign"),
    path("plaatsingen/brieven/", placement_desk.brief_send, name="brief_send"),
    path("plaatsingen/<str:public_id>/verandert/", changes.change_start, name="change_start"),
    path(
        "plaatsingen/<str:public_id>/verandert/<str:kind>/",
        changes.change_make,
        name="change_make",
    ),
    path("periodes/<str:public_id>/", periods.period_follow, name="period_follow"),
    path("periodes/<str:public_id>/niet-door/", periods.period_off, name="period_off"),
    path("periodes/<str:public_id>/ongedaan/<str:run>/", periods.period_undo, name="period_undo"),
    path("periodes/<str:public_id>/bezig/<str:job>/", periods.period_job, name="period_job"),
    path(
        "periodes/<str:public_id>/bezig/<str:job>/hoever/",
        periods.period_progress,
        name="period_progress",
    ),
    path("veranderingen/", change_requests.change_list, name="change_list"),
    path("veranderingen/<str:public_id>/", change_requests.change_show, name="change_show"),
    path(
        "veranderingen/<str:public_id>/ongedaan/", change_requests.change_undo, name="change_undo"
    ),
    path("plaatsingen/<str:public_id>/", folder.placement_show, name="placement_show"),
]
