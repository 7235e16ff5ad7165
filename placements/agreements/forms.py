"""Forms of the agreement: settings, a party's part, the code, paper, an objection, an article."""

from __future__ import annotations

from datetime import date, time

from django import forms
from django.utils.translation import gettext_lazy as _

from placements.agreements import merge_fields
from placements.agreements.enums import GuardiansNeeded, LateAnswer, Party, SigningOrder
from placements.agreements.fact_types import Fact, Only
from placements.agreements.facts import PARTIES, facts_of
from placements.agreements.models import AgreementSettings
from placements.agreements.queries import checking
from stage.core.dutch.calendar import school_today
from stage.core.ui.forms import ChoiceCards, CodeInput, DateInput, Radios, Ticks
from stage.schools.forms.settings_page import SettingsForm


class AgreementSettingsForm(SettingsForm):
    """Who signs at home, whether paper does, and what is said about insurance."""

    class Meta:
        model = AgreementSettings
        fields = [
            "guardians_needed",
            "signing_order",
            "paper_counts",
            "liability_maximum",
            "insurance_text",
        ]
        widgets = {
            "guardians_needed": Radios,
            "signing_order": Radios,
            "insurance_text": forms.Textarea({"rows": 5}),
        }
        help_texts = {
            "guardians_needed": _("Zo veel handtekeningen van thuis vraagt een overeenkomst."),
            "paper_counts": _(
                "Uit: bij een handtekening op papier hoort een scan of foto."
                " Bij leerlingen van 14 en 15 is die altijd nodig."
            ),
            "liability_maximum": _("Dit bedrag staat in elke nieuwe overeenkomst."),
            "insurance_text": _("Deze zin staat in het artikel over de verzekering."),
            "signing_order": _(
                "Wie nog niet aan de beurt is, krijgt nog geen mail en kan nog niet tekenen."
                " Een handtekening op papier telt altijd."
            ),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Without the empty choice: there is always an answer.
        needed = self.fields["guardians_needed"]
        needed.choices = GuardiansNeeded.choices  # type: ignore[attr-defined]
        self.fields["signing_order"].choices = SigningOrder.choices  # type: ignore[attr-defined]


class Part(forms.Form):
    """A party's part. `partial`: keep for later, so that nothing is required yet."""

    facts: tuple[Fact, ...] = ()

    def __init__(self, *args, partial: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        if partial:
            for field in self.fields.values():
                field.required = False
        self.partial = partial

    def answers(self) -> dict:
        """What was filled in, as plain JSON."""
        return {name: _plain(value) for name, value in self.cleaned_data.items()}

    def clean(self):
        super().clean()
        data = self.cleaned_data
        for name, message in checking.impossible_times(data).items():
            self.add_error(name, message)
        for fact in self.facts:
            if fact.only:
                self._clean_only(fact.key, fact.only, data)
        return data

    def _clean_only(self, name: str, only: Only, data: dict) -> None:
        other = data.get(only.key)
        if other == only.value:
            if not (data.get(name) or self.partial):
                self.add_error(name, only.missing)
        elif other:
            data[name] = ""


def _plain(value):
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    return value.strip() if isinstance(value, str) else value


def _part(party: str) -> type[Part]:
    """The form of what a party is asked, in the order of the table."""
    asked = tuple(fact for fact in facts_of(party) if fact.field)
    inputs = {fact.key: fact.field(fact.label) for fact in asked if fact.field}
    return type(f"{party.title()}Part", (Part,), {"facts": asked, **inputs})


PARTS: dict[str, type[Part]] = {party: _part(party) for party in PARTIES}


class SignForm(forms.Form):
    """The signature of who logged in."""

    whole_hash = forms.CharField(max_length=64, widget=forms.HiddenInput)
    agree = forms.BooleanField(
        error_messages={"required": _("Zet eerst een vinkje om te tekenen.")}
    )


class SignWithCodeForm(SignForm):
    """The signature of who has no account, and gave no code just before: one from the mailbox."""

    code = forms.CharField(label=_("Code uit de mail"), widget=CodeInput)


class PaperForm(forms.Form):
    """A signature on paper that the coordinator saw."""

    slot = forms.ChoiceField(label=_("Wie heeft getekend"), widget=ChoiceCards)
    name = forms.CharField(label=_("Naam onder de handtekening"), max_length=120)
    seen_on = forms.DateField(label=_("Gezien op"), widget=DateInput)
    scan = forms.FileField(label=_("Scan of foto van het papier"), required=False)

    def __init__(self, *args, slots, scan_needed: bool, is_young: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["slot"].choices = [(s.key, f"{s.label}: {s.names}") for s in slots]  # type: ignore[attr-defined]
        self.fields["seen_on"].initial = school_today
        scan = self.fields["scan"]
        scan.required = scan_needed
        if is_young:
            scan.label = _("Scan of foto van de getekende overeenkomst")
            scan.help_text = _(
                "De leerling is nog geen 16. Een formulier in het dossier telt dan niet."
            )
        elif not scan_needed:
            scan.help_text = _("Zonder scan bewaart de school het papier in het dossier.")

    def clean_seen_on(self):
        if self.cleaned_data["seen_on"] > school_today():
            raise forms.ValidationError(_("Deze dag is nog niet geweest."))
        return self.cleaned_data["seen_on"]


class ObjectionForm(forms.Form):
    """What is not right, and that one knows what follows."""

    text = forms.CharField(
        label=_("Wat klopt er niet?"), max_length=1000, widget=forms.Textarea({"rows": 4})
    )
    sure = forms.BooleanField(
        label=_("Ja, iedereen kijkt en tekent opnieuw"),
        error_messages={
            "required": _("Zet een vinkje als iedereen opnieuw moet kijken en tekenen.")
        },
    )


class RevisionForm(forms.Form):
    """Why the coordinator opens the text again."""

    text = forms.CharField(
        label=_("Wat verandert er?"), max_length=1000, widget=forms.Textarea({"rows": 4})
    )


class RefusalForm(forms.Form):
    """What somebody who does not sign wants to say; `asked`: it cannot be empty."""

    words = forms.CharField(max_length=1000, widget=forms.Textarea({"rows": 4}))

    def __init__(self, *args, asked: bool, **kwargs):
        super().__init__(*args, **kwargs)
        words = self.fields["words"]
        words.required = asked
        words.label = _("Waarom niet?") if asked else _("Wilt u er iets bij zeggen?")
        words.error_messages["required"] = _("Schrijf in een paar woorden waarom niet.")


class SettleForm(forms.Form):
    """What the school heard and agreed."""

    note = forms.CharField(
        label=_("Wat is er besproken?"), max_length=1000, widget=forms.Textarea({"rows": 4})
    )


class UnsignedForm(forms.Form):
    """Why somebody under sixteen begins before everybody signed."""

    reason = forms.CharField(
        label=_("Waarom kan dit niet wachten?"),
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
    )


class LateForm(forms.Form):
    """Whether somebody who became known later signs as well; `instead`: that is a choice too."""

    answer = forms.ChoiceField(label=_("Tekent die ook?"), widget=ChoiceCards)

    def __init__(self, *args, instead: bool, **kwargs):
        super().__init__(*args, **kwargs)
        chosen = [c for c in LateAnswer if instead or c != LateAnswer.MAY]
        self.fields["answer"].choices = [(c.value, c.label) for c in chosen]  # type: ignore[attr-defined]


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
        unknown = merge_fields.unknown_fields(text)
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
