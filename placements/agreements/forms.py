"""Forms of the agreement: each party's part, the code, paper, an objection, an article."""

from __future__ import annotations

from datetime import date, time

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from placements.agreements import merging
from placements.agreements.reading import WORK_KINDS
from placements.enums import Party
from stage.core.dutch.calendar import minutes_of, school_today
from stage.core.ui.forms import ChoiceCards, CodeInput, DateInput, Radios, Ticks, TimeInput

POSTCODE = RegexValidator(r"^\s*[1-9]\d{3}\s?[A-Za-z]{2}\s*$", _("Schrijf het zo: 1234 AB."))
TELEPHONE = RegexValidator(r"^[\d +()\-]{8,20}$", _("Schrijf alleen cijfers, minstens acht."))
YES_NO = [("yes", _("Ja")), ("no", _("Nee"))]


class Part(forms.Form):
    """A party's part. `partial`: keep for later, so that nothing is required yet."""

    def __init__(self, *args, partial: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        if partial:
            for field in self.fields.values():
                field.required = False
        self.partial = partial

    def answers(self) -> dict:
        """What was filled in, as plain JSON."""
        return {name: _plain(value) for name, value in self.cleaned_data.items()}

    def clean_postcode(self) -> str:
        text = self.cleaned_data["postcode"].upper().replace(" ", "")
        return f"{text[:4]} {text[4:]}".strip()


def _plain(value):
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    return value.strip() if isinstance(value, str) else value


def _street(label) -> forms.CharField:
    attrs = {"autocomplete": "street-address"}
    return forms.CharField(label=label, max_length=120, widget=forms.TextInput(attrs))


def _postcode() -> forms.CharField:
    widget = forms.TextInput({"autocomplete": "postal-code"})
    return forms.CharField(label=_("Postcode"), max_length=8, validators=[POSTCODE], widget=widget)


def _telephone(label, **kwargs) -> forms.CharField:
    widget = forms.TextInput({"autocomplete": "tel", "inputmode": "tel"})
    return forms.CharField(
        label=label, max_length=20, validators=[TELEPHONE], widget=widget, **kwargs
    )


class StudentPart(Part):
    """What the student tells. Words a student of fourteen knows."""

    street = _street(_("Straat en huisnummer"))
    postcode = _postcode()
    city = forms.CharField(label=_("Woonplaats"), max_length=80)
    telephone = _telephone(_("Je telefoonnummer"))
    emergency_telephone = _telephone(
        _("Telefoon bij nood"), help_text=_("Van je ouder of verzorger.")
    )
    wishes = forms.CharField(
        label=_("Wat wil je leren op je stage?"),
        max_length=600,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Eén of twee dingen is genoeg."),
    )


class CompanyPart(Part):
    """What the company tells."""

    street = _street(_("Straat en nummer van de werkplek"))
    postcode = _postcode()
    city = forms.CharField(label=_("Plaats"), max_length=80)
    telephone = _telephone(_("Telefoon"))
    representative = forms.CharField(label=_("Wie tekent voor het bedrijf"), max_length=120)
    function = forms.CharField(label=_("Functie"), max_length=80)
    supervisor = forms.CharField(
        label=_("Wie begeleidt de leerling"),
        max_length=120,
        help_text=_("Iemand van achttien jaar of ouder, die er is of meteen bereikbaar is."),
    )
    day_from = forms.TimeField(label=_("Werktijd van"), widget=TimeInput)
    day_to = forms.TimeField(label=_("tot"), widget=TimeInput)
    break_minutes = forms.IntegerField(label=_("Pauze in minuten"), min_value=0, max_value=180)
    tasks = forms.CharField(
        label=_("Wat gaat de leerling doen en leren"),
        max_length=2000,
        widget=forms.Textarea({"rows": 5}),
    )
    work_kind = forms.ChoiceField(
        label=_("Soort werk"), choices=list(WORK_KINDS.items()), widget=Radios
    )
    risk_assessment = forms.ChoiceField(
        label=_("Hebt u een risico-inventarisatie (RI&E) met een deel over jongeren?"),
        choices=YES_NO,
        widget=Radios,
    )
    clothing = forms.CharField(
        label=_("Kleding en veiligheid"),
        max_length=600,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("Bijvoorbeeld: veiligheidsschoenen, die krijgt de leerling van u."),
    )
    allowance = forms.ChoiceField(label=_("Geeft u een vergoeding?"), choices=YES_NO, widget=Radios)
    allowance_amount = forms.CharField(
        label=_("Hoeveel"),
        max_length=40,
        required=False,
        help_text=_("Bijvoorbeeld: € 20 per week."),
    )
    allowance_to = forms.ChoiceField(
        label=_("Aan wie"),
        required=False,
        choices=[
            ("", _("Kies als u een vergoeding geeft")),
            ("student", _("de leerling")),
            ("fund", _("het stagefonds van de school")),
        ],
    )

    def clean(self):
        super().clean()
        data = self.cleaned_data
        self._clean_times(data)
        if data.get("allowance") == "yes" and not self.partial:
            if not data.get("allowance_amount"):
                self.add_error("allowance_amount", _("Schrijf op hoeveel u geeft."))
            if not data.get("allowance_to"):
                self.add_error("allowance_to", _("Kies aan wie u het betaalt."))
        if data.get("allowance") == "no":
            data["allowance_amount"] = data["allowance_to"] = ""
        return data

    def _clean_times(self, data: dict) -> None:
        begin, end = data.get("day_from"), data.get("day_to")
        if not (begin and end):
            return
        if end <= begin:
            self.add_error("day_to", _("De eindtijd is na de begintijd."))
        elif not minutes_of(None, begin, end, data.get("break_minutes") or 0):
            self.add_error("break_minutes", _("Zo lang kan de pauze niet duren."))


class SchoolPart(Part):
    """What the school tells."""

    street = _street(_("Straat en nummer"))
    postcode = _postcode()
    city = forms.CharField(label=_("Plaats"), max_length=80)
    telephone = _telephone(_("Telefoon"))
    representative = forms.CharField(label=_("Vertegenwoordigd door"), max_length=120)
    function = forms.CharField(label=_("Functie"), max_length=80)
    teacher = forms.CharField(label=_("Stagebegeleider"), max_length=120)
    total_hours = forms.IntegerField(label=_("Totaal aantal uren"), min_value=1, max_value=2000)
    insurance = forms.CharField(
        label=_("Wie is waarvoor verzekerd"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("Ongevallen en aansprakelijkheid, en wie de premie betaalt."),
    )
    liability_maximum = forms.IntegerField(
        label=_("Hoogste bedrag bij schade, in euro"), min_value=1, max_value=100_000_000
    )


PARTS: dict[str, type[Part]] = {
    Party.STUDENT.value: StudentPart,
    Party.COMPANY.value: CompanyPart,
    Party.SCHOOL.value: SchoolPart,
}


class SignForm(forms.Form):
    """The signature of who logged in."""

    whole_hash = forms.CharField(max_length=64, widget=forms.HiddenInput)
    agree = forms.BooleanField(
        error_messages={"required": _("Zet eerst een vinkje om te tekenen.")}
    )


class SignWithCodeForm(SignForm):
    """The signature of who has no account: a fresh code from the mailbox."""

    code = forms.CharField(label=_("Code uit de mail"), widget=CodeInput)


class PaperForm(forms.Form):
    """A signature on paper that the coordinator saw."""

    slot = forms.ChoiceField(label=_("Wie heeft getekend"), widget=ChoiceCards)
    name = forms.CharField(label=_("Naam onder de handtekening"), max_length=120)
    seen_on = forms.DateField(label=_("Gezien op"), widget=DateInput)
    scan = forms.FileField(label=_("Scan of foto van het papier"), required=False)

    def __init__(self, *args, slots, scan_needed: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["slot"].choices = [(s.key, f"{s.label}: {s.names}") for s in slots]  # type: ignore[attr-defined]
        self.fields["seen_on"].initial = school_today
        scan = self.fields["scan"]
        scan.required = scan_needed
        if not scan_needed:
            scan.label = _("Scan of foto van het papier")
            scan.help_text = _("Zonder scan bewaart de school het papier in het dossier.")

    def clean_seen_on(self):
        if self.cleaned_data["seen_on"] > school_today():
            raise forms.ValidationError(_("Deze dag is nog niet geweest."))
        return self.cleaned_data["seen_on"]


class ObjectionForm(forms.Form):
    """What is not right."""

    text = forms.CharField(
        label=_("Wat klopt er niet?"), max_length=1000, widget=forms.Textarea({"rows": 4})
    )


class ArticleForm(forms.Form):
    """One article of the school's text."""

    title = forms.CharField(label=_("Titel"), max_length=120)
    text = forms.CharField(label=_("Tekst"), max_length=6000, widget=forms.Textarea({"rows": 10}))
    parties = forms.MultipleChoiceField(
        label=_("Voor wie is dit artikel"), choices=Party.choices, widget=Ticks
    )

    def clean_text(self) -> str:
        return self._known("text")

    def clean_title(self) -> str:
        return self._known("title")

    def _known(self, name: str) -> str:
        text = self.cleaned_data[name]
        unknown = merging.unknown_fields(text)
        if unknown:
            raise forms.ValidationError(
                _("Dit veld kennen wij niet: {%(name)s}.") % {"name": unknown[0]}
            )
        return text


class NewArticleForm(ArticleForm):
    """A new article and where it goes."""

    after = forms.TypedChoiceField(label=_("Waar komt het"), coerce=int)

    def __init__(self, *args, articles, **kwargs):
        super().__init__(*args, **kwargs)
        behind = [
            (a.number, _("Na artikel %(n)s. %(title)s") % {"n": a.number, "title": a.title})
            for a in articles
        ]
        self.fields["after"].choices = [(0, _("Aan het begin")), *behind]  # type: ignore[attr-defined]
        self.fields["after"].initial = len(behind)
        self.order_fields(["after"])


class FreezeForm(forms.Form):
    """A reason for each rule that is not met."""

    def __init__(self, *args, points, **kwargs):
        super().__init__(*args, **kwargs)
        self.points = points
        for point in points:
            self.fields[point.key] = forms.CharField(
                label=_("Waarom kan dit toch?"),
                max_length=500,
                widget=forms.Textarea({"rows": 2}),
                error_messages={"required": _("Leg uit waarom dit toch kan.")},
            )

    def rows(self):
        """Each point with its field."""
        return [(point, self[point.key]) for point in self.points]

    def reasons(self) -> dict[str, str]:
        return {point.rule: self.cleaned_data[point.key] for point in self.points}
