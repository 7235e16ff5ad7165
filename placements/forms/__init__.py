"""What students, companies and coordinators fill in."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext_lazy as _

from companies.models import Contact
from placements.enums import PutTo
from placements.models import Placement, PlacementSettings
from placements.queries import Load
from stage.core.models import Membership
from stage.core.ui.forms import ChoiceCards
from stage.schools.forms.settings_page import SettingsForm

ENOUGH = 40  # characters: two sentences a company can do something with


class PlacementSettingsForm(SettingsForm):
    """How many applications a student may have at once, and what a yes does to the others."""

    class Meta:
        model = PlacementSettings
        fields = ["max_applications", "after_yes"]
        labels = {
            "after_yes": _("Zegt een bedrijf ja, wat gebeurt er met de andere sollicitaties?")
        }
        help_texts = {"max_applications": _("Zo veel bedrijven kan een leerling tegelijk vragen.")}
        widgets = {"after_yes": forms.RadioSelect}

    def clean_max_applications(self) -> int:
        count = self.cleaned_data["max_applications"]
        if not 1 <= count <= 20:
            raise forms.ValidationError(_("Kies een aantal van 1 tot en met 20."))
        return count


class MotivationForm(forms.Form):
    """Why a student wants this place. A draft may be short; what is sent may not."""

    motivation = forms.CharField(
        label=_("Jouw motivatie"),
        help_text=_("Schrijf een paar zinnen. Wees jezelf."),
        max_length=2000,
        error_messages={"required": _("Schrijf eerst iets, al is het een begin.")},
    )

    def __init__(self, *args, key: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["motivation"].widget = forms.Textarea(
            {"data-keep": f"motivation-{key}", "rows": 9, "maxlength": 2000}
        )

    def clean(self):
        cleaned = super().clean() or {}
        text = cleaned.get("motivation", "").strip()
        if "submit" in self.data and len(text) < ENOUGH:
            self.add_error(
                "motivation",
                _(
                    "Schrijf nog iets meer: wat lijkt je leuk, en waarom hier?"
                    " Twee zinnen is genoeg."
                ),
            )
        return cleaned


NO_REASONS = [
    ("full", _("We hebben geen plek meer")),
    ("days", _("De dagen of tijden passen niet")),
    ("other_person", _("We zoeken iemand met een ander profiel")),
    ("age", _("De leerling is te jong voor dit werk")),
    ("guidance", _("We hebben nu geen tijd om te begeleiden")),
    ("other", _("Anders")),
]


class DecisionForm(forms.Form):
    """A company's no, with why: the student reads it."""

    why = forms.ChoiceField(label=_("Waarom niet?"), choices=NO_REASONS, widget=ChoiceCards)
    text = forms.CharField(
        label=_("Een zin voor de leerling"),
        help_text=_("De leerling leest dit. Een vriendelijk woord helpt."),
        max_length=400,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )

    def clean(self):
        cleaned = super().clean() or {}
        if cleaned.get("why") == "other" and not cleaned.get("text", "").strip():
            self.add_error("text", _("Schrijf in een zin waarom niet."))
        return cleaned

    @property
    def reason(self) -> str:
        """The sentence that is kept and shown."""
        chosen = self.cleaned_data["why"]
        text = self.cleaned_data["text"].strip()
        label = str(dict(NO_REASONS)[chosen])
        if chosen == "other":
            return text
        return f"{label}. {text}".strip() if text else f"{label}."


MEET = {
    PutTo.SCHOOL: _("Kan de leerling langskomen om kennis te maken?"),
    PutTo.STUDENT: _("Kun je langskomen om kennis te maken?"),
}


class QuestionForm(forms.Form):
    """What a company wants to know before it says yes or no."""

    put_to = forms.ChoiceField(
        label=_("Wie kan dit het best beantwoorden?"),
        choices=PutTo.choices,
        initial=PutTo.SCHOOL,
        widget=forms.RadioSelect,
    )
    question = forms.CharField(
        label=_("Uw vraag"),
        max_length=600,
        error_messages={"required": _("Schrijf eerst uw vraag.")},
        widget=forms.Textarea({"rows": 3, "maxlength": 600}),
    )

    @classmethod
    def suggesting(cls, put_to: str) -> QuestionForm:
        """The form with the words of a first meeting in it, ready to be sent or changed."""
        whom = PutTo(put_to) if put_to in PutTo else PutTo.SCHOOL
        return cls(initial={"put_to": whom, "question": str(MEET[whom])})


