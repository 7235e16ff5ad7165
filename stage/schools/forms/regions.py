"""Forms of the operator: a region, a school, its first person."""

from __future__ import annotations

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from stage.core.models import Region

BRIN = RegexValidator(
    r"^[0-9]{2}[A-Za-z]{2}[0-9]{2}$", _("Schrijf het BRIN met de vestiging, zoals 26AB00.")
)
ALONE = "alone"


class NameForm(forms.Form):
    """What a region or a school is called."""

    name = forms.CharField(label=_("Naam"), max_length=120)


class FirstPersonForm(forms.Form):
    """Who sets a school or a bureau up and invites the others."""

    name = forms.CharField(label=_("Naam"), max_length=120)
    email = forms.EmailField(label=_("E-mailadres"))


class SchoolForm(forms.Form):
    """A new school, where it belongs and who sets it up."""

    name = forms.CharField(label=_("Naam van de school"), max_length=120)
    brin = forms.CharField(
        label=_("BRIN en vestiging"),
        max_length=6,
        validators=[BRIN],
        help_text=_("Vier tekens en het nummer van de vestiging, zoals 26AB00."),
    )
    city = forms.CharField(label=_("Plaats"), max_length=80, required=False)
    region = forms.ChoiceField(
        label=_("Regio"),
        help_text=_("Scholen van een regio delen hun bedrijven en één stagebureau."),
    )
    person = forms.CharField(label=_("Naam"), max_length=120)
    email = forms.EmailField(label=_("E-mailadres"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        regions = [(r.public_id, r.name) for r in Region.objects.order_by("name", "pk")]
        self.fields["region"].choices = [  # type: ignore[attr-defined]
            (ALONE, _("De school staat op zichzelf")),
            *regions,
        ]
