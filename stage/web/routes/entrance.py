"""Getting in and out, files, and what is not about anybody."""

from django.urls import path

from stage.web.views import about, app, cards, entrance, files, health, links, phones

urlpatterns = [
    path("inloggen/", entrance.login, name="login"),
    path("inloggen/leerling/", entrance.student_login, name="student_login"),
    path("inloggen/link/", entrance.link_ask, name="link_ask"),
    path("inloggen/link/onderweg/", entrance.link_asked, name="link_asked"),
    path("uitloggen/", entrance.log_out, name="log_out"),
    path("rol/", entrance.role_switch, name="role_switch"),
    path("taal/", entrance.language_choose, name="language"),
    path("uitleg/", entrance.explanation, name="explanation"),
    path("uitleg/gelezen/", entrance.explanation_seen, name="explanation_seen"),
    path("wachtwoord-vergeten/", cards.password_lost, name="password_lost"),
    path("wachtwoord-vergeten/hulp/", phones.help_ask, name="help_ask"),
    path("ik/toestellen/", phones.phones_seen, name="phones_seen"),
    path("ik/andere-telefoon/", cards.phone_add, name="phone_add"),
    path("kaart/", cards.card_typed, name="card_typed"),
    path("kaart/<str:code>/", cards.card_open, name="card_open"),
    path("wachtwoord/", cards.password_choose, name="password_choose"),
    path("l/<str:token>/", links.link_open, name="link_open"),
    path("l/<str:token>/code/", links.link_code, name="link_code"),
    path("l/<str:token>/nieuwe-code/", links.code_resend, name="code_resend"),
    path("l/<str:token>/nieuwe-link/", links.link_renew, name="link_renew"),
    path("welkom/", links.staff_welcome, name="staff_welcome"),
    path("bestand/<str:public_id>/", files.file_open, name="file_open"),
    path("bestand/<str:public_id>/klein/", files.file_thumbnail, name="file_thumbnail"),
    path("health/", health.health, name="health"),
    path("privacy/", about.privacy, name="privacy"),
    path("toegankelijkheid/", about.accessibility, name="accessibility"),
    path("offline/", app.offline, name="offline"),
    path("wachtrij/", app.queue_key, name="queue_key"),
    path("favicon.ico", app.favicon, name="favicon"),
    path("kleur/<str:colour>.css", app.colour_css, name="colour_css"),
    path("manifest.webmanifest", app.manifest, name="manifest"),
    path("sw.js", app.service_worker, name="service_worker"),
]
