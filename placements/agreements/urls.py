"""Routes of the app."""

from django.urls import path

from placements.agreements.views import desk, fill, refusal, show, sign, texts, waiting

app_name = "agreements"
urlpatterns = [
    path("overeenkomsten/", desk.agreement_list, name="agreement_list"),
    path("overeenkomsten/beginnen/", desk.agreement_start, name="agreement_start"),
    path("overeenkomsten/herinneren/", desk.agreement_remind, name="agreement_remind"),
    path("overeenkomsten/tekst/", texts.template_edit, name="template_edit"),
    path("overeenkomsten/tekst/nieuw/", texts.template_add, name="template_add"),
    path("overeenkomsten/tekst/standaard/", texts.template_reset, name="template_reset"),
    path("overeenkomsten/tekst/<int:number>/", texts.template_article, name="template_article"),
    path("overeenkomsten/tekst/<int:number>/weg/", texts.template_remove, name="template_remove"),
    path("overeenkomsten/tekst/terug/", texts.template_restore, name="template_restore"),
    path("overeenkomst/<str:public_id>/", show.agreement_show, name="agreement_show"),
    path("overeenkomst/<str:public_id>/openen/", sign.agreement_open, name="agreement_open"),
    path("overeenkomst/<str:public_id>/pdf/", show.agreement_pdf, name="agreement_pdf"),
    path("overeenkomst/<str:public_id>/invullen/", fill.agreement_fill, name="agreement_fill"),
    path(
        "overeenkomst/<str:public_id>/vaststellen/", desk.agreement_freeze, name="agreement_freeze"
    ),
    path("overeenkomst/<str:public_id>/tekenen/", sign.agreement_sign, name="agreement_sign"),
    path("overeenkomst/<str:public_id>/code/", sign.agreement_code, name="agreement_code"),
    path("overeenkomst/<str:public_id>/papier/", desk.signature_paper, name="signature_paper"),
    path(
        "overeenkomst/<str:public_id>/klopt-niet/", show.agreement_object, name="agreement_object"
    ),
    path(
        "overeenkomst/<str:public_id>/niet-tekenen/",
        refusal.agreement_refuse,
        name="agreement_refuse",
    ),
    path(
        "overeenkomst/<str:public_id>/niet-mijn-kind/",
        refusal.agreement_stranger,
        name="agreement_stranger",
    ),
    path(
        "overeenkomst/<str:public_id>/toch-tekenen/",
        refusal.refusal_withdraw,
        name="refusal_withdraw",
    ),
    path("niet-getekend/<str:public_id>/", refusal.refusal_settle, name="refusal_settle"),
    path("niet-mijn-kind/<str:token>/", refusal.stranger_told, name="stranger_told"),
    path("eerst-tekenen/<str:public_id>/", waiting.unsigned_start, name="unsigned_start"),
    path("tekent-ook/<str:public_id>/", waiting.late_guardian, name="late_guardian"),
]
