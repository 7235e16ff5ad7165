"""What the school itself decides, on the page of its settings; other apps add theirs."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from stage.schools.forms import settings_page
from stage.schools.forms.settings import SchoolSettingsForm

settings_page.card(
    "school",
    order=10,
    title=_("De school"),
    text=_("Deze gegevens staan op overeenkomsten en in mails aan bedrijven en ouders."),
)
settings_page.card(
    "signing", order=20, title=_("Wie tekent"), text=_("Namens de school, en thuis.")
)
settings_page.card(
    "students", order=30, title=_("Leerlingen"), text=_("Wat leerlingen mogen en lezen.")
)
settings_page.card(
    "looks",
    order=90,
    title=_("Hoe het eruitziet"),
    text=_("Kleur en logo van de school op schermen, posters en overeenkomsten."),
)

settings_page.add(
    SchoolSettingsForm,
    card="school",
    order=10,
    fields=(
        "street",
        "postcode",
        "city",
        "telephone",
        "absence_telephone",
        "email",
        "holiday_region",
    ),
)
settings_page.add(
    SchoolSettingsForm,
    card="signing",
    order=10,
    fields=("represented_by", "representative_function"),
)
settings_page.add(SchoolSettingsForm, card="students", order=30, fields=("student_explanation",))
settings_page.add(
    SchoolSettingsForm, card="looks", order=10, fields=("colour", "logo_upload", "drop_logo")
)
