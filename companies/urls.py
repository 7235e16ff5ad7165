"""Routes of the app."""

from django.urls import path

from companies.views import (
    addresses,
    answer,
    asking,
    bureau,
    calls,
    campaigns,
    contacts,
    groups,
    leaving,
    own,
    parts,
    pictures,
    pool,
    promised,
    sending,
    standing,
    texts,
    trial,
    turns,
)

app_name = "companies"
urlpatterns = [
    path("", pool.company_list, name="company_list"),
    path("lijst/", pool.company_export, name="company_export"),
    path("nieuw/", pool.company_add, name="company_add"),
    path("regio/", bureau.region_numbers, name="region_numbers"),
    path("regio/bellen/", bureau.region_calls, name="region_calls"),
    path("groepen/<str:public_id>/", groups.group_companies, name="group_companies"),
    path("campagnes/", campaigns.campaign_list, name="campaign_list"),
    path("campagnes/nieuw/", campaigns.campaign_add, name="campaign_add"),
    path("campagnes/voorbeelden/", texts.letter_text_list, name="letter_text_list"),
    path("campagnes/voorbeelden/<str:public_id>/", texts.letter_text_show, name="letter_text_show"),
    path(
        "campagnes/voorbeelden/<str:public_id>/wijzigen/",
        texts.letter_text_edit,
        name="letter_text_edit",
    ),
    path(
        "campagnes/voorbeelden/<str:public_id>/delen/",
        texts.letter_text_share,
        name="letter_text_share",
    ),
    path(
        "campagnes/voorbeelden/<str:public_id>/weg/",
        texts.letter_text_remove,
        name="letter_text_remove",
    ),
    path("campagnes/<str:public_id>/bewaren/", texts.campaign_keep, name="campaign_keep"),
    path("campagnes/<str:public_id>/", sending.campaign_show, name="campaign_show"),
    path("campagnes/<str:public_id>/wijzigen/", campaigns.campaign_edit, name="campaign_edit"),
    path(
        "campagnes/<str:public_id>/bekijken/", campaigns.campaign_preview, name="campaign_preview"
    ),
    path("campagnes/<str:public_id>/proefmail/", campaigns.campaign_test, name="campaign_test"),
    path(
        "campagnes/<str:public_id>/proef/<str:company>/",
        trial.campaign_trial,
        name="campaign_trial",
    ),
    path("campagnes/<str:public_id>/versturen/", asking.campaign_send, name="campaign_send"),
    path(
        "campagnes/<str:public_id>/voortgang/", sending.campaign_progress, name="campaign_progress"
    ),
    path(
        "campagnes/<str:public_id>/bellijst/",
        sending.campaign_phone_list,
        name="campaign_phone_list",
    ),
    path("campagnes/<str:public_id>/erbij/", asking.campaign_join, name="campaign_join"),
    path("campagnes/<str:public_id>/pauzeren/", sending.campaign_pause, name="campaign_pause"),
    path("campagnes/<str:public_id>/hervatten/", sending.campaign_resume, name="campaign_resume"),
    path(
        "uitnodigingen/<str:public_id>/opnieuw/",
        sending.invitation_resend,
        name="invitation_resend",
    ),
    path("uitnodigingen/<str:public_id>/toch/", asking.invitation_ask, name="invitation_ask"),
    path("uitnodigingen/<str:public_id>/gebeld/", calls.invitation_call, name="invitation_call"),
    path(
        "uitnodigingen/<str:public_id>/collega/",
        turns.invitation_pass_on,
        name="invitation_pass_on",
    ),
    path("uitnodigingen/<str:public_id>/", answer.invitation_own, name="invitation_own"),
    path("antwoord/<str:token>/", answer.invitation_answer, name="invitation_answer"),
    path("mail/<str:token>/", turns.mail_turns, name="mail_turns"),
    path("mail/<str:token>/collega/", turns.mail_pass_on, name="mail_pass_on"),
    path("mail/<str:token>/stop/", turns.letters_stop, name="letters_stop"),
    path("weg/", leaving.left, name="left"),
    path("ik-weg/<str:public_id>/", leaving.own_leave, name="own_leave"),
    path("eigen/<str:public_id>/", own.profile_edit, name="profile_edit"),
    path("adressen/", addresses.address_list, name="address_list"),
    path("weer-vragen/", promised.promised_list, name="promised_list"),
    path("collegas/", addresses.colleague_list, name="colleague_list"),
    path("wijzigingen/", addresses.change_list, name="change_list"),
    path("wijzigingen/<str:public_id>/terug/", addresses.change_undo, name="change_undo"),
    path("<str:public_id>/", pool.company_show, name="company_show"),
    path("<str:public_id>/gebeld/", calls.company_call, name="company_call"),
    path("<str:public_id>/vragen/", standing.company_standing, name="company_standing"),
    path("<str:public_id>/wijzigen/", pool.company_edit, name="company_edit"),
    path("<str:public_id>/foto/", pictures.picture_edit, name="picture_edit"),
    path("<str:public_id>/foto/weg/", pictures.picture_remove, name="picture_remove"),
    path("<str:public_id>/notities/", pool.note_add, name="note_add"),
    path("<str:public_id>/notities/<str:note>/weg/", pool.note_remove, name="note_remove"),
    path("<str:public_id>/contactpersonen/nieuw/", contacts.contact_add, name="contact_add"),
    path(
        "<str:public_id>/contactpersonen/<str:contact>/",
        contacts.contact_edit,
        name="contact_edit",
    ),
    path(
        "<str:public_id>/contactpersonen/<str:contact>/ja/",
        contacts.contact_confirm,
        name="contact_confirm",
    ),
    path(
        "<str:public_id>/contactpersonen/<str:contact>/stop/",
        contacts.contact_stop,
        name="contact_stop",
    ),
    path(
        "<str:public_id>/contactpersonen/<str:contact>/weg/",
        leaving.contact_leave,
        name="contact_leave",
    ),
    path("<str:public_id>/locaties/nieuw/", parts.location_add, name="location_add"),
    path("<str:public_id>/locaties/<str:location>/", parts.location_edit, name="location_edit"),
    path(
        "<str:public_id>/locaties/<str:location>/poster/", parts.poster_print, name="poster_print"
    ),
    path("<str:public_id>/afdelingen/nieuw/", parts.department_add, name="department_add"),
    path(
        "<str:public_id>/afdelingen/<str:department>/",
        parts.department_edit,
        name="department_edit",
    ),
    path(
        "<str:public_id>/afdelingen/<str:department>/weg/",
        parts.department_remove,
        name="department_remove",
    ),
]