class UnmatchForm(forms.Form):
    """Whether the company keeps the place of a match that is undone; it does unless said."""

    plek = forms.ChoiceField(
        label=_("Wat doet het bedrijf met de plek?"),
        choices=[
            ("houdt", _("Houdt de plek vrij voor deze leerling")),
            (
                "vrij",
                _(
                    "Geeft de plek vrij. Het bedrijf hoort dat, en de andere sollicitaties lopen"
                    " weer."
                ),
            ),
        ],
        initial="houdt",
        widget=forms.RadioSelect,
    )


class AnswerForm(forms.Form):
    """The answer to a company's question."""

    answer = forms.CharField(
        label=_("Je antwoord"),
        max_length=1000,
        error_messages={"required": _("Schrijf eerst je antwoord.")},
    )

    def __init__(self, *args, key: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["answer"].widget = forms.Textarea(
            {"data-keep": f"answer-{key}", "rows": 5, "maxlength": 1000}
        )


def name_and_address(contact: Contact) -> str:
    """As somebody judges who this is."""
    return f"{contact.name} ({contact.email})" if contact.email else contact.name


class AssignAllForm(forms.Form):
    """One teacher for all placements of the page whose row was left as it came."""

    def __init__(self, *args, loads: list[Load], **kwargs):
        super().__init__(*args, **kwargs)
        self.teachers = {load.membership.pk: load.membership for load in loads}
        self.fields["all_teacher"] = forms.TypedChoiceField(
            label=_("Stagebegeleider voor allemaal"),
            help_text=_("Geldt voor elke regel die je hieronder niet verandert."),
            choices=[
                ("", _("Per leerling kiezen")),
                *(
                    (load.membership.pk, f"{load.membership.name} ({load.students})")
                    for load in loads
                ),
            ],
            coerce=int,
            empty_value=None,
            required=False,
        )

    @property
    def chosen(self) -> Membership | None:
        return self.teachers.get(self.cleaned_data["all_teacher"])


class AssignForm(forms.Form):
    """Who guides one placement; fields carry the placement's code, so that many fit on a page."""

    def __init__(
        self,
        *args,
        placement: Placement,
        loads: list[Load],
        contacts: list[Contact],
        suggested: int | None,
        left: Mapping[int, Contact | None],
        **kwargs,
    ):
        super().__init__(*args, prefix=placement.public_id, **kwargs)
        self.placement = placement
        self.remark = ""  # what to know of who guided until now
        self.teachers = {load.membership.pk: load.membership for load in loads}
        self.contacts = {c.pk: c for c in contacts}
        self.fields["teacher"] = forms.TypedChoiceField(
            label=_("Stagebegeleider"),
            choices=[
                ("", _("Nog niemand")),
                *(
                    (load.membership.pk, f"{load.membership.name} ({load.students})")
                    for load in loads
                ),
            ],
            coerce=int,
            empty_value=None,
            required=False,
            initial=placement.teacher_id or suggested,
        )
        self.fields["supervisor"] = forms.TypedChoiceField(
            label=_("Praktijkopleider"),
            # With the address: who is chosen here is known to the school from then on.
            choices=[("", _("Nog niemand")), *((c.pk, name_and_address(c)) for c in contacts)],
            coerce=int,
            empty_value=None,
            required=False,
            initial=placement.supervisor_id,
        )
        if placement.supervisor is not None and placement.supervisor.pk in left:
            self._propose(placement.supervisor.name, left[placement.supervisor.pk])

    def _propose(self, name: str, heir: Contact | None) -> None:
        """Who guided left; the school sees whom the company named, and chooses."""
        field = self.fields["supervisor"]
        field.initial = heir.pk if heir else ""
        words, names = _("%(name)s werkt hier niet meer."), {"name": name}
        if heir is not None:
            words = _("%(name)s werkt hier niet meer. Het bedrijf stelt %(heir)s voor.")
            names["heir"] = heir.name
        self.remark = words % names

    def chosen(self, for_all: Membership | None = None) -> dict:
        """The people, as the service takes them; `for_all` where the row was left as it came."""
        data = self.cleaned_data
        left = data["teacher"] == self.fields["teacher"].initial
        return {
            "teacher": for_all if for_all and left else self.teachers.get(data["teacher"]),
            "supervisor": self.contacts.get(data["supervisor"]),
        }
